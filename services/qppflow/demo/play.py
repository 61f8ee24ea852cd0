"""Streams messages through the running services and waits until all is done."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.sending import send
from qppflow.demo.stages import Stage, Stages, drained
from qppflow.demo.tally import Conservation, Tally
from qppflow.runtime import contracts
from qppflow.runtime.clock import Clock
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.log_reader import AioLogReader

JsonObject: TypeAlias = dict[str, Any]
Show: TypeAlias = Callable[[list[Stage], float], None]

LOOK_SECONDS: Final = 0.5
# Empty queues must be seen twice: a record may be between two topics.
LOOKS: Final = 2
STALL_SECONDS: Final = 120.0


class StalledError(Exception):
    """The stream stood still although records were waiting."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: fates, and the latest score and payment of each subject."""

    conservation: Conservation
    findings: list[tuple[str, int]]
    effects: dict[str, int]
    scores: dict[str, JsonObject]
    payments: dict[str, JsonObject]
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
    """Read every fate, final score and payment from the topics."""
    tally = Tally()

    async def each(topic: str, take: Callable[..., None]) -> None:
        starts = stages.starts_of(topic)
        async for batch in reader.read_topic(names.physical(topic), starts):
            take(batch)

    await each(SUBMISSIONS, tally.receive)
    await each(FEEDS, tally.receive)
    await each("qpp-submission-results", tally.answer)
    await each("qpp-dead-letters", tally.park)
    scores: dict[str, JsonObject] = {}
    payments: dict[str, JsonObject] = {}
    await each("qpp-final-scores", lambda batch: _latest(batch, scores))
    await each("qpp-payment-adjustments", lambda batch: _latest(batch, payments))
    return Outcome(
        conservation=tally.conservation(),
        findings=tally.findings.most_common(),
        effects=dict(tally.effects),
        scores=scores,
        payments=payments,
        stages=last,
        seconds=seconds,
    )


def _latest(batch: Iterable[Any], found: dict[str, JsonObject]) -> None:
    """Keep the highest revision of each subject."""
    for record in batch:
        event = decode(record.value)
        kept = found.get(event["subject"])
        if kept is None or event["revision"] > kept["revision"]:
            found[event["subject"]] = {**event, "kind": kind_of(record)}
