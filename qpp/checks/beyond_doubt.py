"""What needs no closer look: the short way past checks that would find nothing.

Most of what registries send is sound. Each question here is answered yes only where
the long way, which words the findings, reports nothing; a test compares the two.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from sys import maxsize
from typing import Final

from qpp.catalogue import QualityMeasure
from qpp.checks.context import Context
from qpp.checks.counts import whole_counts
from qpp.checks.reading import JsonTable
from qpp.checks.reporting import Report
from qpp.numbers import HUNDRED, percent, rounded
from qpp.promoting_interoperability.plan import NO, NONE, SOME, YES, Signs

RATES: Final = frozenset({"singlePerformanceRate", "multiPerformanceRate"})
# Those whose rate the QCDR computes itself, where it is a single one.
OWN_RATES: Final = frozenset({"registrySinglePerformanceRate"})
RATE: Final = "performanceRate"
NUMERATOR, DENOMINATOR = "numerator", "denominator"

# Measurements that say what a sign says.
_EXAMPLES: Final = {
    YES: True,
    NO: False,
    SOME: {NUMERATOR: 1, DENOMINATOR: 1},
    NONE: {NUMERATOR: 0, DENOMINATOR: 1},
}


@dataclass(slots=True)
class Probe(Report):
    """A report that only notes whether there would be findings."""

    sound: bool = True

    def add(self, *_: object, **__: object) -> None:
        """Note that something was found."""
        self.sound = False


@lru_cache
def plain_measures(
    context: Context, method: str | None, program: str | None
) -> dict[str, QualityMeasure]:
    """Give the measures with rates that may be sent, by id.

    Counts that are sound and a benchmark are all that can be asked of a measurement by
    *method* in *program*. There are none where either is wrong or not scored.
    """
    if method is None or program not in context.rules.submission.programs.value:
        return {}
    return {
        name: measure
        for name, measure in context.catalogue.quality.items()
        if measure.metric_type in (OWN_RATES if measure.is_qcdr else RATES)
        and method in measure.submission_methods
        and program in measure.allowed_programs
        and name not in context.from_cms_only
    }


def is_rate_sound(
    value: object, measure: QualityMeasure, context: Context, method: str | None
) -> bool:
    """Say whether the counts of a measure are sound, all of its strata if it has some.

    What is enough in each stratum is enough in any sum or average of them.
    """
    if type(value) is not dict:
        return False
    if measure.is_qcdr:
        return are_counts_sound(value, context, None) and _is_own_rate_sound(
            value, context
        )
    if measure.strata:
        return _are_strata_sound(value.get("strata"), measure, context, method)
    return are_counts_sound(value, context, method)


def _are_strata_sound(
    sent: object, measure: QualityMeasure, context: Context, method: str | None
) -> bool:
    """Say whether each stratum of a measure is there once, and sound."""
    if type(sent) is not list or len(sent) != len(measure.strata):
        return False
    waiting = set(measure.strata)
    for item in sent:
        if type(item) is not dict or not are_counts_sound(item, context, method):
            return False
        name = item.get("stratum")
        if type(name) is not str or name not in waiting:
            return False
        waiting.remove(name)
    return True


def are_counts_sound(value: JsonTable, context: Context, method: str | None) -> bool:
    """Say whether enough was reported, and of enough patients for a rate.

    No way to count cases gives fewer than the patients in the performance rate.
    """
    counts = whole_counts(value)
    if counts is None:
        return False
    met, not_met, exclusion, exception, population = counts
    rated = met + not_met
    reported = rated + exclusion + exception
    if rated < context.least_cases or (exclusion and method in context.no_exclusions):
        return False
    # Of all patients any share is reported; an eCQM reports all of them.
    return reported == population > 0 or (
        reported < population
        and method not in context.adds_up
        and reported * HUNDRED >= context.completeness * population
    )


def _is_own_rate_sound(value: JsonTable, context: Context) -> bool:
    """Say whether a QCDR sent no rate, or one that its sound counts give."""
    sent = value.get(RATE)
    if sent is None:
        return True
    counts = whole_counts(value)
    if counts is None or type(sent) is not Decimal or not sent.is_finite():
        return False
    # Somebody counts in the rate: sound counts have more patients than none.
    met, rated = Decimal(counts[0]), Decimal(counts[0] + counts[1])
    rules = context.rules.quality
    computed = rounded(
        percent(met, rated),
        rules.performance_rate_decimals.value,
        rules.performance_rate_rounding.value,
    )
    return abs(sent - computed) <= rules.qcdr_rate_tolerance.value


def signs_of(sent: list[object]) -> Signs | None:
    """Give the sign of each answer of a set; they repeat from sender to sender.

    None if one is neither yes, no, nor a numerator of a denominator.
    """
    found: list[tuple[str, str]] = []
    for entry in sent:
        if type(entry) is not dict:
            return None
        measure_id, value = entry.get("measureId"), entry.get("value")
        if type(measure_id) is not str:
            return None
        if type(value) is bool:
            found.append((measure_id, YES if value else NO))
            continue
        if type(value) is not dict:
            return None
        part, whole = value.get(NUMERATOR), value.get(DENOMINATOR)
        if not (type(part) is type(whole) is int and 0 <= part <= whole <= maxsize):
            return None
        found.append((measure_id, SOME if part else NONE))
    return tuple(found)


def example_of(signs: Signs) -> list[object]:
    """Write measurements with these signs."""
    return [{"measureId": name, "value": _EXAMPLES[sign]} for name, sign in signs]
