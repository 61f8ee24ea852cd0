"""Rates, case counts and data completeness of a quality measurement.

42 CFR 414.1340 (completeness) and the measurement fields of CMS's Submissions API.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.mips.case_counts import case_count, in_doubt, less_exclusions
from qpp.mips.measured_values import Figures, non_proportion
from qpp.mips.rules import QualityRules
from qpp.numbers import ZERO, percent, rounded
from qpp.submission import REGISTRY, Counts, NonProportion, Strata
from qpp.trace import Trace

OVERALL: Final = "overall"


class Assessment(NamedTuple):
    """What a measurement says about completeness, cases and performance.

    ``reported`` of ``population`` is the reporting rate (data completeness);
    ``performance_rate`` is None where nobody counts in its denominator; percent, or
    raw units for a nonProportion measure. ``empty`` is a population of 0.
    """

    reported: Decimal
    population: Decimal
    case_count: Decimal
    performance_rate: Decimal | None
    complete: bool
    excluded: bool

    @property
    def empty(self) -> bool:
        """Nobody was eligible."""
        return self.population == ZERO

    @property
    def reporting_rate(self) -> Decimal | None:
        """Data completeness in percent, unrounded; None without a population."""
        return None if self.empty else percent(self.reported, self.population)


def assess(
    value: Counts | Strata | NonProportion,
    measure: QualityMeasure,
    rules: QualityRules,
    method: str,
    trace: Trace,
) -> Assessment:
    """Judge one quality measurement; the case count is compared elsewhere."""
    if isinstance(value, NonProportion):
        figures = non_proportion(value, rules, trace)
    elif isinstance(value, Strata):
        figures = ALGORITHMS[measure.overall_algorithm](value, measure, rules, trace)
    else:
        figures = Figures(*single_rate(value, measure, rules))
    reported, population, cases, rate = figures
    if in_doubt(cases, _excluded(value), measure, rules):
        trace.use(rules.ecqm_case_count)
    if rate is not None:
        submitted = None if isinstance(value, NonProportion) else value.performance_rate
        # Elsewhere the field is CMS's own answer, which nobody may send.
        if submitted is not None and measure.is_qcdr:
            rate = submitted if trace.use(rules.qcdr_rate) == "submitted" else rate
        rate = rounded(
            rate,
            trace.use(rules.performance_rate_decimals),
            trace.use(rules.performance_rate_rounding),
        )
    if population > ZERO:
        complete = _complete(reported, population, rules, trace)
        return Assessment(reported, population, cases, rate, complete, excluded=False)
    excluded = not population and _empty_is_excluded(measure, rules, method, trace)
    return Assessment(
        reported, population, cases, rate, complete=False, excluded=excluded
    )


def _excluded(value: Counts | Strata | NonProportion) -> int:
    """Count the patients that are excluded in any stratum."""
    if isinstance(value, Strata):
        return sum(item.exclusion for item in value.strata)
    return value.exclusion if isinstance(value, Counts) else 0


def _complete(
    reported: Decimal, population: Decimal, rules: QualityRules, trace: Trace
) -> bool:
    """Compare the reporting rate with the threshold, § 414.1340.

    Exact, 74.996 percent is not 75; a rule file may ask for the rounded rate.
    """
    reporting = percent(reported, population)
    if trace.use(rules.completeness_on) == "rounded":
        reporting = rounded(
            reporting,
            rules.performance_rate_decimals.value,
            rules.performance_rate_rounding.value,
        )
    return reporting >= trace.use(rules.data_completeness)


def _empty_is_excluded(
    measure: QualityMeasure, rules: QualityRules, method: str, trace: Trace
) -> bool:
    """Say whether 0 of 0 takes the measure out: for MIPS CQMs only."""
    is_cqm = method == REGISTRY and not measure.is_qcdr
    kind = REGISTRY if is_cqm else "other"
    return trace.use(rules.zero_population)[kind] == "excluded"


def _rate(counts: Iterable[Counts]) -> Decimal | None:
    """Return met of (met + not met) in percent over all strata given."""
    met = rated = 0
    for item in counts:
        met += item.performance_met
        rated += item.rated
    return percent(Decimal(met), Decimal(rated)) if rated else None


def single_rate(
    counts: Counts, measure: QualityMeasure, rules: QualityRules
) -> tuple[Decimal, Decimal, Decimal, Decimal | None]:
    """Read a single rate: the way most measurements go, so it makes no detour."""
    met, not_met, exclusion, exception, eligible, *_ = counts
    rated = met + not_met
    population = cases = Decimal(eligible)
    if exclusion and less_exclusions(measure, rules):
        cases = Decimal(eligible - exclusion)
    return (
        Decimal(rated + exclusion + exception),
        population,
        cases,
        percent(Decimal(met), Decimal(rated)) if rated else None,
    )


def _pooled(
    strata: Iterable[Counts], measure: QualityMeasure, rules: QualityRules
) -> Figures:
    """Add up strata."""
    met = rated = left_out = excluded = population = 0
    for item in strata:
        met += item.performance_met
        rated += item.performance_met + item.performance_not_met
        excluded += item.exclusion
        left_out += item.exclusion + item.exception
        population += item.eligible_population
    less = less_exclusions(measure, rules)
    return Figures(
        Decimal(rated + left_out),
        Decimal(population),
        Decimal(population - excluded if less else population),
        percent(Decimal(met), Decimal(rated)) if rated else None,
    )


def _partial(strata: Strata) -> tuple[Counts, ...]:
    """Leave out the stratum that repeats the others."""
    return tuple(item for item in strata.strata if item.stratum != OVERALL)


def _named(strata: Strata, name: str) -> tuple[Counts, ...]:
    """Keep the one stratum called *name*."""
    return tuple(item for item in strata.strata if item.stratum == name)


def _weighted_average(
    value: Strata, measure: QualityMeasure, rules: QualityRules, trace: Trace
) -> Figures:
    """Pool all strata: every patient weighs the same."""
    trace.use(rules.multi_rate_reporting)
    return _reported(_pooled(_partial(value), measure, rules), value, rules)


def _reported(pooled: Figures, value: Strata, rules: QualityRules) -> Figures:
    """Take completeness from all strata together, or from the least complete one."""
    strata = [item for item in _partial(value) if item.eligible_population]
    if rules.multi_rate_reporting.value == "pooled" or not strata:
        return pooled
    least = min(strata, key=lambda item: item.reported / item.eligible_population)
    return pooled._replace(
        reported=Decimal(least.reported), population=Decimal(least.eligible_population)
    )


def _simple_average(
    value: Strata, measure: QualityMeasure, rules: QualityRules, trace: Trace
) -> Figures:
    """Average the strata's rates; cases are those of the largest stratum."""
    trace.use(rules.multi_rate_reporting)
    strata = _partial(value)
    pooled = _reported(_pooled(strata, measure, rules), value, rules)
    rates = [rate for item in strata if (rate := _rate((item,))) is not None]
    empty = len(strata) - len(rates)
    if rates and empty and trace.use(rules.empty_stratum) == "rate_of_zero":
        rates += [ZERO] * empty
    return Figures(
        reported=pooled.reported,
        population=pooled.population,
        case_count=Decimal(
            max((case_count(item, measure, rules) for item in strata), default=0)
        ),
        rate=sum(rates, ZERO) / len(rates) if rates else None,
    )


