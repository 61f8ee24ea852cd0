"""The improvement activities category, §§ 414.1355, 414.1360 and 414.1380(b)(3)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from qpp.catalogue import Activity, Catalogue
from qpp.inputs import ScoreInput
from qpp.mips.rules import ActivityRules
from qpp.numbers import HUNDRED, ONE, ZERO, percent
from qpp.results import CategoryScore, MeasureScore
from qpp.submission import IA, MeasurementSet
from qpp.trace import Step, Trace, tracing

BEGUN_BEFORE: Final = "suspended-activity-begun-before"


def score_activities(
    entity: ScoreInput,
    catalogue: Catalogue,
    rules: ActivityRules,
    *,
    explain: bool = True,
) -> CategoryScore:
    """Score the activities performed, each once, however many sets name them."""
    sets = entity.of(IA)
    special = entity.special_statuses is not None and not (
        rules.special_statuses.value.isdisjoint(entity.special_statuses)
    )
    if not sets:
        return _without_sets(catalogue, rules, special=special)
    return _scored(sets, catalogue, rules, tracing(explain=explain), special=special)


@lru_cache
def _without_sets(
    catalogue: Catalogue, rules: ActivityRules, *, special: bool
) -> CategoryScore:
    """Score an entity that sent none, which is the same for everybody."""
    return _scored((), catalogue, rules, Trace(), special=special)


def _scored(
    sets: Sequence[MeasurementSet],
    catalogue: Catalogue,
    rules: ActivityRules,
    trace: Trace,
    *,
    special: bool,
) -> CategoryScore:
    """Score what was sent."""
    if len(sets) > 1:
        trace.use(rules.several_sets)
    performed = _performed(sets, rules, trace)
    activities = [catalogue.activities[name] for name in performed]
    full = rules.full_credit.value
    homes = sorted(rules.medical_home_activities.value.intersection(performed))
    if homes:
        trace.say(rules.medical_home_activities, "{}: full credit", homes[0])
        scores, total = _full(homes[0], rules)
    else:
        formula = FORMULAS[trace.use(rules.formula)]
        scores, total = formula(activities, rules, trace, special=special)
    return CategoryScore(
        category=IA,
        percent=total,
        points=min(sum((item.points for item in scores), ZERO), full),
        possible=full,
        has_data=bool(sets),
        cancels_reweighting=bool(performed),
        measures=tuple(scores),
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _performed(
    sets: Sequence[MeasurementSet], rules: ActivityRules, trace: Trace
) -> tuple[str, ...]:
    """List the activities attested yes over a period that is long enough."""
    found: dict[str, None] = {}
    for group in sets:
        if group.days < trace.use(rules.minimum_days):
            trace.say(
                rules.minimum_days,
                "{} days: activities under {} days do not count",
                group.days,
                rules.minimum_days.value,
            )
            continue
        for item in group.measurements:
            if item.value is not True:
                continue
            if item.measure_id in rules.not_outside_an_mvp.value:
                trace.say(
                    rules.not_outside_an_mvp,
                    "{} counts in an MVP only",
                    item.measure_id,
                )
                continue
            _note_suspension(item.measure_id, group, rules, trace)
            found[item.measure_id] = None
    return tuple(found)


def _note_suspension(
    name: str, group: MeasurementSet, rules: ActivityRules, trace: Trace
) -> None:
    """Say that a suspended activity counts as begun before, which nobody has shown."""
    suspended, first = rules.suspended_activities, rules.suspended_from
    if suspended is None or first is None or name not in suspended.value:
        return
    if group.performance_start >= first.value:
        trace.assume(BEGUN_BEFORE)
        trace.say(
            suspended,
            "{} is suspended from {}: counted as begun before",
            name,
            first.value,
        )


def _activity(
    name: str, points: Decimal, possible: Decimal, reason: Step
) -> MeasureScore:
    """Give one activity its points, and the reason for them."""
    return MeasureScore(
        name, "", points, possible, "performed", used=True, steps=(reason,)
    )


Scored = tuple[list[MeasureScore], Decimal]


def _full(name: str, rules: ActivityRules) -> Scored:
    """Give a medical home all points, (b)(3)(iv)."""
    full = rules.full_credit.value
    reason = Step(rules.medical_home_activities, "all {} points", (full,))
    return [_activity(name, full, full, reason)], HUNDRED


def by_weight(
    activities: Sequence[Activity], rules: ActivityRules, trace: Trace, *, special: bool
) -> Scored:
    """Add up medium and high weights; special statuses count them double."""
    factor = ONE
    if special and activities:
        factor = trace.say(
            rules.special_status_factor,
            "special status: points times {}",
            rules.special_status_factor.value,
        )
    weights = trace.use(rules.weights)
    full = trace.use(rules.full_credit)
    scores = []
    for item in activities:
        points = weights[item.weight] * factor
        reason = Step(rules.weights, "{} weight: {} points", (item.weight, points))
        scores.append(_activity(item.measure_id, points, full, reason))
    total = sum((item.points for item in scores), ZERO)
    return scores, percent(min(total, full), full)


def by_count(
    activities: Sequence[Activity], rules: ActivityRules, trace: Trace, *, special: bool
) -> Scored:
    """Count activities against the number required; special statuses need fewer."""
    rule = rules.activities_required_special if special else rules.activities_required
    required = trace.say(
        rule, "activities performed: {}, needed: {}", len(activities), rule.value
    )
    full = trace.use(rules.full_credit)
    each = full / required
    reason = Step(rule, "one activity: {} points", (each,))
    scores = [_activity(item.measure_id, each, each, reason) for item in activities]
    counted = min(len(activities), required)
    return scores, percent(Decimal(counted), Decimal(required))


Formula = Callable[..., Scored]
FORMULAS: Final[Mapping[str, Formula]] = {
    "by_weight": by_weight,
    "by_count": by_count,
}
