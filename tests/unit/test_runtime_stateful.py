"""The pump with a memory: state, position and outputs agree whatever fails."""

import asyncio
from pathlib import Path

import pytest

from qppflow.runtime.faults import StopServiceError
from qppflow.runtime.rebuild import Reread, rebuild
from qppflow.runtime.records import Place
from tests.helpers.kafka_fakes import FakeLogReader
from tests.helpers.runtime import P0, P1, ids_of
from tests.helpers.stateful import Counting, Member, Stage


def test_states_of_a_batch_follow_each_other(tmp_path: Path) -> None:
    """Two records of one key in one batch see each other's state."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0, P1)
        for key in (b"a", b"b", b"a"):
            stage.log.append(P0, key, b"x")
        stage.log.append(P1, b"c", b"x")
        await member.turn()
        states = await member.store.load({"a", "b", "c", "d"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())

    assert sorted(stage.log.values("out")) == [b"a=1", b"a=2", b"b=1", b"c=1"]
    assert states == {"a": b"2", "b": b"1", "c": b"1"}
    assert stage.log.commits == {P0: 3, P1: 1}


def test_a_parked_record_leaves_its_state_alone(tmp_path: Path) -> None:
    """The decision failed, or its output was too large: neither counts."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0)
        for value in (b"x", b"bad", b"big", b"x"):
            stage.log.append(P0, b"a", value)
        stage.log.append(P0, None, b"x")
        await member.turn()
        states = await member.store.load({"a"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())

    assert stage.log.values("out") == [b"a=1", b"a=2"]
    assert stage.log.values("dead") == [b"bad", b"big", b"x"]
    assert states == {"a": b"2"}


def test_a_crash_before_the_store_repeats_ids(tmp_path: Path) -> None:
    """Killed between sending and saving: the same events, with the same ids."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        first = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        first.store.before = 1
        await first.turn()
        second = await stage.member(P0)
        await second.turn()
        await stage.close()
        return stage

    stage = asyncio.run(scenario())
    found = ids_of(stage.log.records("out"))

    assert stage.log.values("out") == [b"a=1", b"a=1"]
    assert found[0] == found[1]


def test_a_lost_answer_of_the_store_counts_once(tmp_path: Path) -> None:
    """It had written: the next claim finds the position behind the batch."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        member.store.after = 1
        await member.turn()
        await stage.clock.advance(1)
        stage.log.append(P0, b"a", b"x")
        await member.turn()
        await member.turn()
        states = await member.store.load({"a"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())

    assert stage.log.values("out") == [b"a=1", b"a=2"]
    assert states == {"a": b"2"}
    assert stage.log.commits == {P0: 2}


def test_a_zombie_changes_nothing(tmp_path: Path) -> None:
    """It still believes that the partition is its own; its batch is dropped."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        zombie = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        await zombie.turn()
        owner = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        stale = zombie.consumer.poll()
        await owner.turn()
        stage.log.append(P0, b"a", b"x")
        await owner.turn()
        await zombie.pump.run(stale, zombie.consumer)
        states = await owner.store.load({"a"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())
    found = stage.log.records("out")

    assert states == {"a": b"3"}
    assert [record.value for record in found] == [b"a=1", b"a=2", b"a=3"]
    assert stage.log.commits == {P0: 3}


def test_a_zombie_that_wakes_after_loading_repeats_bytes(tmp_path: Path) -> None:
    """It sends what the owner sent, under the same ids, and then is fenced."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        zombie, owner = await stage.member(P0), await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        zombie.store.interlude = owner.turn
        await zombie.turn()
        states = await owner.store.load({"a"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())
    found = stage.log.records("out")

    assert states == {"a": b"1"}
    assert [record.value for record in found] == [b"a=1", b"a=1"]
    assert ids_of(found)[0] == ids_of(found)[1]


def test_a_partition_that_comes_back_is_claimed_anew(tmp_path: Path) -> None:
    """In between, another member went on; its work is not done again."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        one, two = await stage.member(P0), await stage.member()
        stage.log.append(P0, b"a", b"x")
        await one.turn()
        one.assign()
        two.assign(P0)
        stage.log.append(P0, b"a", b"x")
        await two.turn()
        two.assign()
        stage.log.commits[P0] = 0  # a commit that was lost
        one.assign(P0)
        await one.turn()
        stage.log.append(P0, b"a", b"x")
        await one.turn()
        await stage.close()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.values("out") == [b"a=1", b"a=2", b"a=3"]


def test_a_missing_rule_book_keeps_what_came_before(tmp_path: Path) -> None:
    """The state moves up to that record and waits there."""

    async def scenario() -> tuple[Stage, Member, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0)
        for value in (b"x", b"future", b"x"):
            stage.log.append(P0, b"a", value)
        await member.turn()
        states = await member.store.load({"a"}, {})
        await stage.close()
        return stage, member, states

    stage, member, states = asyncio.run(scenario())

    assert states == {"a": b"1"}
    assert member.consumer.positions == {P0: 1}
    assert member.consumer.paused == {P0}
    assert stage.log.records("dead") == []


@pytest.mark.parametrize("harm", ["no store", "other cluster", "log cut", "log short"])
def test_a_store_that_does_not_fit_the_log_stops(tmp_path: Path, harm: str) -> None:
    """Nothing is sent, and the message names the command that helps."""

    async def scenario() -> tuple[Member, list[bytes]]:
        stage = Stage(tmp_path)
        first = await stage.member(P0)
        for _ in range(3):
            stage.log.append(P0, b"a", b"x")
        await first.turn()
        await stage.close()
        before = len(stage.log.records("out"))
        if harm == "no store":
            stage.url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        elif harm == "other cluster":
            stage.log.cluster = "cluster-b"
        elif harm == "log cut":
            stage.log.low[P0] = 4
        else:
            stage.log.places[P0] = stage.log.places[P0][:1]
            stage.log.commits[P0] = 0
        stage.log.append(P0, b"a", b"x")
        second = await stage.member(P0)
        await second.turn()
        await stage.close()
        return second, stage.log.values("out")[before:]

    member, sent = asyncio.run(scenario())

    assert sent == []
    assert member.pump.stopped.is_set()
    assert member.pump.stop_error is not None
    assert member.pump.stop_error.remedy == "qppflow state rebuild stage"


def test_a_rebuild_repeats_the_state_and_sends_nothing(tmp_path: Path) -> None:
    """What the group has not committed is left for the service to send."""

    async def scenario() -> tuple[Stage, dict[str, bytes], dict[str, bytes], int]:
        stage = Stage(tmp_path)
        member = await stage.member(P0)
        for value in (b"x", b"bad", b"x"):
            stage.log.append(P0, b"a", value)
        await member.turn()
        before = await member.store.load({"a"}, {})
        sent = len(stage.log.records("out"))
        stage.log.append(P0, b"a", b"x")
        stage.url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        fresh = await stage.member(P0)
        await rebuild(
            Counting(),
            fresh.store,
            stage.tools.guard,
            FakeLogReader(stage.log),
            {P0: stage.log.commits[P0]},
        )
        after = await fresh.store.load({"a"}, {})
        sent = len(stage.log.records("out")) - sent
        await fresh.turn()
        await stage.close()
        return stage, before, after, sent

    stage, before, after, sent = asyncio.run(scenario())

    assert before == after == {"a": b"2"}
    assert sent == 0
    assert stage.log.values("out") == [b"a=1", b"a=2", b"a=3"]


def cut(stage: Stage) -> None:
    """Let retention delete the first of three records of a partition."""
    for _ in range(3):
        stage.log.append(P0, b"a", b"x")
    stage.log.append(P1, b"b", b"x")
    stage.log.commits |= {P0: 3, P1: 1}
    stage.log.low[P0] = 1


def test_a_rebuild_without_the_log_s_beginning_is_refused(tmp_path: Path) -> None:
    """What was known from there would be forgotten; the store stays as it is."""

    async def scenario() -> tuple[StopServiceError, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0, P1)
        stage.log.append(P1, b"b", b"x")
        await member.turn()
        cut(stage)
        reader, commits = FakeLogReader(stage.log), stage.log.commits
        with pytest.raises(StopServiceError) as refused:
            await rebuild(Counting(), member.store, stage.tools.guard, reader, commits)
        states = await member.store.load({"a", "b"}, {})
        await stage.close()
        return refused.value, states

    error, states = asyncio.run(scenario())

    assert error.reason == "the beginning of in is deleted, in 1 of 2 partitions"
    assert error.remedy.endswith("qppflow state rebuild stage --partial")
    assert states == {"b": b"1"}


def test_a_partial_rebuild_says_from_when_it_remembers(tmp_path: Path) -> None:
    """For each partition that was cut; the service then goes on from its commit."""

    async def scenario() -> tuple[dict[Place, Reread], Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        cut(stage)
        member = await stage.member(P0, P1)
        reader, commits = FakeLogReader(stage.log), stage.log.commits
        found = await rebuild(
            Counting(), member.store, stage.tools.guard, reader, commits, partial=True
        )
        stage.log.append(P0, b"a", b"x")
        await member.turn()
        states = await member.store.load({"a", "b"}, {})
        await stage.close()
        return found, stage, states

    found, stage, states = asyncio.run(scenario())

    second = stage.log.places[P0][1].timestamp
    assert found[P0] == Reread(records=2, cut=True, since=second)
    assert (found[P1].records, found[P1].cut) == (1, False)
    assert states == {"a": b"3", "b": b"1"}


def test_a_rebuild_fences_a_service_that_runs(tmp_path: Path) -> None:
    """Its next batch is dropped and it claims the rebuilt state."""

    async def scenario() -> tuple[Stage, dict[str, bytes]]:
        stage = Stage(tmp_path)
        member = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        await member.turn()
        commits = {P0: stage.log.commits[P0]}
        reader = FakeLogReader(stage.log)
        await rebuild(Counting(), member.store, stage.tools.guard, reader, commits)
        stage.log.append(P0, b"a", b"x")
        await member.turn()
        assert member.consumer.paused == {P0}
        await stage.clock.advance(1)
        await member.turn()
        states = await member.store.load({"a"}, {})
        await stage.close()
        return stage, states

    stage, states = asyncio.run(scenario())

    assert states == {"a": b"2"}
    assert list(dict.fromkeys(stage.log.values("out"))) == [b"a=1", b"a=2"]


def test_a_kill_before_the_commit_leaves_no_lag_behind(tmp_path: Path) -> None:
    """The store is ahead of Kafka and no record follows: the next owner commits."""

    async def scenario() -> Stage:
        stage = Stage(tmp_path)
        killed = await stage.member(P0)
        stage.log.append(P0, b"a", b"x")
        killed.consumer.loses_commits = True
        await killed.turn()
        owner = await stage.member(P0)
        await owner.turn()
        await stage.close()
        return stage

    stage = asyncio.run(scenario())

    assert stage.log.values("out") == [b"a=1"]
    assert stage.log.commits == {P0: 1}
