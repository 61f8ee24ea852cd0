"""CMS's ``measures-data.json`` as the catalogue's measures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from qpp.catalogue import (
    Activity,
    CostMeasure,
    InteroperabilityMeasure,
    Method,
    QualityMeasure,
)
from qpp.cms_cost_types import cost_type
from qpp.cms_record import Record, records

Measure = TypeVar("Measure")

# Only these are sent as strata; single rates carry strata as containers of ids.
MULTI_RATE: Final = frozenset({"multiPerformanceRate", "registryMultiPerformanceRate"})
# CMS lists programs since 2022; until then a measure was there for the default one.
BEFORE_PROGRAMS: Final = frozenset({"mips"})


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures of a year, by category and id; ``methods`` and ``inverse`` of all.

    ``methods`` are the collection types a measure may have a benchmark for.
    """

    quality: dict[str, QualityMeasure] = field(default_factory=dict)
    interoperability: dict[str, InteroperabilityMeasure] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    cost: dict[str, CostMeasure] = field(default_factory=dict)
    methods: dict[str, frozenset[Method]] = field(default_factory=dict)
    inverse: dict[str, bool] = field(default_factory=dict)

    def allows(self, measure_id: str, method: Method) -> bool:
        """Say whether somebody can send a measure by a method."""
        return method in self.methods.get(measure_id, ())

    def allowed_in(self, program: str) -> frozenset[str]:
        """Name the measures of all categories that a program allows."""
        homes = (self.quality, self.interoperability, self.activities, self.cost)
        return frozenset(
            measure_id
            for home in homes
            for measure_id, measure in home.items()
            if program in measure.allowed_programs
        )

    def programs(self) -> frozenset[str]:
        """Name every program that a measure is allowed in."""
        homes = (self.quality, self.interoperability, self.activities, self.cost)
        return frozenset(
            program
            for home in homes
            for measure in home.values()
            for program in measure.allowed_programs
        )


def read_measures(rows: object, types_by_measure: Mapping[str, str]) -> Measures:
    """Read all measures of a year.

    Raises:
        CmsError: a record lacks what the law needs, or an id stands twice.
    """
    measures = Measures()
    homes: dict[str, Callable[[Record], None]] = {
        "quality": partial(_put, measures.quality, _quality),
        "pi": partial(_put, measures.interoperability, _interoperability),
        "aci": partial(_put, measures.interoperability, _interoperability),
        "ia": partial(_put, measures.activities, _activity),
        "cost": partial(
            _put, measures.cost, partial(_cost, types_by_measure=types_by_measure)
        ),
    }
    for record in records("measures-data", rows):
        measure_id, category = record.text("measureId"), record.text("category")
        if measure_id in measures.methods:
            record.refuse("measureId", "an id of its own")
        if category not in homes:
            record.refuse("category", f"one of {', '.join(homes)}")
        homes[category](record)
        measures.methods[measure_id] = frozenset(record.names("submissionMethods"))
        measures.inverse[measure_id] = record.flag("isInverse")
    return measures


def _put(
    home: dict[str, Measure], read: Callable[[Record], Measure], record: Record
) -> None:
    """Read a record and file it under its id."""
    home[record.text("measureId")] = read(record)


def _quality(record: Record) -> QualityMeasure:
    """Read a quality measure."""
    metric_type = record.text("metricType")
    multi = metric_type in MULTI_RATE
    return QualityMeasure(
        measure_id=record.text("measureId"),
        title=record.text("title"),
        measure_type=record.text("measureType"),
        metric_type=metric_type,
        overall_algorithm=record.text("overallAlgorithm") if multi else "",
        is_high_priority=record.flag("isHighPriority"),
        is_inverse=record.flag("isInverse"),
        is_qcdr=record.flag("isRegistryMeasure"),
        first_performance_year=record.whole("firstPerformanceYear"),
        submission_methods=frozenset(record.names("submissionMethods")),
        allowed_programs=_programs(record),
        strata=_strata(record) if multi else (),
        suppressed=_flagged(
            record, "isClinicalGuidelineChanged", "clinicalGuidelineChanged"
        ),
        truncated=_flagged(record, "isIcdImpacted", "icdImpacted"),
        cap_removed=_flagged(record, "isSevenPointCapRemoved", "sevenPointCapRemoved"),
        historic_benchmark_removed=_historic_removed(record),
        vendors=frozenset(record.names("allowedVendors")),
    )


def _programs(record: Record) -> frozenset[str]:
    """Read the programs that a measure is allowed in; an empty list is none."""
    if "allowedPrograms" not in record.fields:
        return BEFORE_PROGRAMS
    return frozenset(record.names("allowedPrograms"))


def _strata(record: Record) -> tuple[str, ...]:
    """Read the names of the rates to send, in CMS's order."""
    names = tuple(stratum.text("name") for stratum in record.records("strata"))
    if not names or len(set(names)) != len(names):
        record.refuse("strata", "names, each once")
    return names


def _flagged(record: Record, flag: str, methods: str) -> frozenset[Method]:
    """Read the methods that a flag is about; a flag without methods says too little."""
    found = frozenset(record.names(methods))
    if record.flag(flag) != bool(found):
        record.refuse(methods, f"the methods that {flag} is about")
    return found


def _historic_removed(record: Record) -> frozenset[Method]:
    """Read the methods whose historical benchmark must not be used."""
    table = record.table("historic_benchmarks")
    if set(table.values()) - {"removed"}:
        record.refuse("historic_benchmarks", "'removed' for each method")
    return frozenset(table)


def _interoperability(record: Record) -> InteroperabilityMeasure:
    """Read a Promoting Interoperability measure."""
    return InteroperabilityMeasure(
        measure_id=record.text("measureId"),
        title=record.text("title"),
        metric_type=record.text("metricType"),
        objective=record.optional_text("objective"),
        reporting_category=record.optional_text("reportingCategory"),
        is_required=record.flag("isRequired"),
        is_bonus=record.flag("isBonus"),
        exclusions=record.names("exclusion"),
        substitutes=record.names("substitutes"),
        engagement=record.names("preprod"),
        allowed_programs=_programs(record),
        weight=record.number("weight"),
        measure_sets=frozenset(record.names("measureSets")),
    )


def _activity(record: Record) -> Activity:
    """Read an improvement activity; from 2025 on none has a weight."""
    return Activity(
        measure_id=record.text("measureId"),
        title=record.text("title"),
        subcategory=record.optional_text("subcategoryId"),
        weight=record.optional_text("weight"),
        allowed_programs=_programs(record),
        cehrt_eligible=record.flag("cehrtEligible"),
    )


def _cost(record: Record, types_by_measure: Mapping[str, str]) -> CostMeasure:
    """Read a cost measure."""
    return CostMeasure(
        measure_id=record.text("measureId"),
        title=record.text("title"),
        cost_type=cost_type(record, types_by_measure),
        first_performance_year=record.whole("firstPerformanceYear"),
        allowed_programs=_programs(record),
    )
