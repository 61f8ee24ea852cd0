"""Collect findings; what a code means, how severe it is and its law are data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from qpp.checks.context import Context
from qpp.codes import Code
from qpp.findings import Finding, Severity
from qpp.rulebook import Provision


class Described(Protocol):
    """What a check must know of a code, as ``qpp/rules/findings`` has it."""

    @property
    def severity(self) -> Severity:
        """Error or warning."""

    @property
    def citation(self) -> str:
        """Where the rule stands, unless a provision says it better."""


FindingRules: TypeAlias = Mapping[str, Described]


@dataclass(slots=True)
class Report:
    """The findings of one document as they were met, and the law they rest on."""

    describe: FindingRules
    context: Context
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: Code,
        pointer: str,
        found: str,
        needed: str,
        rule: Provision[object] | None = None,
    ) -> None:
        """Add one finding; *rule* is the provision it rests on, if one does.

        Raises:
            KeyError: the finding rules do not describe *code*.
        """
        described = self.describe[code]
        self.findings.append(
            Finding(
                pointer=pointer,
                code=code.value,
                severity=Severity(described.severity),
                found=found,
                needed=needed,
                citation=described.citation if rule is None else rule.citation,
            )
        )
