"""The memories of a stream that a test may delete, make anew, and compare."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from qppflow.local.stack_plan import PREFIX, service_variables
from qppflow.local.stack_work import REMEMBERING
from qppflow.runtime.records import Place
from qppflow.runtime.store_tables import connect, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.helpers.chaos_site import Site

COMMAND: Final = Path(sys.executable).with_name("qppflow")
REBUILD_SECONDS: Final = 240


class Memory(NamedTuple):
    """What one service remembers, byte for byte, and how far it is."""

    states: Mapping[str, bytes]
    positions: Mapping[Place, int]


@contextmanager
def _opened(site: "Site", service: str) -> "Iterator[Engine]":
    """Open the store of one service."""
    file = f"sqlite:///{site.folder / service}.sqlite3"
    engine = connect(site.store_url or file)
    try:
        yield engine
    finally:
        engine.dispose()


def memories(site: "Site") -> dict[str, Memory]:
    """Read what each service with a memory remembers."""
    found = {}
    for service in REMEMBERING:
        known = tables(service)
        states, places = known.states.c, known.positions.c
        with _opened(site, service) as engine, engine.begin() as connection:
            kept = connection.execute(select(states.subject, states.state)).all()
            where = connection.execute(
                select(places.topic, places.partition, places.position)
            ).all()
        found[service] = Memory(
            {row[0]: row[1] for row in kept},
            {Place(topic, number): position for topic, number, position in where},
        )
    return found


def forgotten(site: "Site") -> None:
    """Delete every memory of a stream that does not run."""
    for service in REMEMBERING:
        with _opened(site, service) as engine:
            tables(service).metadata.drop_all(engine)


def rebuilt(site: "Site") -> dict[str, int]:
    """Make all memories anew as an operator would; gives the exit codes."""
    own = {name: t for name, t in os.environ.items() if not name.startswith(PREFIX)}
    told = service_variables(site.config(2, {}), site.servers, site.store_url)
    running = {
        service: subprocess.Popen(
            [str(COMMAND), "state", "rebuild", service, "--json"],
            env={**own, **told},
            cwd=site.folder,
        )
        for service in REMEMBERING
    }
    return {name: one.wait(REBUILD_SECONDS) for name, one in running.items()}
