"""Documents come from files, folders, lines and standard input, one at a time."""

import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qppflow.cli.document_bytes import Start
from qppflow.cli.documents import Document, UnreadableError, read_documents
from qppflow.runtime.decode import SIZE_LIMIT
from tests.helpers.cli import accepted, excellent, lines, put, rejected, run


class Broken(io.RawIOBase):
    """A stream whose device fails."""

    def readall(self) -> bytes:
        """Fail as a device does."""
        raise OSError(errno.EIO, "Input/output error")


BROKEN = Broken()


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


@pytest.mark.parametrize(
    ("stream", "why"),
    [(None, "it is closed"), (SimpleNamespace(buffer=BROKEN), "Input/output error")],
)
def test_standard_input_that_cannot_be_read_is_told(
    monkeypatch: pytest.MonkeyPatch, stream: object, why: str
) -> None:
    """A shell can close it, and a device can fail."""
    monkeypatch.setattr(sys, "stdin", stream)

    with pytest.raises(UnreadableError, match=f"standard input: {why}"):
        names(Path("-"))


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


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make a folder that nobody may list; the superuser could list any real one."""
    folder = tmp_path / "closed"
    folder.mkdir()
    put(folder, "hidden.json", accepted())
    real = os.scandir

    def scandir(path: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever os.walk passes
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return folder


@pytest.mark.parametrize("name", ["validate", "score"])
def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_judged(
    tmp_path: Path, closed: Path, name: str
) -> None:
    """What was passed over in silence could be a submission that is never sent."""
    put(tmp_path, "a.json", accepted())

    ended = run(name, tmp_path, "--json")

    assert [line["fate"] for line in lines(ended)] == ["accepted"]
    assert ended.stderr == f"{closed}: Permission denied\n"
    assert ended.exit_code == 2


def test_sending_stops_before_a_folder_that_cannot_be_listed(
    tmp_path: Path, closed: Path
) -> None:
    """Who does not say how to go on gets no half of the documents."""
    put(tmp_path, "a.json", accepted())

    with pytest.raises(UnreadableError, match=f"{closed}: Permission denied"):
        names(tmp_path)


def test_a_path_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """All are judged, and the end says that something was not."""
    missing = tmp_path / "missing.json"
    files = (missing, put(tmp_path, "a.json", accepted()), missing)

    ended = run("validate", *files, put(tmp_path, "b.json", rejected()))

    assert "accepted  " in ended.stdout
    assert "2 documents: 1 accepted, 1 rejected, 0 parked; 2 unreadable" in ended.stdout
    assert ended.stderr == f"{missing}: No such file or directory\n" * 2
    assert ended.exit_code == 2


def test_a_dangling_link_in_a_folder_is_told(tmp_path: Path) -> None:
    """Its document is meant to be there."""
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")

    ended = run("validate", tmp_path)

    assert ended.stderr == f"{tmp_path}/gone.json: No such file or directory\n"
    assert ended.exit_code == 2


def test_endings_count_in_capitals_too(tmp_path: Path) -> None:
    """Other systems write them so."""
    put(tmp_path, "A.JSON", "{}")
    put(tmp_path, "B.NDJson", "{}", "{}")

    found = [name.removeprefix(f"{tmp_path}/") for name in names(tmp_path)]

    assert found == ["A.JSON", "B.NDJson:1", "B.NDJson:2"]


def test_no_name_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    """A registry may call its submission expected.json."""
    put(tmp_path, "expected.json", accepted())

    assert names(tmp_path) == [f"{tmp_path}/expected.json"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"a\xff.json", "a\\xff.json"),
        (b"a\x1b[2J.json", "a\\x1b[2J.json"),
        ("a\u202e.json".encode(), "a\\u202e.json"),
        ("a\U000e0041.json".encode(), "a\\U000e0041.json"),
        ("Märzwert 2.json".encode(), "Märzwert 2.json"),
        ("a\u00a0b.json".encode(), "a\u00a0b.json"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_name_that_cannot_be_shown_is_escaped(
    tmp_path: Path, raw: bytes, told: str, form: list[str]
) -> None:
    """Neither bytes that are not UTF-8 nor signs that steer a terminal come through."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    path.write_text(json.dumps(accepted()))

    ended = run("validate", path, *form)

    shown = lines(ended)[0]["document"] if form else ended.stdout.split("  ")[1].strip()
    assert shown == f"{tmp_path}/{told}"
    assert ended.exit_code == 0


