"""The bytes of documents, and no more of them than anybody will look at."""

import os
import stat
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO, Final, Self

PIECE: Final = 1024 * 1024
# How a line ends after which a JSON document cannot be over, and how the next one
# begins where a program has laid the document out for people.
UNFINISHED: Final = (b"{", b"[", b",", b":")
LAID_OUT: Final = (b" ", b"\t", b'"')


class Start(bytes):
    """The first bytes of a document that is longer than was asked for.

    ``length`` is that of the whole document, None where nobody knows it.
    """

    length: int | None

    def __new__(cls, body: bytes, length: int | None) -> Self:
        """Keep the bytes and the length of the whole."""
        made = super().__new__(cls, body)
        made.length = length
        return made


def whole(stream: BinaryIO, limit: int | None) -> bytes:
    """Read all of a stream, or one byte more than *limit*."""
    if limit is None:
        return stream.read()
    body = stream.read(limit + 1)
    return body if len(body) <= limit else Start(body, _length(stream))


def _length(stream: BinaryIO) -> int | None:
    """Ask how long a file is; of a pipe nobody can say."""
    try:
        found = os.fstat(stream.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def lines_of(stream: BinaryIO, limit: int | None) -> Iterator[tuple[int, bytes]]:
    """Read a stream line by line, each with its number and without its end."""
    most = -1 if limit is None else limit + 1
    for number in count(1):
        line = stream.readline(most)
        if not line:
            return
        if limit is None or len(line) <= limit or line.endswith(b"\n"):
            yield number, line.removesuffix(b"\n")
        else:
            yield number, Start(line, len(line) + _rest(stream))


def _rest(stream: BinaryIO) -> int:
    """Pass over the rest of a line, and count it."""
    passed = 0
    while piece := stream.readline(PIECE):
        passed += len(piece)
        if piece.endswith(b"\n"):
            return passed - 1
    return passed


def over_several_lines(stream: BinaryIO) -> bool:
    """Say whether a lined file holds one document that is laid out for people."""
    if not stream.seekable():
        return False
    pieces = iter(lambda: stream.readline(PIECE), b"")
    lines = filter(bytes.strip, pieces)
    first, second = next(lines, b""), next(lines, b"")
    stream.seek(0)
    return first.rstrip().endswith(UNFINISHED) and second.startswith(LAID_OUT)
