"""The fate of what comes from outside, as far as the document alone decides it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from qpp import library
from qpp.advanced_apm import check_facts
from qpp.checks import check_feed, check_submission
from qpp.checks.window import check_window
from qpp.codes import Code
from qpp.feeds import ADVANCED_APM
from qpp.finding_rules import report
from qpp.findings import Finding, Severity, rejects
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.reading import Reading, read_document, read_feed
from qppflow.runtime.recognise import JsonObject
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.schemas import MOST_MISTAKES

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
PARKED: Final = "parked"
LENIENT: Final[frozenset[Code]] = frozenset()
# What a site may refuse that CMS, or the usual site, takes with a warning.
STRICT_NPI: Final = frozenset({Code.NPI_CHECK_DIGIT})
STRICT_WINDOW: Final = frozenset({Code.ARRIVED_LATE})


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
    body: bytes | None,
    limit: int = SIZE_LIMIT,
    *,
    received: date | None = None,
    strict: frozenset[Code] = LENIENT,
) -> Judged:
    """Judge what a registry sent: structure first, then meaning, all at once.

    *received* is the day (UTC) it arrived, or None where that is not judged. Findings
    of the codes in *strict* reject, whatever their own severity: CMS, for one, checks
    that an NPI has ten digits and no more.
    """
    reading = read_document(body, limit)
    if not _goes_on(reading) or reading.document is None or reading.year is None:
        return _judged(reading, reading.findings)
    rules = library.rules(reading.year)
    more = check_submission(
        reading.document, rules, library.catalogue(reading.year), finding_rules()
    )
    findings = reading.findings_with(more)
    if received is not None:
        findings = [*check_window(received, rules, finding_rules()), *findings]
    if strict:
        findings = [_strictly(item, strict) for item in findings]
    return _judged(reading, findings)


def _strictly(finding: Finding, strict: frozenset[Code]) -> Finding:
    """Make a finding of a strict code an error; others stay what they are."""
    if finding.code not in strict:
        return finding
    return replace(finding, severity=Severity.ERROR)


def judge_feed(body: bytes | None, limit: int = SIZE_LIMIT) -> Judged:
    """Judge what CMS sent of an entity."""
    reading = read_feed(body, limit)
    if not _goes_on(reading) or reading.document is None or reading.year is None:
        return _judged(reading, reading.findings)
    if reading.document["feed"] == ADVANCED_APM:
        return _judged_facts(reading, reading.document, reading.year)
    more = check_feed(
        reading.document,
        library.rules(reading.year),
        library.catalogue(reading.year),
        finding_rules(),
    )
    return _judged(reading, reading.findings_with(more))


def judge_advanced_apm(body: bytes | None, limit: int = SIZE_LIMIT) -> Judged:
    """Judge the feed ``advanced-apm`` of any year that has rules on Advanced APMs.

    The stream takes it through ``judge_feed``, for years that MIPS is scored for alone.
    Another feed is no document of this kind.
    """
    reading = read_feed(body, limit, known_years=library.advanced_apm_years())
    document = reading.document
    if document is not None and document["feed"] != ADVANCED_APM:
        found, needed = f"the feed {document['feed']}", f"the feed {ADVANCED_APM}"
        other = report(finding_rules(), Code.NOT_A_SUBMISSION, "", found, needed)
        return _judged(reading._replace(document=None), [other])
    if not _goes_on(reading) or document is None or reading.year is None:
        return _judged(reading, reading.findings)
    return _judged_facts(reading, document, reading.year)


def _judged_facts(reading: Reading, document: JsonObject, year: int) -> Judged:
    """Judge what figures of an Advanced APM mean."""
    more = check_facts(
        document,
        library.advanced_apm_rules(year),
        library.rules(library.years()[-1]).submission,
        finding_rules(),
    )
    return _judged(reading, reading.findings_with(more))


def _goes_on(reading: Reading) -> bool:
    """Say whether a document is of a size that its meaning can be judged.

    One whose structure has too much wrong is rejected in any case, and telling all
    else that is wrong with it would keep its whole partition waiting.
    """
    return not any(
        finding.code == Code.TOO_MANY and not finding.pointer
        for finding in reading.findings
    )


def _few_enough(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Leave out what an answer has no room for, and say so."""
    if len(findings) <= MOST_MISTAKES:
        return findings
    more = f"more than {MOST_MISTAKES} findings"
    told = report(finding_rules(), Code.TOO_MANY, "", more)
    worst = sorted(findings, key=lambda finding: finding.severity != Severity.ERROR)
    kept = {id(finding) for finding in worst[:MOST_MISTAKES]}
    return [told, *(finding for finding in findings if id(finding) in kept)]


def _judged(reading: Reading, findings: Sequence[Finding]) -> Judged:
    """Put fate and findings together."""
    fate = REJECTED if rejects(findings) else ACCEPTED
    if fate == REJECTED:
        findings = _few_enough(findings)
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
