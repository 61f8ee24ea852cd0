"""Reads topics for the commands: on and on, or up to where they end now."""

from collections.abc import AsyncIterator, Collection, Iterable
from typing import Protocol

from qppflow.runtime.log_client import LogClient, Positions
from qppflow.runtime.log_reader import Follower, read_between
from qppflow.runtime.records import Place, Record

__all__ = ("AioReader", "Positions", "Reader", "read_to_end")


class Reader(Follower, Protocol):
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


class AioReader(LogClient):
    """Kafka through aiokafka; use it within ``connected``."""

    async def starts(self, topics: Collection[str]) -> Positions:
        """Give the first offset of each partition."""
        return await self.first_offsets(await self.places(topics))

    async def ends(self, topics: Collection[str]) -> Positions:
        """Give the offset after the last record of each partition."""
        return await self.end_offsets(await self.places(topics))


async def read_to_end(reader: Reader, topic: str) -> AsyncIterator[list[Record]]:
    """Give all records that a topic has now, in batches; later ones are left out.

    Raises:
        BrokerError: nothing comes any more, though there is more to read.
        StopServiceError: the topic is missing.
    """
    starts, ends = await reader.starts([topic]), await reader.ends([topic])
    async for batch in read_between(reader, starts, ends):
        yield batch
