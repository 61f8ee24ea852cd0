"""`qppflow qp`: who is a qualifying APM participant, on this computer, and why."""

from typing import Any, Final, TypeAlias

from rich.console import Console

from qpp.advanced_apm import NONE, PARTIAL_QP, QP, assessment, read_facts
from qpp.library import advanced_apm_rules
from qppflow.cli.documents import read_documents
from qppflow.cli.judge import judge_as_advanced_apm
from qppflow.cli.show_findings import show_fate
from qppflow.cli.show_reasons import show_reason
from qppflow.cli.show_score import show_assumptions
from qppflow.cli.tally import Tally
from qppflow.cli.terminal import out, print_json
from qppflow.cli.validate import AsJson, Files, answer
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED, Judged

JsonObject: TypeAlias = dict[str, Any]

STATUSES: Final = {
    QP: "a qualifying APM participant (QP)",
    PARTIAL_QP: "a partial QP",
    NONE: "neither QP nor partial QP",
}
LEVELS: Final = {"apmEntity": "the APM Entity", "individual": "the clinician alone"}


def qp(files: Files, *, as_json: AsJson = False) -> None:
    """Say who qualifies by Advanced APMs, and what payments gain by it.

    Takes feeds named advanced-apm of performance years 2017 to 2027: payments and
    patients through Advanced APMs and in total, at each snapshot. Prints every
    percentage with its threshold and paragraph, whether MIPS applies, and incentive
    and conversion factor of the payment year.

    Examples:
      qppflow qp schemas/mips/feeds/examples/advanced-apm.entity-qp.pass.json

      qppflow qp entities.ndjson --json > determinations.ndjson
    """
    console, tally = out(), Tally()
    for document in read_documents(files, tally.unreadable, limit=SIZE_LIMIT):
        judged = judge_as_advanced_apm(document)
        tally.add(judged.fate)
        found = assess(judged) if judged.fate == ACCEPTED else None
        if as_json:
            more = {} if found is None else {"determination": found}
            print_json(answer(document.name, judged) | more)
            continue
        show_fate(console, document.name, judged.fate, judged.findings)
        if found is not None:
            show_assessment(console, found)
    if not as_json:
        tally.sum_up(console)
    tally.end()


def assess(judged: Judged) -> JsonObject:
    """Determine the status of an accepted document's entity."""
    assert judged.document is not None
    assert judged.year is not None
    return assessment(read_facts(judged.document), advanced_apm_rules(judged.year))


def show_assessment(console: Console, found: JsonObject) -> None:
    """Print a determination: the result first, then each step with its paragraph."""
    year, payment_year = found["performanceYear"], found["paymentYear"]
    console.print(
        f"  For {year} {LEVELS[found['level']]} is [bold]{STATUSES[found['status']]}[/]"
    )
    console.print(
        "  MIPS does not apply"
        if found["excludedFromMips"]
        else "  MIPS applies, unless something else excludes from it"
    )
    update = found["conversionFactorUpdate"]
    factor = "no update of its own" if update is None else f"+{update} %"
    console.print(
        f"  Payments of {payment_year}: incentive {found['incentivePercent']} %,"
        f" conversion factor {factor}"
    )
    console.print("\n  [bold]Why[/]")
    for item in found["explanation"]:
        show_reason(console, item, indent=4)
    if found["assumptions"]:
        show_assumptions(console, found["assumptions"], year)
