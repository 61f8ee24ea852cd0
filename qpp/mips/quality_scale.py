"""By what quality measures are scored: rules, benchmarks, and what follows of them."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, NamedTuple

from qpp.catalogue import Benchmark, Catalogue, Key, QualityMeasure
from qpp.mips.programs.plan import TRADITIONAL, Plan
from qpp.mips.rules import Figure, QualityRules
from qpp.numbers import rounded

NON_PROPORTION: Final = "nonProportion"


class Standing(NamedTuple):
    """What a year says of one measure by one method, whoever sends it.

    ``floor`` is the rule for its first or second year in MIPS, (b)(1)(i)(C); ``cap``
    that of a benchmark topped out two years running, unless CMS removed it;
    ``below_completeness`` what it earns with incomplete data, (b)(1)(i)(B).
    """

    row: Benchmark | None
    suppressed: bool
    floor: Figure | None
    cap: Figure | None
    below_completeness: Figure
    of_qcdr: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """What all measures of one entity are scored by; ``standings`` are kept in it.

    ``plan`` is that of the program it is scored in.
    """

    rules: QualityRules
    catalogue: Catalogue
    small_practice: bool
    with_mock_benchmarks: bool = False
    plan: Plan = TRADITIONAL
    standings: dict[Key, Standing] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def standing(self, measure: QualityMeasure, method: str) -> Standing:
        """Look up what the year says of a measure by a method; it is kept."""
        key = measure.measure_id, method
        standing = self.standings.get(key)
        if standing is None:
            standing = self.standings[key] = Standing(
                row=self.benchmark(*key),
                suppressed=self.suppressed(measure, method),
                floor=floor_of(measure, self.catalogue.year, self.rules),
                cap=_cap(measure, method, self),
                below_completeness=_below_completeness(measure, self.rules),
                of_qcdr=measure.is_qcdr,
            )
        return standing

    def benchmark(self, measure_id: str, method: str) -> Benchmark | None:
        """Find the benchmark row that may be used; stand-in rows only on request."""
        row = self.catalogue.benchmarks.get((measure_id, method))
        if row is None or (row.is_mock and not self.with_mock_benchmarks):
            return None
        rows = self.rules.benchmark_rows.value
        if rows == "of_years_before" and row.benchmark_year >= self.catalogue.year:
            return None
        return _with_bounds(row, self.rules)

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


@lru_cache
def scale_of(
    rules: QualityRules,
    catalogue: Catalogue,
    plan: Plan,
    *,
    small_practice: bool,
    mock: bool,
) -> Scale:
    """Give the scale of a year for a kind of practice; no submission changes it."""
    return Scale(rules, catalogue, small_practice, mock, plan)


def floor_of(measure: QualityMeasure, year: int, rules: QualityRules) -> Figure | None:
    """Find the floor of a measure in its first or second year, (b)(1)(i)(C)."""
    if measure.is_qcdr and rules.first_year_of.value == "ids_of_no_qcdr":
        return None
    age = year - measure.first_performance_year
    return {0: rules.first_year_floor, 1: rules.second_year_floor}.get(age)


def _with_bounds(row: Benchmark, rules: QualityRules) -> Benchmark:
    """Take the bounds of a row as they are, or as CMS's table prints them."""
    if rules.benchmark_bounds.value == "as_in_the_file":
        return row
    decimals = rules.performance_rate_decimals.value
    printed = tuple(rounded(item, decimals) for item in row.percentiles)
    return replace(row, percentiles=printed)


def _cap(measure: QualityMeasure, method: str, scale: Scale) -> Figure | None:
    """Find the cap of a benchmark topped out two years running, (b)(1)(iv)."""
    row = scale.benchmark(measure.measure_id, method)
    capped = row is not None and row.capped and method not in measure.cap_removed
    if row is not None and row.benchmark_year >= scale.catalogue.year:
        rule = scale.rules.performance_year_rows
        capped = capped and rule.value == "capped_as_flagged"
    return scale.rules.topped_out_cap if capped else None


def _below_completeness(measure: QualityMeasure, rules: QualityRules) -> Figure:
    """Find what a measure earns below completeness: once, measured values more."""
    own = rules.non_proportion_points
    return (
        own
        if own is not None and measure.metric_type == NON_PROPORTION
        else rules.points_below_completeness
    )
