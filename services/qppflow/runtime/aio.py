"""aiokafka behind our ports; its missing types go no further than this module."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from qppflow.runtime.bounded import answered, end_within
from qppflow.runtime.ports import Bounds, RawBatch
from qppflow.runtime.records import Place, Record

# Longer than any outage that a producer shall survive: when it runs out, an
# idempotent producer is lost. Our own waits are shorter and rebuild it.
REQUEST_TIMEOUT_MS = 180_000
LARGEST_BATCH = 262_144
FETCH_BYTES = 8_388_608


def record_of(raw: ConsumerRecord) -> Record:
    """Take over what the client read."""
    return Record(
        raw.topic,
        raw.partition,
        raw.offset,
        raw.timestamp,
        raw.key,
        raw.value,
        tuple(raw.headers),
    )


async def bounds_of(raw: AIOKafkaConsumer, place: Place) -> Bounds:
    """Give the first offset of a partition, and the offset after its last record."""
    spot = TopicPartition(*place)
    async with answered("asking where a partition begins and ends"):
        low = await raw.beginning_offsets([spot])
        high = await raw.end_offsets([spot])
    return Bounds(low[spot], high[spot])


async def cluster_id_of(raw: AIOKafkaAdminClient) -> str:
    """Name the cluster."""
    async with answered("asking which cluster it is"):
        found = await raw.describe_cluster()
    return str(found["cluster_id"])


class AioConsumer:
    """A group's consumer, as the pump sees it."""

    def __init__(
        self, raw: AIOKafkaConsumer, cluster_id: Callable[[], Awaitable[str]]
    ) -> None:
        self._raw = raw
        self._cluster_id = cluster_id

    def owns(self, place: Place) -> bool:
        """Say whether the partition is assigned to this consumer now."""
        return TopicPartition(*place) in self._raw.assignment()

    def seek(self, place: Place, offset: int) -> None:
        """Read on from *offset*, if the partition is still ours."""
        with suppress(IllegalStateError):
            self._raw.seek(TopicPartition(*place), offset)

    def pause(self, place: Place) -> None:
        """Deliver nothing of the partition for now."""
        with suppress(IllegalStateError):
            self._raw.pause(TopicPartition(*place))

    def resume(self, place: Place) -> None:
        """Deliver the partition again, if it is still ours."""
        with suppress(IllegalStateError):
            self._raw.resume(TopicPartition(*place))

    async def commit(self, offsets: Mapping[Place, int]) -> bool:
        """Tell Kafka how far we are; False if the partitions are not ours any more."""
        wanted = {TopicPartition(*place): end for place, end in offsets.items()}
        async with answered("committing"):
            try:
                await self._raw.commit(wanted)
            except (CommitFailedError, IllegalStateError):
                return False
        return True

    async def committed(self, place: Place) -> int | None:
        """Give the group's committed offset."""
        async with answered("asking what the group has committed"):
            found: int | None = await self._raw.committed(TopicPartition(*place))
        return found

    async def bounds(self, place: Place) -> Bounds:
        """Give the first offset and the offset after the last record."""
        return await bounds_of(self._raw, place)

    async def cluster_id(self) -> str:
        """Name the cluster."""
        return await self._cluster_id()


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Tells the pump of each rebalance; does nothing that can fail.

    aiokafka only logs what a listener raises, so claims are made at the first batch.
    """

    def __init__(self, forget: Callable[[Iterable[Place]], None]) -> None:
        self._forget = forget

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget what goes."""
        self._forget([Place(*place) for place in revoked])

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Forget what comes: it may have been elsewhere in between."""
        self._forget([Place(*place) for place in assigned])


class AioProducer:
    """An idempotent producer whose end is quick even when it is dead."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._raw = AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers,
            enable_idempotence=True,
            acks="all",
            linger_ms=5,
            max_batch_size=LARGEST_BATCH,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )

    async def start(self) -> None:
        """Connect."""
        await self._raw.start()

    async def stop(self) -> None:
        """Disconnect; if cut short, the sending task ends all the same."""
        try:
            await self._raw.stop()
        except asyncio.CancelledError:
            with suppress(asyncio.CancelledError, KafkaError):
                await self._raw._sender.close()  # noqa: SLF001 stop() alone leaves it running
            await self._raw.client.close()
            raise

    def create_batch(self) -> RawBatch:
        """Give an empty batch."""
        batch: RawBatch = self._raw.create_batch()
        return batch

    async def send_batch(
        self, batch: RawBatch, topic: str, *, partition: int
    ) -> "asyncio.Future[object]":
        """Queue a batch; the future ends when the broker has all of it."""
        future: asyncio.Future[object] = await self._raw.send_batch(
            batch, topic, partition=partition
        )
        return future


class Cluster:
    """Questions about the cluster as a whole."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._raw = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)

    async def start(self) -> None:
        """Connect.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        async with answered("connecting"):
            await self._raw.start()

    async def stop(self) -> None:
        """Disconnect."""
        await end_within(self._raw.close())

    async def cluster_id(self) -> str:
        """Name the cluster.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        return await cluster_id_of(self._raw)

    async def partitions(self, names: list[str]) -> dict[str, int]:
        """Count the partitions of each topic; one that is missing has none.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        async with answered("counting partitions"):
            found = await self._raw.describe_topics(names)
        return {topic["topic"]: len(topic["partitions"]) for topic in found}
