"""``qppflow catalog diff``, as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qpp import library
from qpp.catalog_format import read_catalogue
from qppflow.cli.catalog import app
from tests.helpers.cms_checkout import (
    YEAR,
    Checkout,
    benchmark,
    cost,
    interoperability,
    lower_bounds,
    quality,
)

WIDTH = 80


def run(*words: object) -> Result:
    """Type the command on a terminal of 80 columns."""
    return CliRunner().invoke(app, ["diff", *(str(word) for word in words)])


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.replace("│", " ").split())


def imported(checkout: Checkout, folder: Path) -> Path:
    """Import a checkout into *folder* with the command itself."""
    made = checkout.write(folder / "cms")
    out = folder / "out"
    words = ["import", str(made), "--year", str(YEAR), "--out", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Import a small year."""
    checkout = Checkout()
    checkout.measures.pop()
    return imported(checkout, tmp_path / "before")


@pytest.fixture
def after(tmp_path: Path) -> Path:
    """Import it again with other facts."""
    measures = [
        quality("901", title="Better words", isHighPriority=True),
        quality("903"),
        interoperability(weight=5),
        cost(),
    ]
    benchmarks = [lower_bounds("901"), benchmark("903", averagePerformanceRate=None)]
    checkout = Checkout(measures=measures, benchmarks=benchmarks)
    return imported(checkout, tmp_path / "after")


def test_two_years_are_compared_in_words() -> None:
    """The anesthesia MVP in the words that its clinicians ask for."""
    result = run(2025, 2026)

    assert result.exit_code == 0
    words = one_line(result.output)
    assert (
        "G0059: quality lost 424 and 487; activities lost IA_CC_2 and IA_PM_26" in words
    )
    assert "Improvement activities: 3 added, 12 removed, 6 renumbered" in words
    assert "IA_PM_13 is now IA_AHW_1 Chronic Care and Preventative Care" in words
    assert "- 424 Perioperative Temperature Management" in words
    assert "+ M1501 Pathology" in words
    assert "registry specialtySet anesthesiology: measures lost 424" in words
    assert (
        "404 registry: benchmark year was 2023, is 2024; average was 77.67, is 79.89; "
        "percentiles was 10.85 49.1 68.75 73.56 77.27 80.58 85.07 89.47 94.83 99.85 "
        "100, is 12.6 52.94 65.84 75.45 80.37 84.3 87.93 93.13 98.35 100 100"
    ) in words
    assert max(map(len, result.output.splitlines())) <= WIDTH


def test_the_first_year_can_be_compared_with_a_later_one() -> None:
    """One has lower bounds, the other percentiles."""
    words = one_line(run(2017, 2024, "--kind", "benchmarks").output)

    assert "deciles was 100 35 25.71 20.31 16.22 13.04 10 7.41 4, is nothing" in words


def test_two_imports_are_compared(before: Path, after: Path) -> None:
    """Each kind of fact, each kind of difference."""
    result = run(before, after)

    assert result.exit_code == 0
    words = one_line(result.output)
    assert "Quality measures: 1 added, 1 removed, 1 changed" in words
    assert "+ 903 Measure 903" in words
    assert "- 902 Measure 902" in words
    assert "901: title was Measure 901, is Better words; high priority was" in words
    assert "PI_X_1: weight was nothing, is 5" in words
    assert "- IA_X_1 An activity" in words
    assert "G0099: quality lost 902, gained 903" in words
    assert "Cost measures" not in words
    assert "deciles was nothing, is 0 10 20 30 40 50 60 70 80" in words


def test_an_import_is_compared_with_itself(before: Path) -> None:
    """And the user is told that nothing is different."""
    result = run(before, before)

    assert result.exit_code == 0
    assert "They say the same." in result.output


def test_a_folder_alone_is_compared_with_its_packaged_year(
    before: Path, after: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So an import is reviewed before it takes the place of what ships."""
    packaged = read_catalogue(
        f"py{YEAR}", {path.name: path.read_bytes() for path in before.iterdir()}
    )
    monkeypatch.setattr(library, "catalogue", lambda year: {YEAR: packaged}[year])

    words = one_line(run(after, "--kind", "mvps").output)

    assert f"From {packaged.id} to py{YEAR}@" in words
    assert "G0099: quality lost 902, gained 903" in words


def test_only_the_kinds_asked_for_are_shown(before: Path, after: Path) -> None:
    """A year's benchmarks are long."""
    words = one_line(run(before, after, "--kind", "mvps", "--kind", "cost").output)

    assert "MVPs: 1 changed" in words
    assert "Quality measures" not in words


def test_differences_as_json(before: Path, after: Path) -> None:
    """Sets as what was lost and gained, numbers as strings."""
    found: dict[str, Any] = json.loads(run(before, after, "--json").output)

    kinds = found["kinds"]
    assert found["old"].startswith(f"py{YEAR}@")
    assert found["new"] != found["old"]
    assert kinds["quality"]["added"] == [["903"]]
    assert kinds["quality"]["removed"] == [["902"]]
    assert kinds["quality"]["renumbered"] == []
    assert kinds["mvps"]["changed"] == [
        {"key": ["G0099"], "fields": {"quality": {"lost": ["902"], "gained": ["903"]}}}
    ]
    (row,) = kinds["benchmarks"]["changed"]
    assert row["key"] == ["901", "registry"]
    assert row["fields"]["average"] == {"old": "55.5", "new": None}
    assert row["fields"]["deciles"]["old"] == []
    assert row["fields"]["deciles"]["new"][:3] == ["0", "10", "20"]
    (measure,) = kinds["quality"]["changed"]
    assert measure["fields"]["is_high_priority"] == {"old": False, "new": True}


def test_renumbered_ids_as_json() -> None:
    """Pairs of old and new."""
    kinds = json.loads(run(2025, 2026, "--kind", "activities", "--json").output)[
        "kinds"
    ]

    assert list(kinds) == ["activities"]
    assert [["IA_AHE_1"], ["IA_EPA_7"]] in kinds["activities"]["renumbered"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((2025,), "compare 2025 with what? Name another year or a folder"),
        ((2025, 1999), "there is no catalogue of 1999"),
        ((2025, 2026, "--kind", "mvp"), "no kind mvp; there are quality,"),
    ],
)
def test_what_names_no_catalogue_is_wrong_usage(
    words: tuple[object, ...], message: str
) -> None:
    """The message says what would."""
    result = run(*words)

    assert result.exit_code == 2
    assert message in one_line(result.output)


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """A misspelt name is no empty catalogue."""
    result = run(2026, tmp_path / "nothing")

    assert result.exit_code == 2
    assert "holds no readable import" in one_line(result.output)


def test_a_damaged_import_is_not_compared(before: Path) -> None:
    """What the hashes do not vouch for says nothing."""
    (before / "cost.csv").write_text("x\n")

    result = run(2026, before)

    assert result.exit_code == 1
    assert "cost.csv: not the bytes of the manifest" in one_line(result.output)
