"""The Promoting Interoperability performance period, § 414.1320."""

from collections.abc import Iterable
from dataclasses import dataclass

from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.submission import PI, MeasurementSet
from qpp.trace import Trace


@dataclass(frozen=True, slots=True)
class AssessedPeriod:
    """How many days one set reports, both ends counted, and if that is enough."""

    days: int
    long_enough: bool
    assumptions: frozenset[str]


def assess_periods(
    sets: Iterable[MeasurementSet], rules: InteroperabilityRules
) -> tuple[AssessedPeriod, ...]:
    """Assess the period of every Promoting Interoperability set, in their order."""
    return tuple(_assess(item, rules) for item in sets if item.category == PI)


def _assess(
    measurements: MeasurementSet, rules: InteroperabilityRules
) -> AssessedPeriod:
    """Compare one period with the minimum of continuous days."""
    trace = Trace()
    days = measurements.days
    enough = days >= trace.use(rules.minimum_days)
    return AssessedPeriod(days, enough, frozenset(trace.assumptions))
