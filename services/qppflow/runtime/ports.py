"""What the shell needs of a Kafka client, typed, so that ``Any`` stays at the edge."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from qppflow.runtime.records import Header, Place

if TYPE_CHECKING:
    from asyncio import Future


class Bounds(NamedTuple):
    """A partition's first offset and the offset after its last record."""

    low: int
    high: int


class Consumer(Protocol):
    """A consumer of one group, as the pump sees it."""

    def owns(self, place: Place) -> bool:
        """Say whether the partition is assigned to this consumer now."""
        ...

    def seek(self, place: Place, offset: int) -> None:
        """Read on from *offset*; does nothing if the partition is not ours."""
        ...

    def pause(self, place: Place) -> None:
        """Deliver nothing of the partition for now; polling goes on."""
        ...

    def resume(self, place: Place) -> None:
        """Deliver the partition again; does nothing if it is not ours."""
        ...

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        """Tell Kafka how far we are; False if the partitions are not ours any more.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        ...

    async def committed(self, place: Place) -> int | None:
        """Give the group's committed offset.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        ...

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        ...

    async def cluster_id(self) -> str:
        """Name the cluster, so that a store is never used with another one.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        ...


class RawBatch(Protocol):
    """A batch for one partition, as aiokafka's ``create_batch`` gives it."""

    def append(
        self,
        *,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: list[Header],
    ) -> object | None:
        """Add a record; None if the batch is full."""
        ...

    def close(self) -> None:
        """Take no more records, so that the batch need not linger."""
        ...


class RawProducer(Protocol):
    """A started producer, as aiokafka gives it."""

    async def start(self) -> None:
        """Connect."""
        ...

    async def stop(self) -> None:
        """Send what is left and disconnect."""
        ...

    def create_batch(self) -> RawBatch:
        """Give an empty batch."""
        ...

    async def send_batch(
        self, batch: RawBatch, topic: str, *, partition: int
    ) -> "Future[object]":
        """Queue a batch; the future ends when the broker has all of it."""
        ...
