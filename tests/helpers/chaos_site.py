"""A deployment that a test may hurt: its processes, how far each is, and its topics."""

import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from qppflow.local.processes import ProcessId, is_alive, send, wait_until
from qppflow.local.stack import Stack
from qppflow.local.stack_plan import StackConfig
from qppflow.local.status import ChildStatus, read_status
from qppflow.runtime import contracts
from qppflow.runtime.contracts import Names
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place, Record
from qppflow.services import SERVICES

# Small batches: a stream of some hundred practices lasts for many of them.
BATCH: Final = 5
FRAGILE: Final = {
    "QPPFLOW_BATCH_RECORDS": str(BATCH),
    # A killed process stays in its group for so long.
    "QPPFLOW_SESSION_TIMEOUT_MS": "3000",
}
DEAD_LETTERS: Final = "qpp-dead-letters"
PATIENCE: Final = 120.0


class Left(NamedTuple):
    """How many records a service has committed, and how many it has not."""

    done: int
    left: int


@dataclass(frozen=True)
class Site:
    """One stream on a shared broker: its prefix, its folder and where it remembers."""

    servers: str
    prefix: str
    folder: Path
    store_url: str | None = None

    def config(self, processes: int, variables: Mapping[str, str]) -> StackConfig:
        """Give what the stream's start decides."""
        return StackConfig(
            state=self.folder,
            processes=processes,
            bootstrap_servers=self.servers,
            topic_prefix=self.prefix,
            store_url=self.store_url,
            variables=variables,
        )

    def calm(self) -> Stack:
        """Give the stream as users have it, with its supervisor."""
        return Stack(self.config(2, {}))

    def fragile(self) -> Stack:
        """Give the stream with a process for each service, and many small batches."""
        return Stack(self.config(len(SERVICES), FRAGILE))

    @property
    def names(self) -> Names:
        """Give the topics their names on the broker."""
        return Names(self.prefix)

    def places(self, topic: str) -> list[Place]:
        """Give the partitions of a topic, by the broker's name."""
        count = contracts.topics()[topic].partitions
        return [Place(self.names.physical(topic), number) for number in range(count)]

    def child(self, service: str) -> ChildStatus:
        """Give what the supervisor says of the process of one service."""
        told = read_status(self.folder)
        assert told is not None
        (child,) = (one for one in told.children if one.name == service)
        return child

    def running(self, service: str) -> ProcessId:
        """Wait until the service has a living process, and give it."""
        found: list[ProcessId] = []

        def has() -> bool:
            child = self.child(service)
            if child.process is not None and child.alive:
                found.append(child.process)
            return bool(found)

        assert wait_until(has, PATIENCE), f"{service} does not run"
        return found[0]

    def log(self, service: str) -> str:
        """Read what the processes of a service wrote."""
        return (self.folder / "logs" / f"{service}.log").read_text("utf-8")


def kill(process: ProcessId) -> None:
    """End a process as a power cut would, and wait until it is gone."""
    send(process, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(process), PATIENCE)


class Gauge:
    """Reads how far services are; a frozen one may have one batch on its way."""

    def __init__(self, site: Site, reader: AioLogReader) -> None:
        self._site = site
        self._reader = reader

    async def now(self, services: Collection[str] = SERVICES) -> Mapping[str, Left]:
        """Give what each service has done and has left, by its group's commits."""
        topics = contracts.topics()
        places = {
            service: [
                place
                for name, topic in topics.items()
                if service in topic.groups
                for place in self._site.places(name)
            ]
            for service in services
        }
        done = {
            service: await self._reader.committed(self._site.names.physical(service))
            for service in services
        }
        ends = await self._reader.ends({p for found in places.values() for p in found})
        found = {}
        for service in services:
            own = [max(done[service].get(p, 0), 0) for p in places[service]]
            total = sum(ends[place] for place in places[service])
            found[service] = Left(sum(own), total - sum(own))
        return found

    async def written(self, service: str) -> int:
        """Count what lies in the topics that a service writes, dead letters aside.

        Where it writes none alone, others write there too: a hint and no more.
        """
        topics = [
            (topic.producers.services, name)
            for name, topic in contracts.topics().items()
            if service in topic.producers.services and name != DEAD_LETTERS
        ]
        fewest = min(len(services) for services, _ in topics)
        names = [name for services, name in topics if len(services) == fewest]
        places = [place for name in names for place in self._site.places(name)]
        return sum((await self._reader.ends(places)).values())

    async def ends(self) -> dict[Place, int]:
        """Give where every topic ends now."""
        every = [p for name in contracts.topics() for p in self._site.places(name)]
        return await self._reader.ends(every)

    async def everything(self) -> dict[str, list[Record]]:
        """Read every record of every topic, by the contract's name."""
        log: dict[str, list[Record]] = {}
        for topic in contracts.topics():
            starts = dict.fromkeys(self._site.places(topic), 0)
            batches = self._reader.read_topic(self._site.names.physical(topic), starts)
            log[topic] = [record async for batch in batches for record in batch]
        return log
