"""Receipts of what was sent: one line a submission, on the disk before the next batch.

A run that was cut short finds here what the broker has already, and repeats nothing
but what it cannot know of, under the same ids.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self

import orjson

from qppflow.local.files import PRIVATE_FILE
from qppflow.local.paths import open_state

SHOWN_OF_HASH: Final = 12


class Receipt(NamedTuple):
    """What the broker has: where it lies, and as what it was sent.

    ``document`` is the name it was read under, ``at`` the broker's append time
    (RFC 3339). The cluster is named, since a receipt of one says nothing of another.
    """

    document: str
    sha256: str
    source: str
    id: str
    topic: str
    partition: int
    offset: int
    at: str
    cluster: str

    @property
    def origin(self) -> str:
        """Name the record's place in the log, as answers and dead letters do."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class Wanted(NamedTuple):
    """What a receipt must be about, for a document not to be sent again."""

    cluster: str
    topic: str
    source: str
    document: str
    sha256: str


class ReceiptsError(Exception):
    """The receipts file cannot be used; the text says which and why."""


def default_file(source: str, state: Path) -> Path:
    """Give the file that keeps a source's receipts in the state folder.

    Raises:
        ReceiptsError: the folder cannot be made.
    """
    named = sha256(source.encode()).hexdigest()[:SHOWN_OF_HASH]
    try:
        open_state(state)
    except OSError as error:
        message = f"{state}: {error.strerror}"
        raise ReceiptsError(message) from error
    return state / f"receipts-{named}.ndjson"


class ReceiptBook:
    """The receipts of one file, which no other run writes meanwhile."""

    def __init__(self, file: BinaryIO, kept: Sequence[Receipt]) -> None:
        self._file = file
        self._kept = {_wanted(receipt): receipt for receipt in kept}

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Self]:
        """Hold the file for the length of a block; a half-written last line goes.

        Raises:
            ReceiptsError: it cannot be opened, another run holds it, or it holds
                something else than receipts.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        except OSError as error:
            message = f"{path}: {error.strerror}"
            raise ReceiptsError(message) from error
        with os.fdopen(descriptor, "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                message = f"{path}: another run writes its receipts there"
                raise ReceiptsError(message) from None
            _keep(path.parent)
            yield cls(file, _read(file, path))

    def find(self, wanted: Wanted) -> Receipt | None:
        """Give the receipt of a document that was sent before."""
        return self._kept.get(wanted)

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Write receipts, and return when they are on the disk."""
        lines = (orjson.dumps(receipt._asdict()) + b"\n" for receipt in receipts)
        self._file.write(b"".join(lines))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._kept.update({_wanted(receipt): receipt for receipt in receipts})


def _wanted(receipt: Receipt) -> Wanted:
    return Wanted(
        receipt.cluster,
        receipt.topic,
        receipt.source,
        receipt.document,
        receipt.sha256,
    )


def _keep(folder: Path) -> None:
    """Have the folder's entry of a new file on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(file: BinaryIO, path: Path) -> list[Receipt]:
    """Read all receipts, and leave the file at the end of the last whole line."""
    text = file.read()
    *lines, torn = text.split(b"\n")
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(Receipt(**orjson.loads(line)))
        except (ValueError, TypeError):
            message = f"{path}, line {number}: this is no receipt"
            raise ReceiptsError(message) from None
    if torn and not found:
        message = f"{path}: no receipts file"
        raise ReceiptsError(message)
    file.seek(len(text) - len(torn))
    file.truncate()
    return found
