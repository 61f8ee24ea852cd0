"""Values of quality measurements: counts that give a drawn rate, in every shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from qpp.catalogue import Benchmark
from qpp.mips.rates import OVERALL
from qpp.submission import ELECTRONIC
from qppflow.demo.chance import Draw, around, happens
from qppflow.demo.offer import Choice

JsonObject: TypeAlias = dict[str, Any]

_HUNDRED: Final = 100
_STEPS: Final = 10


@dataclass(frozen=True, slots=True)
class Patients:
    """The patients of one rate: how many, and how many the record accounts for."""

    eligible: int
    reported: int


def value(choice: Choice, patients: Patients, skill: float, chance: Draw) -> JsonObject:
    """Draw the value of a measurement for a practice of some *skill* (0 to 1)."""
    rate = _rate(choice, skill, chance)
    return _SHAPES[choice.measure.metric_type](choice, patients, rate, chance)


def at(row: Benchmark, place: float) -> float:
    """Give the figure at a *place* from worst (0) to best (1) of a ladder."""
    cuts = [float(cut) for cut in row.percentiles]
    height = (1 - place if row.is_inverse else place) * _STEPS
    step = min(int(height), _STEPS - 1)
    low, high = cuts[step], cuts[step + 1]
    return low + (high - low) * (height - step)


def _rate(choice: Choice, skill: float, chance: Draw) -> float:
    """Draw a performance rate: a place on the ladder, or any plausible rate."""
    place = around(chance, skill)
    if choice.benchmark is not None:
        return at(choice.benchmark, place)
    if choice.measure.metric_type == "nonProportion":
        return chance.uniform(10, 90)
    share = 1 - place if choice.measure.is_inverse else place
    return share * _HUNDRED


def _counts(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Split patients into met, not met, exclusions and exceptions."""
    electronic = choice.method == ELECTRONIC
    reported = patients.eligible if electronic else patients.reported
    excluded = 0
    if electronic or choice.measure.is_qcdr:
        excluded = int(reported * chance.uniform(0, 0.08))
    excepted = int(reported * chance.uniform(0, 0.04)) if happens(chance, 0.4) else 0
    rated = reported - excluded - excepted
    met = round(rated * min(max(rate, 0), _HUNDRED) / _HUNDRED)
    return {
        "performanceMet": met,
        "performanceNotMet": rated - met,
        "eligiblePopulationExclusion": excluded,
        "eligiblePopulationException": excepted,
        "eligiblePopulation": patients.eligible,
    }


def _single(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Write the counts of one rate."""
    counts = _counts(choice, patients, rate, chance)
    return {"isEndToEndReported": choice.method == ELECTRONIC, **counts}


def _several(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Write the counts of each stratum; ``overall`` has the most patients."""
    strata = []
    for name in choice.measure.strata:
        share = 1.0 if name == OVERALL else chance.uniform(0.35, 0.9)
        part = Patients(
            max(1, int(patients.eligible * share)),
            max(1, int(patients.reported * share)),
        )
        near = rate + chance.uniform(-4, 4)
        strata.append({**_counts(choice, part, near, chance), "stratum": name})
    return {"isEndToEndReported": choice.method == ELECTRONIC, "strata": strata}


def _registry_single(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Write one rate of a QCDR, which computes the percentage itself."""
    written = _single(choice, patients, rate, chance)
    return {**written, "performanceRate": _percent([written])}


def _registry_several(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Write the strata of a QCDR with the rate its algorithm gives."""
    written = _several(choice, patients, rate, chance)
    strata = written["strata"]
    algorithm = choice.measure.overall_algorithm
    if algorithm == "overallStratumOnly":
        strata = [item for item in strata if item["stratum"] == OVERALL] or strata
    elif algorithm == "simpleAverage":
        rates = [_percent([item]) for item in strata if item["stratum"] != OVERALL]
        return {**written, "performanceRate": round(sum(rates) / len(rates), 2)}
    else:
        strata = [item for item in strata if item["stratum"] != OVERALL] or strata
    return {**written, "performanceRate": _percent(strata)}


def _percent(parts: list[JsonObject]) -> float:
    """Compute a pooled rate in percent, two decimals; 0 where nobody counts."""
    met = sum(part["performanceMet"] for part in parts)
    rated = met + sum(part["performanceNotMet"] for part in parts)
    return round(met * _HUNDRED / rated, 2) if rated else 0.0


def _non_proportion(
    choice: Choice, patients: Patients, rate: float, chance: Draw
) -> JsonObject:
    """Write a measured value, such as minutes, and how often it was observed."""
    excepted = int(patients.reported * chance.uniform(0, 0.03))
    return {
        "isEndToEndReported": choice.method == ELECTRONIC,
        "numerator": round(rate, 2),
        "denominator": patients.eligible,
        "observationInstances": patients.reported - excepted,
        "numeratorExclusion": 0,
        "denominatorException": excepted,
    }


_SHAPES: Final[Mapping[str, Callable[[Choice, Patients, float, Draw], JsonObject]]] = {
    "singlePerformanceRate": _single,
    "multiPerformanceRate": _several,
    "registrySinglePerformanceRate": _registry_single,
    "registryMultiPerformanceRate": _registry_several,
    "nonProportion": _non_proportion,
}
