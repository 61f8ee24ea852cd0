"""How much work is left: ends of topics minus how far each service is."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from qppflow.runtime.contracts import Names, Topic, topics
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place
from qppflow.runtime.store_tables import connect, tables

DEAD_LETTERS: Final = "qpp-dead-letters"
# Those with a memory, whose store is the authority on their position.
REMEMBERING: Final = ("entities", "final_scores", "payments")


@dataclass(frozen=True)
class Work:
    """Records left by service; dead letters kept; whether the stores could be read."""

    lags: Mapping[str, int]
    dead_letters: int
    stores: bool


async def measure(
    bootstrap_servers: str, prefix: str, store_url: str | None, state: Path
) -> Work:
    """Ask the broker and the stores.

    Raises:
        BrokerError: Kafka did not answer in time.
    """
    names, known = Names(prefix), topics()
    done: dict[str, dict[Place, int]] = {}
    stores = True
    async with AioLogReader.connected(bootstrap_servers) as reader:
        for group in sorted({one for topic in known.values() for one in topic.groups}):
            read = [
                place
                for topic in known.values()
                if group in topic.groups
                for place in _places(topic, names)
            ]
            done[group] = await reader.committed(names.physical(group), read)
            if group in REMEMBERING:
                try:
                    kept = await asyncio.to_thread(positions, group, store_url, state)
                except SQLAlchemyError:
                    stores = False
                else:
                    done[group] |= kept
        places = [place for topic in known.values() for place in _places(topic, names)]
        ends = await reader.ends(places)
        letters = [await reader.bounds(p) for p in _places(known[DEAD_LETTERS], names)]
    lags = {
        group: sum(
            max(0, ends[place] - max(0, done[group].get(place, 0)))
            for topic in known.values()
            if group in topic.groups
            for place in _places(topic, names)
        )
        for group in done
    }
    return Work(lags, sum(one.high - one.low for one in letters), stores)


def positions(service: str, store_url: str | None, state: Path) -> dict[Place, int]:
    """Read how far a service's store is; a file that is not there knows nothing.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    file = state / f"{service}.sqlite3"
    if store_url is None and not file.exists():
        return {}
    # One that was given may be away, and is asked within bounds. Of a file only this
    # question is asked, so the service's own locking is not needed.
    engine = connect(store_url) if store_url else create_engine(f"sqlite:///{file}")
    table = tables(service).positions
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                select(table.c.topic, table.c.partition, table.c.position)
            )
            return {Place(row[0], row[1]): int(row[2]) for row in rows}
    finally:
        engine.dispose()


def _places(topic: Topic, names: Names) -> Iterable[Place]:
    for number in range(topic.partitions):
        yield Place(names.physical(topic.name), number)
