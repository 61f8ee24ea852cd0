"""The catalogue's files of measures: quality, interoperability, activities, cost."""

from typing import Final

from qpp import catalog_cells as cell
from qpp.catalog_table import Table
from qpp.catalogue import (
    Activity,
    CostMeasure,
    InteroperabilityMeasure,
    QualityMeasure,
)

ID: Final = ("measure_id",)


def _quality_cells(row: QualityMeasure) -> tuple[str, ...]:
    """Write a quality measure as its line."""
    return (
        cell.text(row.measure_id),
        cell.text(row.measure_type),
        cell.text(row.metric_type),
        cell.text(row.overall_algorithm),
        cell.flag(row.is_high_priority),
        cell.flag(row.is_inverse),
        cell.flag(row.is_qcdr),
        str(row.first_performance_year),
        cell.name_set(row.submission_methods),
        cell.names(row.strata),
        cell.name_set(row.suppressed),
        cell.name_set(row.truncated),
        cell.name_set(row.cap_removed),
        cell.name_set(row.historic_benchmark_removed),
        cell.name_set(row.vendors),
        cell.name_set(row.allowed_programs),
        cell.text(row.title),
    )


def _quality(cells: list[str]) -> QualityMeasure:
    """Read a quality measure from its line."""
    (
        measure_id,
        measure_type,
        metric_type,
        algorithm,
        high_priority,
        inverse,
        qcdr,
        first_year,
        methods,
        strata,
        suppressed,
        truncated,
        cap_removed,
        historic_removed,
        vendors,
        programs,
        title,
    ) = cells
    return QualityMeasure(
        measure_id=measure_id,
        title=title,
        measure_type=measure_type,
        metric_type=metric_type,
        overall_algorithm=algorithm,
        is_high_priority=cell.read_flag(high_priority),
        is_inverse=cell.read_flag(inverse),
        is_qcdr=cell.read_flag(qcdr),
        first_performance_year=cell.read_year(first_year),
        submission_methods=cell.read_name_set(methods),
        allowed_programs=cell.read_name_set(programs),
        strata=cell.read_names(strata),
        suppressed=cell.read_name_set(suppressed),
        truncated=cell.read_name_set(truncated),
        cap_removed=cell.read_name_set(cap_removed),
        historic_benchmark_removed=cell.read_name_set(historic_removed),
        vendors=cell.read_name_set(vendors),
    )


QUALITY: Final = Table(
    file="quality.csv",
    key=ID,
    facts=(
        "measure_type",
        "metric_type",
        "overall_algorithm",
        "high_priority",
        "inverse",
        "qcdr",
        "first_performance_year",
        "submission_methods",
        "strata",
        "suppressed",
        "truncated",
        "cap_removed",
        "historic_benchmark_removed",
        "vendors",
        "programs",
        "title",
    ),
    to_cells=_quality_cells,
    from_cells=_quality,
)


def _interoperability_cells(row: InteroperabilityMeasure) -> tuple[str, ...]:
    """Write an interoperability measure as its line."""
    return (
        cell.text(row.measure_id),
        cell.text(row.metric_type),
        cell.text(row.objective),
        cell.text(row.reporting_category),
        cell.flag(row.is_required),
        cell.flag(row.is_bonus),
        cell.number(row.weight),
        cell.name_set(row.measure_sets),
        cell.names(row.exclusions),
        cell.names(row.substitutes),
        cell.names(row.engagement),
        cell.name_set(row.allowed_programs),
        cell.text(row.title),
    )


def _interoperability(cells: list[str]) -> InteroperabilityMeasure:
    """Read an interoperability measure from its line."""
    (
        measure_id,
        metric_type,
        objective,
        reporting_category,
        required,
        bonus,
        weight,
        measure_sets,
        exclusions,
        substitutes,
        engagement,
        programs,
        title,
    ) = cells
    return InteroperabilityMeasure(
        measure_id=measure_id,
        title=title,
        metric_type=metric_type,
        objective=objective,
        reporting_category=reporting_category,
        is_required=cell.read_flag(required),
        is_bonus=cell.read_flag(bonus),
        weight=cell.read_number(weight) if weight else None,
        measure_sets=cell.read_name_set(measure_sets),
        exclusions=cell.read_names(exclusions),
        substitutes=cell.read_names(substitutes),
        engagement=cell.read_names(engagement),
        allowed_programs=cell.read_name_set(programs),
    )


INTEROPERABILITY: Final = Table(
    file="promoting_interoperability.csv",
    key=ID,
    facts=(
        "metric_type",
        "objective",
        "reporting_category",
        "required",
        "bonus",
        "weight",
        "measure_sets",
        "exclusions",
        "substitutes",
        "engagement",
        "programs",
        "title",
    ),
    to_cells=_interoperability_cells,
    from_cells=_interoperability,
)


def _activity_cells(row: Activity) -> tuple[str, ...]:
    """Write an activity as its line."""
    return (
        cell.text(row.measure_id),
        cell.text(row.subcategory),
        cell.text(row.weight),
        cell.flag(row.cehrt_eligible),
        cell.name_set(row.allowed_programs),
        cell.text(row.title),
    )


def _activity(cells: list[str]) -> Activity:
    """Read an activity from its line."""
    measure_id, subcategory, weight, cehrt, programs, title = cells
    return Activity(
        measure_id=measure_id,
        title=title,
        subcategory=subcategory,
        weight=weight,
        cehrt_eligible=cell.read_flag(cehrt),
        allowed_programs=cell.read_name_set(programs),
    )


ACTIVITIES: Final = Table(
    file="improvement_activities.csv",
    key=ID,
    facts=("subcategory", "weight", "cehrt_eligible", "programs", "title"),
    to_cells=_activity_cells,
    from_cells=_activity,
)


def _cost_cells(row: CostMeasure) -> tuple[str, ...]:
    """Write a cost measure as its line."""
    return (
        cell.text(row.measure_id),
        cell.text(row.cost_type),
        str(row.first_performance_year),
        cell.name_set(row.allowed_programs),
        cell.text(row.title),
    )


def _cost(cells: list[str]) -> CostMeasure:
    """Read a cost measure from its line."""
    measure_id, cost_type, first_year, programs, title = cells
    return CostMeasure(
        measure_id=measure_id,
        title=title,
        cost_type=cost_type,
        first_performance_year=cell.read_year(first_year),
        allowed_programs=cell.read_name_set(programs),
    )


COST: Final = Table(
    file="cost.csv",
    key=ID,
    facts=("cost_type", "first_performance_year", "programs", "title"),
    to_cells=_cost_cells,
    from_cells=_cost,
)
