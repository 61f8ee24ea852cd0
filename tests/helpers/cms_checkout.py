"""A tiny checkout shaped like CMS's, of a year no file of the project knows."""

import json
from pathlib import Path
from typing import Any, TypeAlias

from qpp.cms_import import Imported, import_catalogue
from qpp.cms_record import parse_json

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
    values = [json.loads(text, parse_float=_Written) for text in ladder.split()]
    row: Row = {
        "measureId": measure_id,
        "submissionMethod": method,
        "benchmarkYear": YEAR - 2,
        "performanceYear": YEAR,
        "isInverse": False,
        "isToppedOut": False,
        "isToppedOutByProgram": False,
        "averagePerformanceRate": _Written("55.50"),
        "percentiles": dict(zip(names, values, strict=True)),
    }
    return row | changes


class _Written(float):
    """A number that ``json`` writes with the digits it was read with."""

    def __new__(cls, text: str) -> "_Written":
        """Remember the text beside the value."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        """Give the digits."""
        return self.text
