"""The quality category, § 414.1380(b)(1): measures, bonus, improvement, percent."""

from collections.abc import Sequence
from decimal import Decimal

from qpp.inputs import ScoreInput
from qpp.mips.applicability import demand_of
from qpp.mips.claims_measures import score_administrative_claims
from qpp.mips.completeness import AssessedMeasure
from qpp.mips.complex_organizations import complex_organization
from qpp.mips.programs.counting import Counted
from qpp.mips.programs.mvp import count_mvp
from qpp.mips.programs.pathway import count_app
from qpp.mips.quality_choice import Candidate, Choice, Demand, choose
from qpp.mips.quality_points import score_measure
from qpp.mips.quality_scale import Scale
from qpp.mips.rules import QualityRules
from qpp.mips.survey import score_survey
from qpp.numbers import HUNDRED, ZERO, clamp, percent, plain
from qpp.results import CategoryScore
from qpp.submission import QUALITY
from qpp.trace import Trace, tracing


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
    candidates = _candidates(assessed, scale, trace)
    survey = score_survey(entity.cahps, scale, trace)
    if survey is not None:
        candidates.append(survey)
    choice, claims = _count(candidates, entity, scale, trace)
    counted = (*choice.used, *[item for item in claims if item.used])
    achieved = sum([item.points for item in counted], ZERO)
    slots = choice.slots + len(counted) - len(choice.used)
    possible = rules.measure_maximum.value * slots
    bonus = _small_practice_bonus(entity, scale, trace) if assessed else ZERO
    bonus += complex_organization(choice, possible, entity, rules, trace)
    gained = ZERO
    total: Decimal | None = None
    if possible:
        achievement = percent(achieved, possible)
        gained = _improvement(achievement, choice, entity, rules, trace)
        total = min(percent(achieved + bonus, possible) + gained, HUNDRED)
    else:
        trace.say(rules.zero_denominator, "no measure left to score")
    return CategoryScore(
        category=QUALITY,
        percent=total,
        points=achieved,
        possible=possible,
        bonus=bonus,
        improvement=gained,
        has_data=bool(assessed),
        cancels_reweighting=bool(assessed),
        measures=(*choice.used, *choice.unused, *claims),
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _candidates(
    assessed: Sequence[AssessedMeasure], scale: Scale, trace: Trace
) -> list[Candidate]:
    """Score each submitted measurement."""
    found = []
    for measure_id, method, assessment, assumptions in assessed:
        trace.assumptions |= assumptions
        measure = scale.catalogue.quality[measure_id]
        score = score_measure(measure, method, assessment, scale, trace.inner())
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


def _small_practice_bonus(entity: ScoreInput, scale: Scale, trace: Trace) -> Decimal:
    """Give a small practice its bonus points in the numerator, (b)(1)(v)(C)."""
    if not entity.small_practice:
        return ZERO
    rules, app = scale.rules, scale.plan.app
    if app is not None and not trace.use(app.rules.app_small_bonus):
        return ZERO
    trace.use(rules.small_practice_bonus_on)
    bonus = rules.small_practice_bonus
    return trace.say(bonus, "small practice: {} points", plain(bonus.value))


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
    full = choice.filled and all(item.complete for item in choice.used)
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
        "from {} percent last year: {:.4f} percentage points",
        plain(prior.quality_achievement),
        gained,
    )
    return gained
