"""Shows a closing to people, and writes it for programs."""

from typing import Any, Final

from rich.console import Console
from rich.table import Table

from qppflow.cli.assumptions import sentence_of
from qppflow.cli.closing_order import Mode, Order, RefusedError
from qppflow.cli.closing_run import Report

BANDS: Final = {
    "full-reduction": "full reduction",
    "reduction": "reduction",
    "neutral": "no change",
    "increase": "increase",
    "exceptional-increase": "increase, and an additional one",
}
PUBLISHED: Final = (
    "CMS has published this year's adjustments: payments keep those, and the factor"
    " here is for comparison."
)


def report_json(report: Report, order: Order) -> dict[str, Any]:
    """Write a run for programs."""
    return {
        "ok": True,
        "mode": order.mode.value,
        "dryRun": order.dry_run,
        "told": report.told,
        "published": is_published(order),
        "closing": dict(report.closing),
    }


def refusal_json(error: RefusedError) -> dict[str, Any]:
    """Write a refusal for programs."""
    return {"ok": False, "refused": error.word, "message": str(error), **error.details}


def is_published(order: Order) -> bool:
    """Say whether CMS has published the year's adjustments."""
    return order.rules.payment.published_highest_adjustment is not None


def show(console: Console, report: Report, order: Order) -> None:
    """Show a run: the factor, what it rests on, and who was told."""
    closing = report.closing
    console.print(_headline(report, order), style="green", markup=False)
    table = Table("band", box=None)
    for name in ("clinicians", "paid in $"):
        table.add_column(name, justify="right")
    for band in closing["distribution"]:
        name = BANDS[band["band"]]
        table.add_row(name, f"{band['clinicians']:,}", band["amount"])
    table.add_row("all", f"{closing['clinicians']:,}", closing["paid"])
    console.print(table)
    for line in _facts(report, order):
        console.print(line, markup=False, soft_wrap=True)


def _headline(report: Report, order: Order) -> str:
    """Say in a line what was done."""
    closing = report.closing
    what = f"closing {closing['number']} of {closing['performanceYear']}"
    factor = f"scaling factor {closing['factor']}"
    if closing["additionalFactor"] is not None:
        factor += f", additional factor {closing['additionalFactor']}"
    if order.dry_run:
        return f"Nothing was sent. {what}: {factor}"
    done = {Mode.RESUME: "Completed", Mode.LATE: "Told late clinicians of"}
    return f"{done.get(order.mode, 'Published')} {what}: {factor}"


def _facts(report: Report, order: Order) -> list[str]:
    """Say what the factor rests on."""
    closing = report.closing
    increases = closing["increasesAtOne"]
    lines = [
        f"reductions: ${closing['reductions']}",
        f"increases at a factor of 1: ${increases}",
        f"{report.told:,} clinicians told; {closing['notPaid']:,} without a payment",
        f"hash {closing['hash']}",
    ]
    if closing["withoutAmount"]:
        lines.append(
            f"{closing['withoutAmount']:,} clinicians count as $0: nobody said what"
            " they were paid"
        )
    year = closing["performanceYear"]
    lines += [
        f"assumed: {name}: {sentence_of(name, year)}" for name in closing["assumptions"]
    ]
    return [*lines, PUBLISHED] if is_published(order) else lines
