"""The entity and the catalogue of a golden case about the quality category."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from qpp.catalogue import Catalogue, Cluster, Mvp
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
    "twenty": {"performanceMet": 20, "eligiblePopulation": 20},
    "twenty-one": {"performanceMet": 21, "eligiblePopulation": 21},
    "empty": {"performanceMet": 0, "eligiblePopulation": 0},
}
FACTS: Final = {
    "type": "measure_type",
    "high_priority": "is_high_priority",
    "first_year": "first_performance_year",
    "suppressed": "suppressed",
    "qcdr": "is_qcdr",
}
# What CMS computes from claims; only 480 and 492 can be selected in an MVP.
COMPUTED: Final = ("479", "480", "484", "492")


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
    rows = [
        benchmark(line["id"], method=_method(line), capped=line.get("capped", False))
        for line in lines
        if line.get("benchmark", True)
    ]
    rows += [
        benchmark(name, method="certifiedSurveyVendor")
        for name in surveys
        if name != "CAHPS_7"
    ]
    rows += [
        benchmark(name, method="administrativeClaims", is_inverse=True)
        for name in ("479", "480", "484")
        if name not in given.get("without_benchmark", ())
    ]
    made += [measure(name, measure_type="outcome") for name in COMPUTED]
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
        programName=given.get("program"),
        registration=given.get("registration"),
    )
    made_law = law(year, quality=[*made, container], benchmarks=rows)
    return who, replace(made_law, catalogue=_programs(given, made_law.catalogue))


def _programs(given: Given, catalogue: Catalogue) -> Catalogue:
    """Add the MVP of a case, which lists every line but those outside it, and topics.

    ``by_claims`` names measures of the MVP that can also be reported by claims.
    """
    lines = given.get("measures", ())
    by_claims = frozenset(given.get("by_claims", ()))
    extra = {
        name: measure(name, submission_methods=["claims"])
        for name in by_claims - catalogue.quality.keys()
    }
    known = {**catalogue.quality, **extra}
    for name in by_claims:
        known[name] = replace(known[name], submission_methods=frozenset({"claims"}))
    listed = {line["id"] for line in lines if not line.get("outside", False)}
    mvp = Mvp(
        mvp_id="G0059",
        title="An MVP",
        quality=frozenset(listed) | by_claims,
        activities=frozenset({"IA_MEDIUM_1"}),
        cost=frozenset(),
        population_health=frozenset({"479", "484"}),
        outcome_claims=frozenset({"480"}),
    )
    clusters: dict[tuple[str, str], tuple[Cluster, ...]] = {}
    for group in given.get("groups", ()):
        cluster = Cluster(group["name"], group["kind"], frozenset(group["measures"]))
        for name in group["measures"]:
            key = name, group.get("method", "registry")
            clusters[key] = (*clusters.get(key, ()), cluster)
    return replace(catalogue, quality=known, mvps={"G0059": mvp}, clusters=clusters)


def _method(line: Given) -> str:
    """Give the method a line of a quality case was sent by."""
    method: str = line.get("method", "registry")
    return method
