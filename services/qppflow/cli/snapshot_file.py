"""A snapshot as a file: one line that says what it is, then one line an event.

The hash is over the lines of the events, byte by byte, so anybody can check it with
``tail -n +2 FILE | sha256sum``.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final, NamedTuple

import orjson

from qppflow.cli.snapshot_fold import Standing

FORM: Final = "qppflow-snapshot-1"
# The only fields of the first line, in this order.
FIELDS: Final = ("snapshot", "topic", "year", "cut", "lines", "sha256")


class Head(NamedTuple):
    """What the first line says.

    ``cut`` has, by partition, the first offset that the snapshot does not know: go on
    reading there. ``lines`` are events; ``sha256`` is the hash of their lines.
    """

    topic: str
    year: int | None
    cut: Mapping[str, int]
    lines: int
    sha256: str

    def as_json(self) -> dict[str, object]:
        """Give the fields as the file has them."""
        return {
            "snapshot": FORM,
            "topic": self.topic,
            "year": self.year,
            "cut": dict(self.cut),
            "lines": self.lines,
            "sha256": self.sha256,
        }


class NoSnapshotError(Exception):
    """A file is no snapshot, or not the one that its first line speaks of."""


def write(file: Path, head: Head, standing: Iterable[Standing]) -> Head:
    """Write a snapshot, whole or not at all; gives the first line with its figures.

    The file is its owner's alone. *head* names topic, year and cut.

    Raises:
        OSError: the folder cannot be written to, or is full.
    """
    with _beside(file) as body, _beside(file) as whole:
        hashed, lines = sha256(), 0
        for one in standing:
            line = _line(one)
            hashed.update(line)
            body.write(line)
            lines += 1
        made = head._replace(lines=lines, sha256=hashed.hexdigest())
        whole.write(orjson.dumps(made.as_json(), option=orjson.OPT_APPEND_NEWLINE))
        body.seek(0)
        shutil.copyfileobj(body, whole)
        whole.flush()
        os.fsync(whole.fileno())
        Path(whole.name).replace(file)
    return made


def check(file: Path) -> Head:
    """Read a snapshot to its end and give its first line, which is then true.

    Raises:
        NoSnapshotError: it is none, or was changed or cut since.
        OSError: it cannot be read.
    """
    with file.open("rb") as lines:
        head = _head(lines.readline())
        hashed, count = sha256(), 0
        for line in lines:
            hashed.update(line)
            count += 1
    if count != head.lines:
        message = f"{count} lines of events, {head.lines} were written"
        raise NoSnapshotError(message)
    if hashed.hexdigest() != head.sha256:
        message = "the lines of events are not those that were written"
        raise NoSnapshotError(message)
    return head


def _line(one: Standing) -> bytes:
    """Write one event; its own bytes stay as they are in the topic."""
    before: dict[str, Any] = {
        "partition": one.partition,
        "offset": one.offset,
        "ce_type": one.type,
    }
    return orjson.dumps(before)[:-1] + b',"event":' + one.event + b"}\n"


def _head(line: bytes) -> Head:
    try:
        told = orjson.loads(line)
        if tuple(told) != FIELDS or told.pop("snapshot") != FORM:
            raise ValueError  # noqa: TRY301 - one message for all that is no first line
        return Head(**told)
    except (ValueError, AttributeError, TypeError):
        message = f"the first line is not that of a {FORM}"
        raise NoSnapshotError(message) from None


@contextmanager
def _beside(file: Path) -> Iterator[IO[bytes]]:
    """Give a file of the same folder, for its owner only, that is gone afterwards."""
    with NamedTemporaryFile(
        dir=file.absolute().parent, prefix=f".{file.name}.", delete=False
    ) as made:
        try:
            yield made
        finally:
            Path(made.name).unlink(missing_ok=True)
