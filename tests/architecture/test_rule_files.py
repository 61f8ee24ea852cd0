"""Every rule file says where its values come from, read here without the binder."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "qpp" / "rules" / "mips").glob("*/*.toml"))
BAD = Path(__file__).parent / "bad"
REQUIRED = {"value", "unit", "citation", "status", "last_checked"}
OPTIONAL = {"note", "effective"}
STATUSES = {"verified", "secondary", "unverified"}
CATEGORIES = ("cost", "ia", "pi", "quality")
A_YEAR = timedelta(days=366)

# What each bad file must be caught for.
CAUGHT = {
    "bare_value": "is a bare value",
    "empty_citation": "has an empty citation",
    "float_value": "holds a number that is not a string",
    "last_checked_is_text": "last_checked is no date",
    "missing_field": "lacks last_checked, unit",
    "missing_row": "has no row for ia+pi",
    "row_keeps_a_missing_category": "row pi still weighs pi",
    "row_without_a_category": "row none lacks quality",
    "stale": "was last checked more than a year before",
    "unknown_field": "has unknown remark",
    "unknown_row": "has a row cost+ia+pi",
    "unverified_without_note": "is unverified and has no note",
    "wrong_status": "has status guessed",
    "wrong_sum": "row cost+pi sums to 90",
}


def leaves(tables: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Yield every provision with its path; a group of provisions is walked."""
    for name, item in tables.items():
        here = f"{path}.{name}"
        is_group = isinstance(item, dict) and not (REQUIRED | OPTIONAL) & set(item)
        if is_group:
            yield from leaves(item, here)
        else:
            yield here, item


def raw_numbers(value: object) -> Iterator[object]:
    """Yield the numbers of a value that are not written as strings."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from raw_numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def provision_problems(path: str, leaf: Any, newest: date) -> Iterator[str]:  # noqa: ANN401 - any TOML
    """Say what one provision lacks; a missing field is one problem, not two."""
    if not isinstance(leaf, dict):
        yield f"{path} is a bare value"
        return
    if missing := REQUIRED - set(leaf):
        yield f"{path} lacks {', '.join(sorted(missing))}"
    if unknown := set(leaf) - REQUIRED - OPTIONAL:
        yield f"{path} has unknown {', '.join(sorted(unknown))}"
    if (status := leaf.get("status", "verified")) not in STATUSES:
        yield f"{path} has status {status}"
    if not str(leaf.get("citation", "missing")).strip():
        yield f"{path} has an empty citation"
    if status == "unverified" and not str(leaf.get("note", "")).strip():
        yield f"{path} is unverified and has no note"
    if list(raw_numbers(leaf.get("value"))):
        yield f"{path} holds a number that is not a string"
    checked = leaf.get("last_checked", newest)
    if not isinstance(checked, date):
        yield f"{path} last_checked is no date"
    elif newest - checked > A_YEAR:
        yield f"{path} was last checked more than a year before {newest}"


def redistribution_problems(path: str, rows: Any) -> Iterator[str]:  # noqa: ANN401 - any TOML
    """Say what is wrong with a table of weights by missing categories."""
    expected = {
        "+".join(gone) or "none": gone
        for size in range(3)
        for gone in combinations(CATEGORIES, size)
    }
    for key in set(rows) - set(expected):
        yield f"{path} has a row {key}, which is no set of at most two categories"
    for key, gone in expected.items():
        row = rows.get(key)
        if row is None:
            yield f"{path} has no row for {key}"
            continue
        for name in set(CATEGORIES) - set(row):
            yield f"{path} row {key} lacks {name}"
        for name in gone:
            if row.get(name) != "0":
                yield f"{path} row {key} still weighs {name}"
        if (total := sum(map(int, row.values()))) != 100:
            yield f"{path} row {key} sums to {total}"


def problems(file: Path, newest: date) -> list[str]:
    """List everything wrong with one rule file."""
    found: list[str] = []
    for path, leaf in leaves(tomllib.loads(file.read_text()), file.stem):
        found += provision_problems(path, leaf, newest)
        if ".redistribution" in path and file.stem != "promoting_interoperability":
            found += redistribution_problems(path, leaf.get("value"))
    return found


def newest_check() -> date:
    """Give the latest day on which anyone checked a provision."""
    days: Iterator[date] = (
        leaf["last_checked"]
        for file in RULES
        for _, leaf in leaves(tomllib.loads(file.read_text()), file.stem)
    )
    return max(days)


def test_there_are_rule_files_of_three_years() -> None:
    """A walk over nothing would pass every other test of this module."""
    years = {file.parent.name for file in RULES}

    assert years >= {"py2024", "py2025", "py2026"}
    assert len(RULES) == 8 * len(years)


@pytest.mark.parametrize(
    "file", RULES, ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_a_rule_file_has_no_problem(file: Path) -> None:
    """Each provision is complete, checked within a year, and its weights sum up."""
    found = problems(file, newest_check())

    assert found == []


@pytest.mark.parametrize(("name", "expected"), CAUGHT.items(), ids=CAUGHT)
def test_a_bad_rule_file_is_caught(name: str, expected: str) -> None:
    """Each check fails on a file that breaks exactly its rule."""
    found = problems(BAD / f"{name}.toml", newest_check())

    assert len(found) == 1
    assert expected in found[0]


def test_every_bad_rule_file_is_used() -> None:
    """A bad file that no test reads proves nothing."""
    assert {file.stem for file in BAD.glob("*.toml")} == set(CAUGHT)
