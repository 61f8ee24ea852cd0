"""Streams messages through the running services and waits until all is done."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from qppflow.demo.latest import Latest
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.sending import send
from qppflow.demo.stages import Stage, Stages, drained
from qppflow.demo.tally import Conservation, Tally
from qppflow.runtime import contracts
from qppflow.runtime.clock import Clock
from qppflow.runtime.contracts import Names
from qppflow.runtime.log_reader import AioLogReader

Show: TypeAlias = Callable[[list[Stage], float], None]

LOOK_SECONDS: Final = 0.5
# Empty queues must be seen twice: a record may be between two topics.
LOOKS: Final = 2
STALL_SECONDS: Final = 120.0


class StalledError(Exception):
    """The stream stood still although records were waiting."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: fates, and the latest of each score and payment."""

    conservation: Conservation
    findings: list[tuple[str, int]]
    effects: dict[str, int]
    latest: Latest
    stages: list[Stage]
    seconds: float


@dataclass(slots=True)
class _Progress:
    """When something last moved."""

    seen: list[int] = field(default_factory=list)
    since: float = 0.0
    quiet: int = 0


async def play(
    bootstrap_servers: str,
    messages: Iterable[Message],
    clock: Clock,
    show: Show,
    prefix: str = "",
) -> Outcome:
    """Send *messages*, wait until no service has anything left, and count.

    Raises:
        BrokerError: Kafka cannot be reached.
        StalledError: records wait and nothing has moved for two minutes.
    """
    names = Names(prefix)
    async with AioLogReader.connected(bootstrap_servers) as reader:
        stages = Stages(reader, contracts.topics(), names)
        await stages.begin()
        start = clock.monotonic()
        sending = asyncio.create_task(
            send(bootstrap_servers, messages, names, lambda _count: None)
        )
        last = await _followed(stages, sending, clock, start, show)
        await sending
        seconds = clock.monotonic() - start
        return await _counted(reader, stages, names, last, seconds)


async def _followed(
    stages: Stages,
    sending: "asyncio.Task[int]",
    clock: Clock,
    start: float,
    show: Show,
) -> list[Stage]:
    """Watch until everything sent is through."""
    progress = _Progress(since=start)
    while True:
        now = await stages.now()
        show(now, clock.monotonic() - start)
        counts = [stage.records for stage in now] + [stage.waiting for stage in now]
        if counts != progress.seen:
            progress.seen, progress.since, progress.quiet = counts, clock.monotonic(), 0
        if sending.done() and drained(now):
            progress.quiet += 1
            if progress.quiet > LOOKS:
                return now
        elif clock.monotonic() - progress.since > STALL_SECONDS:
            sending.cancel()
            waiting = [
                f"{stage.topic}: {stage.waiting}" for stage in now if stage.waiting
            ]
            message = f"nothing moves, waiting are {', '.join(waiting)}"
            raise StalledError(message)
        await clock.sleep(LOOK_SECONDS)


async def _counted(
    reader: AioLogReader,
    stages: Stages,
    names: Names,
    last: list[Stage],
    seconds: float,
) -> Outcome:
    """Read every fate, final score, payment and eligibility from the topics."""
    tally = Tally()

    async def each(topic: str, take: Callable[..., None]) -> None:
        starts = stages.starts_of(topic)
        async for batch in reader.read_topic(names.physical(topic), starts):
            take(batch)

    await each(SUBMISSIONS, tally.receive)
    await each(FEEDS, tally.receive)
    await each("qpp-submission-results", tally.answer)
    await each("qpp-dead-letters", tally.park)
    latest = Latest()
    await each("qpp-final-scores", latest.score)
    await each("qpp-payment-adjustments", latest.pay)
    await each("qpp-eligibility", latest.stand)
    return Outcome(
        conservation=tally.conservation(),
        findings=tally.findings.most_common(),
        effects=dict(tally.effects),
        latest=latest,
        stages=last,
        seconds=seconds,
    )
