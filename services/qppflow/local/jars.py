"""Finds the jars of Apache Kafka: fetched once, checked, and there again offline.

jgo works out which jars belong together. The list with their hashes is pinned in this
folder, so a changed or half-written jar is found before Java sees it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from qppflow.local.errors import JarsError
from qppflow.local.files import locked, make_folder, read_json, write_json
from qppflow.local.pins import KAFKA_VERSION, pinned_hashes
from qppflow.local.say import Say, silent

# A slow network fetches some hundred megabytes in this time.
OTHERS_SECONDS: Final = 900.0

Fetch = Callable[[Path, Say], list[Path]]


def fetch_with_jgo(folder: Path, say: Say) -> list[Path]:
    """Fetch through jgo, whose HTTP client a run with a full cache need not load."""
    from qppflow.local.fetching import (  # noqa: PLC0415 - half a second to load
        fetch_jars,
    )

    return fetch_jars(folder, say)


def class_path(folder: Path, say: Say = silent, fetch: Fetch = fetch_with_jgo) -> str:
    """Give the class path of Kafka's broker, fetching the jars the first time.

    Later calls read a list in *folder* and need no network. Processes that come at
    the same time wait for the one that fetches.

    Raises:
        JarsError: The jars could not be fetched, or differ from the pinned list.
    """
    note = make_folder(folder) / f"kafka-{KAFKA_VERSION}.json"
    known = _known(folder, note)
    if known is None:
        with _alone(folder, say):
            known = _known(folder, note) or _obtain(folder, say, fetch)
            sizes = {
                str(path.relative_to(folder)): path.stat().st_size for path in known
            }
            write_json(note, sizes)
    return ":".join(map(str, known))


@contextmanager
def _alone(folder: Path, say: Say) -> Iterator[None]:
    """Be the only process that fetches; wait for another one, but not for ever.

    Raises:
        JarsError: It takes too long.
    """
    lock = folder / ".lock"
    with ExitStack() as held:
        try:
            held.enter_context(locked(lock))
        except BlockingIOError:
            say("waiting for another process that fetches the jars")
            try:
                held.enter_context(locked(lock, OTHERS_SECONDS))
            except BlockingIOError:
                text = f"another process fetches the jars for too long: it holds {lock}"
                raise JarsError(text) from None
        yield


def _known(folder: Path, note: Path) -> list[Path] | None:
    """Give the jars that an earlier run checked, if all are there in their size."""
    sizes = read_json(note) or {}
    paths = [folder / name for name in sizes]
    if {path.name for path in paths} != set(pinned_hashes()):
        return None
    there = zip(paths, sizes.values(), strict=True)
    if all(path.exists() and path.stat().st_size == size for path, size in there):
        return paths
    return None


def _obtain(folder: Path, say: Say, fetch: Fetch) -> list[Path]:
    """Fetch and check; jars that a broken download left are fetched once more."""
    paths = fetch(folder, say)
    broken = wrong_jars(paths)
    if broken:
        for path in broken:
            path.unlink()
        paths = fetch(folder, say)
    wrong = [path.name for path in wrong_jars(paths)]
    missing = sorted(set(pinned_hashes()) - {path.name for path in paths})
    if wrong or missing:
        text = f"jars that differ from the pinned list: {wrong}; missing: {missing}"
        raise JarsError(text)
    return sorted(paths, key=lambda path: path.name)


def wrong_jars(paths: Iterable[Path]) -> list[Path]:
    """Give the jars whose name or SHA-256 is not in the pinned list."""
    pinned = pinned_hashes()
    return [path for path in paths if sha256(path) != pinned.get(path.name)]


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
