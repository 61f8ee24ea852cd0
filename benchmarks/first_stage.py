"""(c) Our intake alone beside a naive one, on the same records of the same topic.

Each is one process, one after the other. The rate counts from the first record that
comes out, so that no start is measured: what came out later by the time it took.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

import orjson

from benchmarks.line import STALL_SECONDS, Line
from benchmarks.ratio import Ratio, quotient
from benchmarks.site import BenchmarkError, Site, processes, services, site, two_cores
from benchmarks.supply import Supply
from qppflow.demo.messages import Message
from qppflow.intake.topics import FACTS, RESULTS, STAGE
from qppflow.local.children import ChildPlan
from qppflow.local.say import Say
from qppflow.runtime.contracts import topics
from qppflow.runtime.records import Place

TARGET: Final = 5.0
# So many times the documents of the other parts: ours is done with few in no time.
TIMES: Final = 4
NAIVE: Final = "naive-"
LOOK_SECONDS: Final = 0.25


def measure(documents: int, say: Say) -> Ratio:
    """Run both on one broker and compare their rates."""
    count = TIMES * documents
    with two_cores(), site(processes=1, prefixes=("", NAIVE)) as here:
        say(f"first stage: sending {count} records")
        asyncio.run(_send(here, list(islice(_plain(), count))))
        say("first stage: ours")
        with services(here, (STAGE,)):
            ours = asyncio.run(_rate(here, "", count))
        say("first stage: naive")
        with processes(here, [_naive(here)]):
            naive = asyncio.run(_rate(here, NAIVE, count))
    return Ratio(
        part="c",
        title="first stage / a naive one, one process each",
        value=quotient(ours, naive),
        target=TARGET,
        figures={
            "records": count,
            "ours_records_per_s": round(ours, 1),
            "naive_records_per_s": round(naive, 1),
        },
    )


def _plain() -> Iterable[Message]:
    """Draw submissions, mistakes included, that any reader of JSON takes as an object.

    Each then leads to exactly one record, in both; dead letters are ours alone.
    """
    supply = Supply()
    while True:
        for message in supply.take(100).submissions:
            found: Any = None
            with suppress(orjson.JSONDecodeError):
                found = orjson.loads(message.value or b"")
            if isinstance(found, dict) and not message.kind.startswith("undeciph"):
                yield message


def _naive(here: Site) -> ChildPlan:
    """Plan the other process."""
    argv = (sys.executable, "-m", "benchmarks.naive", here.servers, NAIVE)
    log = here.config.state.absolute() / "logs" / "naive.log"
    return ChildPlan("naive", argv, log)


async def _send(here: Site, messages: Iterable[Message]) -> None:
    async with Line.connected(here.servers) as line:
        await line.send(messages)


async def _rate(here: Site, prefix: str, count: int) -> float:
    """Wait until every record has led to one, and give how many came a second.

    Raises:
        BenchmarkError: they do not come.
    """
    places = [
        Place(prefix + name, number)
        for name in (FACTS, RESULTS)
        for number in range(topics()[name].partitions)
    ]
    async with Line.connected(here.servers) as line:
        before, waited = 0, 0.0
        while (done := sum((await line.reader.ends(places)).values())) < count:
            waited = 0.0 if done > before else waited + LOOK_SECONDS
            before = done
            if waited > STALL_SECONDS:
                message = f"{done} of {count} records came out of the first stage"
                raise BenchmarkError(message)
            await asyncio.sleep(LOOK_SECONDS)
        times = [
            record.timestamp
            for place, end in (await line.reader.ends(places)).items()
            async for batch in line.reader.read(place, 0, end)
            for record in batch
        ]
    return steady_rate(times)


def steady_rate(times: Sequence[int]) -> float:
    """Give how many came a second after the first, from their times in ms.

    Raises:
        BenchmarkError: all came at once.
    """
    first, last = min(times), max(times)
    if first == last:
        message = "too few records to measure a rate"
        raise BenchmarkError(message)
    return 1000 * sum(time > first for time in times) / (last - first)
