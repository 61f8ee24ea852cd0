"""What each category lost to which rule, for people: the largest first."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

JsonObject: TypeAlias = dict[str, Any]

CENTS: Final = Decimal("0.01")
HUNDRED: Final = Decimal(100)
# Where the name of a rule alone would say too little.
WORDS: Final = {
    "quality.benchmark_rows": "short of the best decile",
    "quality.measure_maximum": "above 100 percent",
    "quality.measures_required": "empty places",
    "quality.outcome_required": "no outcome measure",
    "quality.cahps_aggregation": "survey short of the best decile",
    "quality.improvement_maximum": "improvement",
    "cost.measure_maximum": "short of the best decile",
    "cost.improvement_maximum": "improvement",
    "improvement_activities.full_credit": "points not earned",
    "promoting_interoperability.category_maximum": "points not earned, or above 100",
    "promoting_interoperability.measure_points": "short of full rates",
    "promoting_interoperability.objectives": "required measures missing",
}


class Loss(NamedTuple):
    """What one rule took from a category, in percentage points; negative if given."""

    rule: str
    points: Decimal
    measures: tuple[str, ...]

    @property
    def words(self) -> str:
        """Name the rule for people."""
        name = self.rule.rpartition(".")[2].replace("_", " ")
        return WORDS.get(self.rule, name)


def losses_of(explanation: Iterable[JsonObject], category: str) -> list[Loss]:
    """Add up by rule what a category lost, the largest first."""
    found: dict[str, Loss] = {}
    for item in explanation:
        if item["category"] != category or "lost" not in item:
            continue
        rule = item["rule"]
        before = found.get(rule, Loss(rule, Decimal(0), ()))
        name = item.get("measureId")
        more = (name,) if name is not None and name not in before.measures else ()
        points = before.points + Decimal(item["lost"])
        found[rule] = Loss(rule, points, before.measures + more)
    return sorted(found.values(), key=lambda item: (-item.points, item.rule))


def in_cents(points: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """Round to two decimals so that all still add up to *total*.

    What rounding leaves over goes where it shows least: to the largest.
    """
    rounded = [item.quantize(CENTS, ROUND_HALF_UP) for item in points]
    if rounded:
        largest = max(range(len(rounded)), key=lambda place: abs(rounded[place]))
        rounded[largest] += total - sum(rounded)
    return rounded


def show_losses(
    console: Console, category: str, percent: str, explanation: Iterable[JsonObject]
) -> None:
    """Print what a category lost, which adds up to 100 less what it earned."""
    found = losses_of(explanation, category)
    if not found:
        return
    earned = Decimal(percent).quantize(CENTS, ROUND_HALF_UP)
    total = HUNDRED - earned
    console.print(f"    Lost, by rule: 100 - {earned} = {total}")
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(width=4)
    lines.add_column(justify="right", no_wrap=True)
    lines.add_column(overflow="fold")
    for item, points in zip(
        found, in_cents([item.points for item in found], total), strict=True
    ):
        of = f": {', '.join(item.measures)}" if item.measures else ""
        told = f"{escape(item.words + of)} [dim]({escape(item.rule)})[/]"
        lines.add_row("", str(points), told)
    console.print(lines)
