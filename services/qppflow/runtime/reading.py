"""From bytes to a document whose structure is judged: the way in for every document.

The command line and the stream use the same two functions, ``read_document`` for what
registries send and ``read_feed`` for what CMS sends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from qpp.checks.order import in_document_order
from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding
from qpp.identifiers import shown
from qpp.library import years
from qppflow.runtime import recognise
from qppflow.runtime.decode import SIZE_LIMIT, Undecodable, decode
from qppflow.runtime.recognise import Dropped, JsonObject
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.schemas import (
    JudgingSchema,
    any_year_schema,
    feed_names,
    feed_schema,
    submission_schema,
)
from qppflow.runtime.structure import structure_findings

FIRST_YEAR: Final = 2017
YEARS_AHEAD: Final = 2
_SET: Final = "/measurementSets/0"
# Findings that do not speak of the value at their pointer, but of what is beside it.
_OF_AN_OBJECT: Final = frozenset(
    {
        Code.FIELD_MISSING,
        Code.FIELD_UNKNOWN,
        Code.FIELD_DROPPED,
        Code.IDENTIFIER_MISSING,
        Code.TOO_MANY,
    }
)


class Reading(NamedTuple):
    """What came of some bytes.

    ``document`` is the submission in the form that is judged further, or a feed;
    None where there is none. ``year`` is its performance year if that has rules.
    ``findings`` point into the document as ``sent``. ``parked`` is the reason why
    nothing can be answered about the document itself.
    """

    kind: str
    sent: object
    document: JsonObject | None
    year: int | None
    findings: tuple[Finding, ...] = ()
    parked: Code | None = None

    def pointer_as_sent(self, pointer: str) -> str:
        """Turn a pointer into ``document`` into one into the document as sent."""
        if self.kind != recognise.MEASUREMENT_SET:
            return pointer
        if pointer == _SET or pointer.startswith(f"{_SET}/"):
            return pointer.removeprefix(_SET)
        return f"/submission{pointer}"

    def findings_with(self, more: Iterable[Finding]) -> list[Finding]:
        """Add findings that point into ``document``, in the order of the sent text.

        What the structure already says of a value is not said twice.
        """
        if not self.findings and self.kind == recognise.SUBMISSION:
            # The document is what was sent, and the findings stand in its order.
            return list(more)
        known = {
            finding.pointer
            for finding in self.findings
            if finding.code not in _OF_AN_OBJECT
        }
        added = [
            finding
            for finding in (self._as_sent(finding) for finding in more)
            if finding.pointer not in known
        ]
        if not added:
            return list(self.findings)
        return in_document_order(self.sent, [*self.findings, *added])

    def _as_sent(self, finding: Finding) -> Finding:
        """Move a finding, and pointers that its words mention, into the sent text."""
        if self.kind != recognise.MEASUREMENT_SET:
            return finding
        return replace(
            finding,
            pointer=self.pointer_as_sent(finding.pointer),
            needed=finding.needed.replace(f"{_SET}/", "/"),
        )


def read_document(body: bytes | None, limit: int = SIZE_LIMIT) -> Reading:
    """Read what a registry sent: a submission, or a measurement set with one."""
    decoded = decode(body, limit)
    if isinstance(decoded, Undecodable):
        return _undecodable(decoded)
    sent: Any = decoded.value
    kind = recognise.kind_of(sent)
    if kind == recognise.UNKNOWN:
        return _not_a_submission(sent, recognise.looks_like(sent))
    document = sent
    extra: list[Finding] = []
    if kind == recognise.MEASUREMENT_SET:
        document = recognise.whole(sent)
        if "measurementSets" in sent["submission"]:
            extra.append(_sets_inside())
    year, document = _with_year(document)
    if year in years():
        judging = submission_schema(year)
        if not extra and judging.accepts(document):
            return Reading(kind, sent, document, year)
    else:
        judging = any_year_schema(years()[-1])
        year = None
    return _judged(Reading(kind, sent, document, year), judging, extra)


def read_feed(
    body: bytes | None,
    limit: int = SIZE_LIMIT,
    *,
    known_years: Sequence[int] | None = None,
) -> Reading:
    """Read what CMS sent about an entity: one of the feeds.

    *known_years* are those that have rules; without it those that MIPS is scored for.
    """
    scored = years() if known_years is None else known_years
    decoded = decode(body, limit)
    if isinstance(decoded, Undecodable):
        return _undecodable(decoded)
    sent: Any = decoded.value
    name = sent.get("feed") if isinstance(sent, dict) else None
    if name not in feed_names():
        is_feed = isinstance(sent, dict) and "feed" in sent
        looks = "a feed of no known name" if is_feed else recognise.looks_like(sent)
        needed = f"an object whose field feed is one of {', '.join(feed_names())}"
        return _not_a_submission(sent, looks, needed)
    year, document = _with_year(sent)
    judging = feed_schema(name)
    known = year if year in scored else None
    if known is not None and judging.accepts(document):
        return Reading(recognise.FEED, sent, document, known)
    reading = Reading(recognise.FEED, sent, document, known)
    return _judged(reading, judging, [], scored)


def _with_year(document: JsonObject) -> tuple[int | None, JsonObject]:
    """Give the performance year, if it is a number, and write ``2025.0`` as 2025."""
    year = document.get("performanceYear")
    if type(year) is int:
        return year, document
    if isinstance(year, Decimal) and year == year.to_integral_value():
        return int(year), document | {"performanceYear": int(year)}
    return None, document


def _judged(
    reading: Reading,
    judging: JudgingSchema,
    extra: list[Finding],
    scored: Sequence[int] | None = None,
) -> Reading:
    """Leave out what does not count, and say what is wrong with the rest."""
    assert reading.document is not None
    dropped = Dropped()
    if reading.kind == recognise.FEED:
        document = recognise.without_nulls(reading.document, dropped)
    else:
        document = recognise.without_extras(reading.document, judging.shapes, dropped)
    wrong = [] if judging.accepts(document) else structure_findings(document, judging)
    missing = frozenset(
        (finding.pointer, finding.found.removeprefix("no "))
        for finding in wrong
        if finding.code == Code.FIELD_MISSING
    )
    findings = [*wrong, *_year_findings(document, reading.year, scored or years())]
    findings += [
        report(finding_rules(), Code.FIELD_DROPPED, pointer, words)
        for pointer, words in dropped.told(missing)
    ]
    moved = [
        replace(finding, pointer=reading.pointer_as_sent(finding.pointer))
        for finding in findings
    ]
    ordered = in_document_order(reading.sent, [*extra, *moved])
    return reading._replace(document=document, findings=tuple(ordered))


def _year_findings(
    document: JsonObject, known: int | None, scored: Sequence[int]
) -> list[Finding]:
    """Say whether a year without rules is one to come, one gone by, or none at all."""
    year = _with_year(document)[0]
    if year is None or known is not None:
        return []
    code = Code.YEAR_UNKNOWN
    if FIRST_YEAR <= year <= scored[-1] + YEARS_AHEAD:
        code = Code.NOT_SCORED_BY_THIS_VERSION
    needed = f"one of {', '.join(str(item) for item in scored)}"
    return [report(finding_rules(), code, "/performanceYear", shown(year), needed)]


def _sets_inside() -> Finding:
    """Report a submission inside a set that has sets of its own."""
    return report(
        finding_rules(),
        Code.FIELD_UNKNOWN,
        "/submission/measurementSets",
        "measurementSets",
        "either a submission with its sets, or one set with its submission",
    )


def _undecodable(reason: Undecodable) -> Reading:
    """Give the reading of bytes that are no JSON document."""
    finding = report(finding_rules(), reason.code, reason.pointer, reason.found)
    parked = reason.code if reason.parked else None
    return Reading(recognise.UNKNOWN, None, None, None, (finding,), parked)


def _not_a_submission(sent: object, looks: str, needed: str | None = None) -> Reading:
    """Give the reading of JSON that is something else."""
    finding = report(finding_rules(), Code.NOT_A_SUBMISSION, "", looks, needed)
    return Reading(recognise.UNKNOWN, sent, None, None, (finding,))
