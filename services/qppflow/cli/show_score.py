"""A score for people: what each category is worth, and every point's reason."""

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp.mips.scoring import Scored
from qpp.submission import PI
from qppflow.cli.assumptions import UNVERIFIED, sentence_of
from qppflow.cli.show_lines import show_indented
from qppflow.cli.show_reasons import TITLES, show_reasons

JsonObject: TypeAlias = dict[str, Any]

# Why a category carries no weight, where the name alone would say too little.
WHY: Final = {
    None: "too few categories carry weight",
    "not scored": "nothing in it can be scored",
    "no measure to score": "no measure is left to score",
    "ascBased": "based in an ambulatory surgical center",
    "nonPatientFacing": "non-patient facing",
}


def show_score(console: Console, scored: Scored, *, explain: bool) -> None:
    """Print a score; *explain* adds the reasons with their paragraphs."""
    score = scored.score
    year = score["performanceYear"]
    console.print(
        f"  Final score [bold]{score['finalScore']}[/] for performance year {year}"
    )
    show_indented(console, _money(scored.payment), 2)
    show_categories(console, score)
    if explain:
        show_reasons(console, score, scored.explanation)
    if scored.payment["assumptions"]:
        show_assumptions(console, scored.payment["assumptions"], year)


def show_assumptions(console: Console, names: Sequence[str], year: int) -> None:
    """Print what a score takes for granted, by name and as a sentence."""
    console.print("\n  Rests on these assumptions:")
    for name in names:
        console.print(f"    [yellow]{escape(name)}[/]", soft_wrap=True)
        show_indented(console, escape(sentence_of(name, year)), 6)
    if any(name.startswith(UNVERIFIED) for name in names):
        console.print("  Unverified is a rule that nobody could read at its source.")


def _money(payment: JsonObject) -> str:
    """Say what the score does to payments."""
    year, percent = payment["paymentYear"], payment["adjustmentPercent"]
    if percent is not None:
        bill = "" if payment["billable"] else " (not billable)"
        return f"Payments of {year} change by [bold]{float(percent):+.4f} %[/]{bill}"
    if payment["status"] == "none":
        return f"Payments of {year} are not adjusted"
    span = payment["range"]
    return (
        f"Payments of {year} rise by between {span['low']} and {span['high']} %:"
        " CMS has not published the scaling factor"
    )


def show_categories(console: Console, score: JsonObject) -> None:
    """Print the four categories, and why one carries no weight."""
    console.print(categories_table(score))
    for name, item in score["categories"].items():
        if not float(item["weight"]):
            why = _why(item["withoutWeight"])
            console.print(f"  {TITLES[name]} does not count: {why}", soft_wrap=True)


def _why(reason: str | None) -> str:
    """Put the reason for no weight into words: ``smallPractice`` is two."""
    if reason is None or reason in WHY:
        return WHY[reason]
    return escape(re.sub("[A-Z]", lambda found: f" {found[0].lower()}", reason))


def categories_table(score: JsonObject) -> Table:
    """Lay out the four categories, so that a row adds up from left to right.

    Points and bonus of what is possible, and improvement in percentage points, make
    the percent; percent times weight is what the category adds.
    """
    items = score["categories"]
    more = [
        (title, field)
        for title, field in (("Bonus", "bonus"), ("Improved", "improvement"))
        if any(float(item[field]) for item in items.values())
    ]
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=1)
    table.add_column("Category", no_wrap=True)
    titles = ("Points", *(title for title, _ in more), "Percent", "Weight", "Adds")
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    for name, item in items.items():
        counts = item["percent"] is not None and item["withoutWeight"] is None
        table.add_row(
            "",
            TITLES[name],
            f"{float(item['points']):.2f} / {float(item['possible']):.0f}",
            *(_extra(name, field, float(item[field])) for _, field in more),
            f"{float(item['percent']):.2f}" if counts else "-",
            item["weight"],
            f"{float(item['weighted']):.2f}",
        )
    if float(score["complexPatientBonus"]):
        bonus = f"{float(score['complexPatientBonus']):.2f}"
        empty = [""] * (len(titles) - 1)
        table.add_row("", "Complex patient bonus", *empty, bonus)
    return table


def _extra(category: str, field: str, value: float) -> str:
    """Write what comes on top; a bonus of PI is among its points already."""
    if not value:
        return ""
    if field == "bonus":
        return f"incl. {value:.4g}" if category == PI else f"+ {value:.4g}"
    return f"+ {value:.2f}"
