"""Points on benchmarks written as lower bounds of deciles, as CMS did until 2022."""

from decimal import Decimal

from qpp.catalogue import Benchmark
from qpp.deciles import Place, place, place_by_bounds
from qpp.mips.ladder_words import Stand, say_place
from qpp.mips.quality_words import AT_LEAST, ROUNDED
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO, rounded
from qpp.trace import Trace


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
    if rules.points_decimals is not None:
        decimals = trace.use(rules.points_decimals)
        exact, points = points, rounded(points, decimals)
        if points != exact:
            trace.say(rules.points_decimals, ROUNDED, exact, decimals, points)
    return Place(decile, points)
