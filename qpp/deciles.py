"""Points on a benchmark's ladder of cut points, § 414.1380(b)(1)(ii).

A ladder has eleven ascending cut points: p1, p10, p20 … p90, p99, also where less
is better. Cost measures use the same shape with cuts by median and deviation.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Place(NamedTuple):
    """Where a rate stands: its decile (1 to 10) and its unrounded points."""

    decile: int
    points: Decimal


def place(
    rate: Decimal,
    cuts: Sequence[Decimal],
    *,
    inverse: bool,
    floor: Decimal,
    maximum: Decimal,
) -> Place:
    """Find decile and points of *rate*; the best decile reached wins a tie.

    Inside a decile points grow by the share of the way to the next one. A rate
    beyond the outer cut points is in no decile and earns *floor*.
    """
    climb = _inverse if inverse else _direct
    return climb(rate, cuts, floor, maximum)


def _direct(
    rate: Decimal, cuts: Sequence[Decimal], floor: Decimal, maximum: Decimal
) -> Place:
    """More is better: lower bounds are inclusive."""
    bounds = cuts[:-1]
    reached = bisect_right(bounds, rate)
    if reached == len(bounds):
        return Place(reached, maximum)
    if reached == 0:
        return Place(1, floor)
    low, high = bounds[reached - 1], cuts[reached]
    return Place(reached, reached + (rate - low) / (high - low))


def _inverse(
    rate: Decimal, cuts: Sequence[Decimal], floor: Decimal, maximum: Decimal
) -> Place:
    """Less is better: upper bounds are inclusive, and the last one is p99."""
    bounds = cuts[1:]
    missed = bisect_left(bounds, rate)
    decile = len(bounds) - missed
    if missed == 0:
        return Place(decile, maximum)
    if missed == len(bounds):
        return Place(1, floor)
    low, high = bounds[missed - 1], bounds[missed]
    return Place(decile, decile + (high - rate) / (high - low))
