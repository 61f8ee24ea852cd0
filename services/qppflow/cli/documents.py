"""Documents from files, folders and standard input, one at a time."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

ENDINGS: Final = (".json", ".ndjson", ".jsonl")
LINED: Final = (".ndjson", ".jsonl")
STANDARD_INPUT: Final = "-"


class Document(NamedTuple):
    """One document: where it was found, and its bytes as they are."""

    name: str
    body: bytes


class UnreadableError(Exception):
    """A path does not lead to documents; says which path and why."""


def read_documents(paths: Iterable[Path]) -> Iterator[Document]:
    """Read every document below *paths*; ``-`` is standard input.

    A folder gives its ``.json``, ``.ndjson`` and ``.jsonl`` files in the order of
    their names, all levels down. Lined files hold one document a line.

    Raises:
        UnreadableError: a path does not exist, cannot be read, or holds no document.
    """
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield Document("standard input", sys.stdin.buffer.read())
            continue
        found = _files(path)
        if not found:
            message = f"{path}: no {', '.join(ENDINGS)} file in this folder"
            raise UnreadableError(message)
        empty = True
        for file in found:
            for document in _documents(file):
                empty = False
                yield document
        if empty:
            message = f"{path}: no document in it"
            raise UnreadableError(message)


def _files(path: Path) -> list[Path]:
    """List the files of a path; a file named outright may have any ending.

    Hidden folders below it are left alone: our own state folder is one, and what
    lies there is no submission.
    """
    if not path.is_dir():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.suffix in ENDINGS
        and file.is_file()
        and not any(step.startswith(".") for step in file.relative_to(path).parts)
    )


def _documents(file: Path) -> Iterator[Document]:
    """Read the documents of one file; empty lines are none."""
    try:
        body = file.read_bytes()
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise UnreadableError(message) from error
    if file.suffix not in LINED:
        yield Document(str(file), body)
        return
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            yield Document(f"{file}:{number}", line)
