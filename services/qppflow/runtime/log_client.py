"""A Kafka client that reads without a group: it connects, assigns and reads."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from qppflow.runtime.aio import FETCH_BYTES, record_of
from qppflow.runtime.bounded import answered, end_within, stop_client
from qppflow.runtime.faults import StopServiceError
from qppflow.runtime.records import Place, Record

Positions = dict[Place, int]

POLL_MS: Final = 200
# Brokers answer in order: a question waits as long as a fetch before it, which at the
# end of a partition waits for records to come.
FETCH_WAIT_MS: Final = 100


class LogClient:
    """One cluster's topics; use it within ``connected``."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
        self._raw = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            # Where retention has deleted what is wanted, that is a fault; the client
            # would go on elsewhere and leave records out.
            auto_offset_reset="none",
        )

    @classmethod
    @asynccontextmanager
    async def connected(cls, bootstrap_servers: str) -> AsyncIterator[Self]:
        """Connect for the length of a block.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        client = cls(bootstrap_servers)
        try:
            async with answered("connecting"):
                await client._admin.start()
                await client._raw.start()
            yield client
        finally:
            await stop_client(client._raw)
            await end_within(client._admin.close())

    async def places(self, topics: Collection[str]) -> list[Place]:
        """Give every partition of the topics.

        Raises:
            BrokerError: Kafka did not answer in time.
            StopServiceError: a topic is missing.
        """
        async with answered("asking which topics there are"):
            # Asked by name, a broker that creates topics on demand would create it.
            told = await self._admin.describe_topics(None)
        counts = {item["topic"]: len(item["partitions"]) for item in told}
        for topic in topics:
            if topic not in counts:
                reason = f"the topic {topic} is not there"
                raise StopServiceError(reason, "qppflow topics create")
        return [Place(topic, n) for topic in topics for n in range(counts[topic])]

    async def first_offsets(self, places: Iterable[Place]) -> Positions:
        """Give the first offset of each partition."""
        asked = [TopicPartition(*place) for place in places]
        async with answered("asking where partitions begin"):
            found = await self._raw.beginning_offsets(asked)
        return {Place(*place): offset for place, offset in found.items()}

    async def end_offsets(self, places: Iterable[Place]) -> Positions:
        """Give the offset after the last record of each partition."""
        asked = [TopicPartition(*place) for place in places]
        async with answered("asking where partitions end"):
            found = await self._raw.end_offsets(asked)
        return {Place(*place): offset for place, offset in found.items()}

    async def at(self, places: Iterable[Place], time_ms: int) -> Positions:
        """Give the first offset not older than a time, where there is one."""
        asked = {TopicPartition(*place): time_ms for place in places}
        async with answered("asking for offsets by time"):
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
        async with answered("asking how far reading is"):
            found: int = await self._raw.position(TopicPartition(*place))
        return found

    async def poll(self) -> list[Record]:
        """Give what has come, after a short wait; often nothing."""
        async with answered("reading"):
            found = await self._raw.getmany(timeout_ms=POLL_MS)
        return [record_of(raw) for batch in found.values() for raw in batch]
