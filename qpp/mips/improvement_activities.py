"""The improvement activities category, §§ 414.1355, 414.1360 and 414.1380(b)(3)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from qpp.catalogue import Catalogue
from qpp.inputs import ScoreInput
from qpp.mips.activity_points import FORMULAS, in_full, required_of
from qpp.mips.activity_words import BY_COUNT, BY_WEIGHT, CREDIT, IN_THE_APP
from qpp.mips.programs.plan import TRADITIONAL, AppPlan, Plan
from qpp.mips.rules import ActivityRules
from qpp.numbers import HUNDRED, ZERO, percent
from qpp.results import CategoryScore
from qpp.submission import IA, MeasurementSet
from qpp.trace import Trace, tracing

BEGUN_BEFORE: Final = "suspended-activity-begun-before"


class _Terms(NamedTuple):
    """By what activities are scored; ``special`` says that a special status helps."""

    catalogue: Catalogue
    rules: ActivityRules
    plan: Plan
    special: bool


def score_activities(
    entity: ScoreInput,
    catalogue: Catalogue,
    rules: ActivityRules,
    plan: Plan = TRADITIONAL,
    *,
    explain: bool = True,
) -> CategoryScore:
    """Score the activities performed, each once, however many sets name them."""
    sets = entity.of(IA)
    if plan.app is not None:
        return _in_the_app(sets, rules, plan.app)
    special = entity.special_statuses is not None and not (
        rules.special_statuses.value.isdisjoint(entity.special_statuses)
    )
    terms = _Terms(catalogue, rules, plan, special)
    if not sets:
        found = _without_sets(terms)
    else:
        found = _scored(sets, terms, tracing(explain=explain))
    if entity.special_statuses and not (
        rules.apm_credit_statuses.value.isdisjoint(entity.special_statuses)
    ):
        return _with_apm_credit(found, entity, rules, tracing(explain=explain))
    return found


@lru_cache
def _without_sets(terms: _Terms) -> CategoryScore:
    """Score an entity that sent none, which is the same for everybody."""
    return _scored((), terms, Trace())


def _in_the_app(
    sets: Sequence[MeasurementSet], rules: ActivityRules, app: AppPlan
) -> CategoryScore:
    """Give what taking part in the APP is worth, whatever was sent, § 414.1367(b)."""
    trace = Trace()
    rule, full = app.rules.app_ia, rules.full_credit.value
    share = trace.say(rule, IN_THE_APP, rule.value, full)
    attested = any(item.value is True for group in sets for item in group.measurements)
    return CategoryScore(
        category=IA,
        percent=share,
        points=full * share / HUNDRED,
        possible=full,
        has_data=bool(sets),
        cancels_reweighting=attested,
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _with_apm_credit(
    found: CategoryScore, entity: ScoreInput, rules: ActivityRules, trace: Trace
) -> CategoryScore:
    """Give a participant of an APM at least half of the points, (b)(3)."""
    sent = bool(found.measures) or any(item.category != IA for item in entity.sets)
    if trace.use(rules.apm_credit_needs) != "nothing" and not sent:
        trace.say(rules.apm_credit_needs, "nothing was sent, so no APM credit")
    elif found.points < rules.apm_credit.value:
        credit, full = rules.apm_credit.value, rules.full_credit.value
        total = percent(credit, full)
        trace.say(rules.apm_credit, CREDIT, found.points, credit, full, total)
        found = found._replace(points=credit, percent=total)
    return found._replace(
        steps=(*found.steps, *trace.steps),
        assumptions=found.assumptions | trace.assumptions,
    )


def _scored(
    sets: Sequence[MeasurementSet], terms: _Terms, trace: Trace
) -> CategoryScore:
    """Score what was sent."""
    catalogue, rules, plan, special = terms
    if len(sets) > 1 and trace.use(rules.several_sets) == "first_sent":
        sets = sets[:1]
    performed = _performed(sets, rules, plan, trace)
    activities = [catalogue.activities[name] for name in performed]
    full = rules.full_credit.value
    homes = sorted(rules.medical_home_activities.value.intersection(performed))
    if homes:
        trace.say(rules.medical_home_activities, "{}: full credit", homes[0])
        scores, total = in_full(homes[0], rules)
    else:
        formula = FORMULAS[trace.use(rules.formula)]
        scores, total = formula(
            activities, rules, trace, special=special, mvp=plan.mvp is not None
        )
    earned = sum([item.points for item in scores], ZERO)
    points = min(earned, full)
    if homes or rules.formula.value != "by_count":
        trace.say(
            rules.full_credit, BY_WEIGHT, earned, points, full, full - points, total
        )
    else:
        rule = required_of(rules, special=special, mvp=plan.mvp is not None)
        counts = len(activities), rule.value
        trace.say(rule, BY_COUNT, *counts, points, full, full - points, total)
    return CategoryScore(
        category=IA,
        percent=total,
        points=points,
        possible=full,
        has_data=bool(sets),
        cancels_reweighting=bool(performed),
        measures=tuple(scores),
        steps=tuple(trace.steps),
        assumptions=frozenset(trace.assumptions),
    )


def _performed(
    sets: Sequence[MeasurementSet], rules: ActivityRules, plan: Plan, trace: Trace
) -> tuple[str, ...]:
    """List the activities attested yes over a period that is long enough."""
    found: dict[str, None] = {}
    for group in sets:
        short = group.days < trace.use(rules.minimum_days)
        if short and trace.use(rules.ia_short_period) == "not_counted":
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
            if not _counts(item.measure_id, rules, plan, trace):
                continue
            _note_suspension(item.measure_id, group, rules, trace)
            found[item.measure_id] = None
    return tuple(found)


def _counts(name: str, rules: ActivityRules, plan: Plan, trace: Trace) -> bool:
    """Say whether an activity counts in the program at all."""
    mvp = plan.mvp
    if mvp is None:
        if name not in rules.not_outside_an_mvp.value:
            return True
        trace.say(rules.not_outside_an_mvp, "{} counts in an MVP only", name)
        return False
    if name in mvp.facts.activities:
        return True
    trace.say(mvp.rules.mvp_contents, "{} is not listed: not counted", name)
    return False


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