def _overall_stratum_only(
    value: Strata, measure: QualityMeasure, rules: QualityRules, _trace: Trace
) -> Figures:
    """Take the stratum called overall for everything."""
    return _pooled(_named(value, OVERALL), measure, rules)


def _split(
    value: Strata, measure: QualityMeasure, rules: QualityRules, trace: Trace
) -> Figures:
    """Take completeness and cases from one stratum, the rate from another."""
    names = trace.use(rules.split_strata)
    reporting = _pooled(_named(value, names["completeness"]), measure, rules)
    return Figures(
        reported=reporting.reported,
        population=reporting.population,
        case_count=reporting.case_count,
        rate=_rate(_named(value, names["rate"])),
    )


def _sum_numerators(
    value: Strata, measure: QualityMeasure, rules: QualityRules, _trace: Trace
) -> Figures:
    """Add up the numerators, as two measures of QCDRs did until 2018."""
    strata = _partial(value)
    met = sum(item.performance_met for item in strata)
    return _pooled(strata, measure, rules)._replace(rate=Decimal(met))


Algorithm = Callable[[Strata, QualityMeasure, QualityRules, Trace], Figures]
ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "simpleAverage": _simple_average,
    "weightedAverage": _weighted_average,
    "overallStratumOnly": _overall_stratum_only,
    "split": _split,
    "sumNumerators": _sum_numerators,
}
