"""The rule files of Advanced APMs: complete, cited, and what differs by year."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from qpp import library
from qpp.advanced_apm import read_rules
from qpp.rulebook import RuleError
from tests.architecture.test_rule_files import leaves, newest_check, problems

ROOT = Path(__file__).parents[2] / "qpp" / "rules" / "advanced_apm"
YEARS = library.advanced_apm_years()
FILES = sorted(ROOT.glob("py*/qualifying.toml"))
# Days, and the years themselves, are of each year alone.
OWN = {"performance_year", "payment_year", "first_day", "last_day", "snapshots"}
THRESHOLDS = {
    f"{option}.{status}.{method}"
    for option in ("medicare", "all_payer")
    for status in ("qp", "partial_qp")
    for method in ("payment_amount", "patient_count")
}
ALL_PAYER = {name for name in THRESHOLDS if name.startswith("all_payer")} | {
    f"medicare_floor.{status}.{method}"
    for status in ("qp", "partial_qp")
    for method in ("payment_amount", "patient_count")
}
UPDATES = {"conversion_factor_update_qp", "conversion_factor_update_other"}
# What changes from one year to the next.
CHANGES = {
    2018: set(),
    2019: {*THRESHOLDS, *ALL_PAYER, "all_payer_option", "medicare_floor_method"},
    2020: set(),
    2021: set(),
    2022: set(),
    2023: {"incentive_percent"},
    2024: {"incentive_percent", *UPDATES},
    2025: {"incentive_percent", *THRESHOLDS},
    2026: {"incentive_percent", *THRESHOLDS, "individual_level"},
    2027: {"incentive_percent", *THRESHOLDS},
}


def values_of(year: int) -> dict[str, Any]:
    """Map each provision of a year's file to its value."""
    text = (ROOT / f"py{year}" / "qualifying.toml").read_text("utf-8")
    found = leaves(tomllib.loads(text), "")
    return {path[1:]: leaf["value"] for path, leaf in found if path[1:] not in OWN}


def changed(year: int) -> set[str]:
    """Name the provisions that differ from the year before, or are new."""
    before, after = values_of(year - 1), values_of(year)
    return {name for name in before | after if before.get(name) != after.get(name)}


def test_there_are_rules_of_every_year_from_the_first() -> None:
    """Also of the years that MIPS is scored for."""
    assert list(YEARS) == list(range(2017, 2028))
    assert set(library.years()) <= set(YEARS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_a_rule_file_has_no_problem(file: Path) -> None:
    """Each provision is complete and was checked within a year of the newest."""
    assert problems(file, newest_check()) == []


@pytest.mark.parametrize("year", YEARS)
def test_a_year_is_of_its_own_days(year: int) -> None:
    """Snapshots lie in the period, its last day is one, and payments follow later."""
    book = library.advanced_apm_rules(year).qualifying

    assert book.payment_year.value == year + 2
    days = (book.first_day.value, *book.snapshots.value)
    assert {day.year for day in days} == {year}
    assert list(days) == sorted(days)
    assert book.snapshots.value[-1] == book.last_day.value


@pytest.mark.parametrize(("year", "expected"), CHANGES.items())
def test_what_a_year_changes_is_known(year: int, expected: set[str]) -> None:
    """A value that differs by accident would be seen here."""
    assert changed(year) == expected


@pytest.mark.parametrize("year", YEARS)
def test_a_partial_qp_needs_less_than_a_qp(year: int) -> None:
    """Under each option, by each method."""
    book = library.advanced_apm_rules(year).qualifying
    for standing in (book.medicare, book.all_payer, book.medicare_floor):
        if standing is not None:
            qp, partial = standing.qp, standing.partial_qp

            assert partial.payment_amount.value < qp.payment_amount.value
            assert partial.patient_count.value < qp.patient_count.value


def test_a_book_is_named_by_its_bytes_and_read_once() -> None:
    """Another byte, another id."""
    content = FILES[0].read_bytes()

    first = read_rules("advanced_apm/py2017", {"qualifying.toml": content})
    other = read_rules("advanced_apm/py2017", {"qualifying.toml": content + b"\n"})

    assert first.id.startswith("advanced_apm/py2017@")
    assert first.id != other.id
    assert first.id == library.advanced_apm_rules(2017).id
    assert library.advanced_apm_rules(2017) is library.advanced_apm_rules(2017)


def test_files_that_do_not_fit_are_refused() -> None:
    """Another file beside it, and an option without what belongs to it."""
    content = FILES[0].read_bytes()
    with pytest.raises(RuleError, match="needs exactly the file qualifying"):
        read_rules("x", {"qualifying.toml": content, "more.toml": b""})

    with pytest.raises(RuleError, match=r"qualifying\.all_payer_option: does not"):
        read_rules(
            "x",
            {"qualifying.toml": content.replace(b"value = false", b"value = true")},
        )


def test_a_year_without_rules_is_named() -> None:
    """No year is ever taken for another."""
    with pytest.raises(library.YearUnknownError) as caught:
        library.advanced_apm_rules(2016)

    assert str(caught.value) == "there are no Advanced APM rules of 2016"


def test_a_file_copied_without_its_year_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a year starts from the year before, and may forget to say so."""
    folder = tmp_path / "rules" / "advanced_apm" / "py2031"
    folder.mkdir(parents=True)
    (folder / "qualifying.toml").write_bytes(FILES[-1].read_bytes())
    monkeypatch.setattr(library, "_ROOT", tmp_path)
    cached = (library.advanced_apm_years, library.advanced_apm_rules)
    for function in cached:
        function.cache_clear()
    try:
        with pytest.raises(RuleError, match="py2031 say they are of 2027"):
            library.advanced_apm_rules(2031)
    finally:
        for function in cached:
            function.cache_clear()
