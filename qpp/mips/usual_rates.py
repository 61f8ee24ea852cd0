"""The rates of most measurements, judged without a detour; ``rates`` has all kinds."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.mips.rates import Assessment, single_rate
from qpp.mips.rules import QualityRules
from qpp.numbers import percent, rounded
from qpp.submission import Counts
from qpp.trace import Trace


class _Usual(NamedTuple):
    """What most rates of a year are judged by, and what that assumes."""

    decimals: int
    rounding: str
    threshold: Decimal
    assumptions: frozenset[str]


@lru_cache
def _usual(rules: QualityRules) -> _Usual | None:
    """Take the rules of a usual rate together; None where completeness is rounded."""
    trace = Trace()
    usual = _Usual(
        trace.use(rules.performance_rate_decimals),
        trace.use(rules.performance_rate_rounding),
        trace.use(rules.data_completeness),
        frozenset(trace.assumptions),
    )
    exact = trace.use(rules.completeness_on) == "exact"
    return usual._replace(assumptions=frozenset(trace.assumptions)) if exact else None


def assess_usual(
    counts: Counts, measure: QualityMeasure, rules: QualityRules
) -> tuple[Assessment, frozenset[str]] | None:
    """Judge a single rate that somebody counts in, and give its assumptions.

    None leaves a measurement to ``assess``, which finds the same for this one.
    """
    usual = _usual(rules)
    reported, population, cases, rate = single_rate(counts, measure, rules)
    if usual is None or rate is None or not population:
        return None
    if measure.is_qcdr and counts.performance_rate is not None:
        return None
    decimals, rounding, threshold, assumptions = usual
    complete, excluded = percent(reported, population) >= threshold, False
    rate = rounded(rate, decimals, rounding)
    assessment = Assessment(reported, population, cases, rate, complete, excluded)
    return assessment, assumptions
