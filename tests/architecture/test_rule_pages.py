"""The pages of ``docs/rules/`` are what the rule files say, to the byte."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree
from typing import Any, Final

import pytest

from qpp import library
from qpp.rule_text import provisions
from qppflow.runtime.rule_pages import rule_page

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ROOT / "docs" / "rules"


def stale(folder: Path) -> Iterator[str]:
    """Yield each page that is missing, no longer true, or of no year."""
    written = {
        f"py{year}.md": rule_page(library.rules(year)) for year in library.years()
    }
    for name, content in written.items():
        page = folder / name
        if not page.exists():
            yield f"{name} is missing"
        elif page.read_bytes() != content:
            yield f"{name} is stale"
    for page in sorted(folder.iterdir()):
        if page.name not in written:
            yield f"{page.name} is of no year"


def test_the_pages_are_current() -> None:
    """`make generate` would change none of them."""
    assert list(stale(PAGES)) == []


def tables(file: Mapping[str, Any]) -> Iterator[str]:
    """Name the provisions of a rule file; some stand in a group of their own."""
    for name, table in file.items():
        if "citation" in table:
            yield name
        else:
            yield from (f"{name}.{inner}" for inner in tables(table))


@pytest.mark.parametrize("year", library.years())
def test_a_page_has_a_row_for_each_provision(year: int) -> None:
    """Read without our reader of rules: each table of each file is named once."""
    page = (PAGES / f"py{year}.md").read_text("utf-8")
    files = sorted((ROOT / "qpp" / "rules" / "mips" / f"py{year}").glob("*.toml"))

    names = [name for file in files for name in tables(tomllib.loads(file.read_text()))]

    assert len(names) > 100
    assert all(page.count(f"\n| `{name}` | ") == names.count(name) for name in names)
    assert all(f"## {file.name}\n" in page for file in files)


@pytest.mark.parametrize("year", library.years())
def test_no_cell_breaks_its_table(year: int) -> None:
    """Seven cells a row, whatever signs a pattern or a note holds."""
    page = (PAGES / f"py{year}.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]

    cells = {line.replace("\\|", "").count("|") for line in rows}

    assert len(rows) > len(list(provisions(library.rules(year))))
    assert cells == {8}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the pages to where they may be spoilt."""
    return copytree(PAGES, tmp_path / "rules")


def test_a_changed_page_is_caught(copied: Path) -> None:
    """Its twin: one figure that the rule file does not have."""
    page = copied / "py2026.md"
    page.write_text(page.read_text("utf-8").replace("| 75 | point |", "| 76 | point |"))

    assert list(stale(copied)) == ["py2026.md is stale"]


def test_a_missing_page_and_one_of_no_year_are_caught(copied: Path) -> None:
    """Its twin: a year without a page, a page without a year."""
    (copied / "py2024.md").rename(copied / "py1999.md")

    assert list(stale(copied)) == ["py2024.md is missing", "py1999.md is of no year"]
