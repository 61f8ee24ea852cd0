"""What a golden case's ``given`` means, for each file: from words to the law and back.

Each function takes ``given`` and returns everything a case may expect, figures as
text: points and percentages with four decimals, dollars and counts as they are.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tests.golden.apm_kinds import advanced_apm
from tests.golden.category_kinds import (
    activities,
    cost,
    interoperability_score,
    quality,
)
from tests.golden.closing_kinds import choice, closing
from tests.golden.door_kinds import arrival, membership, program, registration
from tests.golden.early_kinds import advancing_care, bounds, early_quality
from tests.golden.eligibility_kinds import eligibility
from tests.golden.final_kinds import adjustment, final, weights
from tests.golden.given import Given, Made
from tests.golden.measure_kinds import deciles, intervals, points, rates
from tests.golden.published_kinds import published
from tests.golden.reweighting_kinds import reweighting

KINDS: Final[Mapping[str, Callable[[Given], Made]]] = {
    "activities": activities,
    "advancing_care": advancing_care,
    "adjustment": adjustment,
    "choice": choice,
    "closing": closing,
    "arrival": arrival,
    "advanced_apm": advanced_apm,
    "cost": cost,
    "deciles": deciles,
    "eligibility": eligibility,
    "bounds": bounds,
    "early_quality": early_quality,
    "final": final,
    "interoperability": interoperability_score,
    "intervals": intervals,
    "membership": membership,
    "app": quality,
    "coa": quality,
    "ema": quality,
    "mvp": quality,
    "points": points,
    "published": published,
    "program": program,
    "quality": quality,
    "rates": rates,
    "registration": registration,
    "reweighting": reweighting,
    "weights": weights,
}
