"""A service with memory on fakes and a real SQLite file, and how it can fail."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

from qppflow.runtime.faults import RuleBookMissingError, StoreError
from qppflow.runtime.records import Outgoing, Place, Record
from qppflow.runtime.stateful import StatefulPump
from qppflow.runtime.store import Store
from qppflow.runtime.store_tables import Claim, Move
from tests.helpers.kafka_fakes import FakeConsumer
from tests.helpers.runtime import Bench, event


class Counting:
    """Counts the records of each key; ``bad`` raises after the state was made."""

    def subject(self, record: Record) -> str:
        """Use the key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> int:
        """Start at nothing."""
        return int(stored or b"0")

    def decide(self, state: int, record: Record) -> tuple[int, Iterable[Outgoing]]:
        """Count, and say which number this was."""
        if record.value == b"future":
            rule_book = "mips/py2031@0"
            raise RuleBookMissingError(rule_book)
        return state + 1, self._say(state + 1, record)

    def dump(self, state: int) -> bytes:
        """Write the number."""
        return b"%d" % state

    def _say(self, number: int, record: Record) -> Iterable[Outgoing]:
        if record.value == b"bad":
            raise ZeroDivisionError
        size = 5_000 if record.value == b"big" else 0
        yield event(
            record, "count", b"%s=%d" % (record.key or b"", number) + b"x" * size
        )


class FaultyStore(Store):
    """A store that fails when the test says so, before or after it has written."""

    before = 0
    after = 0
    interlude: Callable[[], Awaitable[None]] | None = None

    async def load(
        self, subjects: Iterable[str], claims: Mapping[Place, Claim]
    ) -> dict[str, bytes]:
        """Load, and let somebody else act before the caller goes on."""
        found = await super().load(subjects, claims)
        act, self.interlude = self.interlude, None
        if act is not None:
            await act()
        return found

    async def save(self, moves: Sequence[Move], states: Mapping[str, bytes]) -> None:
        """Fail, or write, or write and fail."""
        if self.before:
            self.before -= 1
            msg = "lost"
            raise StoreError(msg)
        await super().save(moves, states)
        if self.after:
            self.after -= 1
            msg = "answer lost"
            raise StoreError(msg)


class Stage(Bench):
    """A service with memory on fakes and a real SQLite file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.url = f"sqlite:///{folder / 'stage.sqlite3'}"
        self.stores: list[Store] = []

    async def member(self, *owned: Place) -> "Member":
        """Start one process of the service."""
        store = FaultyStore(self.url, "stage")
        self.stores.append(store)
        await store.open()
        pump = StatefulPump(Counting(), store, self.tools)
        return Member(pump, store, FakeConsumer(self.log, owned))

    async def close(self) -> None:
        """Close every store."""
        for store in self.stores:
            await store.close()


class Member:
    """One process: its pump, its store, its consumer."""

    def __init__(
        self, pump: StatefulPump[int], store: FaultyStore, consumer: FakeConsumer
    ) -> None:
        self.pump = pump
        self.store = store
        self.consumer = consumer

    async def turn(self, most: int = 500) -> None:
        """Poll once and hand over what came."""
        if records := self.consumer.poll(most):
            await self.pump.run(records, self.consumer)

    def assign(self, *owned: Place) -> None:
        """Rebalance, as the listener tells it."""
        self.pump.forget(list(self.consumer.positions))
        self.consumer.assign(owned)
        self.pump.forget(owned)
