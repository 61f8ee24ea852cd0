"""Whole documents as registries and CMS send them: right until a test breaks them."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from qppflow.runtime.schemas import submission_schema

Json: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Json], object]

TIN = "000123456"
NPI = "1234567893"
CEHRT = "2025CABCDEFGHIJ"
YEAR = 2025

COUNTS: Json = {
    "performanceMet": 80,
    "performanceNotMet": 15,
    "eligiblePopulationExclusion": 0,
    "eligiblePopulationException": 5,
    "eligiblePopulation": 100,
}


def strata(*names: str) -> list[Json]:
    """Give counts for each of the strata *names*."""
    return [{"stratum": name, **COUNTS} for name in names]


def value_of(shape: str, *names: str) -> bool | Json:
    """Give a right value of a shape; *names* are those of its strata."""
    sent: Json = {"isEndToEndReported": False}
    values: dict[str, bool | Json] = {
        "boolean": True,
        "proportion": {"numerator": 9, "denominator": 10},
        "singlePerformanceRate": sent | COUNTS,
        "registrySinglePerformanceRate": sent
        | COUNTS
        | {"numeratorExclusion": 0, "performanceRate": 84.21},
        "multiPerformanceRate": sent | {"strata": strata(*names)},
        "registryMultiPerformanceRate": sent
        | {"strata": strata(*names), "performanceRate": 84.21},
        "nonProportion": sent
        | {"numerator": 31.5, "denominator": 40, "observationInstances": 40},
    }
    return values[shape]


def quality_set(*measurements: Json, year: int = YEAR) -> Json:
    """Give a quality set by registry."""
    return {
        "category": "quality",
        "submissionMethod": "registry",
        "programName": "mips",
        "performanceStart": f"{year}-01-01",
        "performanceEnd": f"{year}-12-31",
        "measurements": list(measurements),
    }


def submission(year: int = YEAR) -> Json:
    """Give a group's submission with one measurement of every shape there is."""
    shapes: dict[str, str] = {}
    for measure, shape in submission_schema(year).shapes.items():
        shapes.setdefault(shape, measure)
    return {
        "entityType": "group",
        "taxpayerIdentificationNumber": TIN,
        "performanceYear": year,
        "measurementSets": [
            quality_set(
                *(
                    {"measureId": measure, "value": value_of(shape, "first", "overall")}
                    for shape, measure in shapes.items()
                ),
                year=year,
            )
        ],
    }


def measurement_set(year: int = YEAR) -> Json:
    """Give the same as a measurement set with its submission inside."""
    whole = submission(year)
    sets: list[Json] = whole.pop("measurementSets")
    return {"submission": whole, **sets[0]}


def body(document: object) -> bytes:
    """Write a document as it travels."""
    return json.dumps(document).encode()


def broken(*changes: Change, year: int = YEAR) -> Json:
    """Give a submission after *changes*."""
    document = submission(year)
    for change in changes:
        change(document)
    return document


def measurement(document: Json, shape: str) -> Json:
    """Find the measurement of a shape in a submission."""
    shapes = submission_schema(document["performanceYear"]).shapes
    listed: list[Json] = document["measurementSets"][0]["measurements"]
    return next(item for item in listed if shapes[item["measureId"]] == shape)


def pointer_of(document: Json, shape: str) -> str:
    """Give the pointer to the value of the measurement of a shape."""
    listed = document["measurementSets"][0]["measurements"]
    place = listed.index(measurement(document, shape))
    return f"/measurementSets/0/measurements/{place}/value"


def feed(name: str, year: int = YEAR, **fields: object) -> Json:
    """Give a feed about a group."""
    return {
        "feed": name,
        "performanceYear": year,
        "entityType": "group",
        "taxpayerIdentificationNumber": TIN,
        **fields,
    }


def feeds(year: int = YEAR) -> list[Json]:
    """Give one right document of every feed."""
    claims = {"measureId": "TPCC_1", "score": "1518.4950", "caseCount": 40}
    survey = {"measureId": "CAHPS_1", "score": "87.5", "mask": False}
    decision = {"category": "pi", "reason": "hardship", "approved": True}
    return [
        feed(
            "profile",
            year,
            specialStatuses=["smallPractice"],
            roster=[{"nationalProviderIdentifier": NPI}],
            eligibility={
                "qpStatus": "none",
                "segments": [
                    {
                        "segment": 1,
                        "allowedCharges": "120000.50",
                        "beneficiaries": 250,
                        "coveredServices": 900,
                        "clinicians": 12,
                        "members": 12,
                        "hospitalBasedMembers": 10,
                        "inRuralArea": True,
                    }
                ],
            },
        ),
        feed("cost-attribution", year, measures=[claims]),
        feed("administrative-claims", year, measures=[claims]),
        feed("cahps", year, measures=[survey]),
        feed("reweighting", year, decisions=[decision]),
        feed(
            "prior-scores",
            year,
            qualityAchievementPercent="71.25",
            qualityFacilityBased=False,
            costPercent="100",
            identifierMatch="sameIdentifier",
        ),
        feed("complex-patient-bonus", year, points="3.75"),
        feed(
            "facility-based",
            year,
            hospitalPercentile="80",
            qualityScoreAtPercentile="88.5",
            costScoreAtPercentile="71",
        ),
        feed("election", year, election="optIn", electedOn=f"{year}-11-30"),
    ]


def places(document: object) -> Iterator[tuple[Json | list[Any], Any]]:
    """Give every place below a document, as container and key."""
    if isinstance(document, dict):
        for name, value in list(document.items()):
            yield document, name
            yield from places(value)
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield document, index
            yield from places(value)


ODD_VALUES: tuple[object, ...] = (
    None, True, "", "x", "12", "2025-02-30", "quality", -1, 0, 1.5, 10**16, 2024,
    [], [1], {}, {"performanceMet": 1}, {"numerator": 1, "denominator": 2},
)  # fmt: skip


def mutated(document: Json, seed: int) -> Json:
    """Break a document in one to three places, the same for the same *seed*."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
    for _ in range(chance.randint(1, 3)):
        container, key = chance.choice(list(places(document)))
        what = chance.randrange(4)
        if what == 0 and isinstance(container, dict):
            del container[key]
        elif what == 1 and isinstance(container, dict):
            container[chance.choice(("extra", "score", "value"))] = 1
        else:
            container[key] = copy.deepcopy(chance.choice(ODD_VALUES))
    return document
