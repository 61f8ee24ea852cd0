"""Reads topics from one offset to another, without a group and without a trace."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from qppflow.runtime.aio import (
    FETCH_BYTES,
    Cluster,
    answered,
    record_of,
    stop_client,
)
from qppflow.runtime.ports import Bounds
from qppflow.runtime.records import Place, Record

POLL_MS: Final = 500


class AioLogReader:
    """A reader of one cluster; use it within ``connected``."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._cluster = Cluster(bootstrap_servers)
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
            await reader._start()
            yield reader
        finally:
            await reader._stop()

    async def _start(self) -> None:
        await self._cluster.start()
        async with answered():
            await self._admin.start()
            await self._raw.start()

    async def _stop(self) -> None:
        await stop_client(self._raw)
        await self._admin.close()
        await self._cluster.stop()

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return await self._cluster.cluster_id()

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record."""
        target = TopicPartition(*place)
        async with answered():
            low = await self._raw.beginning_offsets([target])
            high = await self._raw.end_offsets([target])
        return Bounds(low[target], high[target])

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """Give the offset after the last record of many partitions at once."""
        async with answered():
            found = await self._raw.end_offsets([TopicPartition(*p) for p in places])
        return {Place(*target): end for target, end in found.items()}

    async def committed(self, group: str) -> dict[Place, int]:
        """Give what a consumer group has committed."""
        async with answered():
            try:
                found = await self._admin.list_consumer_group_offsets(group)
            except GroupCoordinatorNotAvailableError:
                # A broker that no group has joined yet has nothing committed.
                return {}
        return {Place(*target): kept.offset for target, kept in found.items()}

    async def read(
        self, place: Place, start: int, end: int
    ) -> AsyncIterator[list[Record]]:
        """Give a partition's records from *start* to before *end*, in batches."""
        target = TopicPartition(*place)
        self._raw.assign([target])
        self._raw.seek(target, start)
        position = start
        while position < end:
            async with answered():
                found = await self._raw.getmany(target, timeout_ms=POLL_MS)
                position = await self._raw.position(target)
            batch = [
                record_of(raw) for raw in found.get(target, ()) if raw.offset < end
            ]
            if batch:
                yield batch

    async def read_topic(
        self, name: str, starts: Mapping[Place, int]
    ) -> AsyncIterator[list[Record]]:
        """Give all records of a topic that lie behind *starts* now."""
        ends = await self.ends(place for place in starts if place.topic == name)
        for place, end in sorted(ends.items()):
            async for batch in self.read(place, starts[place], end):
                yield batch
