"""Downloads the jars of Apache Kafka through jgo.

Only jgo's resolver is used. Its ready-made environments would fetch a second Java, to
sort jars in a way that a class path does not need.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from jgo.maven import MavenContext
from jgo.parse import Endpoint

from qppflow.local.errors import JarsError
from qppflow.local.pins import ENDPOINT, KAFKA_VERSION
from qppflow.local.say import Say

if TYPE_CHECKING:
    from jgo.maven import Artifact

CONNECTIONS: Final = 4
REPORT_EVERY: Final = 10
SCOPES: Final = ("compile", "runtime")


def fetch_jars(folder: Path, say: Say) -> list[Path]:
    """Resolve and download through jgo into *folder*; what is there is not fetched.

    Raises:
        JarsError: No repository answered, or one lacks a jar.
    """
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
