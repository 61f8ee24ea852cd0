"""Loads one stream from outside and sees when all of it is done."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final, Protocol, Self

from aiokafka import AIOKafkaProducer

from benchmarks.last import last_append
from benchmarks.site import BenchmarkError
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.sending import LARGEST_BATCH, LARGEST_REQUEST
from qppflow.runtime.bounded import stop_client
from qppflow.runtime.contracts import Topic, topics
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place, Record

INPUTS: Final = (SUBMISSIONS, FEEDS)
LOOK_SECONDS: Final = 0.2
# Empty queues must be seen so often in a row: a record may be between two topics.
LOOKS: Final = 2
STALL_SECONDS: Final = 120.0


class Stored(Protocol):
    """Where the broker put a record."""

    topic: str
    partition: int
    offset: int


class Line:
    """One stream without a topic prefix; use it within ``connected``.

    ``ends`` are the offsets after the last record sent to each input partition;
    the end of a transaction takes an offset of its own and is not among them.
    """

    def __init__(self, servers: str, reader: AioLogReader) -> None:
        self._servers = servers
        self.reader = reader
        self.ends: dict[Place, int] = {}

    @classmethod
    @asynccontextmanager
    async def connected(cls, servers: str) -> AsyncIterator[Self]:
        """Connect for the length of a block."""
        async with AioLogReader.connected(servers) as reader:
            yield cls(servers, reader)

    async def send(self, messages: Iterable[Message]) -> None:
        """Send at full speed, in order, each message visible at once."""
        async with self._producer(None) as producer:
            await self._all(producer, messages)

    async def pour(self, messages: Iterable[Message]) -> float:
        """Let all messages become visible in one moment; gives it, in epoch seconds.

        They lie in the topic before, in a transaction that the services cannot see
        into yet.
        """
        async with self._producer("benchmarks") as producer:
            await producer.begin_transaction()
            await self._all(producer, messages)
            moment = time.time()
            await producer.commit_transaction()
        return moment

    async def trickle(self, messages: Iterable[Message], rate: float) -> float:
        """Send *rate* messages a second, whether the stream keeps up or not.

        Gives by how many seconds the sender itself was late, at worst.
        """
        waiting = []
        latest = 0.0
        async with self._producer(None, linger_ms=0) as producer:
            start = time.monotonic()
            for number, message in enumerate(messages):
                due = start + number / rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                latest = max(latest, time.monotonic() - due)
                waiting.append(await _sent(producer, message))
            self._note(await asyncio.gather(*waiting))
        return latest

    async def settle(self) -> None:
        """Wait until every group has done all there is.

        Raises:
            BenchmarkError: nothing has moved for two minutes.
        """
        known = topics()
        places = places_of(known)
        groups = sorted({name for topic in known.values() for name in topic.groups})
        before: list[int] = []
        quiet, since = 0, time.monotonic()
        while quiet < LOOKS:
            ends = {**await self.reader.ends(places), **self._inputs(places)}
            done = {name: await self.reader.committed(name) for name in groups}
            now = [
                done[group].get(place, 0)
                for place in places
                for group in known[place.topic].groups
            ]
            wanted = [
                ends[place] for place in places for _ in known[place.topic].groups
            ]
            if now != before:
                before, since = now, time.monotonic()
            finished = all(map(_reached, now, wanted))
            quiet = quiet + 1 if finished else 0
            if time.monotonic() - since > STALL_SECONDS:
                message = "the stream stands still"
                raise BenchmarkError(message)
            await asyncio.sleep(LOOK_SECONDS)

    async def last_append(self) -> float:
        """Give when a service appended the last record of all, in epoch seconds."""
        outputs = {name: one for name, one in topics().items() if name not in INPUTS}
        return await last_append(self._servers, places_of(outputs))

    async def records(self, topic: str) -> list[Record]:
        """Read a whole topic, one partition after the other, each in log order."""
        starts = dict.fromkeys(places_of({topic: topics()[topic]}), 0)
        return [
            record
            async for batch in self.reader.read_topic(topic, starts)
            for record in batch
        ]

    def _inputs(self, places: Iterable[Place]) -> dict[Place, int]:
        return {p: self.ends.get(p, 0) for p in places if p.topic in INPUTS}

    async def _all(
        self, producer: AIOKafkaProducer, messages: Iterable[Message]
    ) -> None:
        futures = [await _sent(producer, message) for message in messages]
        self._note(await asyncio.gather(*futures))

    def _note(self, stored: Iterable[Stored]) -> None:
        for one in stored:
            place = Place(one.topic, one.partition)
            self.ends[place] = max(self.ends.get(place, 0), one.offset + 1)

    @asynccontextmanager
    async def _producer(
        self, transaction: str | None, linger_ms: int = 5
    ) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            acks="all",
            enable_idempotence=True,
            transactional_id=transaction,
            linger_ms=linger_ms,
            max_batch_size=LARGEST_BATCH,
            max_request_size=LARGEST_REQUEST,
        )
        await producer.start()
        try:
            yield producer
        finally:
            await stop_client(producer)


async def _sent(
    producer: AIOKafkaProducer, message: Message
) -> "asyncio.Future[Stored]":
    future: asyncio.Future[Stored] = await producer.send(
        message.topic, message.value, key=message.key, headers=list(message.headers)
    )
    return future


def places_of(some: Mapping[str, Topic]) -> list[Place]:
    """Give the partitions of topics without a prefix."""
    return [
        Place(name, number)
        for name, topic in some.items()
        for number in range(topic.partitions)
    ]


def _reached(done: int, end: int) -> bool:
    """Say whether a group has done a partition; nothing committed is nothing."""
    return max(done, 0) >= end
