"""The semantic checks of a submission: everything the document alone can tell.

It is in the JSON shape of CMS's Submissions API and may be broken anywhere; its
structure is the JSON Schema's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qpp.catalogue import Catalogue, QualityMeasure
from qpp.checks import measures as known
from qpp.checks import sets
from qpp.checks.activities import check_activity
from qpp.checks.context import context_of
from qpp.checks.identity import check_identity
from qpp.checks.interoperability import (
    Answered,
    check_interoperability,
    read_answer,
)
from qpp.checks.line import Line
from qpp.checks.order import in_document_order
from qpp.checks.periods import check_period
from qpp.checks.portfolio import Portfolio, check_portfolio
from qpp.checks.quality import check_quality
from qpp.checks.reading import JsonTable, rows, table, text
from qpp.checks.reporting import Report
from qpp.finding_rules import FindingRules
from qpp.findings import Finding
from qpp.mips.rules import MipsRules
from qpp.submission import PI


def check_submission(
    document: Mapping[str, object],
    rules: MipsRules,
    catalogue: Catalogue,
    describe: FindingRules,
) -> list[Finding]:
    """Give all findings of a submission in document order.

    Pointers lead into *document*; *describe* says how severe each code is.

    Raises:
        KeyError: *describe* lacks a code, or *catalogue* a measure that *rules* name.
    """
    report = Report(describe, context_of(rules, catalogue))
    check_identity(document, report)
    seen: dict[sets.SetKey, str] = {}
    portfolio = Portfolio()
    for number, raw in enumerate(rows(document.get("measurementSets"))):
        item = table(raw)
        if item is not None:
            at = f"/measurementSets/{number}"
            _check_set(item, at, seen, portfolio, report)
    check_portfolio(portfolio, report)
    return in_document_order(document, report.findings)


@dataclass(slots=True)
class _Set:
    """What its measurements must know of a measurement set at pointer ``at``.

    ``method`` is None where it is wrong for the whole set, ``program`` where there is
    no such program: both are said once and not for each measure.
    """

    at: str
    category: str | None
    method: str | None
    program: str | None


def _check_set(
    item: JsonTable,
    at: str,
    seen: dict[sets.SetKey, str],
    portfolio: Portfolio,
    report: Report,
) -> None:
    """Check one measurement set and what is in it."""
    program = sets.check_program(item, at, report)
    fits = sets.check_method(item, at, report)
    sets.check_repeated(item, program, at, seen, report)
    check_period(item, at, report)
    sets.check_cehrt(item, at, report)
    method = text(item.get("submissionMethod")) if fits else None
    placed = _Set(at, text(item.get("category")), method, program)
    _check_measurements(rows(item.get("measurements")), placed, portfolio, report)


def _check_measurements(
    sent: list[object], placed: _Set, portfolio: Portfolio, report: Report
) -> None:
    """Check the measurements of a set in one pass."""
    category, program = placed.category, placed.program
    context = report.context
    measures = known.measures_of(category, context.catalogue)
    scored = program in context.rules.submission.programs.value
    answered = Answered(placed.at)
    first: dict[str, str] = {}
    for number, raw in enumerate(sent):
        entry = table(raw) or {}
        measure_id = text(entry.get("measureId"))
        if measure_id is None:
            continue
        at = f"{placed.at}/measurements/{number}"
        if measure_id in first:
            known.report_repeated(measure_id, at, first[measure_id], report)
        else:
            first[measure_id] = at
        measure = None if measures is None else measures.get(measure_id)
        if measure is None or measure_id in context.from_cms_only:
            known.report_out_of_place(measure_id, at, measures, report)
            continue
        if program is not None and program not in measure.allowed_programs:
            known.report_program(measure_id, at, program, report)
        value = entry.get("value")
        if isinstance(measure, QualityMeasure):
            check_quality(value, Line(at, measure, placed.method, report))
            if scored:
                portfolio.at = portfolio.at or placed.at
                portfolio.measures[measure_id] = measure
        elif category == PI:
            read_answer(measure_id, value, at, answered, report)
        else:
            check_activity(value, at, report)
    check_interoperability(answered, report)
