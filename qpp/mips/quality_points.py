"""Points of one quality measure, § 414.1380(b)(1)(i) to (iv)."""

from decimal import Decimal
from typing import NamedTuple

from qpp.catalogue import Benchmark, QualityMeasure
from qpp.deciles import place
from qpp.mips.quality_scale import Scale, Standing
from qpp.mips.rates import Assessment
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO, plain
from qpp.results import MeasureScore
from qpp.trace import Trace


def score_measure(
    measure: QualityMeasure,
    method: str,
    assessment: Assessment,
    scale: Scale,
    assumptions: set[str],
) -> MeasureScore:
    """Score one measurement; the first rule that applies decides."""
    trace = Trace(assumptions=assumptions)
    standing = scale.standing(measure, method)
    if standing.suppressed:
        judged = _suppressed(measure, method, scale, trace)
    elif assessment.excluded:
        judged = _empty(scale, trace)
    elif not assessment.complete:
        judged = _incomplete(assessment, standing, scale, trace)
    else:
        judged = _unscorable(assessment, standing, scale, trace) or _on_ladder(
            assessment, standing, scale, trace
        )
    outcome, points, possible, decile = judged
    used = False
    return MeasureScore(
        measure.measure_id,
        method,
        points,
        possible,
        outcome,
        used,
        decile,
        assessment.performance_rate,
        assessment.complete,
        tuple(trace.steps),
    )


class _Judged(NamedTuple):
    """Points of a measure and the rule that decided."""

    outcome: str
    points: Decimal
    possible: Decimal
    decile: int | None = None


def _suppressed(
    measure: QualityMeasure, method: str, scale: Scale, trace: Trace
) -> _Judged:
    """Take a suppressed measure out of numerator and denominator, (b)(1)(vii)(A)."""
    rules = scale.rules
    if scale.excluded_as_suppressed(measure.measure_id, method):
        trace.say(rules.suppressed_reasons, "suppressed by CMS for this year")
    else:
        trace.say(
            rules.suppressed_by_guideline_change,
            "suppressed: its clinical guideline changed",
        )
    return _Judged("suppressed", ZERO, ZERO)


def _empty(scale: Scale, trace: Trace) -> _Judged:
    """Take a MIPS CQM with nobody eligible out of the denominator."""
    trace.say(scale.rules.zero_population, "nobody was eligible: 0 of 0")
    return _Judged("no eligible patients", ZERO, ZERO)


def _incomplete(
    assessment: Assessment, standing: Standing, scale: Scale, trace: Trace
) -> _Judged:
    """Score a measure below data completeness, (b)(1)(i)(B)."""
    rules = scale.rules
    trace.say(
        rules.data_completeness,
        "{} of {} eligible patients reported, {} percent needed",
        plain(assessment.reported),
        plain(assessment.population),
        plain(rules.data_completeness.value),
    )
    outcome, most = "below data completeness", rules.measure_maximum.value
    if trace.use(rules.new_measure_floor_incomplete):
        floor = _new_measure_floor(standing, scale, trace)
        if floor is not None:
            return _Judged(outcome, floor, most)
    rule = (
        rules.small_practice_points
        if scale.small_practice
        else rules.points_below_completeness
    )
    points = trace.say(rule, "{} points for incomplete data", plain(rule.value))
    return _Judged(outcome, points, most)


def _unscorable(
    assessment: Assessment, standing: Standing, scale: Scale, trace: Trace
) -> _Judged | None:
    """Score a measure without benchmark or with too few cases, (b)(1)(i)(A)."""
    rules = scale.rules
    if assessment.performance_rate is None:
        trace.say(rules.no_rate, "nobody in the performance denominator: no rate")
        outcome, rule = "no performance rate", rules.points_below_case_minimum
    elif assessment.case_count < trace.use(rules.case_minimum):
        trace.say(
            rules.case_minimum,
            "{} cases, {} needed",
            plain(assessment.case_count),
            rules.case_minimum.value,
        )
        outcome, rule = "below case minimum", rules.points_below_case_minimum
    elif standing.row is None:
        trace.say(rules.benchmark_rows, "no benchmark for this collection type")
        outcome, rule = "no benchmark", rules.points_without_benchmark
    else:
        return None
    floor = _new_measure_floor(standing, scale, trace)
    if floor is None:
        rule = rules.small_practice_points if scale.small_practice else rule
        floor = trace.say(rule, "{} points instead", plain(rule.value))
    return _Judged(outcome, floor, rules.measure_maximum.value)


def _new_measure_floor(
    standing: Standing, scale: Scale, trace: Trace
) -> Decimal | None:
    """Give the floor of a measure in its first or second year, (b)(1)(i)(C)."""
    rule = standing.floor
    if rule is None:
        return None
    year = "first" if rule is scale.rules.first_year_floor else "second"
    return trace.say(
        rule, "in its {} year in MIPS: at least {} points", year, plain(rule.value)
    )


def _on_ladder(
    assessment: Assessment, standing: Standing, scale: Scale, trace: Trace
) -> _Judged:
    """Score a measure against its benchmark, (b)(1)(ii), with floor and cap."""
    rules = scale.rules
    row, rate = standing.row, assessment.performance_rate
    assert row is not None
    assert rate is not None
    decile, points = ladder_points(rate, row, rules, trace)
    floor = _new_measure_floor(standing, scale, trace)
    if floor is not None:
        points = max(points, floor)
    if standing.cap is not None:
        cap = trace.use(standing.cap)
        if points > cap:
            trace.say(
                standing.cap,
                "topped out two years running: at most {} points",
                plain(cap),
            )
            points = cap
    return _Judged("scored", points, rules.measure_maximum.value, decile)


def ladder_points(
    rate: Decimal, row: Benchmark, rules: QualityRules, trace: Trace
) -> tuple[int, Decimal]:
    """Place a rate on a benchmark row and say so."""
    floor = rules.measure_floor.value
    if row.is_inverse:
        *_, ninetieth, last = row.percentiles
        if ninetieth == last and rate > last:
            floor = trace.use(rules.inverse_p99_equals_p90)
    decile, points = place(
        rate,
        row.percentiles,
        inverse=row.is_inverse,
        floor=floor,
        maximum=rules.measure_maximum.value,
    )
    trace.say(
        rules.benchmark_rows,
        "{} is in decile {} of the {} benchmark of {}: {:.4f} points",
        plain(rate),
        decile,
        "inverse" if row.is_inverse else "direct",
        row.benchmark_year,
        points,
    )
    return decile, points
