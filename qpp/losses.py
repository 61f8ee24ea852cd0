"""What each rule took from a category, so that all of it adds up to what is missing.

In percentage points; what a rule gave is negative. Points of a
measure are shares of what the category could earn; the last reason of a category
answers for what no other one does.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from qpp.numbers import HUNDRED, ZERO, percent, rounded
from qpp.results import CategoryScore, MeasureScore
from qpp.sayings import GAINED, SIGNS, Saying
from qpp.trace import Step

Lost: TypeAlias = list[Decimal | None]
# The figure of a reason that makes the percent of its category.
SUM: Final = "percent"


def losses(score: CategoryScore, decimals: int) -> tuple[list[Lost], Lost]:
    """Give what each reason took: those of the measures, and the category's own.

    All are rounded to *decimals*, so that together they are 100 less the percent.
    """
    exact = [_of_measure(item, score.possible) for item in score.measures]
    own = [_of_category(step, score.possible) for step in score.steps]
    last = _last(score.steps)
    if score.percent is None or last is None:
        return [[None] * len(row) for row in exact], [None] * len(own)
    whole, own[last] = HUNDRED - score.percent, None
    told = sum([item or ZERO for row in (*exact, own) for item in row], ZERO)
    own[last] = rounded(whole - told, decimals)
    rows = [[item and rounded(item, decimals) for item in row] for row in (*exact, own)]
    _settle(rows, rounded(whole, decimals))
    return rows[:-1], rows[-1]


def _of_measure(item: MeasureScore, possible: Decimal) -> Lost:
    """Give what each reason of a measure took; of one that does not count, nothing.

    A reason that settles the points answers for all of them.
    """
    lost: Lost = [None] * len(item.steps)
    if not item.used or not possible:
        return lost
    for place, (_, sentence, details) in enumerate(item.steps):
        if type(sentence) is Saying:
            taken = sentence.taken(details)
            if taken is not None:
                if sentence.absolute:
                    lost[:place] = [None] * place
                lost[place] = percent(taken, possible)
    return lost


def _of_category(step: Step, possible: Decimal) -> Decimal | None:
    """Give what a reason of the category took or gave, if it says so."""
    _, sentence, details = step
    if type(sentence) is not Saying or sentence.moves is None:
        return None
    name, place = sentence.moves
    value = details[place]
    assert isinstance(value, Decimal)
    return SIGNS[name] * (
        value if name == GAINED else percent(value, possible or HUNDRED)
    )


def _last(steps: Sequence[Step]) -> int | None:
    """Find the last reason that makes the percent of the category."""
    found = [
        place
        for place, step in enumerate(steps)
        if type(step.sentence) is Saying and SUM in step.sentence.names
    ]
    return found[-1] if found else None


def _settle(rows: Sequence[Lost], whole: Decimal) -> None:
    """Put what rounding left over on the largest, so that the sum is *whole*."""
    sizes = [
        (abs(item), -row, -place)
        for row, items in enumerate(rows)
        for place, item in enumerate(items)
        if item
    ]
    if sizes:
        _, row, place = max(sizes)
        rest = whole - sum([item or ZERO for items in rows for item in items], ZERO)
        rows[-row][-place] = (rows[-row][-place] or ZERO) + rest
