"""Sends many records at once, in order per key, and outlives its own client.

An idempotent aiokafka producer that has failed one batch fails for ever, so after
any error it is thrown away and what is not known to be stored is sent again, in
order, by a new one. Records may then lie in the log twice, with the same ids.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from qppflow.runtime.faults import BrokerError, OversizedError
from qppflow.runtime.partitioner import partition_of, partition_of_keyless
from qppflow.runtime.ports import RawBatch, RawProducer
from qppflow.runtime.records import Outgoing, Place, size


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the broker knows it; ``max_bytes`` is the largest record it takes."""

    name: str
    partitions: int
    max_bytes: int


Topics: TypeAlias = Mapping[str, Topic]
"""The topics a service may write to, by their names in the contracts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, and how often to send before giving up."""

    start: float = 40
    send: float = 30
    stop: float = 8
    attempts: int = 3


_Packed: TypeAlias = list[tuple[RawBatch, list[Outgoing]]]
_Waiting: TypeAlias = "list[tuple[asyncio.Future[object], list[Outgoing]]]"


class Producer:
    """One producer of one process; not for use by two tasks at once."""

    def __init__(
        self,
        make: Callable[[], RawProducer],
        topics: Topics,
        limits: Limits | None = None,
    ) -> None:
        self._make = make
        self._topics = topics
        self._limits = limits or Limits()
        self._raw: RawProducer | None = None
        self.rebuilt = 0

    async def start(self) -> None:
        """Connect.

        Raises:
            BrokerError: Kafka cannot be reached; try again later.
        """
        await self._ready()

    async def stop(self) -> None:
        """Disconnect; never waits longer than the limit."""
        raw, self._raw = self._raw, None
        if raw is not None:
            await self._discard(raw)

    def check(self, outputs: Iterable[Outgoing]) -> None:
        """Refuse what a topic would not take, before anything is sent.

        Raises:
            OversizedError: A record is larger than its topic takes.
            KeyError: The service may not write to that topic.
        """
        for outgoing in outputs:
            limit = self._topics[outgoing.topic].max_bytes
            found = size(outgoing)
            if found > limit:
                raise OversizedError(outgoing.topic, found, limit)

    async def send(self, outputs: Sequence[Outgoing]) -> None:
        """Send all and return when the broker has acknowledged all.

        Raises:
            BrokerError: Some are not known to be stored; do the whole batch again.
            RefusedError: The broker itself refused one record as too large.
        """
        left = self._by_place(outputs)
        for _ in range(self._limits.attempts):
            if not left:
                return
            left = await self._attempt(await self._ready(), left)
            if left:
                await self.stop()
                self.rebuilt += 1
        if left:
            msg = "records are not known to be stored"
            raise BrokerError(msg)

    def _by_place(self, outputs: Iterable[Outgoing]) -> dict[Place, list[Outgoing]]:
        places: dict[Place, list[Outgoing]] = {}
        for outgoing in outputs:
            topic = self._topics[outgoing.topic]
            if outgoing.key is None:
                partition = partition_of_keyless(outgoing.value, topic.partitions)
            else:
                partition = partition_of(outgoing.key, topic.partitions)
            places.setdefault(Place(topic.name, partition), []).append(outgoing)
        return places

    async def _attempt(
        self, raw: RawProducer, places: dict[Place, list[Outgoing]]
    ) -> dict[Place, list[Outgoing]]:
        """Send each partition's records; give back what is not known to be stored."""
        tasks = {
            asyncio.create_task(_send_in_order(raw, place, records)): place
            for place, records in places.items()
        }
        try:
            done, late = await asyncio.wait(tasks, timeout=self._limits.send)
        finally:
            for task in tasks:
                task.cancel()
        left = {tasks[task]: places[tasks[task]] for task in late}
        await asyncio.gather(*late, return_exceptions=True)
        # Let each result be looked at before one of them raises.
        faults = [fault for task in done if (fault := task.exception()) is not None]
        if faults:
            await self.stop()
            raise faults[0]
        left.update({tasks[task]: task.result() for task in done if task.result()})
        return left

    async def _ready(self) -> RawProducer:
        if self._raw is None:
            raw = self._make()
            try:
                await asyncio.wait_for(raw.start(), self._limits.start)
            except (KafkaError, OSError, TimeoutError) as error:
                await self._discard(raw)
                msg = "no connection to Kafka"
                raise BrokerError(msg) from error
            self._raw = raw
        return self._raw

    async def _discard(self, raw: RawProducer) -> None:
        with suppress(KafkaError, OSError, TimeoutError):
            await asyncio.wait_for(raw.stop(), self._limits.stop)


class RefusedError(OversizedError):
    """The broker refused a record that we thought small enough."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__(outgoing.topic, size(outgoing), 0)
        self.outgoing = outgoing


async def _send_in_order(
    raw: RawProducer, place: Place, records: list[Outgoing]
) -> list[Outgoing]:
    """Send one partition's records; give back those after the last sure one."""
    waiting: _Waiting = []
    with suppress(KafkaError, OSError):  # what was not queued is not stored either
        for batch, packed in _pack(raw, records):
            future = await raw.send_batch(batch, place.topic, partition=place.partition)
            future.add_done_callback(_look_at)
            waiting.append((future, packed))
    await asyncio.gather(*(future for future, _ in waiting), return_exceptions=True)
    stored = 0
    for future, packed in waiting:
        fault = future.exception()
        if isinstance(fault, MessageSizeTooLargeError) and len(packed) == 1:
            raise RefusedError(packed[0])
        if fault is not None:
            break
        stored += len(packed)
    return records[stored:]


def _pack(raw: RawProducer, records: list[Outgoing]) -> _Packed:
    """Fill batches in order; the first record of a batch always fits."""
    full: _Packed = []
    batch, packed = raw.create_batch(), list[Outgoing]()
    for record in records:
        if not _append(batch, record):
            full.append((batch, packed))
            batch, packed = raw.create_batch(), []
            _append(batch, record)
        packed.append(record)
    full.append((batch, packed))
    for finished, _ in full:
        finished.close()
    return full


def _append(batch: RawBatch, record: Outgoing) -> bool:
    added = batch.append(
        timestamp=None,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
    )
    return added is not None


def _look_at(future: "asyncio.Future[object]") -> None:
    """Take note of a result that nobody waits for any more."""
    if not future.cancelled():
        future.exception()
