"""``qppflow rules show`` and ``rules diff``, as a user types them."""

import json
import re
import shlex
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qpp import library
from qpp.mips.rules import MipsRules
from qpp.rule_choices import with_value
from qppflow.cli.rules_find import Asked, asked, matching
from tests.helpers.cli import run, too_wide

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
SESSIONS = re.findall(
    r"^    \$ qppflow rules ((?:show|diff) .*)\n((?:    (?!\$).*\n)+)",
    PAGE,
    re.MULTILINE,
)


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.replace("│", " ").split())


def data(*words: object) -> dict[str, Any]:
    """Read what a command writes for programs."""
    ended = run("rules", *words, "--json")
    assert ended.exit_code == 0, ended.output
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_a_provision_is_shown_with_its_source() -> None:
    """Value, unit, citation, status, the day of its last check, and the note."""
    ended = run("rules", "show", "quality.data_completeness", "--year", 2026)

    assert ended.exit_code == 0
    words = one_line(ended.stdout)
    assert words.startswith("quality.data_completeness 2026 value 75 unit percent")
    assert "citation 42 CFR 414.1340 status verified last checked 2026-" in words
    assert "note The paragraph names the payment years through 2028" in words
    assert "alternative" not in words


def test_years_stand_side_by_side() -> None:
    """What they share is said once, the rest has a column for each."""
    ended = run("rules", "show", "improvement_activities.suspended_from")

    lines = [one_line(line) for line in ended.stdout.splitlines()]
    assert lines[1] == "2017 2024 2025 2026"
    assert lines[2] == "value (none) (none) 2025-05-06 (none)"
    shared = run("rules", "show", "quality.case_minimum").stdout
    assert one_line(shared).count("value 20") == 1


def test_a_table_is_shown_as_a_table() -> None:
    """The weights by what is missing: a row for each, a column for each category."""
    ended = run("rules", "show", "final_score.redistribution", "--year", 2025)

    lines = [line.split() for line in ended.stdout.splitlines()]
    assert lines[1] == ["quality", "cost", "ia", "pi"]
    assert ["cost", "55", "0", "15", "30"] in lines
    assert ["cost+pi", "85", "0", "15", "0"] in lines


def test_a_table_that_differs_has_a_column_a_year(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Row by row, and a row that a year lacks says so."""
    book = library.rules(2026)
    points = dict(book.promoting_interoperability.measure_points.value)
    points["PI_EP_1"] = Decimal(11)
    del points["PI_EP_2"]
    use(
        monkeypatch,
        with_value(book, "promoting_interoperability.measure_points", points),
    )

    ended = run("rules", "show", "promoting_interoperability.measure_points")

    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ["2017", "2024", "2025", "2026"] in lines
    assert ["PI_EP_1", "(none)", "10", "10", "11"] in lines
    assert ["PI_EP_2", "(none)", "10", "10", "(none)"] in lines
    assert ["PI_HIE_1", "(none)", "15", "15", "15"] in lines


def use(monkeypatch: pytest.MonkeyPatch, changed: MipsRules) -> None:
    """Let one year have another rule book."""
    books = {year: library.rules(year) for year in library.years()}
    books[changed.year] = changed
    monkeypatch.setattr(library, "rules", lambda year: books[year])


def test_a_table_of_tables_that_differs_is_written_row_by_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Years and categories cannot both be columns."""
    book = library.rules(2026)
    rows = {"none": dict(book.final_score.redistribution.value["none"])}
    use(monkeypatch, with_value(book, "final_score.redistribution", rows))

    words = one_line(run("rules", "show", "final_score.redistribution").stdout)

    assert "2017 2024 2025 2026" in words
    # A cell wraps beside those of the other years.
    assert "none quality 60, quality 30, quality 30, quality 30," in words
    assert "cost quality 60, quality 55, quality 55, (none)" in words


def test_another_reading_is_shown() -> None:
    """Where the rule file names one."""
    words = one_line(run("rules", "show", "submission.pi_entity_types").stdout)

    assert "alternative individual, group" in words


@pytest.mark.parametrize("year", [None, 2024, 2026])
@pytest.mark.parametrize("file", ["submission", "quality", "final_score", "payment"])
def test_a_file_fits_a_terminal(file: str, year: int | None) -> None:
    """Eighty columns, whatever the tables hold."""
    words = () if year is None else ("--year", year)

    ended = run("rules", "show", file, *words)

    assert ended.exit_code == 0
    assert too_wide(ended.stdout) == []
    assert f"{file}." in ended.stdout


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quality.case_minimum", Asked("quality.case_minimum")),
        ("quality", Asked("quality")),
        ("quality.toml", Asked("quality")),
        ("quality/case_minimum", Asked("quality.case_minimum")),
        ("unverified:quality.no_rate", Asked("quality.no_rate")),
        ("mips/py2026/quality.toml", Asked("quality", 2026)),
        ("qpp/rules/mips/py2024", Asked("", 2024)),
        ("py2025/", Asked("", 2025)),
        ("qpp/rules/mips/", Asked("")),
    ],
)
def test_a_path_may_be_written_in_several_ways(text: str, found: Asked) -> None:
    """As a rule file's path, as a provision's, and as a score's assumption."""
    assert asked(text) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("a.x", ["a.x"]),
        ("a", ["a.x", "a.xy"]),
        ("a.", ["a.x", "a.xy"]),
        ("b.y", ["b.yz"]),
        ("", ["a.x", "a.xy", "ab.z", "b.yz"]),
        ("c", []),
    ],
)
def test_the_name_itself_goes_before_what_begins_like_it(
    wanted: str, found: list[str]
) -> None:
    """A file is meant before a longer name, a provision before both."""
    assert matching(["a.x", "a.xy", "ab.z", "b.yz"], wanted) == found


