"""``qppflow catalog show``, as a user types it."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qpp import library
from qppflow.cli.catalog import app
from tests.helpers.cms_checkout import (
    LADDER,
    YEAR,
    Checkout,
    benchmark,
    quality,
)

WIDTH = 80


def run(*words: object) -> Result:
    """Type the command on a terminal of 80 columns."""
    return CliRunner().invoke(app, [str(word) for word in words])


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.replace("│", " ").split())


@pytest.fixture
def tiny_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library serve the tiny catalogue for every year it is asked for."""
    made = Checkout()
    made.measures += [quality("019"), quality("AQI48", isInverse=True)]
    made.benchmarks.append(benchmark("AQI48", isInverse=True, ladder=LADDER))
    made.benchmarks.append(
        benchmark("902", ladder="7 7 100 100 100 100 100 100 100 100 100")
    )
    catalogue = made.imported("administrativeClaims").catalogue
    monkeypatch.setattr(library, "catalogue", lambda _: catalogue)


@pytest.mark.usefixtures("tiny_year")
def test_a_measure_is_shown_with_its_ladder() -> None:
    """Facts first, then deciles, the better ones further down."""
    result = run("show", "902", "--year", YEAR)

    assert result.exit_code == 0
    words = one_line(result.output)
    assert "902 Measure 902" in words
    assert "strata overall, male65+, follow-up/trtmt" in words
    assert "better is more" in words
    assert "decile 1 -" in words
    assert "decile 2 7 to <100" in words
    assert "decile 3 -" in words
    assert "decile 10 100 and up" in words


@pytest.mark.usefixtures("tiny_year")
def test_an_inverse_ladder_runs_down() -> None:
    """Decile 1 has the highest rates, decile 10 the lowest."""
    words = one_line(run("show", "AQI48", "--year", YEAR).output)

    assert "better is less" in words
    assert "decile 1 99 to >90" in words
    assert "decile 9 20 to >10" in words
    assert "decile 10 up to 10" in words


@pytest.mark.usefixtures("tiny_year")
def test_a_missing_benchmark_says_why() -> None:
    """CMS's code, and what it means."""
    words = one_line(run("show", "901", "--year", YEAR).output)

    assert "No benchmark for electronicHealthRecord: BR-009 (too few" in words
    assert "stand-in: CMS" not in words


@pytest.mark.usefixtures("tiny_year")
def test_a_stand_in_is_marked() -> None:
    """Nobody should take a stand-in for a published benchmark."""
    words = one_line(run("show", "COST_X_1", "--year", YEAR).output)

    assert "cost type procedural" in words
    assert "stand-in yes" in words
    assert "it scores nothing" in words


@pytest.mark.usefixtures("tiny_year")
def test_an_open_cost_type_without_rules_is_said_to_be_open() -> None:
    """The year has no rule book yet that could name it."""
    words = one_line(run("show", "MSPB_9", "--year", YEAR).output)

    assert "cost type open: no rule book of this year" in words


@pytest.mark.parametrize(
    ("measure", "year", "words"),
    [
        ("COST_CCLI_1", 2026, "cost type procedural (by the rules, not CMS's text)"),
        ("PI_PHCDRR_1", 2024, "engagement PI_PHCDRR_1_PRE, PI_PHCDRR_1_PROD"),
        ("IA_PCMH", 2024, "Improvement Activities, performance year 2024"),
        ("001", 2026, "decile 5 60 to >50 36.72 to >29.525 60 to >50"),
        ("001", 2017, "decile 1 above 100 above 100 above 100 decile 2 100 to >35"),
        ("317", 2017, "decile 10 100 and up"),
        ("MSPB_1", 2017, "decile 1 24430 to >23208"),
        ("ACI_TRANS_PEA_1", 2017, "weight 20 measure sets transition"),
        ("404", 2026, "Clinical topic anesthesiologyCare (registry): 404, 430, 463"),
        ("404", 2026, "Specialty set anesthesiology (registry): 404, 430, 463, 477"),
    ],
)
def test_real_measures_of_every_category_are_shown(
    measure: str, year: int, words: str
) -> None:
    """The catalogues that ship, in 80 columns."""
    result = run("show", measure, "--year", year)

    assert words in one_line(result.output)
    assert max(map(len, result.output.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("1", "001"),
        ("aqi48", "AQI48"),
        ("COST_KA1", "COST_KA_1"),
        ("g0059", "G0059"),
    ],
)
def test_an_unknown_measure_gets_suggestions(typed: str, near: str) -> None:
    """Lost zeros, lower case and slips of the finger."""
    result = run("show", typed, "--year", 2026)

    assert result.exit_code == 1
    assert near in result.output


