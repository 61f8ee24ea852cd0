"""Shows a re-scoring to people, and writes it for programs."""

from typing import Any, Final

from rich.console import Console
from rich.table import Table

from qppflow.cli.rescore_compare import BANDS, Comparison
from qppflow.cli.rescore_run import Plan, Report

MOST_RULES: Final = 20


def report_json(report: Report, plan: Plan) -> dict[str, Any]:
    """Write a run for programs."""
    written: dict[str, Any] = {
        "ok": report.left == 0 or plan.dry_run,
        "dryRun": plan.dry_run,
        "performanceYear": plan.law.rules.year,
        "ruleBook": plan.law.rules.id,
        "catalogue": plan.law.catalogue.id,
        "order": report.order,
        "already": report.already,
        "ordered": report.ordered,
        "left": report.left,
    }
    if report.comparison is not None:
        written |= report.comparison.as_json()
    return written


def show(console: Console, report: Report, plan: Plan) -> None:
    """Show a run."""
    lines = [f"{report.already:,} entities are scored by {plan.name} already: skipped"]
    if report.comparison is not None:
        lines.append(f"{report.left:,} would be scored again; nothing was sent")
    elif report.left:
        again = f"qppflow rescore --year {plan.law.rules.year} --resume"
        lines.append(f"paused: {report.ordered:,} ordered, {report.left:,} left")
        lines.append(f"go on with {again}, and with each --entity of this run")
    else:
        lines.append(f"{report.ordered:,} entities are ordered to be scored again")
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    if report.comparison is not None:
        _show(console, report.comparison)


def _show(console: Console, found: Comparison) -> None:
    """Show what would change, by how much, and by which rules."""
    table = Table("", box=None)
    for name in ("scores, points", "payments, percent"):
        table.add_column(name, justify="right")
    both = (found.scores, found.payments)
    table.add_row("compared", *(f"{one.compared:,}" for one in both))
    table.add_row("changed", *(f"{one.changed:,}" for one in both))
    table.add_row("sum of changes", *(f"{one.total:f}" for one in both))
    table.add_row("largest decrease", *(f"{one.least:f}" for one in both))
    table.add_row("largest increase", *(f"{one.most:f}" for one in both))
    for band in BANDS:
        table.add_row(band, *(f"{one.bands[band]:,}" for one in both))
    console.print(table)
    if found.dollars:
        console.print(f"payments change by ${found.dollars:,.2f} in all", markup=False)
    if found.missing:
        told = f"{found.missing:,} scores have no input in the log any more"
        console.print(f"{told}: not compared", markup=False)
    rules = Table("rule that moved them", box=None)
    rules.add_column("scores", justify="right")
    for rule, count in found.rules.most_common(MOST_RULES):
        rules.add_row(rule, f"{count:,}")
    if found.rules:
        console.print(rules)
