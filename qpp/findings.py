"""What is wrong with a document, as data: code, pointer, found, needed, citation."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error rejects the submission; a warning says what something costs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake, in the sender's terms.

    ``pointer`` is a JSON pointer into the document as sent; ``found`` never carries
    an identifier's text, only its type, length and position.
    """

    pointer: str
    code: str
    severity: Severity
    found: str
    needed: str
    citation: str

    def as_json(self) -> dict[str, str]:
        """Give the finding as it stands in answers, in contract order."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "pointer": self.pointer,
            "found": self.found,
            "needed": self.needed,
            "citation": self.citation,
        }


def rejects(findings: Iterable[Finding]) -> bool:
    """Say whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
