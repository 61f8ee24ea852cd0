"""What a golden case's ``given`` means, for each file: from words to the law and back.

Each function takes ``given`` and returns everything a case may expect, figures as
text: points and percentages with four decimals, dollars and counts as they are.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tests.golden.category_kinds import (
    activities,
    cost,
    interoperability_score,
    quality,
)
from tests.golden.final_kinds import adjustment, final, weights
from tests.golden.given import Given, Made
from tests.golden.measure_kinds import deciles, intervals, points, rates

KINDS: Final[Mapping[str, Callable[[Given], Made]]] = {
    "activities": activities,
    "app": quality,
    "adjustment": adjustment,
    "coa": quality,
    "cost": cost,
    "deciles": deciles,
    "ema": quality,
    "final": final,
    "interoperability": interoperability_score,
    "intervals": intervals,
    "mvp": quality,
    "points": points,
    "quality": quality,
    "rates": rates,
    "weights": weights,
}
