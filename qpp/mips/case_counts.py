"""How many cases a quality measurement has, and where that is our reading."""

from decimal import Decimal

from qpp.catalogue import QualityMeasure
from qpp.mips.rules import QualityRules
from qpp.submission import Counts


def less_exclusions(measure: QualityMeasure, rules: QualityRules) -> bool:
    """Say whether exclusions are no cases: of QCDR measures, or by another reading."""
    return (
        measure.metric_type in rules.case_count_less_exclusions.value
        or rules.ecqm_case_count.value == "less_exclusions"
    )


def case_count(counts: Counts, measure: QualityMeasure, rules: QualityRules) -> int:
    """Count the cases: the eligible population, for QCDR measures less exclusions."""
    if less_exclusions(measure, rules):
        return counts.eligible_population - counts.exclusion
    return counts.eligible_population


def in_doubt(
    cases: Decimal, excluded: int, measure: QualityMeasure, rules: QualityRules
) -> bool:
    """Say whether our reading of the cases decides if there are enough.

    *cases* are those counted, and *excluded* the patients that the two readings
    count differently.
    """
    if not excluded or measure.metric_type in rules.case_count_less_exclusions.value:
        return False
    least = most = cases
    if less_exclusions(measure, rules):
        most += excluded
    else:
        least -= excluded
    return least < rules.case_minimum.value <= most
