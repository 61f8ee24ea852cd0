"""The Promoting Interoperability performance period, § 414.1320."""

from collections.abc import Iterable
from typing import NamedTuple

from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.promoting_interoperability.words import SHORT, SHORT_TOO
from qpp.submission import PI, Json, MeasurementSet
from qpp.trace import Trace


class AssessedPeriod(NamedTuple):
    """How many days one set reports, as the year counts them, and if that is enough."""

    days: int
    long_enough: bool
    assumptions: frozenset[str]


def assess_periods(
    sets: Iterable[MeasurementSet], rules: InteroperabilityRules
) -> tuple[AssessedPeriod, ...]:
    """Assess the period of every Promoting Interoperability set, in their order."""
    return tuple(_assess(item, rules) for item in sets if item.category == PI)


def days_counted(days: int, rules: InteroperabilityRules) -> int:
    """Count the days of a period as the year does; *days* has both ends."""
    return days if rules.pi_days.value == "both_ends" else days - 1


def _assess(
    measurements: MeasurementSet, rules: InteroperabilityRules
) -> AssessedPeriod:
    """Compare one period with the minimum of continuous days."""
    trace = Trace()
    days = days_counted(measurements.days, rules)
    minimum = trace.use(rules.minimum_days)
    # A day more or less decides nothing elsewhere.
    if measurements.days == minimum:
        trace.use(rules.pi_days)
    enough = days >= minimum
    return AssessedPeriod(days, enough, frozenset(trace.assumptions))


def note_period(
    period: AssessedPeriod,
    rules: InteroperabilityRules,
    trace: Trace,
    *,
    whole: bool,
) -> None:
    """Say that a period is too short, which costs all where the set is *whole*."""
    trace.adopt((), period.assumptions)
    if period.long_enough:
        return
    rule = rules.minimum_days
    if whole:
        missed = rules.category_maximum.value
        trace.say(rule, SHORT, period.days, rule.value, missed)
    else:
        trace.say(rule, SHORT_TOO, period.days, rule.value)


def write_period(period: AssessedPeriod) -> dict[str, object]:
    """Write an assessed period as events carry it."""
    return {
        "days": period.days,
        "longEnough": period.long_enough,
        "assumptions": sorted(period.assumptions),
    }


def read_period(document: Json) -> AssessedPeriod:
    """Read what ``write_period`` wrote."""
    return AssessedPeriod(
        days=document["days"],
        long_enough=document["longEnough"],
        assumptions=frozenset(document["assumptions"]),
    )
