"""Random faults in random order: the promises of the pump hold in all of them.

Two processes share four partitions. They crash half way, wake up late, lose answers
of the broker and of the database, and partitions change hands at any moment.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qppflow.runtime.records import Place
from tests.helpers.runtime import ids_of
from tests.helpers.stateful import Stage

pytestmark = pytest.mark.slow


if TYPE_CHECKING:
    from qppflow.runtime.records import Record
    from tests.helpers.stateful import Member

T = TypeVar("T")
PLACES = tuple(Place("in", number) for number in range(4))
members = st.integers(0, 1)
places = st.sampled_from(PLACES)
plans = st.lists(st.sampled_from(["ok", "ok", "fail", "unknown"]), max_size=3)


class PumpMachine(RuleBasedStateMachine):
    """Two members of one group, whose commits and assignments the rules mix up."""

    def __init__(self) -> None:
        super().__init__()
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.stage = Stage(Path(self.folder.name))
        self.members = [
            self.do(self.stage.member(*PLACES[:2])),
            self.do(self.stage.member(*PLACES[2:])),
        ]
        for place in PLACES:
            self.append(place, list("abaBab"))
        self.late: list[tuple[Member, list[Record]]] = []

    def do(self, work: Coroutine[object, object, T]) -> T:
        """Run one step on the machine's own loop."""
        return self.loop.run_until_complete(work)

    @rule(place=places, values=st.lists(st.sampled_from("aabB"), min_size=1))
    def append(self, place: Place, values: list[str]) -> None:
        """Records of two keys arrive, some of them poison; keys stay in place."""
        for letter in values:
            key = f"{letter.lower()}{place.partition}".encode()
            self.stage.log.append(place, key, b"bad" if letter == "B" else b"x")

    @rule(number=members, plan=plans, most=st.integers(1, 5))
    def turn(self, number: int, plan: list[str], most: int) -> None:
        """A member handles a batch, and the broker does as planned."""
        self.stage.plan.extend(plan)
        self.do(self.members[number].turn(most))
        self.stage.plan.clear()

    @rule(number=members, before=st.booleans())
    def store_fails(self, number: int, *, before: bool) -> None:
        """The database fails, before or after it has written."""
        store = self.members[number].store
        store.before, store.after = int(before), int(not before)
        self.do(self.members[number].turn())
        store.before = store.after = 0

    @rule(place=places, number=members)
    def rebalance(self, place: Place, number: int) -> None:
        """A partition changes hands; the loser may not have noticed."""
        winner = self.members[number]
        others = [one for one in self.members if one is not winner]
        mine = {*winner.consumer.positions, place}
        winner.assign(*sorted(mine))
        for other in others:
            other.assign(*sorted(set(other.consumer.positions) - {place}))

    @rule(place=places, number=members)
    def both_believe(self, place: Place, number: int) -> None:
        """A member takes a partition that the other still believes to have."""
        taker = self.members[number]
        taker.assign(*sorted({*taker.consumer.positions, place}))

    @rule(number=members)
    def fall_asleep(self, number: int) -> None:
        """A member has polled and is stopped before it handles the batch.

        It polls nothing before it has done that, so another process takes over.
        """
        member = self.members[number]
        if batch := member.consumer.poll():
            self.late.append((member, batch))
            self.crash(number)

    @rule()
    def wake_up(self) -> None:
        """It goes on with the old batch, whatever has happened since."""
        if self.late:
            member, batch = self.late.pop()
            self.do(member.pump.run(batch, member.consumer))

    @rule(place=places, number=members)
    def overtaken(self, place: Place, number: int) -> None:
        """A member is stopped with a batch in hand while the other goes on."""
        slow, quick = self.members[number], self.members[1 - number]
        self.both_believe(place, number)
        self.do(slow.turn(1))
        batch = slow.consumer.poll(1)
        self.both_believe(place, 1 - number)
        self.do(quick.turn(3))
        self.do(quick.turn(3))
        if batch:
            self.do(slow.pump.run(batch, slow.consumer))

    @rule(number=members)
    def interleave(self, number: int) -> None:
        """The other member works between this one's loading and sending."""
        member, other = self.members[number], self.members[1 - number]
        member.store.interlude = other.turn
        self.do(member.turn())
        member.store.interlude = None

    @rule(number=members)
    def crash(self, number: int) -> None:
        """A process dies; a new one gets its partitions."""
        dead = self.members[number]
        owned = sorted(dead.consumer.positions)
        self.members[number] = self.do(self.stage.member(*owned))

    @rule()
    def time_passes(self) -> None:
        """Pauses end."""
        self.do(self.stage.clock.advance(60))

    @invariant()
    def no_id_has_two_values(self) -> None:
        """Whatever was sent twice is equal to the byte."""
        seen: dict[str | None, bytes | None] = {}
        for record in self.stage.log.records("out"):
            (own,) = ids_of([record])
            assert seen.setdefault(own, record.value) == record.value

    def teardown(self) -> None:
        """Let everything settle; then nothing is missing and all is in order."""
        try:
            self.settle()
            self.check()
        finally:
            self.do(self.stage.tools.holds.close())
            self.do(self.stage.close())
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
            self.folder.cleanup()

    def settle(self) -> None:
        """Give all partitions to a new member that nothing disturbs.

        Each claim that finds the store elsewhere costs a turn, a fault another.
        """
        last = self.do(self.stage.member(*PLACES))
        for _ in range(12):
            self.do(last.turn())
            self.do(self.stage.clock.advance(60))

    def check(self) -> None:
        """Compare with what an undisturbed run would have given."""
        log = self.stage.log
        expected: dict[bytes, list[bytes]] = {}
        parked = 0
        for record in log.records("in"):
            own = expected.setdefault(record.key or b"", [])
            if record.value == b"bad":
                parked += 1
            else:
                own.append(b"%s=%d" % (record.key or b"", len(own) + 1))
        found: dict[bytes, list[bytes]] = {key: [] for key in expected}
        for record in log.records("out"):
            values = found[record.key or b""]
            if record.value not in values:
                values.append(record.value or b"")
        assert found == expected
        assert len(set(ids_of(log.records("dead")))) == parked


PumpMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestPump = PumpMachine.TestCase
