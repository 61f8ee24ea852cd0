"""Reads topics from one offset to another, without a group and without a trace."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from time import monotonic
from typing import Final, Protocol

from qppflow.runtime import groups
from qppflow.runtime.aio import bounds_of, cluster_id_of
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.log_client import LogClient
from qppflow.runtime.ports import Bounds
from qppflow.runtime.records import Place, Record

STALL_SECONDS: Final = 20.0


class Follower(Protocol):
    """What reading to an end needs of a Kafka client."""

    def follow(self, positions: Mapping[Place, int]) -> None:
        """Read these partitions from now on, and no others."""
        ...

    async def position(self, place: Place) -> int:
        """Give the offset that is read next."""
        ...

    async def poll(self) -> list[Record]:
        """Give what has come, after a short wait; often nothing."""
        ...


async def read_between(
    client: Follower, starts: Mapping[Place, int], ends: Mapping[Place, int]
) -> AsyncIterator[list[Record]]:
    """Give the records of partitions from their start to before their end, in batches.

    Raises:
        BrokerError: nothing comes any more, though there is more to read.
    """
    wanted = {
        place: starts[place] for place, end in ends.items() if starts[place] < end
    }
    if not wanted:
        # Assigned for nothing, the client would fetch, and questions wait behind it.
        return
    client.follow(wanted)
    last = monotonic()
    while wanted:
        records = await client.poll()
        batch = [record for record in records if record.offset < ends[record.place]]
        if batch:
            yield batch
            # Only now: who takes a batch may need longer than the log ever does.
            last = monotonic()
        # What ends with a transaction's mark or a gap gives no record there.
        for place in list(wanted):
            if await client.position(place) >= ends[place]:
                del wanted[place]
                last = monotonic()
        if wanted and monotonic() - last > STALL_SECONDS:
            message = f"no record came for {STALL_SECONDS:.0f} s, though there are more"
            raise BrokerError(message)
        await asyncio.sleep(0)


class AioLogReader(LogClient):
    """A reader of one cluster; use it within ``connected``."""

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return await cluster_id_of(self._admin)

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record."""
        return await bounds_of(self._raw, place)

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """Give the offset after the last record of many partitions at once."""
        return await self.end_offsets(places)

    async def members(self, group: str) -> int:
        """Count the processes that belong to a consumer group."""
        return await groups.members(self._admin, group)

    async def committed(
        self, group: str, places: Collection[Place] = ()
    ) -> dict[Place, int]:
        """Give what a consumer group has committed, of *places* or of all."""
        return await groups.committed(self._admin, group, places)

    async def read(
        self, place: Place, start: int, end: int
    ) -> AsyncIterator[list[Record]]:
        """Give a partition's records from *start* to before *end*, in batches.

        Raises:
            BrokerError: nothing comes any more, though there is more to read.
        """
        async for batch in read_between(self, {place: start}, {place: end}):
            yield batch

    async def read_topic(
        self, name: str, starts: Mapping[Place, int]
    ) -> AsyncIterator[list[Record]]:
        """Give all records of a topic that lie behind *starts* now; raises as above."""
        ends = await self.ends(place for place in starts if place.topic == name)
        async for batch in read_between(self, starts, ends):
            yield batch
