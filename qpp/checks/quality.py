"""One quality measurement: counts, strata, the submitted rate, and what it may earn."""

from typing import Final, TypeAlias

from qpp.checks.context import QCDR_TYPES
from qpp.checks.counts import check_counts
from qpp.checks.line import Line
from qpp.checks.reading import JsonTable, number, optional_number, table
from qpp.checks.strata import check_strata
from qpp.checks.worth import check_worth
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.mips.rates import Assessment, assess
from qpp.submission import Counts, NonProportion, Strata
from qpp.trace import Trace

SINGLE_RATES: Final = frozenset(
    {"singlePerformanceRate", "registrySinglePerformanceRate"}
)
SEVERAL_RATES: Final = frozenset(
    {"multiPerformanceRate", "registryMultiPerformanceRate"}
)
RATE: Final = "performanceRate"

Figures: TypeAlias = Counts | Strata | NonProportion


def check_quality(sent: object, line: Line) -> None:
    """Check the value *sent* of a measurement, and say what keeps it from points."""
    value = table(sent) or {}
    method = line.method
    if method is not None and method not in line.measure.submission_methods:
        line.report.add(
            Code.MEASURE_METHOD,
            f"{line.at}/measureId",
            f"{shown(line.measure.measure_id)} by {shown(method)}",
            f"one of {', '.join(sorted(line.measure.submission_methods))} for this "
            "measure",
        )
        method = None
    figures = _figures(value, f"{line.at}/value", line)
    if method is None:
        return
    assessment = None
    if figures is not None:
        rules = line.report.context.rules.quality
        assessment = assess(figures, line.measure, rules, method, Trace())
        if line.measure.metric_type in QCDR_TYPES:
            _check_rate(value, assessment, line)
    check_worth(assessment, method, line)


def _figures(value: JsonTable, at: str, line: Line) -> Figures | None:
    """Read the figures of a value by the kind of its measure, checking on the way."""
    kind = line.measure.metric_type
    if kind in SINGLE_RATES:
        return check_counts(value, at, line)
    if kind in SEVERAL_RATES:
        return check_strata(value, at, line)
    return _non_proportion(value)


def _non_proportion(value: JsonTable) -> NonProportion | None:
    """Read a measure in raw units: CMS lets its figures stand in any relation."""
    numerator = number(value.get("numerator"))
    denominator = number(value.get("denominator"))
    instances = number(value.get("observationInstances"))
    exclusion = optional_number(value.get("numeratorExclusion"))
    exception = optional_number(value.get("denominatorException"))
    if numerator is None or denominator is None or instances is None:
        return None
    if exclusion is None or exception is None:
        return None
    return NonProportion(numerator, denominator, int(instances), exclusion, exception)


def _check_rate(value: JsonTable, assessment: Assessment, line: Line) -> None:
    """Compare the rate a QCDR computed with the one its own counts give."""
    rules = line.report.context.rules.quality
    submitted, computed = number(value.get(RATE)), assessment.performance_rate
    if submitted is None or computed is None:
        return
    if abs(submitted - computed) > rules.qcdr_rate_tolerance.value:
        line.report.add(
            Code.RATE_DIFFERS,
            f"{line.at}/value/{RATE}",
            shown(submitted),
            f"{shown(computed)}, which the counts give; the rate as sent is scored, in "
            "a small practice as in any other",
            rules.qcdr_rate,
        )
