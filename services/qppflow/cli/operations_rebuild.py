"""Making a service's memory anew from its topic: who, from where, and the counts."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from qppflow.entities import app as entities
from qppflow.final_scores import app as final_scores
from qppflow.payments import app as payments
from qppflow.runtime.aio import AioProducer, answered, stop_client
from qppflow.runtime.compose import DEAD_LETTERS, Wiring, topic
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.faults import BrokerError, StopServiceError
from qppflow.runtime.guard import Guard
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.memory import Memory
from qppflow.runtime.ports import Bounds
from qppflow.runtime.producer import Producer
from qppflow.runtime.rebuild import rebuild
from qppflow.runtime.records import Place, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.store import Store

Meter: TypeAlias = Callable[[int, int], None]
"""Told of records done and records in all."""

# A killed service stays a member of its group until its session has run out.
MEMBERS_SECONDS: Final = 45.0
POLL_SECONDS: Final = 0.5
NO_ERROR: Final = 0
PAGE: Final = 1_000


class Remembering(NamedTuple):
    """A service with a memory: how it is wired, set up, and what decides."""

    wiring: Wiring
    settings: StatefulSettings
    memory: Memory[Any]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: records read of each partition, and states made."""

    service: str
    records: Mapping[Place, int]
    states: int


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


def guard_of(wiring: Wiring, settings: StatefulSettings) -> Guard:
    """Give the guard the service itself has, so that the same records park again.

    Its producer knows how large a record may be; it is never started.
    """
    writes = {name: topic(settings, name) for name in (*wiring.writes, DEAD_LETTERS)}
    producer = Producer(partial(AioProducer, settings.bootstrap_servers), writes)
    sealer = Sealer(settings.sealing_bytes())
    letters = DeadLetters(
        wiring.name, DEAD_LETTERS, sealer, settings.build, wiring.trusts_keys
    )
    return Guard(letters, producer.check, wiring.on_parked)


class MeteredReader:
    """A log reader that tells how far it is."""

    def __init__(self, reader: AioLogReader, total: int, meter: Meter) -> None:
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


async def rebuild_service(one: Remembering, meter: Meter) -> Rebuilt:
    """Forget and make anew the memory of a service that does not run.

    Raises:
        StopServiceError: it runs, or the log does not reach back to its beginning.
        RuleBookMissingError: this build cannot repeat a decision of the past.
        WorldError: broker or database did not answer; do it again.
    """
    name, settings = one.wiring.name, one.settings
    (read,) = (topic(settings, wanted) for wanted in one.wiring.reads)
    places = [Place(read.name, number) for number in range(read.partitions)]
    group = settings.topic_prefix + name
    await refuse_members(settings.bootstrap_servers, group)
    ends = await committed(settings.bootstrap_servers, group, places)
    store = Store(settings.url_of(name), name)
    try:
        await store.open()
        async with AioLogReader.connected(settings.bootstrap_servers) as reader:
            lows = {place: (await reader.bounds(place)).low for place in places}
            total = sum(
                (end or lows[place]) - lows[place] for place, end in ends.items()
            )
            records = await rebuild(
                one.memory,
                store,
                guard_of(one.wiring, settings),
                MeteredReader(reader, total, meter),
                ends,
            )
        return Rebuilt(name, records, await _count(store))
    finally:
        await store.close()


async def refuse_members(
    bootstrap_servers: str, group: str, seconds: float = MEMBERS_SECONDS
) -> None:
    """Wait until nobody belongs to the service's group.

    Raises:
        StopServiceError: somebody still does after *seconds*.
        BrokerError: Kafka did not answer in time.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    deadline = time.monotonic() + seconds
    try:
        async with answered():
            await admin.start()
        while (count := await _members(admin, group)) != 0:
            if time.monotonic() >= deadline:
                if count is None:
                    msg = "the group's coordinator is not ready"
                    raise BrokerError(msg)
                reason = f"{group} runs, and would write to the same memory"
                raise StopServiceError(reason, "stop it first, as with qppflow down")
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await admin.close()


async def _members(admin: AIOKafkaAdminClient, group: str) -> int | None:
    """Count the processes that belong to a group; None if Kafka cannot say yet."""
    async with answered():
        told = await admin.describe_consumer_groups([group])
    groups = [one for answer in told for one in answer.groups]
    # A broker that has just started says with a code that it still loads groups.
    if any(one[0] != NO_ERROR for one in groups):
        return None
    return sum(len(one[5]) for one in groups)


async def committed(
    bootstrap_servers: str, group: str, places: Sequence[Place]
) -> dict[Place, int | None]:
    """Give what a group has committed of each partition, without joining it.

    The admin client would give nothing, and no error, while a broker loads groups; a
    rebuild would then forget everything. The consumer waits.

    Raises:
        BrokerError: Kafka did not answer in time.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False
    )
    try:
        async with answered():
            await consumer.start()
            return {
                place: await consumer.committed(TopicPartition(*place))
                for place in places
            }
    finally:
        await stop_client(consumer)


async def _count(store: Store) -> int:
    """Count the states of a store."""
    count, after = 0, ""
    while page := await store.page(after, PAGE):
        count += len(page)
        after = page[-1][0]
    return count
