"""Makes a service's state anew from its topic, sending nothing.

It goes as far as the group's committed offset: what lies before it has been sent
and acknowledged. What lies behind is then handled in the ordinary way, and events
that were sent already repeat their ids.

A topic gives back no more than it holds. Where retention has deleted its beginning,
what a service knew from there is gone with it, so that takes an operator's consent.
"""

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple, Protocol, TypeVar

from qppflow.runtime.faults import StopServiceError
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


class Reread(NamedTuple):
    """What was read of one partition.

    ``cut`` says that its beginning is deleted; ``since`` is the broker's time, in ms
    since 1970, of the first record there was to read.
    """

    records: int
    cut: bool
    since: int | None


async def rebuild(  # noqa: PLR0913 - what decides, its store, its log, and a consent
    memory: Memory[S],
    store: Store,
    guard: Guard,
    reader: LogReader,
    committed: Mapping[Place, int | None],
    *,
    partial: bool = False,
) -> dict[Place, Reread]:
    """Forget the state, read every partition up to its commit, and keep the result.

    A service that still runs is fenced. Gives what was read of each partition.

    Raises:
        StopServiceError: the beginning of a partition is deleted, and the rebuild may
            not be *partial*; nothing was changed.
        RuleBookMissingError: This build cannot repeat a decision of the past.
    """
    cluster_id = await reader.cluster_id()
    bounds = {place: await reader.bounds(place) for place in committed}
    if not partial:
        _refuse_cut(bounds, store)
    await store.restart({place: one.low for place, one in bounds.items()}, cluster_id)
    found: dict[Place, Reread] = {}
    for place, end in committed.items():
        count, since = 0, None
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
            since = records[0].timestamp if count == 0 else since
            count += len(records)
        found[place] = Reread(count, bounds[place].low > 0, since)
    return found


def _refuse_cut(bounds: Mapping[Place, Bounds], store: Store) -> None:
    """Stop where a partition no longer begins with its first record."""
    cut = sorted(place for place, one in bounds.items() if one.low > 0)
    if cut:
        where = f"{len(cut)} of {len(bounds)} partitions"
        reason = f"the beginning of {cut[0].topic} is deleted, in {where}"
        remedy = f"restore a backup of the store, or {store.remedy} --partial"
        raise StopServiceError(reason, remedy)
