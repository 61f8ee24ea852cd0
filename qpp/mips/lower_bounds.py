"""Points on benchmarks written as lower bounds of deciles, as CMS did until 2022."""

from decimal import Decimal
from typing import Final

from qpp.catalogue import Benchmark
from qpp.deciles import Place, place, place_by_bounds
from qpp.mips.ladder_words import Stand, say_place
from qpp.mips.quality_words import AT_LEAST, ROUNDED
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO, rounded
from qpp.trace import Trace

ALL: Final = "all"


def place_on(
    rate: Decimal, row: Benchmark, *, floor: Decimal, maximum: Decimal
) -> Place:
    """Find decile and unrounded points of a rate, however the row's ladder is given."""
    way = place_by_bounds if row.deciles else place
    return way(
        rate,
        row.deciles or row.percentiles,
        inverse=row.is_inverse,
        floor=floor,
        maximum=maximum,
    )


def kept(points: Decimal, rules: QualityRules, trace: Trace) -> Decimal:
    """Round points on a ladder as the year does, or keep them as they are.

    That is an assumption only where the two would differ.
    """
    rule = rules.points_decimals
    decimals = rule.alternative if rule.value == ALL else rule.value
    cut = points if decimals is None else rounded(points, int(decimals))
    if cut == points or trace.use(rule) == ALL:
        return points
    trace.say(rule, ROUNDED, points, int(rule.value), cut)
    return cut


def bounds_points(
    rate: Decimal, row: Benchmark, rules: QualityRules, trace: Trace, name: str = ""
) -> Place:
    """Place a rate on a row of lower bounds, round as that year did, and say so."""
    floor, most = rules.measure_floor.value, rules.measure_maximum.value
    decile, points = place_on(rate, row, floor=ZERO, maximum=most)
    stand = Stand(rate, Place(decile, points), row, most)
    say_place(stand, rules.benchmark_rows, trace, name=name)
    if points <= floor:
        trace.say(rules.measure_floor, AT_LEAST, points, floor, floor)
        points = floor
    points = kept(points, rules, trace)
    return Place(decile, points)
