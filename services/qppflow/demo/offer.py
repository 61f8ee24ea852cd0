"""What a year's catalogue offers: the measures a practice may choose from."""

from functools import cache
from typing import Final, NamedTuple

from qpp.catalogue import Benchmark, QualityMeasure
from qpp.library import catalogue, rules
from qpp.submission import ADMINISTRATIVE_CLAIMS, ELECTRONIC, REGISTRY
from qppflow.demo.specialties import Specialty

MIPS: Final = "mips"
APP: Final = "app1"
APP_PLUS: Final = "appPlus"
# What is left out there is for practices that share savings with Medicare.
_SHARED_SAVINGS: Final = "SSP"


class Choice(NamedTuple):
    """A measure by one method, with its benchmark where there is a real one."""

    measure: QualityMeasure
    method: str
    benchmark: Benchmark | None


@cache
def choices(
    year: int, specialty: Specialty, method: str, program: str = MIPS
) -> tuple[Choice, ...]:
    """List the quality measures of a specialty that may be sent by *method*."""
    known = catalogue(year)
    found = []
    for name in _names(year, specialty, program):
        measure = known.quality.get(name)
        if measure is None or program not in measure.allowed_programs:
            continue
        if method not in measure.submission_methods:
            continue
        row = known.benchmarks.get((name, method))
        found.append(
            Choice(measure, method, None if row is None or row.is_mock else row)
        )
    return tuple(found)


@cache
def pathway(year: int, specialty: Specialty) -> str | None:
    """Name the MVP that a specialty has most measures of; None if it has too few."""
    needed = rules(year).submission.measures_expected_in_an_mvp.value
    shared = {
        name: len(choices(year, specialty, REGISTRY, name)) for name in _mvps(year)
    }
    best = max(shared, key=lambda name: (shared[name], name), default=None)
    return best if best is not None and shared[best] >= needed else None


def offers(year: int, program: str) -> bool:
    """Say whether anybody may send quality measures for a program in a year."""
    return any(
        program in measure.allowed_programs
        and not measure.submission_methods.isdisjoint({REGISTRY, ELECTRONIC})
        for measure in catalogue(year).quality.values()
    )


@cache
def activities(year: int, program: str = MIPS) -> tuple[str, ...]:
    """List the improvement activities of a program, but not a medical home."""
    known = catalogue(year)
    whole = rules(year).improvement_activities.medical_home_activities.value
    return tuple(
        name
        for name, activity in known.activities.items()
        if program in activity.allowed_programs and name not in whole
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


def _mvps(year: int) -> tuple[str, ...]:
    """Name the MVPs of a year."""
    return tuple(sorted(catalogue(year).mvps))


def _names(year: int, specialty: Specialty, program: str) -> tuple[str, ...]:
    """Name the measures to choose from: the APP's are the same for everybody."""
    if program in {APP, APP_PLUS}:
        names = catalogue(year).quality
        return tuple(name for name in names if not name.endswith(_SHARED_SAVINGS))
    return tuple(dict.fromkeys(specialty.measures.split()))
