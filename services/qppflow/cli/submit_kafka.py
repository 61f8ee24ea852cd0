"""The broker's side of sending: where records may go, and where each one went."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from qppflow.cli.connection import Stream
from qppflow.cli.submit_send import Delivery, Target
from qppflow.runtime.aio import LARGEST_BATCH, Cluster
from qppflow.runtime.bounded import answered
from qppflow.runtime.contracts import topics
from qppflow.runtime.faults import StopServiceError
from qppflow.runtime.records import Outgoing
from qppflow.runtime.topics import AioAdmin

SEND_SECONDS: Final = 60.0
STOP_SECONDS: Final = 8.0
LIMIT: Final = "max.message.bytes"


async def find_target(stream: Stream, topic: str) -> Target:
    """Ask the brokers where a topic's records go, and how large they may be.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: the topic is not there.
    """
    name = stream.names.physical(topic)
    agreed = topics()[topic].max_message_bytes
    cluster = Cluster(stream.bootstrap_servers)
    try:
        await cluster.start()
        cluster_id = await cluster.cluster_id()
    finally:
        await cluster.stop()
    async with AioAdmin.connected(stream.bootstrap_servers) as admin:
        found = (await admin.find([name])).get(name)
    if found is None:
        reason = f"the topic {name} is not there"
        raise StopServiceError(reason, "qppflow topics create")
    limit = min(agreed, int(found.settings.get(LIMIT, agreed)))
    return Target(cluster_id, name, limit)


class AioCarrier:
    """Sends through one idempotent producer, all replicas confirming."""

    def __init__(self, raw: AIOKafkaProducer) -> None:
        self._raw = raw

    @classmethod
    @asynccontextmanager
    async def connected(
        cls, bootstrap_servers: str, largest: int
    ) -> AsyncIterator[Self]:
        """Connect for the length of a block; *largest* is a record's most bytes.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        raw = AIOKafkaProducer(
            bootstrap_servers=bootstrap_servers,
            enable_idempotence=True,
            acks="all",
            linger_ms=5,
            max_batch_size=LARGEST_BATCH,
            max_request_size=largest,
        )
        try:
            async with answered():
                await raw.start()
            yield cls(raw)
        finally:
            with suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(raw.stop(), STOP_SECONDS)

    async def carry(self, batch: Sequence[Outgoing]) -> Sequence[Delivery | None]:
        """Send all; None for a record that is not known to be stored."""
        futures: list[asyncio.Future[Any]] = []
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                for one in batch:
                    # One after the other, so that they keep their order.
                    futures += [await self._queue(one)]
        if futures:
            await asyncio.wait(futures, timeout=SEND_SECONDS)
        stored = [_delivery(future) for future in futures]
        return stored + [None] * (len(batch) - len(stored))

    async def _queue(self, one: Outgoing) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = await self._raw.send(
            one.topic, one.value, one.key, headers=list(one.headers)
        )
        future.add_done_callback(_delivery)
        return future


def _delivery(future: "asyncio.Future[Any]") -> Delivery | None:
    """Read where a record went; None while or where nobody knows."""
    if not future.done() or future.cancelled() or future.exception() is not None:
        return None
    kept = future.result()
    return Delivery(kept.partition, kept.offset, kept.timestamp)
