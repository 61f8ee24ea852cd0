"""Faults in the middle of a stream: a process killed, the broker killed and restarted.

A process is frozen first, so that what it has left can be counted before it dies.
"""

import asyncio
import signal
import time
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from qppflow.demo.messages import Message
from qppflow.demo.sending import send as send_messages
from qppflow.local.kafka import LocalKafka
from qppflow.local.processes import ProcessId, send
from qppflow.services import SERVICES
from tests.helpers.chaos_site import BATCH, PATIENCE, Gauge, Left, Site, kill

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE: Final = 30
# So much must wait for a frozen service: several batches, so that a few can be done.
BACKLOG: Final = 6 * BATCH
ATTEMPTS: Final = 10
POLL_SECONDS: Final = 0.02
# Much shorter than a batch takes.
STEP_SECONDS: Final = 0.003
# Empty queues must be seen again: a record may be between two topics.
LOOKS: Final = 3


class Kill(NamedTuple):
    """A process that was killed: what its service had done, and had left at least."""

    service: str
    done: int
    left: int


class Feed:
    """A population, sent as fast as the stream needs it, in its order."""

    def __init__(self, site: Site, messages: Sequence[Message]) -> None:
        self._site = site
        self._messages: Iterator[Message] = iter(messages)
        self.left = len(messages)

    async def more(self, count: int = SLICE) -> None:
        """Send the next messages; each is acknowledged when this returns."""
        part = list(islice(self._messages, count))
        self.left -= len(part)
        if part:
            await send_messages(
                self._site.servers, part, self._site.names, lambda _count: None
            )


async def killed(site: Site, gauge: Gauge, feed: Feed, service: str) -> Kill:
    """Kill a service's process between its first record of a backlog and its last."""
    for _ in range(ATTEMPTS):
        process = await asyncio.to_thread(site.running, service)
        send(process, signal.SIGSTOP)
        before = await _backlog(gauge, feed, service)
        send(process, signal.SIGCONT)
        await _progress(gauge, service, before)
        found = await _caught(gauge, service, process)
        if found is not None:
            await asyncio.to_thread(kill, process)
            return Kill(service, found.done, found.left - BATCH)
    message = f"{service} was done each time before it could be killed"
    raise AssertionError(message)


async def _caught(gauge: Gauge, service: str, process: ProcessId) -> Left | None:
    """Freeze a process while it has work; None if it was done too soon.

    Best is a moment at which it has sent what it has not committed: the next process
    must say that again. It is looked for as long as enough is left.
    """
    seen: tuple[int, int] | None = None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        send(process, signal.SIGSTOP)
        now = (await gauge.now([service]))[service]
        written = await gauge.written(service)
        halfway = seen is not None and seen[0] == now.done and seen[1] < written
        if now.left > BATCH and (halfway or now.left <= 2 * BATCH):
            return now
        send(process, signal.SIGCONT)
        if now.left <= BATCH:
            return None
        seen = now.done, written
        await asyncio.sleep(STEP_SECONDS)
    return None


async def _backlog(gauge: Gauge, feed: Feed, service: str) -> int:
    """Feed until enough waits for a frozen service; gives what it had done."""
    upstream = SERVICES[: SERVICES.index(service)]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        now = await gauge.now((*upstream, service))
        if now[service].left >= BACKLOG:
            return now[service].done
        if sum(now[name].left for name in upstream) < SLICE:
            await feed.more()
        await asyncio.sleep(POLL_SECONDS)
    message = f"nothing reaches {service}; {feed.left} messages are left to send"
    raise AssertionError(message)


async def _progress(gauge: Gauge, service: str, before: int) -> None:
    """Wait until a service has done something more."""
    until = time.monotonic() + PATIENCE
    while (await gauge.now([service]))[service].done <= before:
        assert time.monotonic() < until, f"{service} stands still"
        await asyncio.sleep(POLL_SECONDS)


async def cut(site: Site, gauge: Gauge, feed: Feed, broker: LocalKafka) -> list[Kill]:
    """Kill the broker while most services have work, and start it again on its data.

    Gives what the services that were at work had left.
    """
    while True:
        processes = [await asyncio.to_thread(site.running, name) for name in SERVICES]
        _all(processes, signal.SIGSTOP)
        now = await gauge.now()
        _all(processes, signal.SIGCONT)
        busy = [
            Kill(name, done, left - BATCH)
            for name, (done, left) in now.items()
            if left > BATCH
        ]
        if len(busy) > len(SERVICES) / 2:
            await asyncio.to_thread(broker.kill)
            await asyncio.to_thread(broker.start)
            return busy
        assert feed.left, "the population is too small for the broker's fault"
        await feed.more()
        await asyncio.sleep(POLL_SECONDS)


def _all(processes: Sequence[ProcessId], number: signal.Signals) -> None:
    """Send a signal to all services."""
    for process in processes:
        send(process, number)


async def back(gauge: Gauge, before: Sequence[Kill]) -> None:
    """Wait until a broker that was killed knows all that was committed before."""
    until = time.monotonic() + PATIENCE
    while True:
        now = await gauge.now()
        if all(now[one.service].done >= one.done for one in before):
            return
        assert time.monotonic() < until, "the broker forgot what was committed"
        await asyncio.sleep(POLL_SECONDS)


async def drained(gauge: Gauge) -> None:
    """Wait until no service has anything left; fails when nothing moves for long."""
    quiet, since = 0, time.monotonic()
    seen: object = None
    while quiet < LOOKS:
        now = await gauge.now()
        if now != seen:
            quiet, seen, since = 0, now, time.monotonic()
        assert time.monotonic() - since < PATIENCE, f"nothing moves: {now}"
        if not any(one.left for one in now.values()):
            quiet += 1
        await asyncio.sleep(POLL_SECONDS * 10)
