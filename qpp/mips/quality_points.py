"""Points of one quality measure, § 414.1380(b)(1)(i) to (iv)."""

from dataclasses import dataclass
from decimal import Decimal

from qpp.catalogue import Benchmark, Catalogue, QualityMeasure
from qpp.deciles import place
from qpp.mips.rates import Assessment
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO, plain
from qpp.results import MeasureScore
from qpp.trace import Trace


@dataclass(frozen=True, slots=True)
class Scale:
    """What all measures of one entity are scored by."""

    rules: QualityRules
    catalogue: Catalogue
    small_practice: bool
    with_mock_benchmarks: bool = False

    def benchmark(self, measure_id: str, method: str) -> Benchmark | None:
        """Find the benchmark row that may be used; stand-in rows only on request."""
        row = self.catalogue.benchmarks.get((measure_id, method))
        if row is None or (row.is_mock and not self.with_mock_benchmarks):
            return None
        return row

    def excluded_as_suppressed(self, measure_id: str, method: str) -> bool:
        """Say whether CMS gives suppression as the reason for no benchmark."""
        reasons = self.catalogue.exclusion_reasons.get((measure_id, method), ())
        return not self.rules.suppressed_reasons.value.isdisjoint(reasons)

    def suppressed(self, measure: QualityMeasure, method: str) -> bool:
        """Say whether a measure does not count this year, (b)(1)(vii)(A)."""
        return self.excluded_as_suppressed(measure.measure_id, method) or (
            method in measure.suppressed
            and self.rules.suppressed_by_guideline_change.value
        )


def score_measure(
    measure: QualityMeasure,
    method: str,
    assessment: Assessment,
    scale: Scale,
    assumptions: set[str],
) -> MeasureScore:
    """Score one measurement; the first rule that applies decides."""
    trace = Trace(assumptions=assumptions)
    judged = (
        _suppressed(measure, method, scale, trace)
        or _empty(assessment, scale, trace)
        or _incomplete(measure, assessment, scale, trace)
        or _unscorable(measure, method, assessment, scale, trace)
        or _on_ladder(measure, method, assessment, scale, trace)
    )
    return MeasureScore(
        measure_id=measure.measure_id,
        submission_method=method,
        points=judged.points,
        possible=judged.possible,
        outcome=judged.outcome,
        decile=judged.decile,
        performance_rate=assessment.performance_rate,
        complete=assessment.complete,
        steps=tuple(trace.steps),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Points of a measure and the rule that decided."""

    outcome: str
    points: Decimal
    possible: Decimal
    decile: int | None = None


def _suppressed(
    measure: QualityMeasure, method: str, scale: Scale, trace: Trace
) -> _Judged | None:
    """Take a suppressed measure out of numerator and denominator, (b)(1)(vii)(A)."""
    rules = scale.rules
    if scale.excluded_as_suppressed(measure.measure_id, method):
        trace.say(rules.suppressed_reasons, "suppressed by CMS for this year")
    elif method in measure.suppressed and trace.use(
        rules.suppressed_by_guideline_change
    ):
        trace.say(
            rules.suppressed_by_guideline_change,
            "suppressed: its clinical guideline changed",
        )
    else:
        return None
    return _Judged("suppressed", ZERO, ZERO)


def _empty(assessment: Assessment, scale: Scale, trace: Trace) -> _Judged | None:
    """Take a MIPS CQM with nobody eligible out of the denominator."""
    if not assessment.excluded:
        return None
    trace.say(scale.rules.zero_population, "nobody was eligible: 0 of 0")
    return _Judged("no eligible patients", ZERO, ZERO)


def _incomplete(
    measure: QualityMeasure, assessment: Assessment, scale: Scale, trace: Trace
) -> _Judged | None:
    """Score a measure below data completeness, (b)(1)(i)(B)."""
    if assessment.complete:
        return None
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
        floor = _new_measure_floor(measure, scale, trace)
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
    measure: QualityMeasure,
    method: str,
    assessment: Assessment,
    scale: Scale,
    trace: Trace,
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
    elif scale.benchmark(measure.measure_id, method) is None:
        trace.say(rules.benchmark_rows, "no benchmark for this collection type")
        outcome, rule = "no benchmark", rules.points_without_benchmark
    else:
        return None
    floor = _new_measure_floor(measure, scale, trace)
    if floor is None:
        rule = rules.small_practice_points if scale.small_practice else rule
        floor = trace.say(rule, "{} points instead", plain(rule.value))
    return _Judged(outcome, floor, rules.measure_maximum.value)


def _new_measure_floor(
    measure: QualityMeasure, scale: Scale, trace: Trace
) -> Decimal | None:
    """Give the floor of a measure in its first or second year, (b)(1)(i)(C)."""
    age = scale.catalogue.year - measure.first_performance_year
    floors = {0: scale.rules.first_year_floor, 1: scale.rules.second_year_floor}
    rule = floors.get(age)
    if rule is None:
        return None
    year = "first" if age == 0 else "second"
    return trace.say(
        rule, "in its {} year in MIPS: at least {} points", year, plain(rule.value)
    )


def _on_ladder(
    measure: QualityMeasure,
    method: str,
    assessment: Assessment,
    scale: Scale,
    trace: Trace,
) -> _Judged:
    """Score a measure against its benchmark, (b)(1)(ii), with floor and cap."""
    rules = scale.rules
    row = scale.benchmark(measure.measure_id, method)
    rate = assessment.performance_rate
    assert row is not None
    assert rate is not None
    decile, points = ladder_points(rate, row, rules, trace)
    floor = _new_measure_floor(measure, scale, trace)
    if floor is not None:
        points = max(points, floor)
    if row.capped and method not in measure.cap_removed:
        cap = trace.use(rules.topped_out_cap)
        if points > cap:
            trace.say(
                rules.topped_out_cap,
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
    *_, ninetieth, last = row.percentiles
    if row.is_inverse and ninetieth == last and rate > last:
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
