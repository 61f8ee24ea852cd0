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
DIRECT: Final = (" to <", "{} and up", "below {}")
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
    to, best, worst = (" to >", "up to {}", "above {}") if row.is_inverse else DIRECT
    *lower, top = bounds = lower_bounds(row)
    ladder = [
        EMPTY if low == high else f"{plain(low)}{to}{plain(high)}"
        for low, high in pairwise(bounds)
    ]
    # Nine bounds leave the first decile to whatever is worse than the second.
    first = [worst.format(plain(lower[0]))] if len(bounds) < TOP else []
    return (*first, *ladder, best.format(plain(top)))


def lower_bounds(row: Benchmark) -> tuple[Decimal, ...]:
    """Give where deciles 1 to 10 start, the worse first; nine leave out decile 1.

    The last cut in the direction of better, p99 or p1, bounds nothing.
    """
    if row.is_inverse and row.percentiles:
        return tuple(reversed(row.percentiles[1:]))
    return row.percentiles[:-1] or row.deciles


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
