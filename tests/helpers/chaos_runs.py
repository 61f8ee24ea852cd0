"""A population's way through a stream: without a fault, or with all that chaos does."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qppflow.runtime.log_reader import AioLogReader
from qppflow.services import SERVICES
from tests.helpers.chaos_faults import Feed, Kill, back, cut, drained, killed
from tests.helpers.chaos_history import History
from tests.helpers.chaos_memory import Memory, forgotten, memories, rebuilt
from tests.helpers.chaos_site import Gauge, Site

if TYPE_CHECKING:
    from qppflow.demo.messages import Message
    from qppflow.local.kafka import LocalKafka
    from qppflow.local.status import ChildStatus
    from qppflow.runtime.records import Place

ROUNDS: Final = 2
# The last service first: so there is always somebody before it who is at work.
LATE, EARLY = SERVICES[:4:-1], SERVICES[4::-1]


@dataclass(frozen=True)
class Disturbed:
    """What was done to a stream, and what its services remembered."""

    kills: list[Kill]
    busy: list[Kill]
    children: list["ChildStatus"]
    remembered: dict[str, Memory]
    anew: dict[str, Memory]
    marks: "dict[Place, int]"


async def passed(site: Site, messages: "list[Message]") -> "dict[Place, int]":
    """Let messages pass without a fault; gives where the topics end then."""
    async with AioLogReader.connected(site.servers) as reader:
        gauge = Gauge(site, reader)
        await Feed(site, messages).more(len(messages))
        await drained(gauge)
        return await gauge.ends()


async def read(site: Site, marks: "dict[Place, int]") -> History:
    """Read everything that a stream has said."""
    async with AioLogReader.connected(site.servers) as reader:
        return History(await Gauge(site, reader).everything(), marks)


async def disturbed(
    site: Site, messages: "list[Message]", broker: "LocalKafka"
) -> "tuple[list[Kill], list[Kill], dict[Place, int]]":
    """Let messages pass while each service is killed, and the broker once."""
    feed = Feed(site, messages)
    async with AioLogReader.connected(site.servers) as reader:
        gauge = Gauge(site, reader)
        kills = [await killed(site, gauge, feed, name) for name in LATE]
        busy = await cut(site, gauge, feed, broker)
    async with AioLogReader.connected(site.servers) as reader:
        gauge = Gauge(site, reader)
        await back(gauge, busy)
        rest = (*EARLY, *LATE, *EARLY)
        kills += [await killed(site, gauge, feed, name) for name in rest]
        await feed.more(feed.left)
        await drained(gauge)
        return kills, busy, await gauge.ends()


def survived(site: Site, messages: "list[Message]", broker: "LocalKafka") -> Disturbed:
    """Disturb a stream, stop it, delete its memories, and make them anew."""
    with site.fragile():
        kills, busy, marks = asyncio.run(disturbed(site, messages, broker))
        children = [site.child(name) for name in SERVICES]
    remembered = memories(site)
    forgotten(site)
    codes = rebuilt(site)
    assert not any(codes.values()), f"not rebuilt: {codes}"
    return Disturbed(kills, busy, children, remembered, memories(site), marks)
