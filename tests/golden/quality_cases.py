"""The entity and the catalogue of a golden case about the quality category."""

from collections.abc import Mapping
from typing import Final

from qpp.inputs import ScoreInput
from qpp.mips.scoring import Law
from tests.golden.given import Given, prior_scores
from tests.helpers.law import (
    a_set,
    benchmark,
    earning,
    entity,
    law,
    measure,
)

# How a measure of a quality case may fail to earn what its rate says.
STATES: Final[Mapping[str, Mapping[str, object]]] = {
    "incomplete": {"performanceMet": 10, "eligiblePopulation": 100},
    "few": {"performanceMet": 19, "eligiblePopulation": 19},
    "empty": {"performanceMet": 0, "eligiblePopulation": 0},
}
FACTS: Final = {
    "type": "measure_type",
    "high_priority": "is_high_priority",
    "first_year": "first_performance_year",
    "suppressed": "suppressed",
}


def quality_case(given: Given) -> tuple[ScoreInput, Law]:
    """Make the entity and law of a quality case; all ladders are flat."""
    year = given.get("year", 2025)
    lines = given.get("measures", ())
    surveys, claims = given.get("cahps", {}), given.get("administrative_claims", {})
    made = [
        measure(
            line["id"],
            **{FACTS[name]: line[name] for name in FACTS if name in line},
        )
        for line in lines
    ]
    container = measure(
        "321", measure_type="patientEngagementExperience", is_high_priority=True
    )
    rows = [benchmark(line["id"], method=_method(line)) for line in lines]
    rows += [
        benchmark(name, method="certifiedSurveyVendor")
        for name in surveys
        if name != "CAHPS_7"
    ]
    rows += [
        benchmark(name, method="administrativeClaims", is_inverse=True)
        for name in ("479", "480", "484")
    ]
    methods = dict.fromkeys(_method(line) for line in lines)
    sets = [
        a_set(
            "quality",
            {
                line["id"]: STATES[line["state"]]
                if "state" in line
                else earning(line["earns"])
                for line in lines
                if _method(line) == method
            },
            method,
        )
        for method in methods
    ]
    who = entity(
        year,
        sets,
        given.get("statuses", ()),
        entityType=given.get("entity", "individual"),
        cahps={"measures": [{"measureId": n} | v for n, v in surveys.items()]},
        administrativeClaims={
            "measures": [{"measureId": n} | v for n, v in claims.items()]
        },
        priorScores=prior_scores(given),
    )
    return who, law(year, quality=[*made, container], benchmarks=rows)


def _method(line: Given) -> str:
    """Give the method a line of a quality case was sent by."""
    method: str = line.get("method", "registry")
    return method
