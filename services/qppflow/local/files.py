"""Small files of a state folder: written whole, read safely, locked while in use."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
TAIL_BYTES: Final = 16_384
LOCK_POLL_SECONDS: Final = 0.1


def make_folder(path: Path) -> Path:
    """Create the folder, readable by its owner only, unless it is there; give it."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def write_whole(path: Path, text: str) -> None:
    """Write *text* so that a reader sees the old file or the new one, never a half."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def write_json(path: Path, members: Mapping[str, object]) -> None:
    """Write *members* as readable JSON, whole."""
    write_whole(path, json.dumps(members, indent=2) + "\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """Give the members of a JSON file; None if it is missing, broken or no object."""
    try:
        members = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return members if isinstance(members, dict) else None


def tail(path: Path, lines: int = 20) -> str:
    """Give the last *lines* lines of a log; empty if there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def open_log(path: Path) -> BinaryIO:
    """Open a log to add to, readable by its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    return os.fdopen(descriptor, "ab")


def shorten(path: Path, limit: int = 10_000_000) -> None:
    """Set a log of more than *limit* bytes aside as ``<name>.1``, replacing that."""
    if path.exists() and path.stat().st_size > limit:
        path.replace(path.with_name(f"{path.name}.1"))


@contextmanager
def locked(path: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock file *path*, which the system frees if this process dies.

    Raises:
        BlockingIOError: Another process holds it, and has for *seconds*.
    """
    make_folder(path.parent)
    deadline = time.monotonic() + seconds
    with path.open("a", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(LOCK_POLL_SECONDS)
        yield
