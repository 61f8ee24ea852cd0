"""``qppflow catalog import``, as a user types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import qpp
from qppflow.cli.catalog import app
from tests.helpers.cms_checkout import (
    YEAR,
    Checkout,
    benchmark,
    cost,
    quality,
)


def run(*words: object) -> Result:
    """Type the command on a terminal of 80 columns."""
    return CliRunner().invoke(app, [str(word) for word in words])


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.replace("│", " ").split())


def import_to(out: Path, checkout: Path, *more: object) -> Result:
    """Import the tiny checkout into *out*."""
    return run("import", checkout, "--year", YEAR, "--out", out, *more)


def contents(folder: Path) -> dict[str, bytes]:
    """Read a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Write the tiny checkout; two of its cost measures name a type."""
    made = Checkout()
    made.measures.pop()
    return made.write(tmp_path / "cms")


def test_an_import_prints_counts_and_what_changed(
    checkout: Path, tmp_path: Path
) -> None:
    """The first import adds every row."""
    result = import_to(tmp_path / "out", checkout)

    assert result.exit_code == 0
    words = one_line(result.output)
    assert "quality measures 2" in words
    assert "benchmarks 2" in words
    assert "quality.csv: 2 added: 901, 902" in words
    assert "Warning" not in words


def test_importing_again_changes_nothing(checkout: Path, tmp_path: Path) -> None:
    """Same data, same bytes, and the user is told so."""
    out = tmp_path / "out"
    import_to(out, checkout, "--mock-method", "administrativeClaims")
    before = contents(out)

    result = import_to(out, checkout)

    assert contents(out) == before
    assert "Nothing changed" in result.output
    assert "Stand-ins that score nothing: administrativeClaims" in result.output


def test_real_benchmarks_replace_stand_ins_on_request(
    checkout: Path, tmp_path: Path
) -> None:
    """The mark stays until somebody says the rows are real."""
    out = tmp_path / "out"
    import_to(out, checkout, "--mock-method", "administrativeClaims")

    result = import_to(out, checkout, "--no-mock-methods", "--json")

    report = json.loads(result.output)
    assert report["mockMethods"] == []
    assert report["changes"]["benchmarks.csv"]["changed"] == [
        ["COST_X_1", "administrativeClaims"]
    ]


def test_a_changed_row_is_named_and_a_stray_file_goes(
    checkout: Path, tmp_path: Path
) -> None:
    """A file of an older format would make the folder unreadable."""
    out = tmp_path / "out"
    import_to(out, checkout)
    (out / "old_format.csv").write_text("x\n")
    changed = Checkout()
    changed.measures = [quality(title="Better words"), cost()]
    changed.write(checkout)

    report = json.loads(import_to(out, checkout, "--json").output)

    assert report["changes"]["quality.csv"] == {
        "added": [],
        "removed": [["902"]],
        "changed": [["901"]],
    }
    assert report["counts"]["quality measures"] == 1
    assert not (out / "old_format.csv").exists()


def test_many_changed_rows_are_counted_and_the_first_named(
    checkout: Path, tmp_path: Path
) -> None:
    """A screen of ids helps nobody."""
    many = Checkout()
    many.measures = [cost(), *(quality(f"{number}") for number in range(901, 921))]
    many.write(checkout)

    words = one_line(import_to(tmp_path / "out", checkout).output)

    assert "20 added: 901, 902, 903, 904, 905, 906, …" in words


def test_what_is_left_out_is_a_warning(checkout: Path, tmp_path: Path) -> None:
    """The import goes on, and says what it could not use."""
    made = Checkout()
    made.measures.pop()
    made.benchmarks.append(benchmark("999"))
    made.write(checkout)

    result = import_to(tmp_path / "out", checkout)

    assert result.exit_code == 0
    assert "Warning: benchmark 999 registry left out" in one_line(result.output)


def test_the_version_is_read_from_the_checkout(checkout: Path, tmp_path: Path) -> None:
    """CMS's checkout says its version in package.json."""
    (checkout / "package.json").write_text('{"version": "11.2.0"}')

    report = json.loads(import_to(tmp_path / "out", checkout, "--json").output)

    assert report["sourceVersion"] == "11.2.0"
    assert b'source_version = "11.2.0"' in contents(tmp_path / "out")["manifest.toml"]


@pytest.mark.parametrize("content", ["[]", "{", '{"version": 7}'])
def test_an_odd_package_file_says_no_version(
    checkout: Path, tmp_path: Path, content: str
) -> None:
    """The version is a note; its absence stops nothing."""
    (checkout / "package.json").write_text(content)

    report = json.loads(import_to(tmp_path / "out", checkout, "--json").output)

    assert report["sourceVersion"] is None


