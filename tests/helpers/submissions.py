"""Submissions, feeds and a small catalogue for tests: right until one breaks them."""

import copy
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from qpp.catalogue import (
    Activity,
    Benchmark,
    Catalogue,
    CostMeasure,
    InteroperabilityMeasure,
    QualityMeasure,
)
from qpp.finding_rules import FindingRules, read_finding_rules
from qpp.findings import Finding
from qpp.mips.rules import MipsRules, read_rules

Json: TypeAlias = dict[str, Any]

RULES = Path(__file__).parents[2] / "qpp" / "rules"
# A fake TIN, and the NPI of CMS's own note on check digits.
TIN = "000123456"
NPI = "1234567893"
CEHRT = "2025CABCDEFGHIJ"

REGISTRY = frozenset({"registry"})
BOTH = frozenset({"registry", "electronicHealthRecord"})


@cache
def rules_of(year: int = 2025) -> MipsRules:
    """Read the rule book of a year as it stands in the repository."""
    folder = RULES / "mips" / f"py{year}"
    files = {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    return read_rules(f"mips/py{year}", files)


@cache
def finding_rules() -> FindingRules:
    """Read what every finding code means."""
    folder = RULES / "findings"
    return read_finding_rules(
        {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    )


def quality_measure(measure_id: str, **changed: object) -> QualityMeasure:
    """Make a process measure with a single rate, open to traditional MIPS."""
    facts: dict[str, Any] = {
        "measure_id": measure_id,
        "title": f"Measure {measure_id}",
        "measure_type": "process",
        "metric_type": "singlePerformanceRate",
        "overall_algorithm": "",
        "is_high_priority": False,
        "is_inverse": False,
        "is_qcdr": False,
        "first_performance_year": 2017,
        "submission_methods": BOTH,
        "allowed_programs": frozenset({"mips"}),
        "strata": (),
        "suppressed": frozenset(),
        "truncated": frozenset(),
        "cap_removed": frozenset(),
        "historic_benchmark_removed": frozenset(),
    }
    facts.update(changed)
    return QualityMeasure(**facts)


def _several(
    measure_id: str, algorithm: str, *strata: str, **changed: object
) -> QualityMeasure:
    """Make a measure with several rates."""
    kind: Json = {"metric_type": "multiPerformanceRate"}
    return quality_measure(
        measure_id, strata=strata, overall_algorithm=algorithm, **kind | changed
    )


def _qcdr(measure_id: str, **changed: object) -> QualityMeasure:
    """Make a measure of a qualified clinical data registry."""
    kind: Json = {"is_qcdr": True, "submission_methods": REGISTRY}
    return quality_measure(measure_id, **kind | changed)


def _quality() -> list[QualityMeasure]:
    """One measure of every kind that the checks tell apart."""
    return [
        quality_measure(
            "001", measure_type="intermediateOutcome", is_high_priority=True
        ),
        *(quality_measure(name) for name in ("047", "110", "130", "226a", "317")),
        quality_measure("112", allowed_programs=frozenset({"appPlus"})),
        quality_measure("130hp", is_high_priority=True),
        quality_measure("389", suppressed=REGISTRY),
        quality_measure("488", submission_methods=BOTH),
        quality_measure("487", first_performance_year=2025),
        quality_measure("486", first_performance_year=2024),
        quality_measure(
            "318", submission_methods=frozenset({"electronicHealthRecord"})
        ),
        quality_measure("399"),
        quality_measure(
            "479",
            metric_type="costScore",
            submission_methods=frozenset({"administrativeClaims"}),
        ),
        *(
            quality_measure(
                name,
                metric_type="cahps",
                submission_methods=frozenset({"certifiedSurveyVendor"}),
            )
            for name in ("321", "CAHPS_1")
        ),
        _several("052", "simpleAverage", "spirometry", "bronchodilator"),
        _several("226", "split", "reporting", "performance", "combinedPopulations"),
        _several(
            "238", "overallStratumOnly", "overall", "appropriateDiagnosis", "totalRate"
        ),
        _qcdr("AQI49", metric_type="registrySinglePerformanceRate"),
        _several(
            "AQI48",
            "overallStratumOnly",
            "surveyed",
            "overall",
            metric_type="registryMultiPerformanceRate",
            is_qcdr=True,
            submission_methods=REGISTRY,
        ),
        _qcdr("ACRAD15", metric_type="nonProportion"),
    ]


def _interoperability(
    measure_id: str,
    exclusions: tuple[str, ...] = (),
    substitutes: tuple[str, ...] = (),
    metric_type: str = "boolean",
) -> InteroperabilityMeasure:
    """Make a Promoting Interoperability measure."""
    return InteroperabilityMeasure(
        measure_id=measure_id,
        title=f"Measure {measure_id}",
        metric_type=metric_type,
        objective="",
        reporting_category="required",
        is_required=True,
        is_bonus=False,
        exclusions=exclusions,
        substitutes=substitutes,
        engagement=(),
        allowed_programs=frozenset({"mips", "app1", "G0053"}),
    )


def _alternatives(name: str, ending: tuple[str, ...]) -> list[InteroperabilityMeasure]:
    """Make ids of which only one may be sent: levels of engagement, exclusions."""
    ids = [name + part for part in ending]
    return [
        _interoperability(one, (), tuple(other for other in ids if other != one))
        for one in ids
    ]


def _promoting_interoperability() -> list[InteroperabilityMeasure]:
    """All measures that the rule files name, with what excludes and replaces what."""
    ways = ("PI_HIE_1", "PI_HIE_4", "PI_HIE_5", "PI_HIE_6")
    excluded = ("_EX_1", "_EX_2", "_EX_3")
    levels = ("_PRE", "_PROD")
    health = [f"PI_PHCDRR_{number}" for number in (1, 2, 3, 4, 5)]
    return [
        *(
            _interoperability(name)
            for name in ("PI_PPHI_1", "PI_PPHI_2", "PI_INFBLO_1", "PI_ONCDIR_1")
        ),
        _interoperability("PI_ONCACB_1"),
        _interoperability("PI_EP_1", ("PI_LVPP_1",), metric_type="proportion"),
        _interoperability("PI_EP_2", ("PI_EP_2_EX_1", "PI_EP_2_EX_2")),
        *_alternatives("PI_EP_2", ("_EX_1", "_EX_2")),
        *(
            _interoperability(name)
            for name in ("PI_LVPP_1", "PI_LVOTC_1", "PI_LVITC_2")
        ),
        _interoperability("PI_HIE_1", ("PI_LVOTC_1",), ways[2:], "proportion"),
        _interoperability("PI_HIE_4", ("PI_LVITC_2",), ways[2:], "proportion"),
        _interoperability("PI_HIE_5", (), (*ways[:2], "PI_HIE_6")),
        _interoperability("PI_HIE_6", (), ways[:3]),
        _interoperability("PI_PEA_1", metric_type="proportion"),
        *(
            _interoperability(name, tuple(name + part for part in excluded))
            for name in health
        ),
        *(item for name in health for item in _alternatives(name, excluded)),
        *(item for name in health for item in _alternatives(name, levels)),
    ]


def _benchmark(measure_id: str, method: str) -> Benchmark:
    """Make a benchmark whose cut points are the percent of their percentile."""
    cuts = (1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99)
    return Benchmark(
        measure_id=measure_id,
        submission_method=method,
        benchmark_year=2023,
        is_inverse=False,
        is_topped_out=False,
        capped=False,
        is_mock=False,
        average=None,
        percentiles=tuple(map(Decimal, cuts)),
    )


@cache
def catalogue_of(year: int = 2025) -> Catalogue:
    """Make a catalogue of a few measures; only 399 has no benchmark."""
    quality = {measure.measure_id: measure for measure in _quality()}
    mips, mvps = frozenset({"mips"}), frozenset({"G0053"})
    return Catalogue(
        id=f"py{year}@test",
        year=year,
        quality=quality,
        interoperability={
            measure.measure_id: measure for measure in _promoting_interoperability()
        },
        activities={
            name: Activity(name, name, "", "medium", programs)
            for name, programs in (
                ("IA_BE_4", mips),
                ("IA_BE_6", mips),
                ("IA_MVP", mvps),
            )
        },
        cost={"TPCC_1": CostMeasure("TPCC_1", "Total cost", "", 2017, mips)},
        benchmarks={
            (name, method): _benchmark(name, method)
            for name, measure in quality.items()
            for method in measure.submission_methods
            if name != "399"
        },
        exclusion_reasons={("488", "electronicHealthRecord"): ("BR-022",)},
        programs=frozenset({"mips", "app1", "appPlus", "G0053"}),
    )


def rate(met: int = 80, not_met: int = 20, **more: object) -> Json:
    """Make the counts of a single rate that accounts for everybody."""
    return {
        "isEndToEndReported": True,
        "performanceMet": met,
        "performanceNotMet": not_met,
        "eligiblePopulation": met + not_met,
    } | more


def stratum(name: str, met: int = 80, not_met: int = 20, **more: object) -> Json:
    """Make the counts of one stratum that accounts for everybody."""
    counts = rate(met, not_met, **more)
    del counts["isEndToEndReported"]
    return counts | {"stratum": name}


def strata(*names: str, **more: object) -> Json:
    """Make the value of a measure with several rates."""
    return {
        "isEndToEndReported": True,
        "strata": [stratum(name) for name in names],
    } | more


def measurement(measure_id: str, value: object) -> Json:
    """Make one measurement."""
    return {"measureId": measure_id, "value": value}


def measurement_set(
    category: str,
    measurements: Iterable[Json],
    method: str = "registry",
    year: int = 2025,
    **more: object,
) -> Json:
    """Make a measurement set over a whole year."""
    return {
        "category": category,
        "submissionMethod": method,
        "performanceStart": f"{year}-01-01",
        "performanceEnd": f"{year}-12-31",
        "measurements": list(measurements),
    } | more


def six_measures() -> list[Json]:
    """Make six quality measurements, one of an outcome."""
    names = ("001", "047", "110", "130", "226a", "317")
    return [measurement(name, rate()) for name in names]


PI_ANSWERS: Mapping[str, Any] = {
    "PI_PPHI_1": True,
    "PI_PPHI_2": True,
    "PI_INFBLO_1": True,
    "PI_ONCDIR_1": True,
    "PI_EP_1": {"numerator": 49, "denominator": 115},
    "PI_EP_2": True,
    "PI_HIE_5": True,
    "PI_PEA_1": {"numerator": 861, "denominator": 1809},
    "PI_PHCDRR_1": True,
    "PI_PHCDRR_1_PROD": True,
    "PI_PHCDRR_3": True,
    "PI_PHCDRR_3_PROD": True,
}


def pi_set(answers: Mapping[str, object] = PI_ANSWERS, **more: object) -> Json:
    """Make a Promoting Interoperability set, complete unless *answers* are not."""
    made = measurement_set(
        "pi",
        [measurement(name, value) for name, value in answers.items()],
    )
    return made | {"cehrtId": CEHRT} | more


def submission(*sets: Json, **more: object) -> Json:
    """Make an individual's submission, of all three categories without *sets*."""
    complete = (
        measurement_set("quality", six_measures()),
        pi_set(),
        measurement_set("ia", [measurement("IA_BE_4", value=True)]),
    )
    return {
        "entityType": "individual",
        "taxpayerIdentificationNumber": TIN,
        "nationalProviderIdentifier": NPI,
        "performanceYear": 2025,
        "measurementSets": list(sets or complete),
    } | more


def feed(kind: str, **fields: object) -> Json:
    """Make a feed about a group."""
    return {
        "feed": kind,
        "entityType": "group",
        "taxpayerIdentificationNumber": TIN,
        "performanceYear": 2025,
    } | fields


def changed(document: Json, pointer: str, value: object) -> Json:
    """Copy a document with *value* at a JSON pointer, whose last step may be new."""
    made = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    node: Any = made
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = value
    return made


def without(document: Json, pointer: str) -> Json:
    """Copy a document without what stands at a JSON pointer."""
    made = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    node: Any = made
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    del node[int(last) if isinstance(node, list) else last]
    return made


def places(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Give code and pointer of each finding."""
    return [(finding.code, finding.pointer) for finding in findings]
