"""The data that ships with the law, found by year."""

from pathlib import Path

import pytest

from qpp import library
from qpp.catalog_format import write_catalogue
from qpp.finding_rules import read_finding_rules
from qpp.rulebook import RuleError
from tests.helpers.cms_checkout import YEAR, Checkout

CACHED = (library.years, library.catalogue, library.rules)


def test_the_years_of_this_build() -> None:
    """Both a rule book and a catalogue: the first year of MIPS, and from 2024 on."""
    first, *later = library.years()

    assert first == 2017
    assert later == list(range(2024, later[-1] + 1))


@pytest.mark.parametrize("year", [2018, 2019])
def test_a_rule_book_alone_makes_no_year(year: int) -> None:
    """Those of two years are there to be compared with what CMS scored then."""
    assert library.rules(year).year == year
    assert year not in library.years()
    with pytest.raises(library.YearUnknownError, match=f"no catalogue of {year}"):
        library.catalogue(year)


@pytest.mark.parametrize("year", [2017, 2024, 2025, 2026])
def test_a_year_has_rules_and_facts(year: int) -> None:
    """Both say which year they are of, and the same object comes again."""
    assert library.rules(year).year == library.catalogue(year).year == year
    assert library.catalogue(year) is library.catalogue(year)
    assert library.rules(year) is library.rules(year)


def test_a_year_that_is_not_there_is_named() -> None:
    """No year is ever taken for another."""
    with pytest.raises(library.YearUnknownError) as facts:
        library.catalogue(1999)
    with pytest.raises(KeyError) as rules:
        library.rules(1999)

    assert str(facts.value) == "there is no catalogue of 1999"
    assert str(rules.value) == "there is no rule book of 1999"


def test_finding_codes_are_described() -> None:
    """The files that ship can be read as descriptions of codes."""
    files = library.finding_rules()

    assert files
    assert all(name.endswith(".toml") for name in files)
    assert read_finding_rules(files)


def test_a_new_year_is_found_by_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adding a year touches no Python; half a year is none."""
    facts = tmp_path / "catalog" / f"py{YEAR}"
    for folder in (facts, tmp_path / "catalog" / "py2032", tmp_path / "catalog/notes"):
        folder.mkdir(parents=True)
    (tmp_path / "rules" / "mips" / f"py{YEAR}").mkdir(parents=True)
    for name, content in write_catalogue(Checkout().imported().catalogue).items():
        (facts / name).write_bytes(content)
    (facts / "README.md").write_text("not a fact")
    monkeypatch.setattr(library, "_ROOT", tmp_path)
    for function in CACHED:
        function.cache_clear()
    try:
        assert library.years() == (YEAR,)
        assert library.catalogue(YEAR) == Checkout().imported().catalogue
    finally:
        for function in CACHED:
            function.cache_clear()


def test_a_rule_book_copied_without_its_year_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a year starts from the year before, and may forget to say so."""
    newest = library.years()[-1]
    copied = tmp_path / "rules" / "mips" / f"py{newest + 1}"
    copied.mkdir(parents=True)
    for file in Path(str(library._ROOT), "rules", "mips", f"py{newest}").iterdir():  # noqa: SLF001 - where rule books lie
        (copied / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(library, "_ROOT", tmp_path)
    library.rules.cache_clear()
    try:
        with pytest.raises(RuleError, match=f"says it is of {newest}"):
            library.rules(newest + 1)
    finally:
        library.rules.cache_clear()
