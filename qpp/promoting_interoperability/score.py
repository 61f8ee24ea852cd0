"""The Promoting Interoperability category, § 414.1380(b)(4) and (c)(2)(i)(C)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qpp.catalogue import Catalogue
from qpp.inputs import GROUP, ScoreInput
from qpp.numbers import ZERO, percent
from qpp.promoting_interoperability.answers import (
    Reported,
    missing_attestations,
    missing_engagement,
    read_answers,
    read_reported,
)
from qpp.promoting_interoperability.period import AssessedPeriod
from qpp.promoting_interoperability.points import (
    bonus_points,
    earned_points,
    maximum_points,
)
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.results import CategoryScore, MeasureScore
from qpp.submission import PI, MeasurementSet
from qpp.trace import Step, Trace

if TYPE_CHECKING:
    from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True)
class SetScore:
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
) -> CategoryScore:
    """Score each set alone and keep the best; say what reweights the category.

    *periods* has one item for each Promoting Interoperability set, in their order.
    """
    trace = Trace()
    sets = entity.of(PI)
    scores = [
        score_set(item, period, catalogue, rules, trace.assumptions)
        for item, period in zip(sets, periods, strict=True)
    ]
    if len(scores) > 1:
        trace.say(rules.several_sets, "{} sets, the best one counts", len(scores))
    best = max(scores, key=lambda item: (item.points, item.qualifying), default=None)
    qualifying = any(item.qualifying for item in scores)
    cancels = qualifying
    if sets and not qualifying:
        cancels = trace.use(rules.short_or_incomplete_cancels_reweighting)
    status = _reweighting_status(entity, rules, trace)
    return CategoryScore(
        category=PI,
        percent=percent(best.points, rules.category_maximum.value) if best else ZERO,
        points=best.points if best else ZERO,
        possible=rules.category_maximum.value,
        bonus=best.bonus if best else ZERO,
        has_data=bool(sets),
        cancels_reweighting=cancels,
        automatic_reweighting=status,
        measures=best.measures if best else (),
        steps=(*trace.steps, *(best.steps if best else ())),
        assumptions=frozenset(trace.assumptions),
    )


def score_set(
    measurements: MeasurementSet,
    period: AssessedPeriod,
    catalogue: Catalogue,
    rules: InteroperabilityRules,
    assumptions: set[str],
) -> SetScore:
    """Score one set; anything required and missing makes it 0."""
    trace = Trace(assumptions=assumptions)
    answers = read_answers(measurements)
    reported = read_reported(answers, catalogue, rules, trace)
    lacks: list[tuple[Provision[object], list[str]]] = [
        (rules.attestations, missing_attestations(answers, rules, trace)),
        (rules.objectives, list(reported.missing)),
        (rules.engagement_measures, missing_engagement(answers, rules, trace)),
    ]
    for rule, names in lacks:
        if names:
            trace.say(rule, "missing, so 0 points: {}", ", ".join(names))
    trace.assumptions |= period.assumptions
    if not period.long_enough:
        trace.say(
            rules.minimum_days,
            "{} days reported, {} needed, so 0 points",
            period.days,
            rules.minimum_days.value,
        )
    if not period.long_enough or any(names for _, names in lacks):
        return SetScore(
            ZERO, ZERO, qualifying=False, measures=(), steps=tuple(trace.steps)
        )
    measures = tuple(
        _measure_score(item, measurements.submission_method, reported, rules, trace)
        for item in maximum_points(reported, rules, trace).items()
    )
    bonus = bonus_points(answers, rules, trace)
    total = sum((item.points for item in measures), bonus)
    return SetScore(
        points=min(total, rules.category_maximum.value),
        bonus=bonus,
        qualifying=True,
        measures=measures,
        steps=tuple(trace.steps),
    )


def _measure_score(
    item: tuple[str, Decimal],
    method: str,
    reported: Reported,
    rules: InteroperabilityRules,
    whole: Trace,
) -> MeasureScore:
    """Score one measure, or those that share their objective's points."""
    name, maximum = item
    trace = Trace(assumptions=whole.assumptions)
    points = earned_points(name, maximum, reported, rules, trace)
    return MeasureScore(
        measure_id=name,
        submission_method=method,
        points=points,
        possible=maximum,
        outcome="scored",
        used=True,
        steps=tuple(trace.steps),
    )


def _reweighting_status(
    entity: ScoreInput, rules: InteroperabilityRules, trace: Trace
) -> str:
    """Name the special status that takes the category's weight away, if any."""
    rule = (
        rules.reweighted_group_statuses
        if entity.entity_type == GROUP
        else rules.reweighted_statuses
    )
    held = sorted(rule.value & (entity.special_statuses or frozenset()))
    if not held:
        return ""
    trace.use(rule)
    return held[0]
