"""What is allowed but costs points, § 414.1380(b)(1)(i): said for both practices.

A document does not know whether its practice is small, so each warning gives the
points of either. The first reason decides in scoring; here all of them are said.
"""

from functools import lru_cache
from typing import Final, TypeAlias

from qpp.catalogue import QualityMeasure
from qpp.checks.context import Context
from qpp.checks.line import Line
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.mips.quality_scale import floor_of
from qpp.mips.rates import Assessment
from qpp.mips.rules import Figure, QualityRules
from qpp.numbers import HUNDRED, plain
from qpp.rulebook import Provision

_UNCOUNTED: Final = (
    "nothing: CMS does not count this measure this year, it neither earns nor costs "
    "points, for a small practice as for any other"
)
_BENCHMARK: Final = (
    "a benchmark, which CMS may still publish from the data of the year; without one"
)
# A finding that the year decides: its code, found, needed and rule.
_Lack: TypeAlias = tuple[Code, str, str, Provision[object]]


def check_worth(assessment: Assessment | None, method: str, line: Line) -> None:
    """Warn of what keeps a measurement from its decile points.

    *assessment* is None where the figures cannot be read.
    """
    context = line.report.context
    counts = (line.measure.measure_id, method) not in context.suppressed
    if assessment is not None and counts:
        if assessment.excluded:
            return
        _check_figures(assessment, line)
    check_benchmark(method, line)


def check_benchmark(method: str, line: Line) -> None:
    """Warn of a measure that does not count, or that nothing compares with."""
    lack = what_lacks(line.report.context, method).get(line.measure.measure_id)
    if lack is not None:
        code, found, needed, rule = lack
        line.report.add(code, f"{line.at}/measureId", found, needed, rule)


@lru_cache
def what_lacks(context: Context, method: str) -> dict[str, _Lack]:
    """Say what the year lacks of each measure that *method* earns no decile with."""
    lacks: dict[str, _Lack] = {}
    rules = context.rules.quality
    rule = rules.points_without_benchmark
    for name, measure in context.catalogue.quality.items():
        if (name, method) in context.suppressed:
            lacks[name] = (
                Code.SUPPRESSED_MEASURE,
                shown(name),
                _UNCOUNTED,
                rules.suppressed_reasons,
            )
        elif (name, method) not in context.scorable:
            lacks[name] = (
                Code.NO_BENCHMARK,
                f"{shown(name)} by {method}, which has no benchmark",
                f"{_BENCHMARK} {_earns(rule, measure, context)}",
                rule,
            )
    return lacks


def _check_figures(assessment: Assessment, line: Line) -> None:
    """Warn of incomplete data, too few cases, or a rate that nobody counts in."""
    context = line.report.context
    rules = context.rules.quality
    if not assessment.complete:
        line.report.add(
            Code.COMPLETENESS_LOW,
            f"{line.at}/value",
            _reported(assessment),
            f"{plain(rules.data_completeness.value)} percent; with less "
            f"{_points(rules.points_below_completeness, rules)}",
            rules.data_completeness,
        )
    if assessment.empty:
        return
    if assessment.performance_rate is None:
        line.report.add(
            Code.NO_PERFORMANCE_RATE,
            f"{line.at}/value",
            "nobody in the denominator of the performance rate",
            "patients who met or did not meet the measure; without any "
            + _earns(rules.points_below_case_minimum, line.measure, context),
            rules.no_rate,
        )
    elif assessment.case_count < rules.case_minimum.value:
        line.report.add(
            Code.CASES_BELOW_MINIMUM,
            f"{line.at}/value",
            f"{shown(assessment.case_count)} cases",
            f"{rules.case_minimum.value} cases; with fewer "
            + _earns(rules.points_below_case_minimum, line.measure, context),
            rules.case_minimum,
        )


def _reported(assessment: Assessment) -> str:
    """Give data completeness as counts and percent, cut off, never rounded up."""
    reported, population = assessment.reported, assessment.population
    counts = f"{shown(reported)} of {shown(population)} eligible patients reported"
    if population <= 0 or reported < 0:
        return counts
    share = reported * HUNDRED * HUNDRED // population / HUNDRED
    return f"{counts}: {plain(share)} percent"


def _earns(rule: Figure, measure: QualityMeasure, context: Context) -> str:
    """Say what a measure earns that cannot be placed on a benchmark, (b)(1)(i)(C)."""
    rules = context.rules.quality
    floor = floor_of(measure, context.rules.year, rules)
    if floor is None:
        return _points(rule, rules)
    year = "first" if floor is rules.first_year_floor else "second"
    return (
        f"this measure earns {plain(floor.value)} points of "
        f"{plain(rules.measure_maximum.value)} in its {year} "
        "year, for a small practice as for any other"
    )


def _points(rule: Figure, rules: QualityRules) -> str:
    """Say what a measure earns in a small practice and in any other."""
    return (
        f"this measure earns {plain(rule.value)} points of "
        f"{plain(rules.measure_maximum.value)}, "
        f"{plain(rules.small_practice_points.value)} for a small practice"
    )
