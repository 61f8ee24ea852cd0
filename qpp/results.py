"""What scoring gives back: points per measure, percent per category, and reasons."""

from decimal import Decimal
from typing import NamedTuple

from qpp.numbers import ZERO
from qpp.trace import Step


class MeasureScore(NamedTuple):
    """Points of one measure of one collection type.

    ``possible`` is 0 where the measure is out of the denominator; ``used`` says
    whether its points are part of the category score; ``outcome`` is why.
    """

    measure_id: str
    submission_method: str
    points: Decimal
    possible: Decimal
    outcome: str
    used: bool = False
    decile: int | None = None
    performance_rate: Decimal | None = None
    complete: bool = True
    steps: tuple[Step, ...] = ()


class CategoryScore(NamedTuple):
    """One category of one revision.

    ``percent`` is unrounded, 0 to 100, and None where nothing can be scored;
    ``has_data`` says that something was submitted, ``cancels_reweighting`` that it
    was enough to bring the category's weight back.
    """

    category: str
    percent: Decimal | None
    points: Decimal = ZERO
    possible: Decimal = ZERO
    bonus: Decimal = ZERO
    improvement: Decimal = ZERO
    has_data: bool = False
    cancels_reweighting: bool = False
    automatic_reweighting: str = ""
    measures: tuple[MeasureScore, ...] = ()
    steps: tuple[Step, ...] = ()
    assumptions: frozenset[str] = frozenset()
