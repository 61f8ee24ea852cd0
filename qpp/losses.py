"""What each rule took from a category, so that all of it adds up to what is missing.

In percentage points; what a rule gave is negative. Points of a
measure are shares of what the category could earn; the last reason of a category
answers for what no other one does.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from qpp.numbers import HUNDRED, ONE, ZERO, rounded
from qpp.results import CategoryScore, MeasureScore
from qpp.sayings import GAINED, SIGNS, Saying
from qpp.trace import Step

Lost: TypeAlias = list[Decimal | None]
# The figure of a reason that makes the percent of its category.
SUM: Final = "percent"


def losses(score: CategoryScore, decimals: int) -> Lost:
    """Give what each reason took: those of the measures in order, then its own.

    All are rounded to *decimals*, so that together they are 100 less the percent.
    """
    share = HUNDRED / score.possible if score.possible else None
    lost: Lost = []
    for item in score.measures:
        lost += _of_measure(item, share)
    first = len(lost)
    last = _last(score.steps)
    if score.percent is None or last is None:
        return [None] * (first + len(score.steps))
    lost += [_of_category(step, share or ONE) for step in score.steps]
    lost[first + last] = None
    whole = HUNDRED - score.percent
    rest = whole - sum([item for item in lost if item], ZERO)
    lost[first + last] = rest
    lost = [rounded(item, decimals) if item else None for item in lost]
    _settle(lost, rounded(whole, decimals))
    return lost


def _of_measure(item: MeasureScore, share: Decimal | None) -> Lost:
    """Give what each reason of a measure took; of one that does not count, nothing.

    A reason that settles the points answers for all of them.
    """
    lost: Lost = [None] * len(item.steps)
    if not item.used or share is None:
        return lost
    for place, (_, sentence, details) in enumerate(item.steps):
        if type(sentence) is Saying and sentence.points is not None:
            taken = sentence.taken(details)
            if taken is not None:
                if sentence.absolute and place:
                    lost[:place] = [None] * place
                lost[place] = taken * share
    return lost


def _of_category(step: Step, share: Decimal) -> Decimal | None:
    """Give what a reason of the category took or gave, if it says so."""
    _, sentence, details = step
    if type(sentence) is not Saying or sentence.moves is None:
        return None
    name, place = sentence.moves
    value = details[place]
    assert isinstance(value, Decimal)
    return SIGNS[name] * (value if name == GAINED else value * share)


def _last(steps: Sequence[Step]) -> int | None:
    """Find the last reason that makes the percent of the category."""
    for place in range(len(steps) - 1, -1, -1):
        sentence = steps[place].sentence
        if type(sentence) is Saying and SUM in sentence.names:
            return place
    return None


def _settle(lost: Lost, whole: Decimal) -> None:
    """Put what rounding left over on the largest, so that the sum is *whole*."""
    sizes = [(abs(item), -place) for place, item in enumerate(lost) if item]
    if sizes:
        size, place = max(sizes)
        rest = whole - sum([item for item in lost if item], ZERO)
        if rest:
            lost[-place] = (lost[-place] or size) + rest
