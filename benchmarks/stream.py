"""(a) and (d): the whole stream beside the empty topology, under the same loads.

Our services run first, on a broker of their own; then the empty topology replays them
on another new one, phase by phase. Submissions per second count from the moment when
all lie readable in the intake topic until the last record that any service appends.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks import plan
from benchmarks.latency import latencies
from benchmarks.line import INPUTS, Line
from benchmarks.played import Phase, Played, Run
from benchmarks.ratio import Ratio, quotient
from benchmarks.site import BenchmarkError, Site, services, site, two_cores
from benchmarks.supply import Supply
from qppflow.local.say import Say
from qppflow.runtime.contracts import topics
from qppflow.services import SERVICES

TARGET: Final = 0.35
ROUNDS: Final = 3
GIVEN_RATE: Final = 100.0
# Records that a retry after a fault may have added to one of the two, as a share.
MOST_ADDED: Final = 0.01
ALL_AT_ONCE: Final = 0.0


class Sizes(NamedTuple):
    """How much: submissions before anything counts, in each round; seconds of (d)."""

    warm: int
    round: int
    seconds: float

    @classmethod
    def of(cls, documents: int) -> "Sizes":
        """Scale everything by one number."""
        return cls(max(50, documents // 4), documents, max(2.0, documents * 0.015))


def measure(documents: int, say: Say, *, latency: bool = True) -> list[Ratio]:
    """Run both topologies; gives (a), and (d) if it is wanted."""
    sizes = Sizes.of(documents)
    with two_cores() as cores, TemporaryDirectory(prefix="qppflow-plan-") as folder:
        with site() as here, services(here, SERVICES):
            ours = asyncio.run(_ours(here, sizes, say, latency=latency))
            say("tracing what led to what")
            made = plan.planned(ours.log, here.variables)
        where = Path(folder) / "plan"
        plan.write(made, where)
        with _replaying(where) as here:
            empty = asyncio.run(_empty(here, ours.phases, say))
    found = [_throughput(ours, empty, cores)]
    if latency:
        found += latencies(ours, empty, made.roots)
    return found


@contextmanager
def _replaying(where: Path) -> Iterator[Site]:
    command = ("-m", "benchmarks.empty", str(where))
    with site() as here, services(here, SERVICES, command):
        yield here


async def _ours(here: Site, sizes: Sizes, say: Say, *, latency: bool) -> Run:
    """Play the phases on our services; the last one's rate depends on the others."""
    supply = Supply()
    phases: list[Phase] = []
    played: list[Played] = []
    async with Line.connected(here.servers) as line:

        async def next_phase(count: int, rate: float) -> None:
            phases.append(Phase(supply.take(count), rate))
            say(_words("ours", len(phases), phases[-1]))
            played.append(await _play(line, phases[-1]))

        await next_phase(sizes.warm, ALL_AT_ONCE)
        for _ in range(ROUNDS):
            await next_phase(sizes.round, ALL_AT_ONCE)
        if latency:
            half = median(one.rate for one in played[1:]) / 2
            for rate in (GIVEN_RATE, half):
                await next_phase(max(1, round(rate * sizes.seconds)), rate)
        say("ours: reading all topics")
        log = {name: await line.records(name) for name in topics()}
        return Run(phases, played, log)


async def _empty(here: Site, phases: Sequence[Phase], say: Say) -> Run:
    """Play the same phases on the empty topology."""
    played = []
    async with Line.connected(here.servers) as line:
        for number, phase in enumerate(phases, start=1):
            say(_words("empty", number, phase))
            played.append(await _play(line, phase))
        log = {name: await line.records(name) for name in topics()}
        return Run(phases, played, log)


def _words(which: str, number: int, phase: Phase) -> str:
    count = len(phase.portion.submissions)
    how = f"at {phase.rate:.0f}/s" if phase.rate else "at once"
    return f"{which}: phase {number}, {count} submissions {how}"


async def _play(line: Line, phase: Phase) -> Played:
    """Send the feeds and wait; send the submissions, and wait until all is done."""
    await line.send(phase.portion.feeds)
    await line.settle()
    starts = dict(line.ends)
    submissions = phase.portion.submissions
    begun, late = 0.0, 0.0
    if phase.rate:
        late = await line.trickle(submissions, phase.rate)
    else:
        begun = await line.pour(submissions)
    await line.settle()
    seconds = await line.last_append() - begun
    return Played(len(submissions), seconds, late, starts, dict(line.ends))


def _throughput(ours: Run, empty: Run, cores: int) -> Ratio:
    """Compare the medians of the rounds.

    Raises:
        BenchmarkError: the empty topology did not carry the same records.
    """
    carried, replayed = ours.carried(INPUTS), empty.carried(INPUTS)
    if abs(replayed - carried) > MOST_ADDED * carried:
        message = f"{replayed} records instead of {carried} in the empty topology"
        raise BenchmarkError(message)
    rounds = [[one.rate for one in run.played[1 : 1 + ROUNDS]] for run in (ours, empty)]
    return Ratio(
        part="a",
        title="all services / empty topology",
        value=quotient(*map(median, rounds)),
        target=TARGET,
        figures={
            "cores": cores,
            "submissions_a_round": ours.played[1].submissions,
            "rounds": ROUNDS,
            "records_carried": carried,
            "records_in_empty": replayed,
            "ours_submissions_per_s": round(median(rounds[0]), 1),
            "ours_slowest_per_s": round(min(rounds[0]), 1),
            "ours_fastest_per_s": round(max(rounds[0]), 1),
            "empty_submissions_per_s": round(median(rounds[1]), 1),
            "empty_slowest_per_s": round(min(rounds[1]), 1),
            "empty_fastest_per_s": round(max(rounds[1]), 1),
        },
    )
