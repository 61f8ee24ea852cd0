"""Points on a benchmark's ladder of cut points, § 414.1380(b)(1)(ii).

A ladder has eleven ascending cut points: p1, p10, p20 … p90, p99, also where less
is better. Cost measures use the same shape with cuts by median and deviation.
Until 2022 a ladder was the lower bounds of its deciles instead.
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
    last = len(cuts) - 1
    if inverse:
        # Less is better: upper bounds are inclusive, and the last one is p99.
        above = bisect_left(cuts, rate, 1)
        decile = last + 1 - above
    else:
        # More is better: lower bounds are inclusive.
        above = bisect_right(cuts, rate, 0, last)
        decile = above
    if decile == 0:
        return Place(1, floor)
    if decile == last:
        return Place(decile, maximum)
    low, high = cuts[above - 1], cuts[above]
    way = high - rate if inverse else rate - low
    return Place(decile, decile + way / (high - low))


def place_by_bounds(
    rate: Decimal,
    bounds: Sequence[Decimal],
    *,
    inverse: bool,
    floor: Decimal,
    maximum: Decimal,
) -> Place:
    """Find decile and points of *rate* on a ladder of inclusive lower bounds.

    *bounds* are those of deciles 2 to 10, or 1 to 10, from worse to better. Points
    below *floor* are *floor*: the first deciles are worth no less.
    """
    reached = [rate <= low if inverse else rate >= low for low in bounds]
    passed = len(bounds) - reached[::-1].index(True) if any(reached) else 0
    # Deciles count from the best one, which is worth as many points as its number.
    decile = int(maximum) - len(bounds) + passed
    if passed == len(bounds):
        return Place(decile, maximum)
    if not passed:
        return Place(1, floor)
    low, high = bounds[passed - 1], bounds[passed]
    points = decile + (rate - low) / (high - low)
    return Place(decile, max(points, floor))
