"""Which quality measures count in an MVP, § 414.1365(c) and (d)."""

from collections.abc import Sequence

from qpp.inputs import ScoreInput
from qpp.mips.applicability import demand_of
from qpp.mips.claims_measures import score_administrative_claims
from qpp.mips.programs.counting import Counted, part_by_list, settled
from qpp.mips.programs.plan import MvpPlan
from qpp.mips.quality_choice import Candidate, Demand, choose
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import IN_PLACE
from qpp.numbers import ZERO, plain
from qpp.results import MeasureScore
from qpp.submission import ADMINISTRATIVE_CLAIMS, CLAIMS
from qpp.trace import Trace, ends_with


def count_mvp(
    candidates: Sequence[Candidate],
    entity: ScoreInput,
    scale: Scale,
    mvp: MvpPlan,
    trace: Trace,
) -> Counted:
    """Choose four measures, CMS's selected one among them, and add population health.

    The outcome rule is that of traditional MIPS: an outcome measure, or where none
    was sent a high-priority one.
    """
    claims = score_administrative_claims(entity, scale, trace)
    own, foreign = part_by_list(
        candidates, mvp.facts.quality, mvp.rules.mvp_contents, trace
    )
    demand = _demand(own, entity, scale, mvp, trace)
    extra, kept = _population_health(claims, entity, mvp, trace), list(claims)
    selected = _selected(claims, entity, scale, mvp, trace)
    if selected is not None:
        measure = scale.catalogue.quality[selected.measure_id]
        met = measure.measure_type in scale.rules.outcome_types.value
        demand = demand._replace(
            required=demand.required - 1, outcome=demand.outcome and not met
        )
        kept = [item for item in kept if item.measure_id != selected.measure_id]
        kept.append(selected)
        extra |= {selected.measure_id}
    choice = choose(own, scale.rules, trace, demand)
    return Counted(
        choice._replace(unused=choice.unused + foreign),
        settled(kept, extra, mvp.rules.mvp_contents, trace),
    )


def _demand(
    own: Sequence[Candidate],
    entity: ScoreInput,
    scale: Scale,
    mvp: MvpPlan,
    trace: Trace,
) -> Demand:
    """Ask for four measures; of a small practice on claims for those there are."""
    required = trace.use(mvp.rules.mvp_measures_required)
    methods = {item.score.submission_method for item in own}
    there = len(mvp.by_claims)
    short = entity.small_practice and methods == {CLAIMS} and there < required
    if not short or trace.use(mvp.rules.mvp_claims_short) == "all_required":
        usual = Demand(required, rule=mvp.rules.mvp_measures_required)
        return demand_of(own, usual, scale, trace)
    trace.say(
        mvp.rules.mvp_claims_short,
        "a small practice on claims: the MVP has {} claims measures, so {} count",
        there,
        there,
    )
    rule = mvp.rules.mvp_measures_required
    return Demand(there, outcome=mvp.claims_outcome, rule=rule)


def _population_health(
    claims: Sequence[MeasureScore], entity: ScoreInput, mvp: MvpPlan, trace: Trace
) -> set[str]:
    """Choose the population health measure: the one selected, or the best."""
    rules = mvp.rules
    names = mvp.facts.population_health
    if trace.use(rules.mvp_population_health) == "selected":
        chosen = entity.registration and entity.registration.population_health
        names = names & {chosen or ""}
    scored = [item for item in claims if item.measure_id in names and item.possible]
    if not scored:
        trace.say(
            rules.mvp_population_health_unscored,
            "no population health measure {}: none in the denominator",
            "can be scored" if names else "was selected",
        )
        return set()
    best = max(scored, key=lambda item: item.points)
    trace.say(
        rules.mvp_population_health,
        "population health: {} counts with {:.4f} points",
        best.measure_id,
        best.points,
    )
    return {best.measure_id}


def _selected(
    claims: Sequence[MeasureScore],
    entity: ScoreInput,
    scale: Scale,
    mvp: MvpPlan,
    trace: Trace,
) -> MeasureScore | None:
    """Give the outcomes-based claims measure that was selected, as it counts."""
    rules = mvp.rules
    name = entity.registration and entity.registration.outcome_claims
    if not name or name not in mvp.facts.outcome_claims:
        return None
    if trace.use(rules.mvp_admin_claims) == "not_counted":
        return None
    trace.say(rules.mvp_admin_claims, "{} was selected: it takes one place", name)
    missing = MeasureScore(name, ADMINISTRATIVE_CLAIMS, ZERO, ZERO, "not computed")
    found = next((item for item in claims if item.measure_id == name), missing)
    if found.possible:
        return found
    points = trace.say(
        rules.mvp_admin_claims_unscored,
        "{} cannot be scored: {} points in its place",
        name,
        plain(rules.mvp_admin_claims_unscored.value),
    )
    most, rule = scale.rules.measure_maximum.value, rules.mvp_admin_claims_unscored
    steps = ends_with(found.steps, rule, IN_PLACE, points, most) if trace.told else ()
    return found._replace(points=points, possible=most, used=True, steps=steps)
