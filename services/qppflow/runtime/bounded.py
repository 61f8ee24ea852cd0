"""Waits for Kafka's client that end: an answer in time, and a stop in time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Final, Protocol

from aiokafka.errors import KafkaError

from qppflow.runtime.faults import BrokerError

ANSWER_SECONDS: Final = 15
STOP_SECONDS: Final = 2

# Not structlog: commands that nobody configured would print it among their output.
log = logging.getLogger(__name__)


@asynccontextmanager
async def answered(what: str = "") -> AsyncIterator[None]:
    """Turn the client's many ways to fail, and silence, into ``BrokerError``.

    Its text names the failure, and *what* was waited for.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            yield
    except (KafkaError, OSError, TimeoutError) as error:
        name = type(error).__name__
        raise BrokerError(f"{name}, {what}" if what else name) from error


class Stoppable(Protocol):
    """A client with a connection to close."""

    def stop(self) -> Coroutine[None, None, None]:
        """Close it."""
        ...


async def stop_client(client: Stoppable) -> None:
    """Stop a client within bounds; what goes wrong with it now changes nothing."""
    await end_within(client.stop())


async def end_within(ending: Coroutine[None, None, None]) -> None:
    """Wait for an end that may not come: at most twice ``STOP_SECONDS``.

    A consumer that is stopped in the very turn of the loop in which it was assigned
    partitions loses the one cancellation that its stop gives to the fetching task,
    and would wait for it for ever; a second one ends it.
    """
    task = asyncio.create_task(ending)
    try:
        await asyncio.wait({task}, timeout=STOP_SECONDS)
    finally:
        task.cancel()
    await asyncio.wait({task}, timeout=STOP_SECONDS)
    if not task.done():
        log.warning("a Kafka client does not stop and is left behind")
    elif not task.cancelled() and isinstance(error := task.exception(), Exception):
        if not isinstance(error, KafkaError | OSError):
            raise error
        log.info("a Kafka client stopped with %s", type(error).__name__)
