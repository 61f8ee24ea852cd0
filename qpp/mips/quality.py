"""The quality category, § 414.1380(b)(1): measures, bonus, improvement, percent."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from qpp.inputs import ScoreInput
from qpp.mips.applicability import demand_of
from qpp.mips.claims_measures import score_administrative_claims
from qpp.mips.completeness import AssessedMeasure
from qpp.mips.complex_organizations import complex_organization
from qpp.mips.measure_bonus import bonus_points, ladder_methods, sent_measures
from qpp.mips.prior_scores import is_comparable
from qpp.mips.programs.counting import Counted
from qpp.mips.programs.mvp import count_mvp
from qpp.mips.programs.pathway import count_app
from qpp.mips.quality_choice import Candidate, Choice, Demand, choose
from qpp.mips.quality_points import score_measure
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import IMPROVED, IMPROVED_BOUND, SMALL
from qpp.mips.rules import QualityRules
from qpp.mips.survey import score_survey
from qpp.numbers import HUNDRED, ZERO, clamp, percent
from qpp.results import CategoryScore
from qpp.submission import QUALITY
from qpp.sums import Earned, say_percent
from qpp.trace import Trace, tracing


def _with_a_denominator(assessed: Sequence[AssessedMeasure]) -> bool:
    """Ask whether a measure has a numerator and somebody in its denominator."""
    return any(not item.assessment.empty for item in assessed)


# What must be submitted to end a reweighting of the category, (c)(2)(i)(A).
QUALIFIES: Final[Mapping[str, Callable[[Sequence[AssessedMeasure]], bool]]] = {
    "any_measurement": bool,
    "numerator_denominator": _with_a_denominator,
}


def score_quality(
    assessed: Sequence[AssessedMeasure],
    entity: ScoreInput,
    scale: Scale,
    *,
    explain: bool = True,
) -> CategoryScore:
    """Score the category from assessed measures and what CMS measured itself.

    Points, bonus and improvement are put together as (b)(1)(v) to (vii) say.
    """
    rules = scale.rules
    trace = tracing(explain=explain)
    ladders = ladder_methods(assessed, entity, scale)
    candidates = _candidates(assessed, ladders, scale, trace)
    survey = score_survey(entity.cahps, scale, trace)
    if survey is not None:
        candidates.append(survey)
    choice, claims = _count(candidates, entity, scale, trace)
    counted = (*choice.used, *[item for item in claims if item.used])
    achieved = sum([item.points for item in counted], ZERO)
    slots = choice.slots + len(counted) - len(choice.used)
    possible = rules.measure_maximum.value * slots
    bonus = _small_practice_bonus(assessed, entity, scale, trace)
    bonus += complex_organization(choice, possible, entity, rules, trace)
    if rules.measure_bonuses is not None:
        sent = sent_measures(candidates, assessed, entity)
        bonus += bonus_points(sent, choice, possible, rules, trace)
    gained = ZERO
    total: Decimal | None = None
    if possible:
        achievement = percent(achieved, possible)
        gained = _improvement(achievement, choice, entity, rules, trace)
        total = min(percent(achieved + bonus, possible) + gained, HUNDRED)
        earned = Earned(achieved, bonus, possible, gained)
        say_percent(earned, total, rules.measure_maximum, trace)
    elif trace.say(rules.zero_denominator, "no measure left to score") == "scored_zero":
        total = ZERO
    return CategoryScore(
        category=QUALITY,
        percent=total,
        points=achieved,
        possible=possible,
        bonus=bonus,
        improvement=gained,
        has_data=bool(assessed),
        cancels_reweighting=QUALIFIES[rules.data_that_qualifies.value](assessed),
        measures=(*choice.used, *choice.unused, *claims),
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _candidates(
    assessed: Sequence[AssessedMeasure],
    ladders: Sequence[str],
    scale: Scale,
    trace: Trace,
) -> list[Candidate]:
    """Score each submitted measurement by the ladder of its or another method."""
    found = []
    for item, ladder in zip(assessed, ladders, strict=True):
        measure_id, method, assessment, assumptions = item
        trace.assumptions |= assumptions
        measure = scale.catalogue.quality[measure_id]
        score = score_measure(measure, ladder, assessment, scale, trace.inner())
        if ladder != method:
            score = score._replace(submission_method=method)
        found.append(tuple.__new__(Candidate, (score, measure)))
    return found


def _count(
    candidates: list[Candidate], entity: ScoreInput, scale: Scale, trace: Trace
) -> Counted:
    """Settle which measures count, as the entity's program says."""
    plan, rules = scale.plan, scale.rules
    if plan.mvp is not None:
        return count_mvp(candidates, entity, scale, plan.mvp, trace)
    if plan.app is not None:
        return count_app(candidates, entity, scale, plan.app, trace)
    claims = score_administrative_claims(entity, scale, trace)
    demand = demand_of(candidates, Demand(rules.measures_required.value), scale, trace)
    return Counted(choose(candidates, rules, trace, demand), tuple(claims))


def _small_practice_bonus(
    assessed: Sequence[AssessedMeasure], entity: ScoreInput, scale: Scale, trace: Trace
) -> Decimal:
    """Give a small practice its bonus points in the numerator, (b)(1)(v)(C)."""
    rules, app = scale.rules, scale.plan.app
    bonus = rules.small_practice_bonus
    if not entity.small_practice or not bonus.value or not assessed:
        return ZERO
    if app is not None and not trace.use(app.rules.app_small_bonus):
        return ZERO
    complete = any(item.assessment.complete for item in assessed)
    needed = trace.use(rules.small_practice_bonus_on) == "any_complete_measurement"
    if needed and not complete:
        return ZERO
    return trace.say(bonus, SMALL, bonus.value)


def _improvement(
    achievement: Decimal,
    choice: Choice,
    entity: ScoreInput,
    rules: QualityRules,
    trace: Trace,
) -> Decimal:
    """Give improvement in percentage points, (b)(1)(vi); never negative."""
    prior = entity.prior
    if prior is None or prior.quality_achievement is None:
        return ZERO
    if not is_comparable(prior, rules.improvement_identifier_match, trace):
        return ZERO
    full = (
        choice.filled and all(item.complete for item in choice.used)
    ) or rules.improvement_full_participation.value == "any_measurement"
    if prior.quality_facility_based or not full:
        trace.say(
            rules.improvement_full_participation,
            "no improvement: {}",
            "last year was facility-based"
            if prior.quality_facility_based
            else "not every required measure is there and complete",
        )
        return ZERO
    before = max(prior.quality_achievement, trace.use(rules.improvement_prior_floor))
    most = rules.improvement_maximum.value
    gained = clamp(most * (achievement - before) / before, ZERO, most)
    trace.use(rules.improvement_full_participation)
    trace.say(
        rules.improvement_maximum,
        IMPROVED if ZERO < gained < most else IMPROVED_BOUND,
        prior.quality_achievement,
        before,
        achievement,
        most,
        gained,
    )
    return gained
