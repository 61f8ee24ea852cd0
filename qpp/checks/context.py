"""What the checks of one year look up: rules and catalogue, prepared once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from qpp.catalogue import Catalogue, Key
from qpp.codes import Code
from qpp.findings import Severity
from qpp.mips.quality_scale import Scale
from qpp.mips.rules import MipsRules
from qpp.numbers import HUNDRED
from qpp.submission import ADMINISTRATIVE_CLAIMS, SURVEY

# CMS computes these from its own claims, or has them from survey vendors.
COMPUTED_BY_CMS: Final = frozenset({ADMINISTRATIVE_CLAIMS, SURVEY})
# The QCDR computes the rate of these itself and sends it along.
QCDR_TYPES: Final = frozenset(
    {"registrySinglePerformanceRate", "registryMultiPerformanceRate"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """Rules and catalogue of one year, and what follows from them for every document.

    ``from_cms_only`` are ids that nobody submits; ``suppressed`` and ``scorable`` are
    pairs of measure and method whose year does not count, or has a benchmark;
    ``severities`` are those that the year's own rules say; ``completeness`` is the
    percent of patients that is enough in any case.
    """

    rules: MipsRules
    catalogue: Catalogue
    first_day: date
    last_day: date
    from_cms_only: frozenset[str]
    suppressed: frozenset[Key]
    scorable: frozenset[Key]
    adds_up: frozenset[str]
    no_exclusions: frozenset[str]
    cehrt_needed: frozenset[str]
    severities: Mapping[Code, Severity]
    least_cases: int
    completeness: Decimal


def _prepare(rules: MipsRules, catalogue: Catalogue) -> Context:
    """Work out what every document of the year asks for."""
    scale = Scale(rules.quality, catalogue, small_practice=False)
    return Context(
        rules=rules,
        catalogue=catalogue,
        first_day=date(rules.year, 1, 1),
        last_day=date(rules.year + 1, 1, 1) - timedelta(1),
        from_cms_only=frozenset(catalogue.cost)
        | {
            measure.measure_id
            for measure in catalogue.quality.values()
            if measure.submission_methods <= COMPUTED_BY_CMS
        },
        suppressed=frozenset(
            (measure.measure_id, method)
            for measure in catalogue.quality.values()
            for method in measure.submission_methods
            if scale.suppressed(measure, method)
        ),
        scorable=frozenset(
            key for key in catalogue.benchmarks if scale.benchmark(*key) is not None
        ),
        adds_up=frozenset(rules.submission.populations_must_add_up_for.value),
        no_exclusions=frozenset(rules.submission.exclusion_must_be_zero_for.value),
        cehrt_needed=frozenset(rules.submission.cehrt_id_required_for.value),
        severities={
            Code.QUALITY_PERIOD_SHORT: Severity(
                rules.quality.quality_period_short.value
            )
        },
        # A rate needs somebody, whatever the minimum.
        least_cases=max(1, rules.quality.case_minimum.value),
        # A rounded rate is compared elsewhere; until then nothing short of all will do.
        completeness=(
            rules.quality.data_completeness.value
            if rules.quality.completeness_on.value == "exact"
            else HUNDRED
        ),
    )


_PREPARED: Final[dict[tuple[str, str], Context]] = {}


def context_of(rules: MipsRules, catalogue: Catalogue) -> Context:
    """Give the context of a rule book and a catalogue; the last one is kept."""
    key = rules.id, catalogue.id
    kept = _PREPARED.get(key)
    if kept is None or kept.rules is not rules or kept.catalogue is not catalogue:
        kept = _PREPARED[key] = _prepare(rules, catalogue)
    return kept
