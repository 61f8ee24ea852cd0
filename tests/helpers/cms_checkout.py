"""A tiny checkout shaped like CMS's, of a year no file of the project knows."""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from qpp.cms_import import Imported, import_catalogue

Row: TypeAlias = dict[str, Any]

YEAR = 2031
PROGRAMS = {"mips": "mips", "pcf": "pcf", "DEFAULT": "mips"}
TYPES = {"MSPB_9": "population"}
LADDER = "1 10 20 30 40 50 60 70 80 90 99"


def quality(measure_id: str = "901", **changes: object) -> Row:
    """Make a quality measure with one rate."""
    row: Row = {
        "category": "quality",
        "measureId": measure_id,
        "title": f"Measure {measure_id}",
        "measureType": "process",
        "metricType": "singlePerformanceRate",
        "isHighPriority": False,
        "isInverse": False,
        "isRegistryMeasure": False,
        "firstPerformanceYear": YEAR - 5,
        "submissionMethods": ["registry", "electronicHealthRecord"],
        "allowedPrograms": ["mips", "G0099"],
        "strata": [{"description": "a container of ids, not a rate"}],
        "isClinicalGuidelineChanged": False,
        "clinicalGuidelineChanged": [],
        "isIcdImpacted": False,
    }
    return row | changes


def several_rates(measure_id: str = "902", **changes: object) -> Row:
    """Make a quality measure with three rates, the odd names CMS has among them."""
    names = ("overall", "male65+", "follow-up/trtmt")
    row = quality(
        measure_id,
        metricType="multiPerformanceRate",
        overallAlgorithm="overallStratumOnly",
        strata=[{"name": name} for name in names],
    )
    return row | changes


def interoperability(measure_id: str = "PI_X_1", **changes: object) -> Row:
    """Make a Promoting Interoperability measure."""
    row: Row = {
        "category": "pi",
        "measureId": measure_id,
        "title": "Exchange\nof everything",
        "metricType": "proportion",
        "objective": "exchange",
        "reportingCategory": None,
        "isRequired": True,
        "isBonus": False,
        "exclusion": None,
        "substitutes": ["PI_X_2"],
        "allowedPrograms": ["mips"],
    }
    return row | changes


def activity(measure_id: str = "IA_X_1", **changes: object) -> Row:
    """Make an improvement activity."""
    row: Row = {
        "category": "ia",
        "measureId": measure_id,
        "title": "An activity",
        "metricType": "boolean",
        "subcategoryId": None,
        "allowedPrograms": ["mips"],
    }
    return row | changes


def cost(measure_id: str = "COST_X_1", **changes: object) -> Row:
    """Make a cost measure whose description names its type."""
    row: Row = {
        "category": "cost",
        "measureId": measure_id,
        "title": "Something dear",
        "description": "It is a Procedural measure of what something costs.",
        "metricType": "costScore",
        "isInverse": True,
        "firstPerformanceYear": YEAR - 3,
        "submissionMethods": ["administrativeClaims"],
        "allowedPrograms": ["mips"],
    }
    return row | changes


def benchmark(
    measure_id: str = "901",
    method: str = "registry",
    ladder: str = LADDER,
    **changes: object,
) -> Row:
    """Make a benchmark row; numbers of *ladder* stay as they are written."""
    names = LADDER.split()
    values = [Decimal(text) if "." in text else int(text) for text in ladder.split()]
    row: Row = {
        "measureId": measure_id,
        "submissionMethod": method,
        "benchmarkYear": YEAR - 2,
        "performanceYear": YEAR,
        "isInverse": False,
        "isToppedOut": False,
        "isToppedOutByProgram": False,
        "averagePerformanceRate": Decimal("55.50"),
        "percentiles": dict(zip(names, values, strict=True)),
    }
    return row | changes


def exclusion(measure_id: str = "901", **changes: object) -> Row:
    """Make a row that says why there is no benchmark."""
    row: Row = {
        "measureId": measure_id,
        "submissionMethod": "electronicHealthRecord",
        "benchmarkYear": YEAR - 2,
        "performanceYear": YEAR,
        "reasonCodes": ["BR-009"],
        "reasonDescriptions": ["words"],
    }
    return row | changes


