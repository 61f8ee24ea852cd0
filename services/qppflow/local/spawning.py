"""The one place where a program is started."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

Stream = int | IO[bytes]


def spawn(
    argv: Sequence[str],
    *,
    streams: tuple[Stream, Stream, Stream],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    owner: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start *argv* without a shell, in a session of its own.

    ``streams`` are standard input, output and errors; ``owner`` is a user's and a
    group's number. Keyboard signals of a terminal do not reach the process: who
    started it stops it, in order.
    """
    stdin, stdout, stderr = streams
    return subprocess.Popen(  # noqa: S603 - argument lists built in this package, no shell
        argv,
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        user=owner[0] if owner else None,
        group=owner[1] if owner else None,
        extra_groups=[] if owner else None,
    )
