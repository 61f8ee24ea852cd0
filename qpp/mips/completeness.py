"""Assess every quality measurement of an entity before anything is scored."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from qpp.catalogue import Catalogue
from qpp.mips.rates import Assessment, assess
from qpp.mips.rules import QualityRules
from qpp.mips.usual_rates import assess_usual
from qpp.submission import (
    QUALITY,
    Counts,
    Json,
    MeasurementSet,
    NonProportion,
    Strata,
)
from qpp.trace import Trace


class AssessedMeasure(NamedTuple):
    """One quality measurement with its rates; ``assumptions`` it rests on."""

    measure_id: str
    submission_method: str
    assessment: Assessment
    assumptions: frozenset[str]


def assess_quality(
    sets: Iterable[MeasurementSet], catalogue: Catalogue, rules: QualityRules
) -> tuple[AssessedMeasure, ...]:
    """Assess the measurements of all quality sets, in their order.

    Raises:
        KeyError: a measure is not in the catalogue, which checks should have found.
    """
    return tuple(
        [
            _assessed(measure_id, value, group.submission_method, catalogue, rules)
            for group in sets
            if group.category == QUALITY
            for measure_id, value in group.measurements
        ]
    )


def _assessed(
    measure_id: str,
    value: object,
    method: str,
    catalogue: Catalogue,
    rules: QualityRules,
) -> AssessedMeasure:
    """Assess one measurement."""
    measure = catalogue.quality[measure_id]
    if type(value) is Counts:
        assessment, assumptions = assess_usual(value, measure, rules)
        if assessment is not None:
            assessed = measure_id, method, assessment, assumptions
            # Half the time of naming the fields, for what each document has many of.
            return tuple.__new__(AssessedMeasure, assessed)
    assert isinstance(value, Counts | Strata | NonProportion)
    trace = Trace()
    assessment = assess(value, measure, rules, method, trace)
    return AssessedMeasure(measure_id, method, assessment, frozenset(trace.assumptions))


def write_assessed(item: AssessedMeasure) -> dict[str, object]:
    """Write an assessed measure as events carry it: figures as strings."""
    found = item.assessment
    rate = found.performance_rate
    return {
        "measureId": item.measure_id,
        "submissionMethod": item.submission_method,
        "reported": str(found.reported),
        "population": str(found.population),
        "caseCount": str(found.case_count),
        "performanceRate": None if rate is None else str(rate),
        "complete": found.complete,
        "excluded": found.excluded,
        "assumptions": sorted(item.assumptions),
    }


def read_assessed(document: Json) -> AssessedMeasure:
    """Read what ``write_assessed`` wrote."""
    rate = document["performanceRate"]
    return AssessedMeasure(
        measure_id=document["measureId"],
        submission_method=document["submissionMethod"],
        assessment=Assessment(
            reported=Decimal(document["reported"]),
            population=Decimal(document["population"]),
            case_count=Decimal(document["caseCount"]),
            performance_rate=None if rate is None else Decimal(rate),
            complete=document["complete"],
            excluded=document["excluded"],
        ),
        assumptions=frozenset(document["assumptions"]),
    )