def test_a_missing_name_is_escaped_in_its_complaint(tmp_path: Path) -> None:
    """A typing mistake must not clear the terminal."""
    ended = run("validate", tmp_path / "\x1b[2J.json")

    assert ended.stderr == f"{tmp_path}/\\x1b[2J.json: No such file or directory\n"


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    """One byte over the limit decides; the size is told as it is on the disk."""
    path = tmp_path / "huge.json"
    size = 1024 * SIZE_LIMIT
    with path.open("wb") as stream:
        stream.truncate(size)

    (document,) = read_documents([path], limit=SIZE_LIMIT)
    ended = run("validate", path, "--json")

    assert isinstance(document.body, Start)
    assert (len(document.body), document.body.length) == (SIZE_LIMIT + 1, size)
    assert [item["found"] for item in lines(ended)[0]["findings"]] == [
        f"{size} bytes, more than {SIZE_LIMIT}"
    ]
    assert lines(ended)[0]["fate"] == "rejected"


def test_a_long_line_is_cut_and_the_next_one_whole(tmp_path: Path) -> None:
    """Its number and length stay true; a line of exactly the limit is whole."""
    path = put(tmp_path, "many.ndjson", "x" * 11, "y" * 10, "z" * 2_000_000, "end")

    found = list(read_documents([path], limit=10))

    assert [(item.name[-1], item.body[:3], len(item.body)) for item in found] == [
        ("1", b"xxx", 11),
        ("2", b"yyy", 10),
        ("3", b"zzz", 11),
        ("4", b"end", 3),
    ]
    lengths = [getattr(item.body, "length", None) for item in found]
    assert lengths == [11, None, 2_000_000, None]


def test_a_large_pipe_is_refused_without_a_size() -> None:
    """Nobody can say how much would still come."""
    ended = run("validate", "-", "--json", text="[" * (SIZE_LIMIT + 5))

    (finding,) = lines(ended)[0]["findings"]
    assert finding["found"] == f"more than {SIZE_LIMIT} bytes"


@pytest.mark.parametrize("indent", [2, 0, "\t"])
def test_a_laid_out_document_in_a_lined_file_is_one_sentence(
    tmp_path: Path, indent: int | str
) -> None:
    """Not a finding for each of its lines."""
    text = json.dumps(accepted(), indent=indent)
    path = put(tmp_path, "pretty.ndjson", text)

    ended = run("validate", path)

    assert not ended.stdout
    assert ended.stderr.endswith("one document a line; rename it to .json\n")
    assert ended.exit_code == 2


@pytest.mark.parametrize("first", ["{", '{"a": 1,', '{"a":', "", '{"a": "b"}'])
def test_a_torn_line_does_not_make_a_lined_file_another(
    tmp_path: Path, first: str
) -> None:
    """The documents after it are judged as ever."""
    path = put(tmp_path, "torn.ndjson", first, accepted(), excellent())

    fates = [line["fate"] for line in lines(run("validate", path, "--json"))]

    assert fates[-2:] == ["accepted", "accepted"]


def test_several_documents_are_summed_up_for_people(tmp_path: Path) -> None:
    """One document is its own sum, and machines count for themselves."""
    one = put(tmp_path, "1.json", accepted())
    rest = (put(tmp_path, "2.json", rejected()), put(tmp_path, "3.json", "{"))

    several = run("validate", one, *rest)

    assert several.stdout.endswith("\n3 documents: 1 accepted, 1 rejected, 1 parked\n")
    assert run("validate", one).stdout == f"accepted  {one}\n"
    assert len(lines(run("validate", one, *rest, "--json"))) == 3
