"""The age of the law is told as of a day, and told as a warning when it is too high."""

import subprocess
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.architecture import conftest, law_age
from tests.architecture.law_age import ROOT, RULES, checked, overdue

FILES = sorted(RULES.glob("*/py*/*.toml"))
BOOK = """
[old]
value = "1"
last_checked = 2025-11-24

[group.older]
value = "2"
last_checked = 2025-11-23

[group.young]
value = "3"
last_checked = 2026-11-24
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with one rule file."""
    (tmp_path / "py2025").mkdir()
    (tmp_path / "py2025" / "cost.toml").write_text(BOOK, "utf-8")
    return tmp_path


def days() -> list[date]:
    """Give every day on which a value of the real law was last checked."""
    return [
        day
        for file in FILES
        for day, _ in checked(tomllib.loads(file.read_text("utf-8")))
    ]


def test_after_twelve_months_a_file_is_to_be_checked_again(folder: Path) -> None:
    """The sentence names file, number, and the value that waits the longest."""
    found = overdue(folder, date(2026, 11, 25))

    (line,) = found
    assert line == (
        "Compare py2025/cost.toml with its sources again: 1 of 3 values are older than"
        " 12 months, first [group.older], last checked on 2025-11-23."
    )


@pytest.mark.parametrize("today", [date(2025, 11, 24), date(2026, 11, 24)])
def test_within_twelve_months_nothing_is_said(folder: Path, today: date) -> None:
    """Its twin: on the last day of the twelve months the file is still good."""
    assert overdue(folder, today) == []


def test_the_real_law_was_young_when_its_oldest_value_was_checked() -> None:
    """Each of its values is found, and a day of its own decides about it."""
    assert len(days()) > 300
    assert overdue(RULES, min(days()) + law_age.TWELVE_MONTHS) == []


def test_the_real_law_is_told_of_file_by_file_when_it_is_old() -> None:
    """Its twin: a day later the first one is due, and long after the last all are."""
    first = overdue(RULES, min(days()) + law_age.TWELVE_MONTHS + timedelta(days=1))
    all_due = overdue(RULES, max(days()) + 2 * law_age.TWELVE_MONTHS)

    assert first
    assert [line.split()[1] for line in all_due] == [
        str(file.relative_to(RULES)) for file in FILES
    ]


def test_the_command_prints_what_is_due_and_says_so_by_its_exit_code() -> None:
    """Whoever keeps the law can ask on any day, without running a test."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.law_age"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.returncode == (1 if done.stdout else 0)


class Terminal:
    """What a run writes at its end."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def section(self, title: str, **_: bool) -> None:
        """Take a heading."""
        self.written.append(title)

    def line(self, text: str) -> None:
        """Take a line."""
        self.written.append(text)


def test_a_run_of_the_tests_warns_of_it_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values of the file are years old one day; the warning is all that follows."""
    terminal = Terminal()
    monkeypatch.setattr(conftest, "RULES", folder)
    text = BOOK.replace("2025", "2019").replace("2026", "2019")
    (folder / "py2025" / "cost.toml").write_text(text, "utf-8")

    conftest.pytest_terminal_summary(terminal)  # type: ignore[arg-type] # two of its methods

    assert terminal.written[0] == "warning: the law is due to be checked"
    assert "3 of 3 values are older" in terminal.written[1]


def test_a_run_of_the_tests_says_nothing_while_the_law_is_young(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its twin: no heading over nothing."""
    terminal = Terminal()
    monkeypatch.setattr(conftest, "RULES", folder)
    (folder / "py2025" / "cost.toml").write_text(BOOK.replace("202", "299"), "utf-8")

    conftest.pytest_terminal_summary(terminal)  # type: ignore[arg-type] # two of its methods

    assert terminal.written == []
