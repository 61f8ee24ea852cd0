"""Measures that are no rate of patients: values in raw units, such as minutes."""

from decimal import Decimal
from typing import NamedTuple

from qpp.mips.rules import QualityRules
from qpp.submission import NonProportion
from qpp.trace import Trace


class Figures(NamedTuple):
    """The parts of an assessment that depend on the kind of measure."""

    reported: Decimal
    population: Decimal
    case_count: Decimal
    rate: Decimal | None


def non_proportion(value: NonProportion, rules: QualityRules, trace: Trace) -> Figures:
    """Read a measure in raw units: its numerator is what benchmarks compare."""
    rate = value.numerator if value.denominator else None
    if rate is not None and trace.use(rules.non_proportion_rate) == "ratio":
        rate /= value.denominator
    return Figures(
        reported=value.observation_instances
        + value.denominator_exception
        + value.numerator_exclusion,
        population=value.denominator,
        case_count=value.denominator,
        rate=rate,
    )
