"""The reasons of a score for people: by category and measure, with their paragraphs."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.markup import escape

from qppflow.cli.show_lines import show_indented
from qppflow.cli.show_losses import show_losses

JsonObject: TypeAlias = dict[str, Any]

TITLES: Final = {
    "quality": "Quality",
    "cost": "Cost",
    "ia": "Improvement Activities",
    "pi": "Promoting Interoperability",
    "final": "Final score",
    "payment": "Payment adjustment",
}
STATUSES: Final = {
    "verified": "read at its source",
    "secondary": "known at second hand",
    "unverified": "not read at its source",
}
SHORT_NAMES: Final = re.compile(r"\b(?:ia|pi)\b")
# The categories that a facility's scores take the place of, where they count.
BY_FACILITY: Final = ("quality", "cost")


def show_reasons(
    console: Console, score: JsonObject, explanation: list[JsonObject]
) -> None:
    """Print reasons by category: what counts, what does not, and what was lost."""
    facility = any(item.get("formula") == "facility_counts" for item in explanation)
    for category, title in TITLES.items():
        reasons = [item for item in explanation if item["category"] == category]
        worth = score["categories"].get(category)
        measures = [] if worth is None else worth["measures"]
        if not reasons and not measures:
            continue
        console.print(f"\n  [bold]{title}[/]")
        _show_measures(console, [m for m in measures if m["used"]], measures, reasons)
        for item in reasons:
            if "measureId" not in item:
                show_reason(console, item, indent=4)
        unused = [item for item in measures if not item["used"]]
        if unused:
            console.print("    Not counted:")
            _show_measures(console, unused, measures, reasons)
        if facility and category in BY_FACILITY:
            console.print("    A facility's score takes the place of this one.")
        elif worth and worth["withoutWeight"] is None and worth["percent"] is not None:
            show_losses(console, category, worth["percent"], reasons)


def _show_measures(
    console: Console,
    shown: Sequence[JsonObject],
    every: Sequence[JsonObject],
    reasons: Sequence[JsonObject],
) -> None:
    """Print measures' points and their reasons; by method those that came twice."""
    times = Counter(item["measureId"] for item in every)
    for measure in shown:
        name, method = measure["measureId"], measure["submissionMethod"]
        by = f" by {method}" if times[name] > 1 else ""
        told = (
            f"    {name}{by}: {_points(measure['points'])} of"
            f" {_points(measure['possible'])} points, {measure['outcome']}"
        )
        console.print(escape(told), soft_wrap=True)
        for item in reasons:
            of = item.get("measureId"), item.get("submissionMethod", "")
            if of == (name, method):
                show_reason(console, item, indent=6)


def _points(text: str) -> str:
    """Write points without zeros that say nothing."""
    return text.rstrip("0").rstrip(".")


def show_reason(console: Console, reason: JsonObject, *, indent: int) -> None:
    """Print a reason, and below it its paragraph and how well that is known."""
    says = reason["says"]
    if "measureId" not in reason:
        says = SHORT_NAMES.sub(lambda found: TITLES[found[0]], says)
    show_indented(console, escape(says), indent)
    cited = f"{reason['citation']} ({STATUSES[reason['status']]})"
    show_indented(console, f"[dim]{escape(cited)}[/]", indent + 2)
