"""What a year's catalogue offers: the measures a practice may choose from."""

from functools import cache
from typing import Final, NamedTuple

from qpp.catalogue import Benchmark, QualityMeasure
from qpp.library import catalogue, rules
from qpp.submission import ADMINISTRATIVE_CLAIMS
from qppflow.demo.specialties import Specialty

MIPS: Final = "mips"


class Choice(NamedTuple):
    """A measure by one method, with its benchmark where there is a real one."""

    measure: QualityMeasure
    method: str
    benchmark: Benchmark | None


@cache
def choices(year: int, specialty: Specialty, method: str) -> tuple[Choice, ...]:
    """List the quality measures of a specialty that may be sent by *method*."""
    known = catalogue(year)
    found = []
    for name in dict.fromkeys(specialty.measures.split()):
        measure = known.quality.get(name)
        if measure is None or MIPS not in measure.allowed_programs:
            continue
        if method not in measure.submission_methods:
            continue
        row = known.benchmarks.get((name, method))
        found.append(
            Choice(measure, method, None if row is None or row.is_mock else row)
        )
    return tuple(found)


@cache
def activities(year: int) -> tuple[str, ...]:
    """List the improvement activities of traditional MIPS, but not a medical home."""
    known = catalogue(year)
    whole = rules(year).improvement_activities.medical_home_activities.value
    return tuple(
        name
        for name, activity in known.activities.items()
        if MIPS in activity.allowed_programs and name not in whole
    )


@cache
def cost_rows(year: int, specialty: Specialty) -> tuple[Benchmark, ...]:
    """List the ladders of the cost measures that a specialty is attributed."""
    rows = catalogue(year).benchmarks
    names = [
        "TPCC_1",
        "MSPB_1",
        *(f"COST_{name}_1" for name in specialty.costs.split()),
    ]
    keys = [(name, ADMINISTRATIVE_CLAIMS) for name in names]
    return tuple(rows[key] for key in keys if key in rows)
