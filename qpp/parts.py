"""Category scores as they travel: JSON objects, figures as strings.

``percent`` is unrounded, so that a final score made from parts on the wire equals
one made in memory. Points have four decimals, trailing zeros kept.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.losses import losses
from qpp.numbers import ZERO, exactly, fixed, plain
from qpp.results import CategoryScore, MeasureScore
from qpp.sayings import Saying
from qpp.trace import Step

JsonObject: TypeAlias = dict[str, Any]
# How many decimals points have is the wire's promise, not the regulation's.
POINT_DECIMALS: Final = 4
_NO_POINTS: Final = fixed(ZERO, POINT_DECIMALS)
FIGURES: Final = ("points", "possible", "bonus", "improvement", "measures")


def points_text(value: Decimal) -> str:
    """Write points as every event shows them: ``7.5000``."""
    return fixed(value, POINT_DECIMALS) if value else _NO_POINTS


class Summary(NamedTuple):
    """What the final score needs of a category, made in memory or read from a part.

    ``figures`` are the members of a part that its score shows as they are.
    """

    percent: Decimal | None
    has_data: bool
    cancels_reweighting: bool
    automatic_reweighting: str
    assumptions: Iterable[str]
    figures: JsonObject


def summary_of(score: CategoryScore) -> Summary:
    """Sum up a category score."""
    figures = _points(score)
    figures["measures"] = [_measure(item) for item in score.measures]
    return Summary(
        score.percent,
        score.has_data,
        score.cancels_reweighting,
        score.automatic_reweighting,
        score.assumptions,
        figures,
    )


def read_part(written: Mapping[str, Any]) -> Summary:
    """Sum up what ``part`` wrote."""
    raw = written["percent"]
    return Summary(
        None if raw is None else Decimal(raw),
        written["hasData"],
        written["cancelsReweighting"],
        written["automaticReweighting"],
        written["assumptions"],
        {name: written[name] for name in FIGURES},
    )


def part(score: CategoryScore, *, explain: bool) -> JsonObject:
    """Write a category score; *explain* adds the reasons, one object each.

    The members stand in the order of the contract.
    """
    written: JsonObject = {
        "category": score.category,
        "percent": None if score.percent is None else f"{score.percent:f}",
        **_points(score),
        "hasData": score.has_data,
        "cancelsReweighting": score.cancels_reweighting,
        "automaticReweighting": score.automatic_reweighting,
        "measures": [_measure(item) for item in score.measures],
        "assumptions": sorted(score.assumptions),
    }
    if explain:
        written["explanation"] = explanation(score)
    return written


def _points(score: CategoryScore) -> JsonObject:
    """Write the points of a category."""
    return {
        "points": points_text(score.points),
        "possible": points_text(score.possible),
        "bonus": points_text(score.bonus),
        "improvement": points_text(score.improvement),
    }


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


@exactly
def explanation(score: CategoryScore) -> list[JsonObject]:
    """Write the reasons of a category: the measures' first, then its own.

    Each has what its rule took from the category, in percentage points.
    """
    lost = iter(losses(score, POINT_DECIMALS))
    category = score.category
    reasons = [
        reason(step, category, item.measure_id, item.submission_method, next(lost))
        for item in score.measures
        for step in item.steps
    ]
    return reasons + [reason(step, category, lost=next(lost)) for step in score.steps]


def reason(
    step: Step,
    category: str,
    measure_id: str | None = None,
    method: str = "",
    lost: Decimal | None = None,
) -> JsonObject:
    """Write one reason with the paragraph it rests on.

    ``formula`` and ``figures`` are there where its numbers can be computed again.
    """
    written: JsonObject = {"category": category}
    if measure_id is not None:
        written["measureId"] = measure_id
        if method:
            written["submissionMethod"] = method
    rule, sentence, details = step
    written["rule"] = rule.path
    if type(sentence) is Saying:
        written["says"], figures = sentence.written(details)
        written["formula"], written["figures"] = sentence.formula, figures
    else:
        written["says"] = step.text()
    if lost:
        written["lost"] = f"{lost:f}"
    written["citation"] = rule.citation
    written["status"] = rule.status
    return written
