"""What ``quality.toml`` says where the regulation is silent and we read it."""

from dataclasses import dataclass
from typing import Literal

from qpp.mips.requirement_rules import RequirementRules
from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class ReadingRules(RequirementRules):
    """Periods, cases, a measure's first year, and the decimals of points.

    ``points_decimals`` is ``all`` where points on a ladder are not rounded.
    """

    quality_period_short: Provision[Literal["warning", "error"]]
    ecqm_case_count: Provision[Literal["eligible_population", "less_exclusions"]]
    first_year_of: Provision[Literal["every_id", "ids_of_no_qcdr"]]
    benchmark_bounds: Provision[Literal["as_in_the_file", "two_decimals"]]
    performance_year_rows: Provision[Literal["never_capped", "capped_as_flagged"]]
    points_decimals: Provision[Literal["all", "2", "4"]]
