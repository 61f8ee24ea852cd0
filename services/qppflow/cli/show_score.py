"""A score for people: what each category is worth, and every point's reason."""

from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp.mips.scoring import Scored

JsonObject: TypeAlias = dict[str, Any]

TITLES: Final = {
    "quality": "Quality",
    "cost": "Cost",
    "ia": "Improvement Activities",
    "pi": "Promoting Interoperability",
    "final": "Final score",
    "payment": "Payment adjustment",
}


def show_score(console: Console, scored: Scored, *, explain: bool) -> None:
    """Print a score; *explain* adds the reasons with their paragraphs."""
    score = scored.score
    console.print(
        f"  Final score [bold]{score['finalScore']}[/] for performance year"
        f" {score['performanceYear']}"
    )
    console.print(f"  {_money(scored.payment)}")
    console.print(categories_table(score))
    if explain:
        _show_reasons(console, score, scored.explanation)
    if scored.payment["assumptions"]:
        console.print("  Rests on these assumptions:")
        for name in scored.payment["assumptions"]:
            console.print(f"    {escape(name)}", style="yellow")


def _money(payment: JsonObject) -> str:
    """Say what the score does to payments."""
    year, percent = payment["paymentYear"], payment["adjustmentPercent"]
    if percent is not None:
        bill = "" if payment["billable"] else " (not billable)"
        return f"Payments of {year} change by [bold]{float(percent):+.4f} %[/]{bill}"
    span = payment["range"]
    return (
        f"Payments of {year} rise by between {span['low']} and {span['high']} %:"
        " CMS has not published the scaling factor"
    )


def categories_table(score: JsonObject) -> Table:
    """Lay out the four categories."""
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("Category")
    for name in ("Percent", "Weight", "Adds", "Points"):
        table.add_column(name, justify="right")
    for name, item in score["categories"].items():
        percent = item["percent"]
        table.add_row(
            TITLES[name],
            "-" if percent is None else f"{float(percent):.2f}",
            item["weight"],
            f"{float(item['weighted']):.2f}",
            f"{float(item['points']):.1f} / {float(item['possible']):.0f}",
        )
    if float(score["complexPatientBonus"]):
        bonus = f"{float(score['complexPatientBonus']):.2f}"
        table.add_row("Complex patient bonus", "", "", bonus, "")
    return table


def _show_reasons(
    console: Console, score: JsonObject, explanation: list[JsonObject]
) -> None:
    """Print reasons by category and measure, each with its paragraph."""
    for category, title in TITLES.items():
        reasons = [item for item in explanation if item["category"] == category]
        measures = score["categories"].get(category, {}).get("measures", [])
        if not reasons and not measures:
            continue
        console.print(f"\n  [bold]{title}[/]")
        for measure in measures:
            _show_measure(console, measure, reasons)
        for item in reasons:
            if "measureId" not in item:
                show_reason(console, item, indent=4)


def _show_measure(
    console: Console, measure: JsonObject, reasons: list[JsonObject]
) -> None:
    """Print one measure's points and their reasons."""
    counts = "" if measure["used"] else "  (does not count)"
    console.print(
        f"    {escape(measure['measureId'])}: {float(measure['points']):.4g} of"
        f" {float(measure['possible']):.4g} points, {measure['outcome']}{counts}"
    )
    for item in reasons:
        if item.get("measureId") == measure["measureId"]:
            show_reason(console, item, indent=6)


def show_reason(console: Console, reason: JsonObject, *, indent: int) -> None:
    """Print one reason with its paragraph, *indent* columns from the left."""
    unsure = " (unverified)" if reason["status"] == "unverified" else ""
    text = f"{escape(reason['says'])} [dim]{escape(reason['citation'])}{unsure}[/]"
    table = Table.grid(padding=0)
    table.add_column(width=indent)
    table.add_column(overflow="fold")
    table.add_row("", text)
    console.print(table)