def test_a_given_version_stays_while_the_data_are_the_same(
    checkout: Path, tmp_path: Path
) -> None:
    """The note is true of these bytes only, so new data lose it."""
    out = tmp_path / "out"
    import_to(out, checkout, "--source-version", "v11, commit 12ab")

    same = json.loads(import_to(out, checkout, "--json").output)
    Checkout(measures=[quality(), cost()]).write(checkout)
    other = json.loads(import_to(out, checkout, "--json").output)

    assert same["sourceVersion"] == "v11, commit 12ab"
    assert other["sourceVersion"] is None


def test_bad_data_write_nothing(checkout: Path, tmp_path: Path) -> None:
    """The message names record and field; the files that were there stay."""
    out = tmp_path / "out"
    import_to(out, checkout)
    before = contents(out)
    Checkout(measures=[cost(description="no type at all")]).write(checkout)

    result = import_to(out, checkout)

    assert result.exit_code == 1
    assert "exactly one cost type, found none" in one_line(result.output)
    assert "Nothing was written." in result.output
    assert contents(out) == before


def test_a_missing_file_is_named(checkout: Path, tmp_path: Path) -> None:
    """The usual reason is that the folder is no checkout of CMS's data."""
    (checkout / f"benchmarks/{YEAR}.json").unlink()

    result = import_to(tmp_path / "out", checkout)

    assert result.exit_code == 2
    assert f"no readable benchmarks/{YEAR}.json" in one_line(result.output)


def test_a_folder_that_cannot_be_written_is_named(
    checkout: Path, tmp_path: Path
) -> None:
    """A file stands where the folder should be made."""
    (tmp_path / "file").write_text("")

    result = import_to(tmp_path / "file" / "out", checkout)

    assert result.exit_code == 2
    assert "cannot be written" in one_line(result.output)


def test_stand_ins_are_named_or_denied_but_not_both(
    checkout: Path, tmp_path: Path
) -> None:
    """The two options contradict each other."""
    result = import_to(
        tmp_path / "out", checkout, "--mock-method", "claims", "--no-mock-methods"
    )

    assert result.exit_code == 2
    assert "exclude each other" in one_line(result.output)


def test_an_installed_package_is_not_written_into(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts belong into a checkout, where they are reviewed."""
    monkeypatch.setattr(qpp, "__file__", "/nowhere/qpp/__init__.py")

    result = run("import", checkout, "--year", YEAR)

    assert result.exit_code == 2
    assert "say where with --out" in one_line(result.output)


def test_without_a_folder_the_checkouts_own_is_written(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a source checkout the facts lie beside the law."""
    package = tmp_path / "source" / "qpp"
    package.mkdir(parents=True)
    (tmp_path / "source" / "pyproject.toml").write_text("")
    monkeypatch.setattr(qpp, "__file__", str(package / "__init__.py"))

    result = run("import", checkout, "--year", YEAR)

    assert result.exit_code == 0
    assert "manifest.toml" in contents(package / "catalog" / f"py{YEAR}")


def test_the_rules_of_a_year_settle_its_open_cost_types(tmp_path: Path) -> None:
    """2026 has rules, and they name five measures this checkout lacks."""
    made = Checkout()
    text = json.dumps([cost("COST_CCLI_1", description="procedural, chronic")])
    made.measures = json.loads(text)
    made.benchmarks, made.exclusions = [], []
    root = made.write(tmp_path / "cms")
    for path in root.rglob(f"*{YEAR}*"):
        path.rename(path.with_name(path.name.replace(str(YEAR), "2026")))

    result = run("import", root, "--year", 2026, "--out", tmp_path / "out")

    assert result.exit_code == 0
    assert "COST_CCLI_1,," in (tmp_path / "out" / "cost.csv").read_text()
    assert "give a type to TPCC_1" in one_line(result.output)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("benchmark-exclusion-reasons.json", "exclusion_reasons.csv"),
        ("clinical-clusters.json", "clusters.csv"),
        ("mvp.json", "mvps.csv"),
    ],
)
def test_a_file_that_early_years_lack_is_missed_in_a_warning(
    checkout: Path, tmp_path: Path, name: str, file: str
) -> None:
    """The year is imported without it, and nobody takes it for complete."""
    (path,) = checkout.rglob(name)
    path.unlink()

    result = import_to(tmp_path / "out", checkout)

    assert result.exit_code == 0
    assert f"{name} is not there: nothing of it is known" in one_line(result.output)
    assert len(contents(tmp_path / "out")[file].splitlines()) == 1
