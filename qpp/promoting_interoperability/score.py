"""The Promoting Interoperability category, § 414.1380(b)(4) and (c)(2)(i)(C)."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from qpp.advancing_care.score import score_answers
from qpp.catalogue import Catalogue
from qpp.inputs import INDIVIDUAL, ScoreInput
from qpp.numbers import CACHED, HUNDRED, ZERO, percent
from qpp.promoting_interoperability.answers import Answers, read_answers
from qpp.promoting_interoperability.period import AssessedPeriod, note_period
from qpp.promoting_interoperability.plan import plan_of, signs_of
from qpp.promoting_interoperability.points import Share, earned_points
from qpp.promoting_interoperability.roll_up import RollUp
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.promoting_interoperability.words import MEMBERS, NOTHING_SENT
from qpp.results import CategoryScore, MeasureScore
from qpp.submission import PI, MeasurementSet
from qpp.sums import Earned, say_percent
from qpp.trace import Step, Trace, tracing


class SetScore(NamedTuple):
    """One set scored alone; ``qualifying`` when nothing required is missing."""

    points: Decimal
    bonus: Decimal
    qualifying: bool
    measures: tuple[MeasureScore, ...]
    steps: tuple[Step, ...]


def score_interoperability(
    entity: ScoreInput,
    periods: Sequence[AssessedPeriod],
    catalogue: Catalogue,
    rules: InteroperabilityRules,
    *,
    explain: bool = True,
) -> CategoryScore:
    """Score each set alone and keep the best; say what reweights the category.

    *periods* has one item for each Promoting Interoperability set, in their order.
    """
    sets = entity.of(PI)
    statuses = entity.special_statuses or frozenset()
    if not sets and entity.pi_roll_up is not None:
        return _rolled_up(entity.pi_roll_up, rules)
    if not sets:
        return _without_sets(entity.entity_type, statuses, rules)
    trace = tracing(explain=explain)
    scores = [
        score_set(item, period, catalogue, rules, trace.inner())
        for item, period in zip(sets, periods, strict=True)
    ]
    if len(scores) > 1:
        trace.say(rules.several_sets, "{} sets, the best one counts", len(scores))
    best = max(scores, key=lambda item: (item.points, item.qualifying))
    # The best set qualifies if any does: others have no points, and lose a tie.
    cancels = best.qualifying
    if not cancels:
        cancels = trace.use(rules.short_or_incomplete_cancels_reweighting)
    status = _reweighting_status(entity.entity_type, statuses, rules, trace)
    total, last = percent(best.points, rules.category_maximum.value), trace.inner()
    _say_sum(best.measures, best.bonus, total, rules, last)
    return CategoryScore(
        category=PI,
        percent=total,
        points=best.points,
        possible=rules.category_maximum.value,
        bonus=best.bonus,
        has_data=True,
        cancels_reweighting=cancels,
        automatic_reweighting=status,
        measures=best.measures,
        steps=(*trace.steps, *best.steps, *last.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _say_sum(
    measures: Sequence[MeasureScore],
    bonus: Decimal,
    total: Decimal,
    rules: InteroperabilityRules,
    trace: Trace,
) -> None:
    """Give the category's percent as its last reason."""
    rule = rules.category_maximum
    points = sum([item.points for item in measures], ZERO) if trace.told else ZERO
    say_percent(Earned(points, bonus, rule.value, ZERO), total, rule, trace)


def _rolled_up(found: RollUp, rules: InteroperabilityRules) -> CategoryScore:
    """Score an APM entity by its members, § 414.1317(b)(1)."""
    trace = Trace()
    trace.say(
        rules.roll_up,
        MEMBERS,
        found.counted,
        found.percent,
        found.excepted,
    )
    return CategoryScore(
        category=PI,
        percent=found.percent,
        points=found.percent * rules.category_maximum.value / HUNDRED,
        possible=rules.category_maximum.value,
        has_data=True,
        cancels_reweighting=True,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


@lru_cache(CACHED)
def _without_sets(
    entity_type: str, statuses: frozenset[str], rules: InteroperabilityRules
) -> CategoryScore:
    """Score an entity that sent none: 0, unless a status takes the weight away."""
    trace = Trace()
    status = _reweighting_status(entity_type, statuses, rules, trace)
    rule = rules.category_maximum
    trace.say(rule, NOTHING_SENT, rule.value)
    _say_sum((), ZERO, ZERO, rules, trace)
    return CategoryScore(
        category=PI,
        percent=ZERO,
        possible=rule.value,
        automatic_reweighting=status,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def score_set(
    measurements: MeasurementSet,
    period: AssessedPeriod,
    catalogue: Catalogue,
    rules: InteroperabilityRules,
    trace: Trace,
) -> SetScore:
    """Score one set; anything required and missing makes it 0."""
    if rules.advancing_care is not None:
        return _advancing_care(measurements, period, rules, trace)
    answers = read_answers(measurements)
    plan = plan_of(signs_of(answers), catalogue, rules)
    trace.adopt(plan.steps, plan.assumptions)
    note_period(period, rules, trace, whole=plan.maxima is not None)
    if plan.maxima is None or not period.long_enough:
        return _nothing(trace)
    measures = tuple(
        [
            _measure_score(item, measurements.submission_method, answers, rules, trace)
            for item in plan.maxima
        ]
    )
    trace.adopt(plan.later_steps, plan.later_assumptions)
    total = sum([item.points for item in measures], plan.bonus)
    return SetScore(
        points=min(total, rules.category_maximum.value),
        bonus=plan.bonus,
        qualifying=True,
        measures=measures,
        steps=tuple(trace.steps),
    )


def _nothing(trace: Trace) -> SetScore:
    """Give the score of a set that is too short, or lacks something required."""
    steps = tuple(trace.steps)
    return SetScore(ZERO, ZERO, qualifying=False, measures=(), steps=steps)


def _advancing_care(
    measurements: MeasurementSet,
    period: AssessedPeriod,
    rules: InteroperabilityRules,
    trace: Trace,
) -> SetScore:
    """Score one set by base and performance, as years before the objectives did."""
    assert rules.advancing_care is not None
    answers, method = read_answers(measurements), measurements.submission_method
    earned = score_answers(answers, method, rules, rules.advancing_care, trace)
    note_period(period, rules, trace, whole=earned is not None)
    if earned is None or not period.long_enough:
        return _nothing(trace)
    return SetScore(
        points=min(earned.points, rules.category_maximum.value),
        bonus=earned.bonus,
        qualifying=True,
        measures=earned.measures,
        steps=tuple(trace.steps),
    )


def _measure_score(
    item: Share,
    method: str,
    answers: Answers,
    rules: InteroperabilityRules,
    whole: Trace,
) -> MeasureScore:
    """Score one measure, or those that share their objective's points."""
    trace = whole.inner()
    points = earned_points(item, answers.get(item.name), rules, trace)
    return MeasureScore(
        item.name,
        method,
        points,
        item.maximum,
        "scored",
        used=True,
        steps=tuple(trace.steps),
    )


def _reweighting_status(
    entity_type: str,
    statuses: frozenset[str],
    rules: InteroperabilityRules,
    trace: Trace,
) -> str:
    """Name the special status that takes the category's weight away, if any."""
    rule = (
        rules.reweighted_statuses
        if entity_type == INDIVIDUAL
        else rules.reweighted_group_statuses
    )
    held = sorted(rule.value & statuses)
    if not held:
        return ""
    trace.use(rule)
    return held[0]
