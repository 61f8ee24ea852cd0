"""What a golden case gives, and what is made of it."""

from collections.abc import Mapping
from typing import Any, Final

Given = Mapping[str, Any]
Made = dict[str, object]

# Formulas of sums, which every score has: cases speak of what decides.
SUMS: Final = frozenset(
    {"percent", "by_weight", "empty_places", "total", "round_total"}
)


def is_sum(formula: str | None) -> bool:
    """Say whether a reason only adds up."""
    return formula in SUMS


def prior_scores(given: Given) -> Made | None:
    """Give last year's scores; of the same identifier, unless a case says otherwise."""
    prior = given.get("prior")
    return None if prior is None else {"identifierMatch": "sameIdentifier", **prior}