def test_provisions_for_programs() -> None:
    """Numbers as text; null in a year that has none."""
    found = data("show", "improvement_activities.suspended_from")

    (one,) = found["provisions"]
    assert one["path"] == "improvement_activities.suspended_from"
    assert one["years"]["2024"] is None
    assert one["years"]["2025"] == {
        "value": "2025-05-06",
        "unit": "day",
        "citation": "CMS notice of May 2025, read in a quotation",
        "status": "secondary",
        "lastChecked": "2026-11-24",
        "note": None,
        "alternative": None,
    }
    (zero,) = data("show", "quality.zero_population", "--year", 2026)["provisions"]
    assert list(zero["years"]) == ["2026"]
    assert zero["years"]["2026"]["alternative"]["other"] == "excluded"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("quality.case_minimun", "Near it: quality.case_minimum"),
        ("case_minimum", "Near it: "),
        ("topped", "Near it: quality.topped_out_cap"),
        ("!", ""),
    ],
)
def test_an_unknown_name_suggests_those_like_it(typed: str, near: str) -> None:
    """Exit code 1, as for an unknown measure."""
    ended = run("rules", "show", typed)

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"No provision is called {typed!r}.")
    assert near in ended.stderr
    assert ("Near it" in ended.stderr) is bool(near)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("show", "quality", "--year", 1999),
            "there is no rule book of 1999; there are",
        ),
        (("show", "py2024/quality", "--year", 2025), "is of 2024, not of 2025"),
        (("diff", 2025, 1999), "there is no rule book of 1999"),
        (("diff", "2025"), "Missing argument"),
        (("unverified", "--year", 1999), "there is no rule book of 1999"),
        (("show", "quality", "--year", 1999), "there are 2017, 2018, 2019, 2024"),
        (("unverified", "--year", 2018), "nothing is scored by the rules of 2018"),
    ],
)
def test_what_names_no_rule_book_is_wrong_usage(
    words: tuple[object, ...], message: str
) -> None:
    """The message says which there are."""
    ended = run("rules", *words)

    assert ended.exit_code == 2
    assert message in one_line(ended.stderr)


def test_two_years_are_compared_in_words() -> None:
    """Values, citations and status; what stayed the same is not there."""
    ended = run("rules", "diff", 2025, 2026)

    assert ended.exit_code == 0
    words = one_line(ended.stdout)
    assert words.startswith("From mips/py2025@")
    assert "payment_year: 2028, was 2027 42 CFR 414.1305" in words
    assert "bonus_measures: gained PI_PHCDRR_6" in words
    assert "any_answer_earns_full: lost PI_PHCDRR_3" in words
    assert "suspended_from removed: was 2025-05-06" in words
    assert "status: unverified, was verified What arrives earlier is taken" in words
    assert "case_minimum" not in words
    assert "performance_threshold" not in words
    assert too_wide(ended.stdout) == []


def test_what_a_year_brings_is_added() -> None:
    """With its value, citation and status."""
    words = one_line(run("rules", "diff", 2024, 2025).stdout)

    assert "suspended_from added: 2025-05-06 CMS notice of May 2025" in words


def test_a_table_says_which_row_is_different(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each row, and a unit that changed."""
    book = library.rules(2026)
    pi = book.promoting_interoperability
    points = {**pi.measure_points.value, "PI_EP_1": Decimal(11), "PI_X": Decimal(1)}
    rule = replace(pi.measure_points, value=points, unit="percent")
    changed = replace(pi, measure_points=rule)
    use(monkeypatch, replace(book, promoting_interoperability=changed))

    words = one_line(run("rules", "diff", 2025, 2026).stdout)

    assert "measure_points: row PI_EP_1: 11, was 10 row PI_X added: 1" in words
    assert "counted in: percent, was point" in words


def test_a_year_is_compared_with_itself() -> None:
    """And the user is told that nothing is different."""
    ended = run("rules", "diff", 2026, 2026)

    assert ended.exit_code == 0
    assert "They say the same." in ended.stdout


def test_differences_for_programs() -> None:
    """The provision as it was and as it is, with the words in between."""
    found = data("diff", 2025, 2026)

    by_path = {item["path"]: item for item in found["changes"]}
    assert found["old"].startswith("mips/py2025@")
    assert found["new"].startswith("mips/py2026@")
    year = by_path["submission.payment_year"]
    assert (year["old"]["value"], year["new"]["value"]) == ("2027", "2028")
    assert year["words"] == ["2028, was 2027"]
    assert by_path["improvement_activities.suspended_from"]["new"] is None
    assert "quality.case_minimum" not in by_path


@pytest.mark.parametrize("command", ["show", "diff", "unverified"])
def test_help_teaches_by_example(command: str) -> None:
    """With what its exit codes mean."""
    words = one_line(run("rules", command, "--help").stdout)

    assert f"Example: qppflow rules {command} " in words
    assert "Exit codes: 0 " in words


@pytest.mark.parametrize(("words", "shown"), SESSIONS)
def test_what_the_page_shows_is_what_the_command_tells(words: str, shown: str) -> None:
    """Line by line in order; an ellipsis stands for some."""
    told = iter(
        [
            line.rstrip()
            for line in run("rules", *shlex.split(words)).stdout.splitlines()
        ]
    )
    lines = [line.removeprefix("    ").rstrip() for line in shown.splitlines()]

    missing = [
        line
        for line in lines
        if line and line != "…" and not any(line == one for one in told)
    ]

    assert missing == []


def test_the_page_shows_both_commands() -> None:
    """A check of no command would prove nothing."""
    assert [words.split()[0] for words, _ in SESSIONS] == ["show", "diff"]
