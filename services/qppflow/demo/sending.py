"""Hands messages to the broker as registries and CMS would."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from aiokafka import AIOKafkaProducer

from qppflow.demo.messages import Message
from qppflow.runtime.bounded import answered, stop_client
from qppflow.runtime.contracts import Names

LARGEST_BATCH: Final = 262_144
LARGEST_REQUEST: Final = 6 * 1024 * 1024
# So many are on their way before the first is waited for.
WINDOW: Final = 500


async def send(
    bootstrap_servers: str,
    messages: Iterable[Message],
    names: Names,
    sent: Callable[[int], None],
) -> int:
    """Send all messages in order; *sent* is told how many are acknowledged.

    Raises:
        BrokerError: Kafka cannot be reached, or did not take a message in time.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=LARGEST_BATCH,
        max_request_size=LARGEST_REQUEST,
    )
    count = 0
    waiting: list[asyncio.Future[object]] = []
    try:
        async with answered():
            await producer.start()
        for message in messages:
            future = await producer.send(
                names.physical(message.topic),
                message.value,
                key=message.key,
                headers=list(message.headers),
            )
            waiting.append(future)
            if len(waiting) == WINDOW:
                count += await _acknowledged(waiting)
                sent(count)
        count += await _acknowledged(waiting)
        sent(count)
    finally:
        await stop_client(producer)
    return count


async def _acknowledged(waiting: "list[asyncio.Future[object]]") -> int:
    """Wait until the broker has what was sent; gives how many."""
    async with answered():
        await asyncio.gather(*waiting)
    count = len(waiting)
    waiting.clear()
    return count
