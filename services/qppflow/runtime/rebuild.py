"""Makes a service's state anew from its topic, sending nothing.

It goes as far as the group's committed offset: what lies before it has been sent
and acknowledged. What lies behind is then handled in the ordinary way, and events
that were sent already repeat their ids.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Protocol, TypeVar

from qppflow.runtime.guard import Guard
from qppflow.runtime.memory import Memory, Recall
from qppflow.runtime.ports import Bounds
from qppflow.runtime.records import Place, Record
from qppflow.runtime.store import Store
from qppflow.runtime.store_tables import Claim, LogView, Move

S = TypeVar("S")


class LogReader(Protocol):
    """Reads a topic without a group."""

    async def cluster_id(self) -> str:
        """Name the cluster."""
        ...

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record."""
        ...

    def read(self, place: Place, start: int, end: int) -> AsyncIterator[list[Record]]:
        """Give a partition's records from *start* to before *end*, in batches."""
        ...


async def rebuild(
    memory: Memory[S],
    store: Store,
    guard: Guard,
    reader: LogReader,
    committed: Mapping[Place, int | None],
) -> dict[Place, int]:
    """Forget the state, read every partition up to its commit, and keep the result.

    A service that still runs is fenced. Gives the records read of each partition.

    Raises:
        RuleBookMissingError: This build cannot repeat a decision of the past.
    """
    cluster_id = await reader.cluster_id()
    bounds = {place: await reader.bounds(place) for place in committed}
    await store.restart({place: one.low for place, one in bounds.items()}, cluster_id)
    counts: dict[Place, int] = {}
    for place, end in committed.items():
        counts[place] = 0
        # Committed is left out: a position of our own stands in the store already.
        claim = await store.claim(place, LogView(cluster_id, None, bounds[place]))
        position = claim.position
        async for records in reader.read(place, position, end or position):
            recall = Recall(memory, guard)
            here = {place: Claim(claim.epoch, position)}
            recall.remember(await store.load(recall.subjects(records), here))
            for record in records:
                recall.decide(record)
            after = records[-1].offset + 1
            await store.save(
                [Move(place, claim.epoch, position, after)], recall.changed
            )
            position = after
            counts[place] += len(records)
    return counts
