"""The stateless pump: every record is answered or parked, and nothing is lost."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from qppflow.runtime import headers
from qppflow.runtime.faults import (
    BrokerError,
    ParkError,
    RuleBookMissingError,
    StoreError,
)
from qppflow.runtime.pump import StatelessPump
from qppflow.runtime.records import Decision, Outgoing, ParkedHook, Record
from tests.helpers.kafka_fakes import FakeConsumer
from tests.helpers.runtime import P0, P1, Bench, echo, event, ids_of


class Stage(Bench):
    """A stateless service on fakes, with one consumer of two partitions."""

    def __init__(
        self, folder: Path, decide: Decision = echo, hook: ParkedHook | None = None
    ) -> None:
        super().__init__(folder, hook)
        self.pump = StatelessPump(decide, self.tools)
        self.consumer = FakeConsumer(self.log, [P0, P1])

    async def turn(self) -> None:
        """Poll once and hand over what came."""
        if records := self.consumer.poll():
            await self.pump.run(records, self.consumer)


def test_each_record_of_a_batch_is_sent_and_committed(tmp_path: Path) -> None:
    """Outputs keep their key's order, and the commit is the next offset."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        for number in range(4):
            stage.log.append(P0, b"k", b"%d" % number)
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.values("out") == [
        b"0", b"0+", b"1", b"1+", b"2", b"2+", b"3", b"3+",
    ]  # fmt: skip
    assert stage.log.commits == {P0: 4}


def test_a_record_that_breaks_the_decision_is_parked_alone(tmp_path: Path) -> None:
    """Its dead letter has the original bytes; its neighbours are answered."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        for value in (b"one", b"bad", b"two"):
            stage.log.append(P0, b"k", value)
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    (letter,) = stage.log.records("dead")
    assert stage.log.values("out") == [b"one", b"one+", b"two", b"two+"]
    assert letter.value == b"bad"
    assert headers.first(letter.headers, "dlq-exception") == b"KeyError"
    assert headers.first(letter.headers, "dlq-reason") == b"exception"
    assert not any(b"123456789" in (value or b"") for _, value in letter.headers)
    assert stage.log.commits == {P0: 3}


def test_a_decision_may_park_with_its_own_reason(tmp_path: Path) -> None:
    """What cannot be read is parked on purpose, with the service's code."""

    def decide(record: Record) -> Iterable[Outgoing]:
        raise ParkError("not-json" if record.offset == 0 else "no-sender")

    async def scenario() -> Stage:
        stage = Stage(tmp_path, decide)
        stage.log.append(P0, b"k", b"{")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    (letter,) = stage.log.records("dead")
    assert headers.first(letter.headers, "dlq-reason") == b"not-json"


def test_an_output_too_large_parks_its_input(tmp_path: Path) -> None:
    """Nothing of that input is sent, and the record before it is."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"one")
        stage.log.append(P0, b"k", b"big")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    (letter,) = stage.log.records("dead")
    assert stage.log.values("out") == [b"one", b"one+"]
    assert headers.first(letter.headers, "dlq-reason") == b"output-too-large"


def test_a_dead_letter_too_large_goes_without_its_value(tmp_path: Path) -> None:
    """It then names the place and the hash of the bytes."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"bad" + b"x" * 5_000)
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    (letter,) = stage.log.records("dead")
    assert letter.value == b""
    assert headers.first(letter.headers, "dlq-value-omitted") == b"1"
    assert headers.first(letter.headers, "dlq-place") == b"in/0/0"


def test_a_broker_that_refuses_a_size_parks_that_input(tmp_path: Path) -> None:
    """The topic takes less than was agreed: the batch comes again without it."""

    def lone(record: Record) -> Iterable[Outgoing]:
        yield event(record, "only", b"one")

    async def alone() -> Stage:
        stage = Stage(tmp_path, lone)
        stage.log.append(P0, b"k", b"one")
        stage.plan.extend(["large"])
        await stage.turn()
        await stage.turn()
        return stage

    stage = asyncio.run(alone())

    (letter,) = stage.log.records("dead")
    assert headers.first(letter.headers, "dlq-reason") == b"output-too-large"
    assert stage.log.commits == {P0: 1}


def test_a_broker_away_moves_nothing_and_pauses(tmp_path: Path) -> None:
    """The batch comes again after the pause, and its ids are the same."""

    async def scenario() -> tuple[dict[object, int], Stage]:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"one")
        stage.log.away = True
        await stage.turn()
        before: dict[object, int] = dict(stage.log.commits)
        assert stage.consumer.paused == {P0}
        stage.log.away = False
        await stage.clock.advance(0.4)
        await stage.turn()
        assert stage.log.values("out") == []
        await stage.clock.advance(0.2)
        await stage.turn()
        return before, stage

    before, stage = asyncio.run(scenario())

    assert before == {}
    assert stage.log.values("out") == [b"one", b"one+"]
    assert stage.log.commits == {P0: 1}


