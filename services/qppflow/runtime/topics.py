"""Creates the topics of the contracts on a broker, and checks that they are as agreed.

A topic that is there is compared and reported, never altered: another number of
partitions would send keys elsewhere, and Kafka's way of altering settings resets
those that a request leaves out.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from qppflow.runtime.bounded import answered
from qppflow.runtime.contracts import Names, Topic, topics
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.log_client import LogClient

NO_ERROR: Final = 0
ALREADY_EXISTS: Final = 36
MOST_REPLICAS: Final = 3
WRITABLE_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05
PARTITIONS: Final = "partitions"


class TopicState(StrEnum):
    """How a topic of the contracts stands on a broker."""

    CREATED = "created"
    AGREED = "agreed"
    DIFFERENT = "different"
    MISSING = "missing"
    REFUSED = "refused"


class Difference(NamedTuple):
    """One setting of a topic that is not as agreed."""

    setting: str
    found: str
    agreed: str


@dataclass(frozen=True, slots=True)
class TopicReport:
    """One topic, by the broker's name; ``reason`` is Kafka's name for a refusal."""

    name: str
    state: TopicState
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def good(self) -> bool:
        """Say whether the topic can be used."""
        return self.state in {TopicState.CREATED, TopicState.AGREED}


class Found(NamedTuple):
    """A topic as the broker has it: its partitions, and its settings by name."""

    partitions: int
    settings: Mapping[str, str]


class Admin(Protocol):
    """What creating and checking needs of a cluster."""

    async def find(self, names: Iterable[str]) -> Mapping[str, Found]:
        """Give those of the topics that are there; asking creates none."""
        ...

    async def make(self, wanted: Sequence[tuple[str, Topic]]) -> Mapping[str, int]:
        """Ask for topics by the broker's names; give Kafka's code for each."""
        ...

    async def wait_until_writable(self, partitions: Mapping[str, int]) -> None:
        """Wait until every partition has a leader that takes records."""
        ...


class AioAdmin(LogClient):
    """A cluster's topics through aiokafka; use it within ``connected``."""

    async def find(self, names: Iterable[str]) -> Mapping[str, Found]:
        """Give those of the topics that are there; asking creates none."""
        async with answered("asking which topics there are"):
            # Asked by name, a broker that creates topics on demand would create it.
            told = await self._admin.describe_topics(None)
        wanted = set(names)
        counts = {item["topic"]: len(item["partitions"]) for item in told}
        here = sorted(wanted & counts.keys())
        settings = await self._settings(here)
        return {name: Found(counts[name], settings[name]) for name in here}

    async def _settings(self, names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        if not names:
            return {}
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        async with answered("asking how topics are set"):
            answers = await self._admin.describe_configs(asked)
        found: dict[str, Mapping[str, str]] = {}
        for answer in answers:
            for code, _message, _type, name, entries in answer.resources:
                if code != NO_ERROR:
                    raise BrokerError(for_code(code).__name__)
                found[name] = {entry[0]: entry[1] for entry in entries}
        return found

    async def make(self, wanted: Sequence[tuple[str, Topic]]) -> Mapping[str, int]:
        """Ask for topics by the broker's names; give Kafka's code for each."""
        async with answered("creating topics"):
            cluster = await self._admin.describe_cluster()
            replicas = min(MOST_REPLICAS, len(cluster["brokers"]))
            asked = [
                NewTopic(
                    name,
                    topic.partitions,
                    replicas,
                    topic_configs=topic.broker_settings,
                )
                for name, topic in wanted
            ]
            answer = await self._admin.create_topics(asked)
        # A refusal is no exception of this client, only a code.
        return {item[0]: item[1] for item in answer.topic_errors}

    async def wait_until_writable(self, partitions: Mapping[str, int]) -> None:
        """Wait until every partition has a leader that takes records.

        Metadata name a leader some milliseconds before it takes records; only an
        answer about offsets proves it.
        """
        places = [
            TopicPartition(name, number)
            for name, count in partitions.items()
            for number in range(count)
        ]
        if not places:
            return
        async with asyncio.timeout(WRITABLE_SECONDS):
            while True:
                try:
                    async with answered("asking where new partitions end"):
                        await self._raw.end_offsets(places)
                except BrokerError:
                    await asyncio.sleep(POLL_SECONDS)
                else:
                    return


def named(prefix: str = "") -> dict[str, Topic]:
    """Give the topics of the contracts by the names a deployment's broker has."""
    names = Names(prefix)
    return {names.physical(name): topic for name, topic in topics().items()}


async def create(admin: Admin, wanted: Mapping[str, Topic]) -> list[TopicReport]:
    """Create what is missing, wait until it can be written, and report every topic.

    Raises:
        BrokerError: Kafka did not answer in time; do it again, nothing is made twice.
    """
    before = await check(admin, wanted)
    missing = [one.name for one in before if one.state is TopicState.MISSING]
    if not missing:
        return before
    codes = await admin.make([(name, wanted[name]) for name in missing])
    made = {name for name in missing if codes.get(name, NO_ERROR) == NO_ERROR}
    there = {name for name in missing if codes.get(name) == ALREADY_EXISTS}
    try:
        await admin.wait_until_writable(
            {name: wanted[name].partitions for name in sorted(made)}
        )
    except TimeoutError:
        msg = "new topics take no records yet"
        raise BrokerError(msg) from None
    # Somebody else made these in between, perhaps otherwise than agreed.
    reports = {one.name: one for one in before}
    late = {name: wanted[name] for name in sorted(there)}
    reports |= {one.name: one for one in await check(admin, late)}
    reports |= {name: TopicReport(name, TopicState.CREATED) for name in made}
    for name in set(missing) - made - there:
        reason = for_code(codes[name]).__name__
        reports[name] = TopicReport(name, TopicState.REFUSED, reason=reason)
    return [reports[name] for name in sorted(reports)]


async def ensure(bootstrap_servers: str, prefix: str = "") -> list[TopicReport]:
    """Connect and create the topics of the contracts; see :func:`create`."""
    async with AioAdmin.connected(bootstrap_servers) as admin:
        return await create(admin, named(prefix))


async def inspect(bootstrap_servers: str, prefix: str = "") -> list[TopicReport]:
    """Connect and check the topics of the contracts; see :func:`check`."""
    async with AioAdmin.connected(bootstrap_servers) as admin:
        return await check(admin, named(prefix))


async def check(admin: Admin, wanted: Mapping[str, Topic]) -> list[TopicReport]:
    """Compare every topic with what was agreed; changes nothing.

    Raises:
        BrokerError: Kafka did not answer in time.
    """
    found = await admin.find(wanted)
    return [_compared(name, wanted[name], found.get(name)) for name in sorted(wanted)]


def _compared(name: str, topic: Topic, found: Found | None) -> TopicReport:
    if found is None:
        return TopicReport(name, TopicState.MISSING)
    agreed = {PARTITIONS: str(topic.partitions), **topic.broker_settings}
    is_so = {PARTITIONS: str(found.partitions), **found.settings}
    differences = tuple(
        Difference(setting, is_so.get(setting, ""), value)
        for setting, value in agreed.items()
        if is_so.get(setting) != value
    )
    state = TopicState.DIFFERENT if differences else TopicState.AGREED
    return TopicReport(name, state, differences)
