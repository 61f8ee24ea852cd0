"""Quality measures that CMS computes from administrative claims, (b)(1)(ii)(D)."""

from qpp.inputs import GROUP, ClaimsResult, ScoreInput
from qpp.mips.quality_points import ladder_points
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import CASES
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO
from qpp.results import MeasureScore
from qpp.submission import ADMINISTRATIVE_CLAIMS
from qpp.trace import Trace


def score_administrative_claims(
    entity: ScoreInput, scale: Scale, trace: Trace
) -> list[MeasureScore]:
    """Score each measure; one that cannot be scored is out of the denominator."""
    if not entity.administrative_claims:
        return []
    return [
        _score(item, entity, scale, trace)
        for item in sorted(
            entity.administrative_claims, key=lambda item: item.measure_id
        )
    ]


def _score(
    result: ClaimsResult, entity: ScoreInput, scale: Scale, category: Trace
) -> MeasureScore:
    """Score one measure in its raw units (a rate, or events per person-years)."""
    rules = scale.rules
    trace = Trace(assumptions=category.assumptions)
    minimum = trace.use(rules.administrative_claims_case_minimum)[result.measure_id]
    row = scale.benchmark(result.measure_id, ADMINISTRATIVE_CLAIMS)
    large_only = trace.use(rules.administrative_claims_large_groups_only)
    points, decile = ZERO, None
    if result.measure_id in large_only and not _large(entity, rules, trace):
        outcome = "large groups only"
        trace.say(
            rules.administrative_claims_large_groups_only,
            "for groups above small practices only",
        )
    elif result.case_count < minimum:
        outcome = "below case minimum"
        trace.say(
            rules.administrative_claims_case_minimum,
            CASES,
            result.case_count,
            minimum,
        )
    elif row is None:
        outcome = "no benchmark"
        trace.say(rules.benchmark_rows, "no benchmark published")
    else:
        outcome = "scored"
        decile, points = ladder_points(result.score, row, rules, trace)
    scored = outcome == "scored"
    return MeasureScore(
        measure_id=result.measure_id,
        submission_method=ADMINISTRATIVE_CLAIMS,
        points=points,
        possible=rules.measure_maximum.value if scored else ZERO,
        outcome=outcome,
        used=scored,
        decile=decile,
        performance_rate=result.score,
        steps=tuple(trace.steps),
    )


def _large(entity: ScoreInput, rules: QualityRules, trace: Trace) -> bool:
    """Say whether an entity counts as a group above a small practice."""
    if entity.small_practice:
        return False
    others = rules.administrative_claims_entities
    if entity.entity_type in others.value:
        trace.use(others)
        return True
    return entity.entity_type == GROUP
