"""Where a rate stands on a benchmark, in words and figures that can be checked."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from qpp.catalogue import Benchmark
from qpp.deciles import Place
from qpp.rulebook import Provision
from qpp.sayings import Saying
from qpp.trace import Trace


class _Words(NamedTuple):
    """What is said inside a decile, in the best one, and beyond the worst one."""

    inside: Saying
    best: Saying
    beyond: Saying


def _words(unit: str, *, inverse: bool) -> _Words:
    """Say it of rates or dollars, where more or where less is better."""
    than, less = ("less", ", less is better") if inverse else ("more", "")
    of = f"benchmark of {{year}}{less}"
    begins, ends = f"{unit}{{begins}}", f"{unit}{{ends}}"
    return _Words(
        Saying(
            "ladder",
            "name rate decile begins ends year way width points maximum",
            f"{{name}}{unit}{{rate}} is in decile {{decile}} ({begins} to {ends},"
            f" {of}): {{decile}} + {{way}}/{{width}} = {{points:4}}",
        ),
        Saying(
            "ladder_best",
            "name rate decile begins year points maximum",
            f"{{name}}{unit}{{rate}} is in decile {{decile}} ({begins} or {than},"
            f" {of}): {{points}} points",
        ),
        Saying(
            "ladder_beyond",
            "name rate ends year points maximum",
            f"{{name}}{unit}{{rate}} is beyond the last cut point ({ends}, {of}):"
            " {points} points",
        ),
    )


_SAID: Final[Mapping[tuple[str, bool], _Words]] = {
    (unit, inverse): _words(unit, inverse=inverse)
    for unit in ("", "$")
    for inverse in (False, True)
}


class Stand(NamedTuple):
    """A rate, the place found for it on a row, and the points of the best decile."""

    rate: Decimal
    found: Place
    row: Benchmark
    maximum: Decimal


def say_place(
    stand: Stand,
    rule: Provision[object],
    trace: Trace,
    *,
    name: str = "",
    unit: str = "",
) -> None:
    """Give decile and points as a reason, with the ends of the decile.

    *name* is that of a part of a measure, *unit* what goes before figures.
    """
    if not trace.told:
        trace.use(rule)
        return
    rate, found, row, maximum = stand
    words = _SAID[unit, row.is_inverse]
    name = f"{name}: " if name else ""
    year, (decile, points) = row.benchmark_year, found
    begins, ends = _ends(found, row, maximum)
    if begins is None or _is_worse(rate, begins, row):
        end = ends if begins is None else begins
        trace.say(rule, words.beyond, name, rate, end, year, points, maximum)
    elif ends is None or decile == maximum:
        best = name, rate, decile, begins, year, points, maximum
        trace.say(rule, words.best, *best)
    else:
        way, width = abs(rate - begins), abs(ends - begins)
        ladder = name, rate, decile, begins, ends, year, way, width, points, maximum
        trace.say(rule, words.inside, *ladder)


def _ends(
    found: Place, row: Benchmark, maximum: Decimal
) -> tuple[Decimal | None, Decimal | None]:
    """Find where a decile begins and where the next one does, from worse to better."""
    if not row.deciles:
        cuts = row.percentiles[::-1] if row.is_inverse else row.percentiles
        return cuts[found.decile - 1], cuts[found.decile]
    bounds = row.deciles
    place = len(bounds) - int(maximum) + found.decile
    begins = bounds[place - 1] if place > 0 else None
    return begins, bounds[place] if place < len(bounds) else None


def _is_worse(rate: Decimal, bound: Decimal, row: Benchmark) -> bool:
    """Say whether a rate does not reach a bound."""
    return rate > bound if row.is_inverse else rate < bound
