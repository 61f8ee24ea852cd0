"""The fate of what comes from outside, as far as the document alone decides it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qpp import library
from qpp.checks import check_feed, check_submission
from qpp.codes import Code
from qpp.findings import Finding, Severity, rejects
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.reading import Reading, read_document, read_feed
from qppflow.runtime.resources import finding_rules

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
PARKED: Final = "parked"


@dataclass(frozen=True, slots=True)
class Judged:
    """A document with its fate and all findings, pointing into it as sent.

    ``document`` is the submission (whole) or feed in CMS's field names, cleaned of
    nulls and response fields; None where the bytes hold none. ``parked`` is the
    reason code of a parked one. ``year`` is None where no rules are known.
    """

    fate: str
    kind: str
    findings: tuple[Finding, ...]
    document: dict[str, Any] | None
    year: int | None
    parked: Code | None = None


def judge_submission(
    body: bytes | None, limit: int = SIZE_LIMIT, *, strict_npi: bool = False
) -> Judged:
    """Judge what a registry sent: structure first, then meaning, all at once.

    CMS checks that an NPI has ten digits and no more; *strict_npi* makes a wrong
    check digit an error.
    """
    reading = read_document(body, limit)
    if reading.document is None or reading.year is None:
        return _judged(reading, reading.findings)
    more = check_submission(
        reading.document,
        library.rules(reading.year),
        library.catalogue(reading.year),
        finding_rules(),
    )
    if strict_npi:
        more = [_as_error(item) for item in more]
    return _judged(reading, reading.findings_with(more))


def _as_error(finding: Finding) -> Finding:
    """Make a wrong check digit an error; other findings stay what they are."""
    if finding.code != Code.NPI_CHECK_DIGIT:
        return finding
    return replace(finding, severity=Severity.ERROR)


def judge_feed(body: bytes | None, limit: int = SIZE_LIMIT) -> Judged:
    """Judge what CMS sent of an entity."""
    reading = read_feed(body, limit)
    if reading.document is None or reading.year is None:
        return _judged(reading, reading.findings)
    more = check_feed(
        reading.document,
        library.rules(reading.year),
        library.catalogue(reading.year),
        finding_rules(),
    )
    return _judged(reading, reading.findings_with(more))


def _judged(reading: Reading, findings: Sequence[Finding]) -> Judged:
    """Put fate and findings together."""
    fate = REJECTED if rejects(findings) else ACCEPTED
    if reading.parked is not None:
        fate = PARKED
    return Judged(
        fate=fate,
        kind=reading.kind,
        findings=tuple(findings),
        document=reading.document,
        year=reading.year,
        parked=reading.parked,
    )
