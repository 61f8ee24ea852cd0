"""The semantic checks of a submission: everything the document alone can tell.

It is in the JSON shape of CMS's Submissions API and may be broken anywhere; its
structure is the JSON Schema's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qpp.catalogue import Catalogue
from qpp.checks import sets
from qpp.checks.activities import check_suspended
from qpp.checks.context import context_of
from qpp.checks.entities import check_entity
from qpp.checks.heads import check_head
from qpp.checks.identity import check_identity
from qpp.checks.measurements import Placed, are_beyond_doubt, check_closely
from qpp.checks.order import in_document_order
from qpp.checks.portfolio import Portfolio, check_portfolio
from qpp.checks.reading import JsonTable, rows, table, text
from qpp.checks.reporting import Report
from qpp.finding_rules import FindingRules
from qpp.findings import Finding
from qpp.mips.rules import MipsRules
from qpp.numbers import exactly


@dataclass(slots=True)
class Met:
    """What the sets of a submission share: whose they are, and what was met in them.

    ``seen`` has the place of the first set of each kind; ``portfolios`` the quality
    measures of each program.
    """

    kind: object
    seen: dict[sets.SetKey, str] = field(default_factory=dict)
    portfolios: dict[str, Portfolio] = field(default_factory=dict)


@exactly
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
    met = Met(document.get("entityType"))
    for number, raw in enumerate(rows(document.get("measurementSets"))):
        item = table(raw)
        if item is not None:
            at = f"/measurementSets/{number}"
            _check_set(item, at, met, report)
    for name, portfolio in met.portfolios.items():
        check_portfolio(portfolio, name, report)
    return in_document_order(document, report.findings)


def _check_set(item: JsonTable, at: str, met: Met, report: Report) -> None:
    """Check one measurement set and what is in it."""
    if item.get(sets.WITHDRAWN) is True:
        taken_back = sets.check_withdrawn(item, at, report)
        sets.check_repeated(item, taken_back, at, met.seen, report)
        check_entity(met.kind, item, taken_back, at, report)
        return
    program, fits = check_head(item, met.kind, at, report)
    sets.check_repeated(item, program, at, met.seen, report)
    sets.check_cehrt(item, at, report)
    check_suspended(item, at, report)
    method = text(item.get("submissionMethod")) if fits else None
    category, sent = text(item.get("category")), rows(item.get("measurements"))
    if not are_beyond_doubt(sent, category, program, report.context):
        portfolio = met.portfolios.setdefault(program or "", Portfolio())
        placed = Placed(at, category, method, program, portfolio)
        check_closely(sent, placed, report)
