"""How a category's percent comes from its points, said with its arithmetic."""

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from qpp.numbers import HUNDRED, percent
from qpp.rulebook import Provision
from qpp.sayings import Saying
from qpp.trace import Trace


class Earned(NamedTuple):
    """Points and bonus points of what is possible, and improvement on top of it."""

    points: Decimal
    bonuses: Decimal
    possible: Decimal
    improvement: Decimal


@cache
def _said(*, bonuses: bool, improvement: bool, capped: bool) -> Saying:
    """Say only what there is."""
    points = "({points:4} + {bonuses:4})" if bonuses else "{points:4}"
    more = " + {improvement:4}" if improvement else ""
    most = "more than 100, so" if capped else "="
    return Saying(
        "percent",
        "points bonuses possible improvement percent",
        f"{points} / {{possible}} x 100{more} {most} {{percent:4}} percent",
    )


def say_percent(
    earned: Earned, total: Decimal, rule: Provision[object], trace: Trace
) -> None:
    """Give the percent of a category as its last reason."""
    if not trace.told:
        trace.use(rule)
        return
    points, bonuses, possible, improvement = earned
    said = _said(
        bonuses=bool(bonuses),
        improvement=bool(improvement),
        capped=percent(points + bonuses, possible) + improvement > HUNDRED,
    )
    trace.say(rule, said, *earned, total)
