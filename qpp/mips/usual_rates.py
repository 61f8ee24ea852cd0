"""The rates of most measurements, judged without a detour; ``rates`` has all kinds."""

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.mips.case_counts import in_doubt
from qpp.mips.rates import Assessment, single_rate
from qpp.mips.rules import QualityRules
from qpp.numbers import percent, rounded
from qpp.submission import Counts
from qpp.trace import Trace

_NONE: Final[frozenset[str]] = frozenset()


class _Usual(NamedTuple):
    """What most rates of a year are judged by, and what that assumes.

    ``own_rate`` says that the rate a QCDR sent counts, and what that assumes too.
    """

    decimals: int
    rounding: str
    threshold: Decimal
    assumptions: frozenset[str]
    own_rate: tuple[bool, frozenset[str]] = (False, frozenset())


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
    usual = usual._replace(assumptions=frozenset(trace.assumptions))
    submitted = trace.use(rules.qcdr_rate) == "submitted"
    own_rate = submitted, frozenset(trace.assumptions)
    return usual._replace(own_rate=own_rate) if exact else None


@lru_cache
def _case_count(rules: QualityRules) -> frozenset[str]:
    """Say what it assumes that exclusions are cases."""
    trace = Trace()
    trace.use(rules.ecqm_case_count)
    return frozenset(trace.assumptions)


def assess_usual(
    counts: Counts, measure: QualityMeasure, rules: QualityRules
) -> tuple[Assessment | None, frozenset[str]]:
    """Judge a single rate that somebody counts in, and give its assumptions.

    None leaves a measurement to ``assess``, which finds the same for this one.
    """
    usual = _usual(rules)
    reported, population, cases, rate = single_rate(counts, measure, rules)
    if usual is None or rate is None or not population:
        return None, _NONE
    decimals, rounding, threshold, assumptions, own_rate = usual
    if counts.performance_rate is not None and measure.is_qcdr:
        submitted, assumptions = own_rate
        rate = counts.performance_rate if submitted else rate
    if in_doubt(cases, counts.exclusion, measure, rules):
        assumptions |= _case_count(rules)
    complete, excluded = percent(reported, population) >= threshold, False
    rate = rounded(rate, decimals, rounding)
    assessed = reported, population, cases, rate, complete, excluded
    # Half the time of naming the fields, for what each document has many of.
    return tuple.__new__(Assessment, assessed), assumptions
