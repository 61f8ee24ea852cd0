"""Category scores as they travel: JSON objects, figures as strings.

``percent`` is unrounded, so that a final score made from parts on the wire equals
one made in memory. Points have four decimals, trailing zeros kept.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from qpp.numbers import CACHED, exactly, fixed, plain
from qpp.results import CategoryScore, MeasureScore
from qpp.trace import Step

JsonObject: TypeAlias = dict[str, Any]
# How many decimals points have is the wire's promise, not the regulation's.
POINT_DECIMALS: Final = len("0000")


@lru_cache(CACHED)
def points_text(value: Decimal) -> str:
    """Write points as every event shows them: ``7.5000``."""
    return fixed(value, POINT_DECIMALS)


@exactly
def part(score: CategoryScore, *, explain: bool) -> JsonObject:
    """Write a category score; *explain* adds the reasons, one object each.

    The members stand in the order of the contract.
    """
    written: JsonObject = {
        "category": score.category,
        "percent": None if score.percent is None else f"{score.percent:f}",
        "points": points_text(score.points),
        "possible": points_text(score.possible),
        "bonus": points_text(score.bonus),
        "improvement": points_text(score.improvement),
        "hasData": score.has_data,
        "cancelsReweighting": score.cancels_reweighting,
        "automaticReweighting": score.automatic_reweighting,
        "measures": [_measure(item) for item in score.measures],
        "assumptions": sorted(score.assumptions),
    }
    if explain:
        written["explanation"] = explanation(score)
    return written


def _measure(score: MeasureScore) -> JsonObject:
    """Write one measure's points."""
    name, method, points, possible, outcome, used, decile, rate, _, _ = score
    return {
        "measureId": name,
        "submissionMethod": method,
        "points": points_text(points),
        "possible": points_text(possible),
        "outcome": outcome,
        "used": used,
        "decile": decile,
        "performanceRate": None if rate is None else plain(rate),
    }


def explanation(score: CategoryScore) -> list[JsonObject]:
    """Write the reasons of a category: the measures' first, then its own."""
    reasons = [
        reason(step, score.category, item.measure_id)
        for item in score.measures
        for step in item.steps
    ]
    return reasons + [reason(step, score.category) for step in score.steps]


def reason(step: Step, category: str, measure_id: str | None = None) -> JsonObject:
    """Write one reason with the paragraph it rests on."""
    written: JsonObject = {"category": category}
    if measure_id is not None:
        written["measureId"] = measure_id
    rule = step.rule
    return written | {
        "rule": rule.path,
        "says": step.text(),
        "citation": rule.citation,
        "status": rule.status,
    }
