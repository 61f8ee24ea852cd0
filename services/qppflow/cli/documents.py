"""Documents from files, folders and standard input, one at a time."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, TextIO

from qppflow.cli.document_bytes import lines_of, over_several_lines, whole
from qppflow.cli.names import name_of

ENDINGS: Final = (".json", ".ndjson", ".jsonl")
LINED: Final = (".ndjson", ".jsonl")
STANDARD_INPUT: Final = "-"


class Document(NamedTuple):
    """One document: where it was found, and its bytes as they are.

    The bytes are a ``Start`` where the document is longer than the reader's limit.
    """

    name: str
    body: bytes


class UnreadableError(Exception):
    """A path does not lead to documents; says which path and why."""


def refuse(error: UnreadableError) -> NoReturn:
    """End at the first path that cannot be read."""
    raise error


def read_documents(
    paths: Iterable[Path],
    told: Callable[[UnreadableError], None] = refuse,
    *,
    limit: int | None = None,
) -> Iterator[Document]:
    """Read every document below *paths*; ``-`` is standard input.

    A folder gives its ``.json``, ``.ndjson`` and ``.jsonl`` files in the order of
    their names, all levels down. Lined files hold one document a line. Of a document
    of more than *limit* bytes one byte more than that is read. No name is left out,
    ``expected.json`` neither: what is passed over in silence could be a submission.

    What cannot be read is *told*; if that does not raise, the rest is read.

    Raises:
        UnreadableError: a path does not exist, cannot be read, or holds no document.
    """
    for path in paths:
        nothing = True
        for item in _found(path, limit):
            nothing = False
            if isinstance(item, UnreadableError):
                told(item)
            else:
                yield item
        if nothing:
            told(UnreadableError(f"{name_of(path)}: no document in it"))


def _found(path: Path, limit: int | None) -> Iterator[Document | UnreadableError]:
    """Give the documents below a path, and what went wrong on the way."""
    if str(path) == STANDARD_INPUT:
        yield _standard_input(limit)
        return
    for file in _files(path):
        if isinstance(file, UnreadableError):
            yield file
            continue
        try:
            yield from _documents(file, limit)
        except OSError as error:
            yield _unreadable(file, error)


def _standard_input(limit: int | None) -> Document | UnreadableError:
    """Read standard input, which a shell can close (``<&-``)."""
    name = "standard input"
    stream: TextIO | None = sys.stdin
    if stream is None:
        return UnreadableError(f"{name}: it is closed")
    try:
        return Document(name, whole(stream.buffer, limit))
    except OSError as error:
        return UnreadableError(f"{name}: {error.strerror}")


def _unreadable(path: Path, error: OSError) -> UnreadableError:
    return UnreadableError(f"{name_of(path)}: {error.strerror}")


def _files(path: Path) -> Iterator[Path | UnreadableError]:
    """List the files of a path; a file named outright may have any ending.

    Hidden folders below it are left alone: our own state folder is one, and what
    lies there is no submission.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a parent is closed
        yield path
        return
    failed: list[OSError] = []
    listed: list[Path] = []
    for folder, below, names in os.walk(path, onerror=failed.append):
        below[:] = [name for name in below if not name.startswith(".")]
        listed += [Path(folder, name) for name in names if _may_hold(name)]
    yield from (_unreadable(Path(error.filename), error) for error in failed)
    if not listed and not failed:
        message = f"{name_of(path)}: no {', '.join(ENDINGS)} file in this folder"
        yield UnreadableError(message)
    for file in sorted(listed):
        try:
            # A pipe or a device would keep us waiting.
            if stat.S_ISREG(file.stat().st_mode):
                yield file
        except OSError as error:
            yield _unreadable(file, error)


def _may_hold(name: str) -> bool:
    """Say whether a file of this name is taken for documents; ``A.JSON`` is."""
    return not name.startswith(".") and name.lower().endswith(ENDINGS)


def _documents(file: Path, limit: int | None) -> Iterator[Document | UnreadableError]:
    """Read the documents of one file; empty lines are none.

    Raises:
        OSError: the file cannot be read.
    """
    name = name_of(file)
    with file.open("rb") as stream:
        if file.suffix.lower() not in LINED:
            yield Document(name, whole(stream, limit))
            return
        if over_several_lines(stream):
            message = (
                f"{name}: one document over several lines, where such a file has one"
                " document a line; rename it to .json"
            )
            yield UnreadableError(message)
            return
        for number, line in lines_of(stream, limit):
            if line.strip():
                yield Document(f"{name}:{number}", line)
