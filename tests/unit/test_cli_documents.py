"""Documents come from files, folders, lines and standard input, one at a time."""

from pathlib import Path

import pytest

from qppflow.cli.documents import Document, UnreadableError, read_documents
from tests.helpers.cli import accepted, lines, put, rejected, run


def names(*paths: Path) -> list[str]:
    """Name the documents below paths."""
    return [document.name for document in read_documents(paths)]


def test_a_file_is_one_document_whatever_its_ending(tmp_path: Path) -> None:
    """A file that is named outright is read as it stands."""
    path = put(tmp_path, "march.txt", '{"a": 1}')

    assert list(read_documents([path])) == [Document(str(path), b'{"a": 1}')]


@pytest.mark.parametrize("ending", ["ndjson", "jsonl"])
def test_a_lined_file_holds_one_document_a_line(tmp_path: Path, ending: str) -> None:
    """Empty lines are no documents, and still count as lines."""
    path = put(tmp_path, f"many.{ending}", "{}", "", "  ", '{"b": 2}')

    assert names(path) == [f"{path}:1", f"{path}:4"]


def test_a_folder_gives_its_files_by_name_all_levels_down(tmp_path: Path) -> None:
    """Other endings, and folders that end like files, are passed over."""
    (tmp_path / "deep.json").mkdir()
    for name in ("b.json", "a.jsonl", "notes.txt", "deep.json/c.json"):
        put(tmp_path, name, "{}")

    found = [name.removeprefix(f"{tmp_path}/") for name in names(tmp_path)]

    assert found == ["a.jsonl:1", "b.json", "deep.json/c.json"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing.json", "No such file or directory"),
        ("empty", "no .json, .ndjson, .jsonl file in this folder"),
        ("blank.ndjson", "no document in it"),
    ],
)
def test_a_path_without_documents_is_said_with_its_reason(
    tmp_path: Path, name: str, why: str
) -> None:
    """Nothing to judge is never a good ending."""
    (tmp_path / "empty").mkdir()
    put(tmp_path, "blank.ndjson", "", "")

    with pytest.raises(UnreadableError, match=f"{name}: {why}"):
        names(tmp_path / name)
    ended = run("validate", tmp_path / name)
    assert ended.exit_code == 2
    assert not ended.stdout
    assert why in " ".join(ended.stderr.split())


def test_standard_input_is_one_document() -> None:
    """A minus sign reads what is piped in."""
    ended = run("validate", "-", "--json", text="{")

    assert [line["document"] for line in lines(ended)] == ["standard input"]
    assert ended.exit_code == 1


def test_each_document_of_a_folder_has_its_own_verdict(tmp_path: Path) -> None:
    """One bad document among good ones decides the exit code."""
    put(tmp_path, "1.json", accepted())
    put(tmp_path, "2.ndjson", rejected(), accepted())

    ended = run("validate", tmp_path, "--json")

    assert [line["fate"] for line in lines(ended)] == [
        "accepted",
        "rejected",
        "accepted",
    ]
    assert ended.exit_code == 1


def test_hidden_folders_below_a_folder_are_left_alone(tmp_path: Path) -> None:
    """Our own state folder holds receipts and progress, and no submission."""
    (tmp_path / ".qppflow").mkdir()
    put(tmp_path, "1.json", accepted())
    put(tmp_path / ".qppflow", "receipts.ndjson", rejected())

    found = [document.name for document in read_documents([tmp_path])]

    assert found == [str(tmp_path / "1.json")]
