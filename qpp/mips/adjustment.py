"""What an adjustment is, for those who make one and those who add to it."""

from decimal import Decimal
from typing import NamedTuple


class ScalingFactorError(ValueError):
    """A scaling factor is outside what the law allows."""


class Factors(NamedTuple):
    """The factors of a year, None where nobody knows them yet."""

    scaling: Decimal | None
    additional: Decimal | None = None


class Adjustment(NamedTuple):
    """An adjustment, or the range it must lie in until CMS publishes its factor."""

    percent: Decimal | None
    low: Decimal
    high: Decimal


def exactly_so(percent: Decimal) -> Adjustment:
    """Give an adjustment that is known."""
    return Adjustment(percent, percent, percent)