def lower_bounds(
    measure_id: str = "901",
    bounds: str = "0 10 20 30 40 50 60 70 80",
    **changes: object,
) -> Row:
    """Make a benchmark row as CMS wrote them until 2022."""
    row = benchmark(measure_id)
    for name in ("percentiles", "isInverse", "averagePerformanceRate"):
        del row[name]
    return row | {"deciles": [Decimal(text) for text in bounds.split()]} | changes


def mvp(mvp_id: str = "G0099", **changes: object) -> Row:
    """Make an MVP of the two quality measures."""
    row: Row = {
        "mvpId": mvp_id,
        "title": "A pathway",
        "qualityMeasureIds": ["902", "901"],
        "iaMeasureIds": [],
        "costMeasureIds": [],
        "foundationPiMeasureIds": [],
        "foundationQualityMeasureIds": [],
        "administrativeClaimsMeasureIds": [],
        "hasCahps": False,
        "hasOutcomeAdminClaims": False,
    }
    return row | changes


def cluster(measure_id: str, *members: str, name: str = "aTopic") -> Row:
    """Make a row that puts a registry measure into a clinical topic."""
    return {
        "measureId": measure_id,
        "submissionMethod": "registry",
        "clinicalClusters": [{"name": name, "measureIds": list(members)}],
    }


def _measures() -> list[Row]:
    """One measure of each kind; the second cost measure needs a rule."""
    return [
        several_rates(),
        quality(),
        interoperability(),
        activity(),
        cost(),
        cost("MSPB_9", description="It names no type."),
    ]


def _benchmarks() -> list[Row]:
    """One ordinary and one stand-in benchmark."""
    claims = benchmark(
        "COST_X_1", "administrativeClaims", isInverse=True, benchmarkYear=YEAR
    )
    return [claims, benchmark(ladder="0 1.5 2.50 3 3 3 60.125 70 80 90 100")]


@dataclass
class Checkout:
    """What CMS's files of a year say; change the lists before using it.

    ``mvps`` of None is an MVP of all measures that are allowed in one, if any.
    """

    measures: list[Row] = field(default_factory=_measures)
    benchmarks: list[Row] = field(default_factory=_benchmarks)
    exclusions: list[Row] = field(default_factory=lambda: [exclusion()])
    programs: object = field(default_factory=lambda: dict(PROGRAMS))
    mvps: list[Row] | None = None
    clusters: list[Row] = field(default_factory=list)

    @property
    def pathways(self) -> list[Row]:
        """The MVPs as told, or else the one that the measures speak of."""
        if self.mvps is not None:
            return self.mvps
        allowed = [
            row["measureId"]
            for row in self.measures
            if "G0099" in row.get("allowedPrograms", ())
        ]
        return [mvp(qualityMeasureIds=allowed)] if allowed else []

    def imported(self, *mock_methods: str, **changes: object) -> Imported:
        """Import it without files; *changes* take the place of CMS's files."""
        files: dict[str, object] = {
            "measures": self.measures,
            "benchmarks": self.benchmarks,
            "exclusion_reasons": self.exclusions,
            "program_names": self.programs,
            "mvps": self.pathways,
            "clusters": self.clusters,
        }
        return import_catalogue(
            YEAR,
            types_by_measure=TYPES,
            mock_methods=mock_methods,
            **(files | changes),
        )

    def write(self, root: Path) -> Path:
        """Write it as files below *root*, laid out as CMS does."""
        year = str(YEAR)
        files = {
            f"measures/{year}/measures-data.json": self.measures,
            f"benchmarks/{year}.json": self.benchmarks,
            f"benchmarks/{year}/benchmark-exclusion-reasons.json": self.exclusions,
            f"mvp/{year}/mvp.json": self.pathways,
            f"clinical-clusters/{year}/clinical-clusters.json": self.clusters,
            "util/program-names/program-names.json": self.programs,
        }
        for name, rows in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_json(rows))
        return root


def as_json(rows: object) -> str:
    """Write JSON whose decimals keep the digits they were made with."""
    return re.sub(r'"decimal ([^"]+)"', r"\1", json.dumps(rows, default=_marked))


def _marked(value: object) -> str:
    """Mark a decimal, since ``json`` would only write floats."""
    return f"decimal {value}"
