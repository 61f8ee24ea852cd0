"""The semantic checks of a submission: everything the document alone can tell.

It is in the JSON shape of CMS's Submissions API and may be broken anywhere; its
structure is the JSON Schema's business.
"""

from collections.abc import Mapping

from qpp.catalogue import Catalogue
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
from qpp.submission import IA, PI, QUALITY


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


def _check_set(
    item: JsonTable,
    at: str,
    seen: dict[sets.SetKey, str],
    portfolio: Portfolio,
    report: Report,
) -> None:
    """Check one measurement set and, in one pass, its measurements."""
    program = sets.check_program(item, at, report)
    fits = sets.check_method(item, at, report)
    sets.check_repeated(item, program, at, seen, report)
    check_period(item, at, report)
    sets.check_cehrt(item, at, report)
    category = text(item.get("category"))
    # A method that is wrong for the whole set is said once, not for each measure.
    method = text(item.get("submissionMethod")) if fits else None
    measures = known.measures_of(category, report.context.catalogue)
    scored = program in report.context.rules.submission.programs.value
    answered = Answered(at)
    first: dict[str, str] = {}
    for number, raw in enumerate(rows(item.get("measurements"))):
        entry = table(raw) or {}
        measure_id = text(entry.get("measureId"))
        if measure_id is None:
            continue
        place = f"{at}/measurements/{number}"
        known.check_repeated(measure_id, place, first, report)
        if not known.check_known(measure_id, place, measures, report):
            continue
        assert measures is not None
        known.check_program(measure_id, place, measures[measure_id], program, report)
        sent = entry.get("value")
        if category == QUALITY:
            measure = report.context.catalogue.quality[measure_id]
            check_quality(sent, Line(place, measure, method, report))
            if scored:
                portfolio.at = portfolio.at or at
                portfolio.measures[measure_id] = measure
        elif category == PI:
            read_answer(measure_id, sent, place, answered, report)
        elif category == IA:
            check_activity(sent, place, report)
    check_interoperability(answered, report)
