"""Questions about consumer groups, asked from outside.

Each waits for the group's coordinator. A broker that has just started says of groups
that it still loads them, or lets aiokafka answer that nothing is committed; taken for
true, a rebuild would forget everything.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from typing import Final, TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)

from qppflow.runtime.bounded import answered
from qppflow.runtime.records import Place

T = TypeVar("T")

POLL_SECONDS: Final = 0.1
NO_ERROR: Final = 0
NOTHING: Final = -1
NOT_READY: Final = (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)


async def members(admin: AIOKafkaAdminClient, group: str) -> int:
    """Count the processes that belong to a group.

    Raises:
        BrokerError: Kafka did not answer in time.
    """

    async def ask() -> int | None:
        return await _members(admin, group)

    return await _ready(group, ask)


async def committed(
    admin: AIOKafkaAdminClient, group: str, places: Collection[Place] = ()
) -> dict[Place, int]:
    """Give what a group has committed, of *places* or else of all it has read.

    Where nothing was committed, nothing is given.

    Raises:
        BrokerError: Kafka did not answer in time.
    """

    async def ask() -> dict[Place, int] | None:
        return await _committed(admin, group, places)

    found = await _ready(group, ask)
    return {place: offset for place, offset in found.items() if offset != NOTHING}


async def _ready(group: str, ask: Callable[[], Awaitable[T | None]]) -> T:
    """Ask until there is an answer; the broker's bound is the bound of all of it."""
    async with answered(f"waiting for the coordinator of the group {group}"):
        while True:
            with suppress(*NOT_READY):
                found = await ask()
                if found is not None:
                    break
            await asyncio.sleep(POLL_SECONDS)
    return found


async def _members(admin: AIOKafkaAdminClient, group: str) -> int | None:
    """Count members; None if the coordinator says with a code that it cannot yet."""
    told = await admin.describe_consumer_groups([group])
    groups = [one for answer in told for one in answer.groups]
    if any(one[0] != NO_ERROR for one in groups):
        return None
    return sum(len(one[5]) for one in groups)


async def _committed(
    admin: AIOKafkaAdminClient, group: str, places: Iterable[Place]
) -> dict[Place, int] | None:
    """Ask once; None if what came is no answer.

    The client overlooks the code for "still loading", which comes with no partition
    at all; otherwise every partition that was named is in the answer.
    """
    asked = [TopicPartition(*place) for place in places]
    if not asked and await _members(admin, group) is None:
        return None
    told = await admin.list_consumer_group_offsets(group, partitions=asked or None)
    if any(target not in told for target in asked):
        return None
    return {Place(*target): kept.offset for target, kept in told.items()}
