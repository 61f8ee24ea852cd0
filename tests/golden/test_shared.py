"""The figures copied into golden cases are those of the published files themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from qpp.submission import read_value
from tests.golden.measure_kinds import rates
from tests.helpers.law import SHARED, cuts

HERE = Path(__file__).parent
ORACLES = SHARED / "oracles" / "cases"
INTERVALS = ORACLES / "11-2026-published-decile-intervals.json"
DERIVED = ORACLES / "03-derived-rates.json"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not ORACLES.is_dir(), reason="no published files here"),
]


def read_json(file: Path) -> dict[str, Any]:
    """Read one published file."""
    document: dict[str, Any] = json.loads(file.read_text())
    return document


def ends(printed: str) -> list[str] | None:
    """Read a printed interval: ``1.00 - 9.99``, ``>= 90.00`` or ``--``."""
    if printed == "--":
        return None
    numbers = printed.strip("<>= ").split(" - ")
    return [numbers[0], numbers[-1]]


def test_intervals_are_those_of_the_published_table() -> None:
    """All 230 intervals and all bounds of the table are in our cases, and no more."""
    rows = [row for row in read_json(INTERVALS)["rows"] if row["published"]]
    cases = yaml.safe_load((HERE / "intervals.yaml").read_text())

    assert sum(len(row["published"]) for row in rows) == 230
    assert len(cases) == len(rows)
    for row, case in zip(rows, cases, strict=True):
        given = case["given"]
        assert case["name"] == f"{row['measureId']} by {row['submissionMethod']}"
        assert given["inverse"] is row["isInverse"]
        assert cuts(given["ladder"]) == cuts(row["percentiles"].values())
        assert given["published"] == [ends(text) for text in row["published"]]


def derived() -> list[dict[str, Any]]:
    """Give the inputs whose shape is that of today."""
    cases: list[dict[str, Any]] = (
        read_json(DERIVED)["cases"] if DERIVED.exists() else []
    )
    return [case for case in cases if case["expected"]]


@pytest.mark.parametrize("case", derived(), ids=lambda case: case["measureId"])
def test_rates_are_those_that_the_api_computed(case: dict[str, Any]) -> None:
    """Performance and reporting rate of each input come out as CMS returned them."""
    kind = case["metricType"].partition(" (overallAlgorithm ")
    found = rates({"value": case["input"], "algorithm": kind[2].rstrip(")")})

    expected = case["expected"]
    assert float(str(found["performance"])) == expected["performanceRate"]
    assert float(str(found["reporting"])) == expected["reportingRate"]
    if "caseCount" in expected:
        assert found["cases"] == str(expected["caseCount"])


def test_golden_cases_hold_every_input_that_the_api_computed() -> None:
    """No input of the published file is left out of our own copy."""
    cases = yaml.safe_load((HERE / "worked.yaml").read_text())
    ours = [
        read_value(case["given"]["value"])
        for case in cases
        if "kind" in case and case["kind"] == "rates"
    ]
    theirs = [read_value(case["input"]) for case in derived()]

    assert len(theirs) == 8
    assert [value for value in theirs if value not in ours] == []
