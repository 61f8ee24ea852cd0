"""Fetches the jars of Apache Kafka once, checks them, and finds them again offline.

jgo works out which jars belong together. The list with their hashes is pinned in this
folder, so a changed or half-written jar is found before Java sees it.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from qppflow.local.errors import JarsError
from qppflow.local.files import locked, make_folder, read_json, write_whole

if TYPE_CHECKING:
    from jgo.maven import Artifact

KAFKA_VERSION: Final = "4.3.1"
# Without the "!" the logging library's own version management wins, and an old
# kafka-clients comes in place of the broker's.
ENDPOINT: Final = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
    "+org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!"
)
PINNED: Final = f"kafka-{KAFKA_VERSION}.sha256"
CONNECTIONS: Final = 4
REPORT_EVERY: Final = 10
SCOPES: Final = ("compile", "runtime")

Say = Callable[[str], None]
Fetch = Callable[[Path, Say], list[Path]]


def silent(_text: str) -> None:
    """Say nothing; the default where nobody watches."""


@cache
def pinned_hashes() -> Mapping[str, str]:
    """Give the SHA-256 of each jar by file name, from the list in this folder."""
    text = resources.files("qppflow.local").joinpath(PINNED).read_text("utf-8")
    pairs = (line.split() for line in text.splitlines())
    return {name: digest for digest, name in pairs}


def class_path(folder: Path, say: Say = silent, fetch: Fetch | None = None) -> str:
    """Give the class path of Kafka's broker, fetching the jars the first time.

    Later calls read a list in *folder* and need no network. Processes that come at
    the same time wait for the one that fetches.

    Raises:
        JarsError: The jars could not be fetched, or differ from the pinned list.
    """
    note = make_folder(folder) / f"kafka-{KAFKA_VERSION}.json"
    known = _known(folder, note)
    if known is None:
        with locked(folder / ".lock"):
            known = _known(folder, note)
            if known is None:
                known = _obtain(folder, say, fetch or fetch_jars)
                sizes = {
                    str(path.relative_to(folder)): path.stat().st_size for path in known
                }
                write_whole(note, json.dumps(sizes, indent=0))
    return ":".join(map(str, known))


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


def fetch_jars(folder: Path, say: Say) -> list[Path]:
    """Resolve and download through jgo into *folder*; what is there is not fetched.

    Raises:
        JarsError: No repository answered, or one lacks a jar.
    """
    # jgo pulls in an HTTP client, which a run with a full cache need not load.
    from jgo.maven import MavenContext  # noqa: PLC0415 - loaded only to download
    from jgo.parse import Endpoint  # noqa: PLC0415 - loaded only to download

    logging.getLogger("jgo").setLevel(logging.ERROR)
    context = MavenContext(repo_cache=folder / "maven")
    wanted = [
        context.create_dependency(replace(coordinate, scope="compile"))
        for coordinate in Endpoint.parse(ENDPOINT).coordinates
    ]
    say(f"finding the jars of Apache Kafka {KAFKA_VERSION}")
    try:
        inputs, others = context.resolver.resolve(wanted)
        used = [*inputs, *(item for item in others if item.scope in SCOPES)]
        return _download([item.artifact for item in used], say)
    except (OSError, RuntimeError, ValueError, ParseError) as error:
        # An interrupted download may have left half a description behind.
        for description in (folder / "maven").rglob("*.pom"):
            description.unlink()
        text = (
            f"the jars of Apache Kafka {KAFKA_VERSION} could not be fetched"
            f" ({type(error).__name__}); the first start needs a network, or"
            " QPPFLOW_CACHE naming a folder that was filled elsewhere"
        )
        raise JarsError(text) from error


def _download(artifacts: list["Artifact"], say: Say) -> list[Path]:
    """Download a few at a time and report how far it is."""
    done: list[Path] = []
    size = 0
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for path in pool.map(lambda artifact: artifact.resolve(), artifacts):
            done.append(path)
            size += path.stat().st_size
            if len(done) % REPORT_EVERY == 0 or len(done) == len(artifacts):
                megabytes = size / 1_000_000
                say(f"{len(done)} of {len(artifacts)} jars, {megabytes:.0f} MB")
    return done
