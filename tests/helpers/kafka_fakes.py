"""A log, a consumer and a producer in memory that fail in the ways Kafka does."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
)

from qppflow.runtime.faults import BrokerError
from qppflow.runtime.ports import Bounds, RawBatch
from qppflow.runtime.records import Header, Headers, Place, Record


@dataclass
class FakeLog:
    """What the broker keeps: records by partition, commits by group."""

    places: dict[Place, list[Record]] = field(default_factory=dict)
    commits: dict[Place, int] = field(default_factory=dict)
    low: dict[Place, int] = field(default_factory=dict)
    cluster: str = "cluster-a"
    away: bool = False

    def append(
        self,
        place: Place,
        key: bytes | None,
        value: bytes | None,
        headers: Headers = (),
    ) -> Record:
        """Add a record at the end of a partition."""
        kept = self.places.setdefault(place, [])
        made = Record(*place, len(kept), 1_000 + len(kept), key, value, headers)
        kept.append(made)
        return made

    def bounds(self, place: Place) -> Bounds:
        """Give the ends of a partition."""
        return Bounds(self.low.get(place, 0), len(self.places.get(place, [])))

    def values(self, topic: str) -> list[bytes]:
        """Give a topic's values, partition by partition."""
        return [record.value or b"" for record in self.records(topic)]

    def records(self, topic: str) -> list[Record]:
        """Give a topic's records, partition by partition."""
        return [
            record
            for place in sorted(self.places)
            if place.topic == topic
            for record in self.places[place]
        ]


class FakeConsumer:
    """One member of the group; the test says which partitions it has."""

    def __init__(self, log: FakeLog, owned: Sequence[Place]) -> None:
        self.log = log
        self.positions: dict[Place, int] = {}
        self.paused: set[Place] = set()
        self.loses_commits = False
        self.assign(owned)

    def assign(self, owned: Sequence[Place]) -> None:
        """Give partitions, as a rebalance does: from the committed offset on."""
        self.paused.clear()
        self.positions = {place: self.log.commits.get(place, 0) for place in owned}

    def poll(self, most: int = 500) -> list[Record]:
        """Read on in every partition that is not paused."""
        found: list[Record] = []
        for place, position in self.positions.items():
            if place in self.paused:
                continue
            new = self.log.places.get(place, [])[position : position + most]
            found += new
            self.positions[place] = position + len(new)
        return found

    def owns(self, place: Place) -> bool:
        """Say whether the partition is assigned here."""
        return place in self.positions

    def seek(self, place: Place, offset: int) -> None:
        """Read on from an offset."""
        if place in self.positions:
            self.positions[place] = offset

    def pause(self, place: Place) -> None:
        """Deliver nothing of the partition."""
        self.paused.add(place)

    def resume(self, place: Place) -> None:
        """Deliver the partition again."""
        self.paused.discard(place)

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        """Keep the offsets, unless the partitions are not this member's any more."""
        if self.log.away:
            msg = "away"
            raise BrokerError(msg)
        if self.loses_commits or not all(self.owns(place) for place in offsets):
            return False
        self.log.commits.update(offsets)
        return True

    async def committed(self, place: Place) -> int | None:
        """Give the group's offset."""
        return self.log.commits.get(place)

    async def bounds(self, place: Place) -> Bounds:
        """Give the ends of the partition."""
        return self.log.bounds(place)

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return self.log.cluster


@dataclass
class FakeBatch:
    """A batch that takes a few records."""

    room: int
    rows: list[tuple[bytes | None, bytes | None, Headers]] = field(default_factory=list)
    closed: bool = False

    def append(
        self,
        *,
        timestamp: int | None,  # noqa: ARG002 the port has it
        key: bytes | None,
        value: bytes | None,
        headers: list[Header],
    ) -> object | None:
        """Take a record while there is room."""
        assert isinstance(headers, list), "aiokafka takes nothing else"
        if len(self.rows) >= self.room or self.closed:
            return None
        self.rows.append((key, value, tuple(headers)))
        return len(self.rows)

    def close(self) -> None:
        """Take no more."""
        self.closed = True


class FakeProducer:
    """Stores batches in a log; ``plan`` says what happens to each batch in turn.

    ``ok``: stored. ``fail``: not stored, and this producer is dead from then on.
    ``unknown``: stored, but the answer is an error; dead too. ``hang``: no answer.
    ``large``: refused for its size.
    """

    def __init__(self, log: FakeLog, plan: deque[str], room: int = 3) -> None:
        self.log = log
        self.plan = plan
        self.room = room
        self.dead = False
        self.stopped = False

    async def start(self) -> None:
        """Connect, if the broker is there."""
        if self.log.away:
            msg = "away"
            raise KafkaError(msg)

    async def stop(self) -> None:
        """Disconnect."""
        self.stopped = True

    def create_batch(self) -> RawBatch:
        """Give an empty batch."""
        return FakeBatch(self.room)

    async def send_batch(
        self, batch: RawBatch, topic: str, *, partition: int
    ) -> "asyncio.Future[object]":
        """Do with the batch what the plan says."""
        assert isinstance(batch, FakeBatch)
        assert batch.closed, "an open batch would linger"
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        act = "fail" if self.dead else self.plan.popleft() if self.plan else "ok"
        if act in {"ok", "unknown"}:
            for key, value, headers in batch.rows:
                self.log.append(Place(topic, partition), key, value, headers)
        if act == "ok":
            future.set_result(None)
        elif act == "large":
            future.set_exception(MessageSizeTooLargeError())
            self.dead = True
        elif act != "hang":
            future.set_exception(NotLeaderForPartitionError())
            self.dead = True
        return future


class FakeClock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        """Give the time."""
        return self.time

    def monotonic(self) -> float:
        """Give the time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Wait until the test has moved the time."""
        woken = asyncio.Event()
        self.sleepers.append((self.time + seconds, woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        """Move the time and let those run who waited for it."""
        await asyncio.sleep(0)
        self.time += seconds
        for due, woken in self.sleepers:
            if due <= self.time:
                woken.set()
        for _ in range(3):
            await asyncio.sleep(0)


class FakeLogReader:
    """Reads a log without a group, two records at a time."""

    def __init__(self, log: FakeLog) -> None:
        self.log = log

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return self.log.cluster

    async def bounds(self, place: Place) -> Bounds:
        """Give the ends of the partition."""
        return self.log.bounds(place)

    async def read(
        self, place: Place, start: int, end: int
    ) -> AsyncIterator[list[Record]]:
        """Give the records of a range."""
        for first in range(start, end, 2):
            yield self.log.places[place][first : min(first + 2, end)]
