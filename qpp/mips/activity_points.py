"""Points of improvement activities, § 414.1380(b)(3): by weight, or by count."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from qpp.catalogue import Activity
from qpp.mips.activity_words import HOME, ONE_ACTIVITY, WEIGHT
from qpp.mips.rules import ActivityRules, Count
from qpp.numbers import HUNDRED, ONE, ZERO, percent
from qpp.results import MeasureScore
from qpp.trace import Step, Trace


def _activity(
    name: str, points: Decimal, possible: Decimal, reason: Step
) -> MeasureScore:
    """Give one activity its points, and the reason for them."""
    return MeasureScore(
        name, "", points, possible, "performed", used=True, steps=(reason,)
    )


Scored = tuple[list[MeasureScore], Decimal]


def in_full(name: str, rules: ActivityRules) -> Scored:
    """Give a medical home all points, (b)(3)(iv)."""
    full = rules.full_credit.value
    reason = Step(rules.medical_home_activities, HOME, (full,))
    return [_activity(name, full, full, reason)], HUNDRED


def by_weight(
    activities: Sequence[Activity],
    rules: ActivityRules,
    trace: Trace,
    *,
    special: bool,
    mvp: bool = False,
) -> Scored:
    """Add up medium and high weights; special statuses count them double.

    In an MVP everybody's count double, and special statuses no more than that.
    """
    factor = ONE
    if special and activities:
        rule = rules.mvp_special_status_factor if mvp else rules.special_status_factor
        factor = trace.say(rule, "special status: points times {}", rule.value)
    given = rules.mvp_weights if mvp else rules.weights
    weights = trace.use(given)
    full = trace.use(rules.full_credit)
    scores = []
    for item in activities:
        base = weights[item.weight]
        points = base * factor
        reason = Step(given, WEIGHT, (item.weight, base, factor, points))
        scores.append(_activity(item.measure_id, points, full, reason))
    total = sum((item.points for item in scores), ZERO)
    return scores, percent(min(total, full), full)


def required_of(rules: ActivityRules, *, special: bool, mvp: bool) -> Count:
    """Give the rule on how many activities are required."""
    if mvp:
        return rules.mvp_activities_required
    return rules.activities_required_special if special else rules.activities_required


def by_count(
    activities: Sequence[Activity],
    rules: ActivityRules,
    trace: Trace,
    *,
    special: bool,
    mvp: bool = False,
) -> Scored:
    """Count activities against the number required; special statuses need fewer."""
    rule = required_of(rules, special=special, mvp=mvp)
    required = trace.use(rule)
    full = trace.use(rules.full_credit)
    each = full / required
    reason = Step(rule, ONE_ACTIVITY, (full, required, each))
    scores = [_activity(item.measure_id, each, each, reason) for item in activities]
    counted = min(len(activities), required)
    return scores, percent(Decimal(counted), Decimal(required))


Formula = Callable[..., Scored]
FORMULAS: Final[Mapping[str, Formula]] = {
    "by_weight": by_weight,
    "by_count": by_count,
}
