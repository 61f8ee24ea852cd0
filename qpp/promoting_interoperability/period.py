"""The Promoting Interoperability performance period, § 414.1320."""

from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.submission import MeasurementSet
from qpp.trace import Trace


def long_enough(
    measurements: MeasurementSet, rules: InteroperabilityRules, trace: Trace
) -> bool:
    """Say whether the period has the minimum of continuous days, both ends counted."""
    days = measurements.days
    if days >= trace.use(rules.minimum_days):
        return True
    trace.say(
        rules.minimum_days,
        "{} days reported, {} needed",
        days,
        rules.minimum_days.value,
    )
    return False