def test_a_measure_like_no_other_gets_no_suggestion() -> None:
    """A wrong hint is worse than none."""
    result = run("show", "%%%%%%%%", "--year", 2026)

    assert result.exit_code == 1
    assert "Near it" not in result.output


def test_a_year_that_is_not_there_is_wrong_usage() -> None:
    """The years that are there are named."""
    result = run("show", "404", "--year", 1999)

    assert result.exit_code == 2
    assert "there are 2017, 2024, 2025, 2026" in one_line(result.output)


def test_facts_as_json_keep_every_digit() -> None:
    """Numbers are strings, as everywhere on the wire."""
    facts: dict[str, Any] = json.loads(
        run("show", "001", "--year", 2026, "--json").output
    )

    assert facts["category"] == "quality"
    assert facts["measure"]["isInverse"] is True
    assert facts["measure"]["submissionMethods"] == [
        "claims",
        "electronicHealthRecord",
        "registry",
    ]
    ladders = {row["submissionMethod"]: row for row in facts["benchmarks"]}
    assert ladders["electronicHealthRecord"]["percentiles"]["50"] == "29.525"
    assert ladders["electronicHealthRecord"]["average"] == "40.91"
    assert facts["noBenchmark"] == {}


def test_no_benchmark_as_json() -> None:
    """The codes stand beside the method."""
    facts = json.loads(run("show", "EPREOP31", "--year", 2026, "--json").output)

    assert facts["benchmarks"] == []
    assert facts["noBenchmark"] == {"registry": ["BR-009"]}


@pytest.mark.parametrize("command", ["import", "show", "diff"])
def test_help_teaches_by_an_example(command: str) -> None:
    """Whoever asks for help sees a command to copy."""
    result = run(command, "--help")

    assert f"Example: qppflow catalog {command} " in one_line(result.output)
    assert "Exit codes: 0" in one_line(result.output)


def test_an_mvp_is_shown_with_what_may_be_reported_in_it() -> None:
    """Its measures by title, and which of them meets the outcome rule."""
    result = run("show", "G0059", "--year", 2026)

    assert result.exit_code == 0
    words = one_line(result.output)
    assert "G0059 Patient Safety and Support of Positive Experiences with" in words
    assert "MVP, performance year 2026, py2026@" in words
    assert "Quality measures (7) 404 Anesthesiology Smoking Abstinence (inter" in words
    assert "430 Prevention of Post-Operative Nausea and Vomiting (PONV) - " in words
    assert (
        "AQI48 Patient-Reported Experience with Anesthesia (patient-reported" in words
    )
    assert "Improvement activities (10)" in words
    assert "Cost measures (1) MSPB_1 Medicare Spending Per Beneficiary" in words
    assert "Population health measures (2) 479 Hospital-Wide" in words
    assert "Outcomes-based claims measures" not in words
    assert max(map(len, result.output.splitlines())) <= WIDTH


def test_an_mvp_of_another_year_is_unknown() -> None:
    """M1501 came in 2026."""
    result = run("show", "M1501", "--year", 2025)

    assert result.exit_code == 1
    assert "2025 has no measure or MVP 'M1501'" in one_line(result.output)


def test_an_mvp_as_json() -> None:
    """Sets as sorted lists."""
    facts = json.loads(run("show", "G0055", "--year", 2025, "--json").output)

    assert facts["performanceYear"] == 2025
    assert facts["mvp"]["mvpId"] == "G0055"
    assert facts["mvp"]["populationHealth"] == ["479", "484"]
    assert facts["mvp"]["outcomeClaims"] == ["492"]


def test_lower_bounds_and_clusters_as_json() -> None:
    """Rows until 2022 have no percentiles."""
    facts = json.loads(run("show", "001", "--year", 2017, "--json").output)

    claims, *_ = facts["benchmarks"]
    assert claims["percentiles"] == {}
    assert claims["deciles"][:3] == ["100", "35", "25.71"]
    assert facts["clusters"] == [
        {
            "submissionMethod": "claims",
            "name": "diabeticCare",
            "kind": "clinicalTopic",
            "measures": ["001", "117", "128"],
        }
    ]
