"""The cost category, §§ 414.1350 and 414.1380(b)(2). CMS computes; nobody submits."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from qpp.catalogue import Benchmark, Catalogue
from qpp.deciles import Place
from qpp.inputs import GROUP, ClaimsResult, ScoreInput
from qpp.mips import quality_words as words
from qpp.mips.ladder_words import Stand, say_place
from qpp.mips.lower_bounds import place_on
from qpp.mips.prior_scores import is_comparable
from qpp.mips.programs.plan import TRADITIONAL, AppPlan, Plan
from qpp.mips.rules import CostRules
from qpp.numbers import HUNDRED, ZERO, clamp, percent
from qpp.results import CategoryScore, MeasureScore
from qpp.submission import ADMINISTRATIVE_CLAIMS, COST
from qpp.sums import Earned, say_percent
from qpp.trace import Trace, tracing

NO_COSTS = "no-costs-given"
NOT_PUBLISHED = "benchmark-not-published"


def score_cost(
    entity: ScoreInput,
    catalogue: Catalogue,
    rules: CostRules,
    plan: Plan = TRADITIONAL,
    *,
    explain: bool = True,
) -> CategoryScore:
    """Average the measures that can be scored; without any there is no weight.

    In an MVP its own measures count only; in the APP there is no cost category.
    """
    if plan.app is not None:
        return _not_in_the_app(plan.app)
    hopeless = plan.mvp is not None and plan.mvp.facts.cost <= rules.suppressed.value
    if entity.costs is None and not hopeless:
        return _without_costs(catalogue, rules, mock=entity.with_mock_benchmarks)
    trace = tracing(explain=explain)
    if hopeless:
        trace.say(rules.suppressed, "every cost measure of the MVP is suppressed")
    results = _of_the_program(entity.costs or (), plan, trace)
    _note_unpublished(catalogue, rules, trace, mock=entity.with_mock_benchmarks)
    measures = tuple(
        _score(item, entity, catalogue, rules, trace)
        for item in sorted(results, key=lambda item: item.measure_id)
    )
    scored = [item for item in measures if item.used]
    points = sum((item.points for item in scored), ZERO)
    possible = rules.measure_maximum.value * len(scored)
    gained = ZERO
    total: Decimal | None = None
    if scored:
        base = percent(points, possible)
        gained = _improvement(base, entity, rules, trace)
        total = min(base + gained, HUNDRED)
        earned = Earned(points, ZERO, possible, gained)
        say_percent(earned, total, rules.measure_maximum, trace)
    return CategoryScore(
        category=COST,
        percent=total,
        points=points,
        possible=possible,
        improvement=gained,
        has_data=bool(scored),
        measures=measures,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _not_in_the_app(app: AppPlan) -> CategoryScore:
    """Leave cost out: participants answer for it in their model, § 414.1367(d)."""
    trace = Trace()
    trace.say(app.rules.app_cost, "the APP has no cost category")
    return CategoryScore(
        category=COST,
        percent=None,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _of_the_program(
    results: Sequence[ClaimsResult], plan: Plan, trace: Trace
) -> Sequence[ClaimsResult]:
    """Leave out what an MVP does not list."""
    if plan.mvp is None:
        return results
    listed = plan.mvp.facts.cost
    others = sorted({item.measure_id for item in results} - listed)
    if others:
        rule = plan.mvp.rules.mvp_contents
        trace.say(rule, "not listed, so not counted: {}", ", ".join(others))
    return [item for item in results if item.measure_id in listed]


@lru_cache
def _without_costs(
    catalogue: Catalogue, rules: CostRules, *, mock: bool
) -> CategoryScore:
    """Score an entity without cost data, which is the same for everybody."""
    trace = Trace()
    trace.assume(NO_COSTS)
    _note_unpublished(catalogue, rules, trace, mock=mock)
    return CategoryScore(
        category=COST,
        percent=None,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _note_unpublished(
    catalogue: Catalogue, rules: CostRules, trace: Trace, *, mock: bool
) -> None:
    """Say that the year has no cost benchmark yet, unless stand-ins are used."""
    if _awaiting_benchmarks(catalogue) and not mock:
        trace.say(
            rules.unpublished_benchmark, "no cost benchmark of this year is published"
        )
        trace.assume(NOT_PUBLISHED)


@lru_cache
def _awaiting_benchmarks(catalogue: Catalogue) -> bool:
    """Say whether every cost benchmark of the year is still a stand-in."""
    rows = [
        catalogue.benchmarks[key]
        for name in catalogue.cost
        if (key := (name, ADMINISTRATIVE_CLAIMS)) in catalogue.benchmarks
    ]
    return all(row.is_mock for row in rows)


def _score(
    result: ClaimsResult,
    entity: ScoreInput,
    catalogue: Catalogue,
    rules: CostRules,
    category: Trace,
) -> MeasureScore:
    """Score one measure in dollars per episode or patient."""
    trace = category.inner()
    name = result.measure_id
    row = catalogue.benchmarks.get((name, ADMINISTRATIVE_CLAIMS))
    minimum = _case_minimum(result, catalogue, rules, trace)
    points, decile = ZERO, None
    if name in rules.groups_only.value and entity.entity_type != GROUP:
        outcome = "groups only"
        trace.say(rules.groups_only, "for groups only")
    elif result.case_count < minimum:
        outcome = "below case minimum"
    elif row is None or (row.is_mock and not entity.with_mock_benchmarks):
        outcome = "no benchmark"
        trace.say(rules.unpublished_benchmark, "no benchmark published")
    else:
        outcome = "scored"
        decile, points = place_on(
            result.score,
            row,
            floor=rules.measure_floor.value,
            maximum=rules.measure_maximum.value,
        )
        _say_place(result.score, Place(decile, points), row, rules, trace)
    scored = outcome == "scored"
    return MeasureScore(
        measure_id=name,
        submission_method=ADMINISTRATIVE_CLAIMS,
        points=points,
        possible=rules.measure_maximum.value if scored else ZERO,
        outcome=outcome,
        used=scored,
        decile=decile,
        performance_rate=result.score,
        steps=tuple(trace.steps),
    )


def _say_place(
    spent: Decimal, found: Place, row: Benchmark, rules: CostRules, trace: Trace
) -> None:
    """Say where costs stand on their ladder, and what the floor adds."""
    most, floor = rules.measure_maximum.value, rules.measure_floor.value
    # Inside a ladder of lower bounds the floor holds, too.
    own = place_on(spent, row, floor=ZERO, maximum=most) if row.deciles else found
    say_place(Stand(spent, own, row, most), rules.measure_maximum, trace, unit="$")
    if own.points < found.points:
        figures = own.points, floor, found.points
        trace.say(rules.measure_maximum, words.AT_LEAST, *figures)


def _case_minimum(
    result: ClaimsResult, catalogue: Catalogue, rules: CostRules, trace: Trace
) -> int:
    """Find the case minimum of a measure: its own, or that of its type."""
    name, cases = result.measure_id, result.case_count
    for own in (rules.case_minimum_by_measure, rules.case_minimum_in_doubt):
        if name in own.value:
            return trace.say(own, words.COST_CASES, cases, own.value[name])[name]
    types = rules.types_by_measure
    kind = (
        trace.use(types)[name]
        if name in types.value
        else catalogue.cost[name].cost_type
    )
    rule = rules.case_minimum_by_type
    needed = rule.value[kind]
    return trace.say(rule, words.COST_CASES_OF_KIND, kind, cases, needed)[kind]


def _improvement(
    current: Decimal, entity: ScoreInput, rules: CostRules, trace: Trace
) -> Decimal:
    """Give improvement in percentage points, (b)(2)(iv); never negative."""
    prior = entity.prior
    if prior is None or prior.cost is None:
        return ZERO
    if not is_comparable(prior, rules.improvement_identifier_match, trace):
        return ZERO
    if not prior.cost:
        allowed = rules.improvement_from_zero
        gained = rules.improvement_maximum.value if allowed.value else ZERO
        trace.say(allowed, words.IMPROVED_FROM_ZERO, gained)
        return gained
    most = rules.improvement_maximum.value
    gained = clamp(most * (current - prior.cost) / prior.cost, ZERO, most)
    trace.say(
        rules.improvement_maximum,
        words.IMPROVED if ZERO < gained < most else words.IMPROVED_BOUND,
        prior.cost,
        prior.cost,
        current,
        most,
        gained,
    )
    return gained
