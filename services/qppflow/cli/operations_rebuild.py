"""Making a service's memory anew from its topic: who, from where, and the counts."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import structlog

from qppflow.entities import app as entities
from qppflow.final_scores import app as final_scores
from qppflow.payments import app as payments
from qppflow.runtime.compose import Wiring, guard_of, stateful
from qppflow.runtime.faults import StopServiceError
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.memory import Memory
from qppflow.runtime.ports import Bounds
from qppflow.runtime.rebuild import LogReader, Reread, rebuild
from qppflow.runtime.records import Place, Record
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.store import Store

log = structlog.get_logger()

Meter: TypeAlias = Callable[[int, int], None]
"""Told of records done and records in all."""

# A killed service stays a member of its group until its session has run out.
MEMBERS_SECONDS: Final = 45.0
POLL_SECONDS: Final = 0.5
PAGE: Final = 1_000


class Remembering(NamedTuple):
    """A service with a memory: how it is wired, set up, and what decides."""

    wiring: Wiring
    settings: StatefulSettings
    memory: Memory[Any]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: what was read of each partition, and states made."""

    service: str
    read: Mapping[Place, Reread]
    states: int

    @property
    def records(self) -> int:
        """Count the records that were read."""
        return sum(one.records for one in self.read.values())

    @property
    def cut(self) -> dict[Place, int | None]:
        """Give from when partitions are remembered whose beginning is deleted."""
        return {place: one.since for place, one in self.read.items() if one.cut}


def remembering(name: str, values: Mapping[str, Any]) -> Remembering:
    """Set up one service; *values* win over the environment.

    Raises:
        KeyError: no service of this name has a memory.
        ValidationError: a setting is missing or wrong.
    """
    match name:
        case "entities":
            of_entities = entities.Settings(**values)
            memory = entities.memory(of_entities)
            return Remembering(entities.WIRING, of_entities, memory)
        case "final_scores":
            of_scores = final_scores.Settings(**values)
            scores = final_scores.memory(of_scores)
            return Remembering(final_scores.WIRING, of_scores, scores)
        case "payments":
            of_payments = payments.Settings(**values)
            paid = payments.memory(of_payments)
            return Remembering(payments.WIRING, of_payments, paid)
        case _:
            raise KeyError(name)


class MeteredReader:
    """A log reader that tells how far it is."""

    def __init__(self, reader: LogReader, total: int, meter: Meter) -> None:
        self._reader = reader
        self._total = total
        self._meter = meter
        self._done = 0

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return await self._reader.cluster_id()

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record."""
        return await self._reader.bounds(place)

    async def read(
        self, place: Place, start: int, end: int
    ) -> AsyncIterator[list[Record]]:
        """Give a partition's records in batches, and count them."""
        async for batch in self._reader.read(place, start, end):
            yield batch
            self._done += len(batch)
            self._meter(self._done, self._total)


async def rebuild_service(
    one: Remembering, meter: Meter, *, partial: bool = False
) -> Rebuilt:
    """Forget and make anew the memory of a service that does not run.

    Raises:
        StopServiceError: it runs, or the log does not reach back to its beginning
            and the rebuild may not be *partial*.
        RuleBookMissingError: this build cannot repeat a decision of the past.
        WorldError: broker or database did not answer; do it again.
    """
    service = stateful(one.wiring, one.settings, one.memory)
    (read,) = service.reads
    places = [Place(read.name, number) for number in range(read.partitions)]
    store = service.store
    assert store is not None  # stateful() gives every service one
    try:
        async with AioLogReader.connected(one.settings.bootstrap_servers) as reader:
            await refuse_members(reader, service.group)
            done = await reader.committed(service.group, places)
            await store.open()
            read_again = await rebuild(
                one.memory,
                store,
                # It parks the same records again; its producer is never started.
                guard_of(one.wiring, service.settings, service.producer),
                MeteredReader(reader, await _total(reader, done), meter),
                {place: done.get(place) for place in places},
                partial=partial,
            )
        return Rebuilt(service.name, read_again, await _count(store))
    finally:
        await store.close()


async def _total(reader: AioLogReader, done: Mapping[Place, int]) -> int:
    """Count the offsets from where partitions begin to where the group is."""
    lows = await reader.first_offsets(done)
    # What was deleted before the group came to it is not to be read, either.
    return sum(max(0, end - lows[place]) for place, end in done.items())


class Coordinator(Protocol):
    """Knows who belongs to a group."""

    async def members(self, group: str) -> int:
        """Count the processes that belong to a group."""
        ...


async def refuse_members(
    coordinator: Coordinator, group: str, seconds: float = MEMBERS_SECONDS
) -> None:
    """Wait until nobody belongs to the service's group.

    Raises:
        StopServiceError: somebody still does after *seconds*.
        BrokerError: Kafka did not answer in time.
    """
    deadline = time.monotonic() + seconds
    told = False
    while (count := await coordinator.members(group)) > 0:
        if not told:
            log.info("waiting", reason=f"{group} has members", count=count)
            told = True
        if time.monotonic() >= deadline:
            reason = f"{group} runs, and would write to the same memory"
            raise StopServiceError(reason, "stop it first, as with qppflow down")
        await asyncio.sleep(POLL_SECONDS)


async def _count(store: Store) -> int:
    """Count the states of a store."""
    count, after = 0, ""
    while page := await store.page(after, PAGE):
        count += len(page)
        after = page[-1][0]
    return count
