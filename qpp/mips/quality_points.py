"""Points of one quality measure, § 414.1380(b)(1)(i) to (iv)."""

from decimal import Decimal
from typing import TypeAlias

from qpp.catalogue import Benchmark, QualityMeasure
from qpp.deciles import Place, place
from qpp.mips import quality_words as words
from qpp.mips.ladder_words import Stand, say_place
from qpp.mips.lower_bounds import bounds_points, kept
from qpp.mips.quality_scale import Scale, Standing
from qpp.mips.rates import Assessment
from qpp.mips.rules import Figure, QualityRules
from qpp.numbers import ZERO, percent
from qpp.results import MeasureScore
from qpp.trace import Trace

# The rule that decided, points, possible points, and the decile where there is one.
_Judged: TypeAlias = tuple[str, Decimal, Decimal, int | None]


def score_measure(
    measure: QualityMeasure,
    method: str,
    assessment: Assessment,
    scale: Scale,
    trace: Trace,
) -> MeasureScore:
    """Score one measurement; the first rule that applies decides.

    It counts until better measures take its place.
    """
    standing = scale.standing(measure, method)
    if assessment.performance_rate is None:
        assessment = _without_rate(assessment, scale.rules)
    if method in measure.truncated:
        trace.say(
            scale.rules.truncated_months,
            "changed within the year: {} consecutive months count",
            scale.rules.truncated_months.value,
        )
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
    used = True
    scored = (
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
    # Half the time of naming the fields, for what each document has many of.
    return tuple.__new__(MeasureScore, scored)


def _without_rate(assessment: Assessment, rules: QualityRules) -> Assessment:
    """Take a rate of 0 for that of nobody, where the year reads it so."""
    if rules.no_rate.value != "rate_of_zero":
        return assessment
    return assessment._replace(performance_rate=ZERO)


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
    return "suppressed", ZERO, ZERO, None


def _empty(scale: Scale, trace: Trace) -> _Judged:
    """Take a MIPS CQM with nobody eligible out of the denominator."""
    trace.say(scale.rules.zero_population, "nobody was eligible: 0 of 0")
    return "no eligible patients", ZERO, ZERO, None


def _incomplete(
    assessment: Assessment, standing: Standing, scale: Scale, trace: Trace
) -> _Judged:
    """Score a measure below data completeness, (b)(1)(i)(B)."""
    rules = scale.rules
    reported, population = assessment.reported, assessment.population
    trace.say(
        rules.data_completeness,
        words.COMPLETENESS,
        reported,
        population,
        percent(reported, population) if population else ZERO,
        rules.data_completeness.value,
    )
    outcome, most = "below data completeness", rules.measure_maximum.value
    if trace.use(rules.new_measure_floor_incomplete):
        floor = _new_measure_floor(standing, scale, trace)
        if floor is not None:
            return outcome, floor, most, None
    points = _instead(standing.below_completeness, scale, trace)
    return outcome, points, most, None


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
            words.CASES,
            assessment.case_count,
            rules.case_minimum.value,
        )
        outcome, rule = "below case minimum", rules.points_below_case_minimum
    elif standing.row is None:
        trace.say(rules.benchmark_rows, "no benchmark for this collection type")
        outcome, rule = "no benchmark", rules.points_without_benchmark
    else:
        return None
    app = scale.plan.app
    if app is not None and trace.use(app.rules.app_unscorable) == "excluded":
        trace.say(app.rules.app_unscorable, words.UNUSABLE)
        return outcome, ZERO, ZERO, None
    floor = _new_measure_floor(standing, scale, trace)
    if floor is None:
        floor = _instead(rule, scale, trace)
    return outcome, floor, rules.measure_maximum.value, None


def _instead(usual: Figure, scale: Scale, trace: Trace) -> Decimal:
    """Give what a measure earns that cannot be compared: small practices, more."""
    most = scale.rules.measure_maximum.value
    if not scale.small_practice:
        return trace.say(usual, words.INSTEAD, usual.value, most)
    rule = scale.rules.small_practice_points
    return trace.say(rule, words.INSTEAD_SMALL, rule.value, usual.value, most)


def _new_measure_floor(
    standing: Standing, scale: Scale, trace: Trace, earned: Decimal | None = None
) -> Decimal | None:
    """Give the floor of a measure in its first or second year, (b)(1)(i)(C).

    Or what it *earned* by its benchmark, where that is more.
    """
    rule = standing.floor
    if rule is None:
        return None
    if standing.of_qcdr:
        trace.use(scale.rules.first_year_of)
    year = "first" if rule is scale.rules.first_year_floor else "second"
    if earned is None:
        most = scale.rules.measure_maximum.value
        return trace.say(rule, words.NEW, year, rule.value, most)
    points = max(earned, rule.value)
    trace.say(rule, words.NEW_AT_LEAST, year, earned, rule.value, points)
    return points


def _on_ladder(
    assessment: Assessment, standing: Standing, scale: Scale, trace: Trace
) -> _Judged:
    """Score a measure against its benchmark, (b)(1)(ii), with floor and cap."""
    rules = scale.rules
    row, rate = standing.row, assessment.performance_rate
    assert row is not None
    assert rate is not None
    decile, points = ladder_points(rate, row, rules, trace)
    if standing.floor is not None:
        floor = _new_measure_floor(standing, scale, trace, points)
        points = points if floor is None else floor
    if standing.cap is not None and points > trace.use(standing.cap):
        points = _capped(points, standing.cap, scale, trace)
    return "scored", points, rules.measure_maximum.value, decile


def _capped(points: Decimal, cap: Figure, scale: Scale, trace: Trace) -> Decimal:
    """Take the points above the cap away, unless the program is exempt from it."""
    app = scale.plan.app
    if app is not None and trace.use(app.rules.app_cap) == "exempt":
        trace.say(app.rules.app_cap, "topped out, but the APP has no cap")
        return points
    return trace.say(cap, words.CAP, points, cap.value, cap.value)


def ladder_points(
    rate: Decimal, row: Benchmark, rules: QualityRules, trace: Trace, name: str = ""
) -> Place:
    """Place a rate on a benchmark row and say so, of *name* where it is a part."""
    if row.deciles:
        return bounds_points(rate, row, rules, trace, name)
    floor = rules.measure_floor.value
    if row.is_inverse:
        *_, ninetieth, last = row.percentiles
        if ninetieth == last and rate > last:
            floor = trace.use(rules.inverse_p99_equals_p90)
    most = rules.measure_maximum.value
    found = place(
        rate, row.percentiles, inverse=row.is_inverse, floor=floor, maximum=most
    )
    stand = Stand(rate, found, row, most)
    say_place(stand, rules.benchmark_rows, trace, name=name)
    return found._replace(points=kept(found.points, rules, trace))
