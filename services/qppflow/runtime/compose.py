"""Puts a service together from its decision: pump, producer, progress, store."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from pydantic import ValidationError

from qppflow.runtime import contracts
from qppflow.runtime.aio import AioProducer
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.guard import Guard
from qppflow.runtime.holds import Holds
from qppflow.runtime.logs import configure
from qppflow.runtime.memory import Memory
from qppflow.runtime.producer import Producer, Topic, Topics
from qppflow.runtime.progress import Progress
from qppflow.runtime.pump import StatelessPump, Tools
from qppflow.runtime.records import Decision, ParkedHook
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.settings import (
    SHARED_PREFIX,
    ServiceSettings,
    StatefulSettings,
)
from qppflow.runtime.shell import serve
from qppflow.runtime.stateful import StatefulPump
from qppflow.runtime.store import Store
from qppflow.runtime.subscription import Service

S = TypeVar("S")
Settings = TypeVar("Settings", bound=ServiceSettings)

DEAD_LETTERS: Final = "qpp-dead-letters"
WRONG_SETTINGS: Final = 2


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a service reads and writes, by the contracts' names.

    ``trusts_keys`` is for services that read what we wrote: their keys are tokens.
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    trusts_keys: bool = True
    on_parked: ParkedHook | None = None


def topic(settings: ServiceSettings, name: str) -> Topic:
    """Give a topic of the contracts as this deployment's broker knows it."""
    found = contracts.topics()[name]
    names = contracts.Names(settings.topic_prefix)
    return Topic(names.physical(name), found.partitions, found.max_message_bytes)


def guard_of(wiring: Wiring, settings: ServiceSettings, producer: Producer) -> Guard:
    """Make what stands around a decision; *producer* says how large a record may be."""
    letters = DeadLetters(
        wiring.name,
        DEAD_LETTERS,
        Sealer(settings.sealing_bytes()),
        settings.build,
        wiring.trusts_keys,
    )
    return Guard(letters, producer.check, wiring.on_parked)


def _tools(wiring: Wiring, settings: ServiceSettings) -> tuple[Tools, Topics]:
    """Make what every service has, with a memory or without."""
    clock = SystemClock()
    writes = {name: topic(settings, name) for name in (*wiring.writes, DEAD_LETTERS)}
    producer = Producer(partial(AioProducer, settings.bootstrap_servers), writes)
    progress = Progress(
        settings.state_folder, wiring.name, settings.instance, settings.build, clock
    )
    guard = guard_of(wiring, settings, producer)
    return Tools(guard, producer, Holds(clock), progress), writes


def stateless(wiring: Wiring, settings: ServiceSettings, decide: Decision) -> Service:
    """Compose a service without memory."""
    tools, writes = _tools(wiring, settings)
    return Service(
        name=wiring.name,
        # A deployment with a prefix has topics and groups of its own.
        group=settings.topic_prefix + wiring.name,
        reads=tuple(topic(settings, name) for name in wiring.reads),
        writes=writes,
        settings=settings,
        pump=StatelessPump(decide, tools),
        producer=tools.producer,
        progress=tools.progress,
    )


def stateful(wiring: Wiring, settings: StatefulSettings, memory: Memory[S]) -> Service:
    """Compose a service with a memory, which reads exactly one topic."""
    tools, writes = _tools(wiring, settings)
    store = Store(settings.url_of(wiring.name), wiring.name)
    (read,) = wiring.reads
    return Service(
        name=wiring.name,
        # A deployment with a prefix has topics and groups of its own.
        group=settings.topic_prefix + wiring.name,
        reads=(topic(settings, read),),
        writes=writes,
        settings=settings,
        pump=StatefulPump(memory, store, tools),
        producer=tools.producer,
        progress=tools.progress,
        store=store,
    )


def run(
    name: str,
    read_settings: Callable[[], Settings],
    build: Callable[[Settings], Service],
) -> int:
    """Run one service until told to stop; gives the exit code."""
    return run_all(name, [lambda: build(read_settings())])


def run_all(name: str, composers: Sequence[Callable[[], Service]]) -> int:
    """Read settings, compose services and run them in one process; gives the code.

    *name* stands in the log lines of the process as a whole.
    """
    configure(name)
    try:
        services = [compose() for compose in composers]
    except ValidationError as error:
        sys.stderr.write(f"{name}: {_wrong(error)}\n")
        return WRONG_SETTINGS
    return asyncio.run(serve(*services))


def _wrong(error: ValidationError) -> str:
    """Name what is wrong with the settings, never their values."""
    return "\n".join(
        f"{SHARED_PREFIX}{str(item['loc'][0]).upper()}: {item['msg']}"
        for item in error.errors()
    )
