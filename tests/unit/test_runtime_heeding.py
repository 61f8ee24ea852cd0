"""A memory that heeds what was parked: its state and what it says move together."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from qppflow.runtime.rebuild import rebuild
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stateful import StatefulPump
from tests.helpers.kafka_fakes import FakeLogReader
from tests.helpers.runtime import P0, event
from tests.helpers.stateful import Counting, FaultyStore, Member, Stage


class Minding(Counting):
    """Adds a hundred for each parked record and says so; ``harm`` is how it fails."""

    harm = ""

    def parked(
        self, state: int, record: Record, letter: str, reason: str
    ) -> tuple[int, Iterable[Outgoing]]:
        """Count it, and say why."""
        assert letter
        if self.harm == "raises":
            raise ZeroDivisionError
        size = 5_000 if self.harm == "too large" else 0
        text = f"{state + 100} {reason}".encode() + b"x" * size
        return state + 100, [event(record, "parked", text)]


async def member_of(stage: Stage, memory: Counting) -> Member:
    """Start a process that has another memory than usual."""
    usual = await stage.member(P0)
    pump = StatefulPump(memory, usual.store, stage.tools)
    return Member(pump, usual.store, usual.consumer)


def minded(
    folder: Path, *values: bytes, harm: str = ""
) -> tuple[Stage, dict[str, bytes], dict[str, bytes]]:
    """Take records of one key; gives what is stored, then and after a rebuild."""

    async def scenario() -> tuple[Stage, dict[str, bytes], dict[str, bytes]]:
        stage, memory = Stage(folder), Minding()
        memory.harm = harm
        member = await member_of(stage, memory)
        for value in values:
            stage.log.append(P0, b"a", value)
        await member.turn()
        stored = await member.store.load({"a"}, {})
        fresh = FaultyStore(f"sqlite:///{folder / 'fresh.sqlite3'}", "stage")
        stage.stores.append(fresh)
        await fresh.open()
        reader, commits = FakeLogReader(stage.log), {P0: stage.log.commits[P0]}
        await rebuild(memory, fresh, stage.tools.guard, reader, commits)
        anew = await fresh.load({"a"}, {})
        await stage.close()
        return stage, stored, anew

    return asyncio.run(scenario())


def test_a_parked_record_is_heeded_between_two_others(tmp_path: Path) -> None:
    """The one after it finds what it led to; a rebuild comes to the same."""
    stage, stored, anew = minded(tmp_path, b"x", b"bad", b"x")

    assert stage.log.values("out") == [b"a=1", b"101 exception", b"a=102"]
    assert stage.log.values("dead") == [b"bad"]
    assert stored == anew == {"a": b"102"}


def test_what_a_failed_decision_had_made_is_gone(tmp_path: Path) -> None:
    """Its output was too large; the state that it had come to does not count."""
    stage, stored, anew = minded(tmp_path, b"x", b"big")

    assert stage.log.values("out") == [b"a=1", b"101 output-too-large"]
    assert stored == anew == {"a": b"101"}


@pytest.mark.parametrize("harm", ["raises", "too large"])
def test_what_cannot_be_said_is_not_remembered(tmp_path: Path, harm: str) -> None:
    """Else a hold would be noted that nobody has heard of."""
    stage, stored, anew = minded(tmp_path, b"x", b"bad", b"big", b"x", harm=harm)

    assert stage.log.values("out") == [b"a=1", b"a=2"]
    assert stage.log.values("dead") == [b"bad", b"big"]
    assert stored == anew == {"a": b"2"}
