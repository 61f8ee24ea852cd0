"""One consumer as a process: FastStream around the pump, from start to drain.

FastStream gives the broker's life, the subscription and AsyncAPI; the records pass
through it untouched. docs/adr/0006 says what was measured and why.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from faststream import FastStream

from qppflow.runtime.aio import Cluster
from qppflow.runtime.faults import (
    NEEDS_OPERATOR,
    BrokerError,
    StopServiceError,
    StoreError,
)
from qppflow.runtime.subscription import Service, build_app

log = structlog.get_logger()

DRAINED: Final = 0
BROKEN: Final = 1

STOP_SECONDS: Final = 30.0
RETRY_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)


async def serve(*services: Service) -> int:
    """Run until SIGTERM, SIGINT or a fault that waiting cannot heal; give the code.

    0: drained. 1: a fault of the shell itself, start again. 3: an operator must act.
    A broker or a database that is away is waited for. Several services share the
    process; when one cannot go on, all end, so that a supervisor sees it.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    codes = await asyncio.gather(*(_serve(one, ended) for one in services))
    return max(codes)


async def _serve(service: Service, ended: asyncio.Event) -> int:
    structlog.contextvars.bind_contextvars(service=service.name)
    try:
        code = await _serve_one(service, ended)
        if ended.is_set() and code == BROKEN:
            # A batch that the end cut short stops the pump too; that is no fault.
            code = DRAINED
    finally:
        ended.set()
    return code


async def _serve_one(service: Service, ended: asyncio.Event) -> int:
    cluster: Cluster | None = None
    try:
        async with _beating(service):
            while not ended.is_set():
                cluster = await _connected(service, ended)
                if cluster is None:
                    break
                app = build_app(service, cluster)
                if await _started(app):
                    await _first(ended, service.pump.stopped)
                    await _stop(app)
                    break
                await _stop(app)
                await cluster.stop()
    except StopServiceError as error:
        log.critical("stopped", reason=error.reason, remedy=error.remedy)
        return NEEDS_OPERATOR
    finally:
        await _close(service, cluster)
    return BROKEN if service.pump.stop_error is None else NEEDS_OPERATOR


async def _connected(service: Service, ended: asyncio.Event) -> Cluster | None:
    """Wait for broker and database; None if the end came first."""
    attempt = 0
    while not ended.is_set():
        cluster = Cluster(service.settings.bootstrap_servers)
        try:
            await cluster.start()
            await _check_topics(service, cluster)
            await service.producer.start()
            if service.store is not None:
                await service.store.open()
        except (BrokerError, StoreError) as error:
            await cluster.stop()
            seconds = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
            attempt += 1
            log.warning("waiting", exception=type(error).__name__, seconds=seconds)
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), seconds)
        else:
            return cluster
    return None


async def _check_topics(service: Service, cluster: Cluster) -> None:
    """Refuse to start where a topic has another number of partitions than agreed.

    Keys would go elsewhere, and a key's history would be in two partitions.
    """
    wanted = {topic.name: topic.partitions for topic in service.reads}
    wanted |= {topic.name: topic.partitions for topic in service.writes.values()}
    found = await cluster.partitions(sorted(wanted))
    for name, partitions in wanted.items():
        if found.get(name, 0) == 0:
            log.warning("topic-missing", topic=name)
            msg = "a topic is missing"
            raise BrokerError(msg)
        if found[name] != partitions:
            reason = f"{name} has {found[name]} partitions, {partitions} were agreed"
            raise StopServiceError(reason, "qppflow topics check")


async def _started(app: FastStream) -> bool:
    try:
        await app.start()
    except (KafkaError, OSError) as error:
        log.warning("waiting", exception=type(error).__name__)
        return False
    log.info("started")
    return True


async def _stop(app: FastStream) -> None:
    with suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(app.stop(), STOP_SECONDS)


async def _first(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _close(service: Service, cluster: Cluster | None) -> None:
    await service.pump.close()
    await service.producer.stop()
    if service.store is not None:
        await service.store.close()
    if cluster is not None:
        await cluster.stop()
    service.progress.remove()
    log.info("drained")


@asynccontextmanager
async def _beating(service: Service) -> AsyncIterator[None]:
    """Write the progress file every second while the block runs."""

    async def beat() -> None:
        while True:
            try:
                service.progress.write()
            except OSError as error:
                log.warning("progress-not-written", exception=type(error).__name__)
            await service.clock.sleep(1)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
