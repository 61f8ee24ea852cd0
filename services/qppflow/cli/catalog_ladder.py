"""Benchmarks as decile ladders side by side, readable in 80 columns."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from rich.table import Table

from qpp.catalogue import Benchmark
from qpp.numbers import plain

TOP: Final = 10
EMPTY: Final = "-"
# Long names of collection types, as people call them.
SHORT: Final = {
    "electronicHealthRecord": "EHR",
    "administrativeClaims": "admin. claims",
    "certifiedSurveyVendor": "survey vendor",
    "cmsWebInterface": "Web Interface",
}


def steps(row: Benchmark) -> tuple[str, ...]:
    """Give the rates of each decile, 1 to 10; an empty decile is a dash.

    Direct deciles start at their lower bound; inverse ones, where less is better, end
    at their upper bound.
    """
    cuts = row.percentiles
    if row.is_inverse:
        # Decile 1 is between the last two cuts, and each better one further down.
        ladder = [_inverse(low, high) for low, high in pairwise(cuts[1:])]
        return (*reversed(ladder), f"up to {plain(cuts[1])}")
    # The last cut, p99, bounds nothing where more is better.
    *lower, best = cuts[:-1]
    ladder = [_direct(low, high) for low, high in pairwise((*lower, best))]
    return (*ladder, f"{plain(best)} and up")


def _direct(low: Decimal, high: Decimal) -> str:
    """Write a step that has its lower bound."""
    return EMPTY if low == high else f"{plain(low)} to <{plain(high)}"


def _inverse(low: Decimal, high: Decimal) -> str:
    """Write a step that has its upper bound, the worse rate first."""
    return EMPTY if low == high else f"{plain(high)} to >{plain(low)}"


def ladders(rows: Sequence[Benchmark]) -> Table:
    """Lay out benchmarks, a column for each collection type."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Benchmark", style="cyan", no_wrap=True)
    for row in rows:
        method = row.submission_method
        table.add_column(SHORT.get(method, method), justify="right")
    table.add_row("from the year", *(str(row.benchmark_year) for row in rows))
    table.add_row("better is", *("less" if row.is_inverse else "more" for row in rows))
    table.add_row(
        "average",
        *(EMPTY if row.average is None else plain(row.average) for row in rows),
    )
    table.add_row("topped out", *(_yes(row.is_topped_out) for row in rows))
    table.add_row("points capped", *(_yes(row.capped) for row in rows))
    table.add_row("stand-in", *(_yes(row.is_mock) for row in rows), end_section=True)
    columns = [steps(row) for row in rows]
    for decile in range(1, TOP + 1):
        table.add_row(f"decile {decile}", *(column[decile - 1] for column in columns))
    return table


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell takes its value alone
    """Write a truth so that it stands out."""
    return "yes" if value else EMPTY