def test_each_failure_in_a_row_doubles_the_pause(tmp_path: Path) -> None:
    """Half a second, then one, up to thirty."""

    async def scenario() -> list[float]:
        stage = Stage(tmp_path)
        return [stage.tools.holds.hold(stage.consumer, P0) for _ in range(8)]

    assert asyncio.run(scenario()) == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_lost_answer_repeats_ids_and_loses_nothing(tmp_path: Path) -> None:
    """Stored, but the answer was lost: the second copy has the ids of the first."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        for number in range(6):
            stage.log.append(P0, b"k", b"%d" % number)
        stage.plan.extend(["ok", "unknown"])
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())
    found = ids_of(stage.log.records("out"))

    assert len(set(found)) == 12
    assert len(found) > 12
    assert len(stage.producers) == 2
    assert stage.producers[0].stopped
    first = list(dict.fromkeys(stage.log.values("out")))
    assert first == [v for n in range(6) for v in (b"%d" % n, b"%d+" % n)]


def test_a_producer_that_does_not_answer_is_replaced(tmp_path: Path) -> None:
    """The wait has a bound; what is unknown is sent again."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"one")
        stage.plan.append("hang")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.values("out") == [b"one", b"one+"]
    assert stage.log.commits == {P0: 1}


def test_a_commit_that_comes_too_late_is_dropped(tmp_path: Path) -> None:
    """The partition went to another member, which does the records again."""

    async def scenario() -> tuple[Stage, list[str | None]]:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"one")
        stage.consumer.loses_commits = True
        await stage.turn()
        first = ids_of(stage.log.records("out"))
        stage.consumer = FakeConsumer(stage.log, [P0])
        await stage.turn()
        return stage, first

    stage, first = asyncio.run(scenario())

    assert ids_of(stage.log.records("out")) == first * 2
    assert stage.log.commits == {P0: 1}


def test_a_missing_rule_book_stops_its_partition_only(tmp_path: Path) -> None:
    """The records before it are done, it is never parked, the rest goes on."""
    rule_book = "mips/py2031@0"

    def decide(record: Record) -> Iterable[Outgoing]:
        if record.value == b"future":
            raise RuleBookMissingError(rule_book)
        return echo(record)

    async def scenario() -> Stage:
        stage = Stage(tmp_path, decide)
        for value in (b"a", b"future", b"b"):
            stage.log.append(P0, b"k", value)
        stage.log.append(P1, b"k", b"c")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.commits == {P0: 1, P1: 1}
    assert stage.consumer.paused == {P0}
    assert stage.consumer.positions[P0] == 1
    assert stage.log.records("dead") == []
    assert stage.progress.seen["partitions"]["in/0"]["reason"] == "rule-book-missing"


@pytest.mark.parametrize("fault", [BrokerError, StoreError])
def test_a_fault_of_the_world_inside_a_decision_never_parks(
    tmp_path: Path, fault: type[Exception]
) -> None:
    """A record is not to blame for a database that is away."""

    def decide(record: Record) -> Iterable[Outgoing]:
        raise fault(record.topic)

    async def scenario() -> Stage:
        stage = Stage(tmp_path, decide)
        stage.log.append(P0, b"k", b"one")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.records("dead") == []
    assert stage.consumer.positions[P0] == 0
    assert stage.consumer.paused == {P0}


def test_the_hook_adds_what_a_service_says_of_a_parked_record(tmp_path: Path) -> None:
    """A known entity's score is held, so the hook's part goes out as well."""

    def hook(record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
        yield event(record, "parked", f"{letter} {reason}".encode())

    async def scenario() -> Stage:
        stage = Stage(tmp_path, hook=hook)
        stage.log.append(P0, b"k", b"bad")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    (part,) = stage.log.values("out")
    (letter,) = ids_of(stage.log.records("dead"))
    assert part == f"{letter} exception".encode()


def test_a_hook_that_fails_costs_its_own_part_only(tmp_path: Path) -> None:
    """The dead letter is sent all the same."""

    def hook(_record: Record, _letter: str, reason: str) -> Iterable[Outgoing]:
        raise ValueError(reason)

    async def scenario() -> Stage:
        stage = Stage(tmp_path, hook=hook)
        stage.log.append(P0, b"k", b"bad")
        await stage.turn()
        return stage

    stage = asyncio.run(scenario())

    assert len(stage.log.records("dead")) == 1
    assert stage.log.commits == {P0: 1}


def test_a_cancelled_batch_moves_nothing(tmp_path: Path) -> None:
    """A shutdown in the middle of a send leaves the batch to the next process."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        stage.log.append(P0, b"k", b"one")
        stage.plan.append("hang")
        task = asyncio.create_task(stage.turn())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.commits == {}
    assert stage.consumer.positions[P0] == 0
    assert stage.pump.stopped.is_set()
