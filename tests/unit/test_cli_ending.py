"""What is broken in this build or on this machine ends in one sentence and a code."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qpp import library
from qpp.catalog_cells import CatalogueError
from qpp.mips.rules import MipsRules, read_rules
from qpp.rulebook import RuleError
from qppflow.cli import judge
from qppflow.cli import main as command
from qppflow.cli.exits import EPILOG, Exit
from qppflow.runtime.resources import data_root
from tests.helpers.cli import accepted, put, run

PROGRAM = "from qppflow.cli.main import main; main()"
FULL = Path("/dev/full")
Ended = tuple[int | str | None, str, str]
Command = Callable[..., Ended]


@pytest.fixture
def typed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run the command as what is installed runs it."""

    def run_it(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["qppflow", *map(str, words)])
        kept = os.dup(sys.stdout.fileno())
        try:
            with pytest.raises(SystemExit) as ended:
                command.main()
        finally:
            os.dup2(kept, sys.stdout.fileno())
            os.close(kept)
        found = capfd.readouterr()
        return ended.value.code, found.out, found.err

    return run_it


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let judging a document fail."""

    def judge_submission(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(judge, "judge_submission", judge_submission)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
@pytest.mark.parametrize(
    "words",
    [["validate", "{}"], ["validate", "{}", "--json"], ["--help"], ["--version"]],
)
def test_a_full_disk_is_one_line(tmp_path: Path, words: list[str]) -> None:
    """It is nobody's wrong usage, and the rest of the answer is lost."""
    path = str(put(tmp_path, "a.json", accepted()))

    with FULL.open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, *(w.format(path) or path for w in words)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert ended.stderr == b"the output cannot be written: No space left on device\n"
    assert ended.returncode == Exit.NEEDS_OPERATOR


def test_a_broken_rule_file_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Command
) -> None:
    """Whoever changed it finds the place."""
    folder = Path(library.__file__).parent / "rules" / "mips" / "py2025"
    files = {file.name: file.read_bytes() for file in folder.glob("*.toml")}
    files["quality.toml"] = files["quality.toml"].replace(b'"75"', b'"plenty"')
    real = library.rules

    def rules(year: int) -> MipsRules:
        return read_rules("mips/py2025", files) if year == 2025 else real(year)

    monkeypatch.setattr(library, "rules", rules)

    code, told, complained = typed("validate", put(tmp_path, "a.json", accepted(2025)))

    assert complained == (
        "This build is broken: qpp/rules/mips/py2025/quality.toml,"
        " quality.data_completeness: 'plenty' is not a plain number.\n"
    )
    assert (code, told) == (Exit.NEEDS_OPERATOR, "")


def test_a_rule_that_no_file_shows_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Command
) -> None:
    """The sentence of the error is enough."""
    fails(monkeypatch, RuleError("a rule is not as it must be"))

    code, _, complained = typed("validate", put(tmp_path, "a.json", accepted()))

    assert complained == "This build is broken: a rule is not as it must be.\n"
    assert code == Exit.NEEDS_OPERATOR


def test_a_broken_catalogue_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Command
) -> None:
    """Its files ship with the build as well."""
    fails(monkeypatch, CatalogueError("py2025: cost.csv was changed"))

    code, _, complained = typed("validate", put(tmp_path, "a.json", accepted()))

    assert complained == (
        "This build is broken: in a catalogue of qpp/catalog, py2025: cost.csv was"
        " changed.\n"
    )
    assert code == Exit.NEEDS_OPERATOR


def test_a_missing_generated_file_says_how_it_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Command
) -> None:
    """A checkout in which somebody deleted a schema."""
    path = data_root() / "schemas" / "mips" / "py1999" / "submission.schema.json"
    fails(monkeypatch, FileNotFoundError(errno.ENOENT, "No such file", str(path)))

    code, _, complained = typed("validate", put(tmp_path, "a.json", accepted()))

    assert complained == (
        "This build is broken: schemas/mips/py1999/submission.schema.json is not"
        " there; run make generate.\n"
    )
    assert code == Exit.NEEDS_OPERATOR


def test_an_installation_without_schemas_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Command
) -> None:
    """There is no file to name then."""
    fails(monkeypatch, FileNotFoundError("the schemas are not there"))

    code, _, complained = typed("validate", put(tmp_path, "a.json", accepted()))

    assert complained == "This build is broken: the schemas are not there.\n"
    assert code == Exit.NEEDS_OPERATOR


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file", "/nowhere/at/all"),
        OSError(errno.EPERM, "Not permitted"),
    ],
)
def test_other_faults_are_not_hidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: OSError
) -> None:
    """A mistake of ours keeps its trace."""
    fails(monkeypatch, error)
    path = put(tmp_path, "a.json", accepted())
    monkeypatch.setattr(sys, "argv", ["qppflow", "validate", str(path)])

    with pytest.raises(type(error)) as raised:
        command.main()

    assert raised.value is error


def test_the_help_says_what_the_code_means() -> None:
    """Scripts are written from it."""
    ended = run("validate", "--help")

    told = " ".join(ended.stdout.split())
    assert EPILOG in told
    assert "3 an operator must act, also where output cannot be written" in told
