"""`qppflow validate` tells a document's fate, every finding, and ends accordingly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import qpp
from qppflow.cli import main as command
from qppflow.cli.exits import Exit
from tests.helpers.cli import accepted, lines, put, rejected, run, too_wide
from tests.helpers.submissions import NPI, TIN

WRONG_DIGIT = {"nationalProviderIdentifier": NPI[:-1] + "4"}
PROGRAM = "from qppflow.cli.main import main; main()"


def piped(*arguments: object) -> "subprocess.CompletedProcess[bytes]":
    """Run the command into a pipe that nobody reads."""
    words = [str(item) for item in arguments]
    with subprocess.Popen(
        [sys.executable, "-c", "pass"], stdin=subprocess.PIPE
    ) as gone:
        gone.wait()
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            stdout=gone.stdin,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            check=False,
        )


def test_an_accepted_submission_ends_well(tmp_path: Path) -> None:
    """One line is all there is to say."""
    ended = run("validate", put(tmp_path, "march.json", accepted()))

    assert ended.exit_code == Exit.OK
    assert "".join(ended.stdout.split("\n")) == f"accepted  {tmp_path}/march.json"


def test_a_rejected_submission_shows_every_finding(tmp_path: Path) -> None:
    """Each has its severity, code, place, what was found, what is needed, and why."""
    ended = run("validate", put(tmp_path, "march.json", rejected()))

    words = " ".join(ended.stdout.split())
    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert words.startswith("rejected: 2 errors, 1 warning")
    for part in (
        "warning MIPS-COM-005 /measurementSets/0/measurements found 5 of 6",
        "error MIPS-MEA-001 /measurementSets/0/measurements/1/measureId found",
        "error MIPS-PER-003 /measurementSets/2/performanceEnd found 2026-03-01",
        "needed a day from 2025-01-01 to 2025-12-31 42 CFR 414.1320",
    ):
        assert part in words


@pytest.mark.parametrize("name", ["validate", "score"])
@pytest.mark.parametrize(
    ("words", "code", "severity"),
    [([], Exit.OK, "warning"), (["--strict-npi"], Exit.NOT_ACCEPTED, "error")],
)
def test_a_wrong_check_digit_rejects_where_that_is_asked_for(
    tmp_path: Path, name: str, words: list[str], code: Exit, severity: str
) -> None:
    """CMS looks at an NPI's ten digits and no further, so it is an option."""
    document = put(tmp_path, "march.json", accepted() | WRONG_DIGIT)

    ended = run(name, document, "--json", *words)

    (line,) = lines(ended)
    assert ended.exit_code == code
    assert [(item["code"], item["severity"]) for item in line["findings"]] == [
        ("MIPS-IDN-003", severity)
    ]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], []),
        (["--received", "2026-03-31"], []),
        (["--received", "2026-04-01"], ["MIPS-WIN-001"]),
    ],
)
def test_the_window_is_judged_by_the_day_that_is_given(
    tmp_path: Path, words: list[str], codes: list[str]
) -> None:
    """Without one nobody knows when a file will be sent."""
    ended = run("validate", put(tmp_path, "a.json", accepted()), "--json", *words)

    (line,) = lines(ended)
    assert ended.exit_code == Exit.OK
    assert [item["code"] for item in line["findings"]] == codes


def test_a_day_in_another_form_is_a_wrong_use(tmp_path: Path) -> None:
    """Nothing is judged then."""
    document = put(tmp_path, "a.json", accepted())

    ended = run("validate", document, "--received", "04/01/2026")

    assert ended.exit_code == Exit.USAGE


def test_bytes_that_are_no_document_are_parked(tmp_path: Path) -> None:
    """There the finding is about the whole document."""
    ended = run("validate", put(tmp_path, "cut.json", "{"))

    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert ended.stdout.startswith("parked: 1 error")
    assert "MIPS-DOC-001  the whole document" in ended.stdout


