"""Reads topics without a group: on and on, or up to where they end now."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, Protocol, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from qppflow.runtime.aio import FETCH_BYTES, answered, record_of, stop_client
from qppflow.runtime.faults import BrokerError, StopServiceError
from qppflow.runtime.records import Place, Record

POLL_SECONDS: Final = 0.2
STALL_SECONDS: Final = 20.0
Positions = dict[Place, int]


class Reader(Protocol):
    """What following a topic needs of a Kafka client."""

    async def starts(self, topics: Collection[str]) -> Positions:
        """Give the first offset of each partition of the topics.

        Raises:
            BrokerError: Kafka did not answer in time.
            StopServiceError: a topic is missing.
        """
        ...

    async def ends(self, topics: Collection[str]) -> Positions:
        """Give the offset after the last record of each partition; raises as above."""
        ...

    async def at(self, places: Iterable[Place], time_ms: int) -> Positions:
        """Give the first offset not older than a time, where there is one."""
        ...

    def follow(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions from now on, and no others."""
        ...

    async def position(self, place: Place) -> int:
        """Give the offset that is read next."""
        ...

    async def poll(self) -> list[Record]:
        """Give what has come, after a short wait; often nothing."""
        ...


class AioReader:
    """Kafka through aiokafka; use it within ``connected``."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
        self._raw = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_partition_fetch_bytes=FETCH_BYTES,
        )

    @classmethod
    @asynccontextmanager
    async def connected(cls, bootstrap_servers: str) -> AsyncIterator[Self]:
        """Connect for the length of a block.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        reader = cls(bootstrap_servers)
        try:
            async with answered():
                await reader._admin.start()
                await reader._raw.start()
            yield reader
        finally:
            await stop_client(reader._raw)
            await reader._admin.close()

    async def _places(self, topics: Collection[str]) -> list[TopicPartition]:
        async with answered():
            # Asked by name, a broker that creates topics on demand would create it.
            told = await self._admin.describe_topics(None)
        counts = {item["topic"]: len(item["partitions"]) for item in told}
        for topic in topics:
            if topic not in counts:
                reason = f"the topic {topic} is not there"
                raise StopServiceError(reason, "qppflow topics create")
        return [TopicPartition(t, n) for t in topics for n in range(counts[t])]

    async def starts(self, topics: Collection[str]) -> Positions:
        """Give the first offset of each partition."""
        places = await self._places(topics)
        async with answered():
            found = await self._raw.beginning_offsets(places)
        return {Place(*place): offset for place, offset in found.items()}

    async def ends(self, topics: Collection[str]) -> Positions:
        """Give the offset after the last record of each partition."""
        places = await self._places(topics)
        async with answered():
            found = await self._raw.end_offsets(places)
        return {Place(*place): offset for place, offset in found.items()}

    async def at(self, places: Iterable[Place], time_ms: int) -> Positions:
        """Give the first offset not older than a time, where there is one."""
        asked = {TopicPartition(*place): time_ms for place in places}
        async with answered():
            found = await self._raw.offsets_for_times(asked)
        return {
            Place(*place): spot.offset
            for place, spot in found.items()
            if spot is not None
        }

    def follow(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions from now on, and no others."""
        self._raw.assign([TopicPartition(*place) for place in positions])
        for place, offset in positions.items():
            self._raw.seek(TopicPartition(*place), offset)

    async def position(self, place: Place) -> int:
        """Give the offset that is read next."""
        async with answered():
            found: int = await self._raw.position(TopicPartition(*place))
        return found

    async def poll(self) -> list[Record]:
        """Give what has come, after a short wait; often nothing."""
        async with answered():
            found = await self._raw.getmany(timeout_ms=int(POLL_SECONDS * 1000))
        return [record_of(raw) for batch in found.values() for raw in batch]


async def read_to_end(reader: Reader, topic: str) -> AsyncIterator[list[Record]]:
    """Give all records that a topic has now, in batches; later ones are left out.

    Raises:
        BrokerError: nothing comes any more, though there is more to read.
        StopServiceError: the topic is missing.
    """
    starts, ends = await reader.starts([topic]), await reader.ends([topic])
    open_places = {place for place, end in ends.items() if starts[place] < end}
    reader.follow({place: starts[place] for place in open_places})
    last = monotonic()
    while open_places:
        records = await reader.poll()
        batch = [record for record in records if record.offset < ends[record.place]]
        if batch:
            last = monotonic()
            yield batch
        # What ends with a transaction's mark or a gap gives no record there.
        for place in list(open_places):
            if await reader.position(place) >= ends[place]:
                open_places.remove(place)
        if monotonic() - last > STALL_SECONDS:
            message = "no records come"
            raise BrokerError(message)
        await asyncio.sleep(0)