def test_json_lines_hold_the_whole_verdict(tmp_path: Path) -> None:
    """Machines read the same as people."""
    good, bad = put(tmp_path, "a.json", accepted()), put(tmp_path, "b.json", rejected())
    cut = put(tmp_path, "c.json", "{")

    first, second, third = lines(run("validate", good, bad, cut, "--json"))

    assert first == {
        "document": str(good),
        "fate": "accepted",
        "reason": None,
        "kind": "submission",
        "performanceYear": 2025,
        "findings": [],
    }
    assert [item["code"] for item in second["findings"]] == [
        "MIPS-COM-005",
        "MIPS-MEA-001",
        "MIPS-PER-003",
    ]
    assert (third["fate"], third["reason"]) == ("parked", "MIPS-DOC-001")


def test_no_identifier_leaves_by_the_output(tmp_path: Path) -> None:
    """Neither where identifiers belong nor where they were put by mistake."""
    document = rejected()
    document["taxpayerIdentificationNumber"] = f"{TIN}7"
    document["measurementSets"][0]["measurements"][0]["measureId"] = NPI
    document[NPI] = TIN
    path = put(tmp_path, "march.json", document)

    told = run("validate", path).output + run("validate", path, "--json").output

    assert "MIPS-MEA-001" in told
    assert "taxpayerIdentificationNumber" in told
    assert TIN not in told
    assert NPI not in told


def test_no_line_is_wider_than_a_terminal(tmp_path: Path) -> None:
    """Long words are folded; a name is not, for it would no longer be that name."""
    document = rejected()
    document["measurementSets"][0]["measurements"][0]["measureId"] = "m" * 120
    path = put(tmp_path, f"{'n' * 120}.json", document)

    ended = run("validate", path)

    head = f"rejected: 3 errors, 1 warning  {path}"
    assert "MIPS-MEA-001" in ended.stdout
    assert head in ended.stdout.splitlines()
    assert too_wide(ended.stdout) == []
    assert too_wide("w" * 81) == ["w" * 81]


def test_a_complaint_does_not_break_a_name(tmp_path: Path) -> None:
    """It is copied from there, too."""
    path = tmp_path / f"{'n' * 120}.json"

    ended = run("validate", path)

    assert ended.stderr == f"{path}: No such file or directory\n"


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    """Neither markup nor the short name of a picture is taken for more than text."""
    ended = run("validate", put(tmp_path, "[red]:100:.json", accepted()))

    assert "[red]:100:.json" in ended.stdout.replace("\n", "")


@pytest.mark.parametrize("words", [["validate"], ["validate", "--nonsense"], []])
def test_wrong_usage_has_its_own_exit_code(words: list[str]) -> None:
    """Nothing was judged, so nothing was rejected either."""
    assert run(*words).exit_code == Exit.USAGE


@pytest.mark.parametrize("name", ["validate", "score", "demo"])
def test_help_teaches_with_examples_and_exit_codes(name: str) -> None:
    """Who reads the help can write a command and read how it ended."""
    ended = run(name, "--help")

    assert ended.exit_code == Exit.OK
    assert f"qppflow {name}" in ended.stdout.split("Examples:")[1]
    assert "Exit codes: 0 all good; 1" in ended.stdout
    assert too_wide(ended.stdout) == []


def test_the_version_is_the_packages() -> None:
    """It comes from one place."""
    ended = run("--version")

    assert (ended.exit_code, ended.stdout) == (0, f"qppflow {qpp.__version__}\n")


def test_the_entry_point_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What pip installs takes its words from the command line."""
    monkeypatch.setattr(sys, "argv", ["qppflow", "--version"])

    with pytest.raises(SystemExit) as ended:
        command.main()

    assert ended.value.code == Exit.OK
    assert capsys.readouterr().out.startswith("qppflow ")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_closed_pipe_is_no_error(tmp_path: Path, form: list[str]) -> None:
    """Who reads only the first lines gets no trace and no failure."""
    path = put(tmp_path, "many.ndjson", *[rejected()] * 3)

    ended = piped("validate", path, *form)

    assert ended.stderr == b""
    assert ended.returncode == Exit.OK
