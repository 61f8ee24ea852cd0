"""What a service with memory brings, and how its states change within one batch."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from qppflow.runtime.faults import ParkError
from qppflow.runtime.guard import Decided, Guard, attempt
from qppflow.runtime.records import Outgoing, Record

S = TypeVar("S")

NO_SUBJECT: Final = "no-subject"

# What both databases keep as text without a surprise; a token is of this kind.
SUBJECT: Final = re.compile(r"[!-~]{1,200}")


class Memory(Protocol[S]):
    """What a service with memory brings: pure functions, no Kafka, no clock.

    A state is never changed in place: ``decide`` gives the same object back, or a
    new one. Else a decision that fails half way would leave its traces.
    """

    def subject(self, record: Record) -> str:
        """Name whose state the record needs, as a rule by the key's token."""
        ...

    def load(self, stored: bytes | None) -> S:
        """Read a stored state; None is a subject never seen."""
        ...

    def decide(self, state: S, record: Record) -> tuple[S, Iterable[Outgoing]]:
        """Give the state after the record, and what to send."""
        ...

    def dump(self, state: S) -> bytes:
        """Write a state."""
        ...


class Recall(Generic[S]):
    """The states of one batch: loaded together, changed one record at a time."""

    def __init__(self, memory: Memory[S], guard: Guard) -> None:
        self._memory = memory
        self._guard = guard
        self._stored: Mapping[str, bytes] = {}
        self._now: dict[str, S] = {}
        self.changed: dict[str, bytes] = {}

    def subjects(self, records: Iterable[Record]) -> set[str]:
        """Name whose states the records need; a record that names none parks later."""
        found: set[str] = set()
        for record in records:
            subject = attempt(partial(self._subject, record))
            if isinstance(subject, str):
                found.add(subject)
        return found

    def remember(self, stored: Mapping[str, bytes]) -> None:
        """Take the stored states of the batch."""
        self._stored = stored

    def decide(self, record: Record) -> Decided:
        """Decide one record; a record that parks leaves its subject's state alone.

        Raises:
            WorldError: The batch must be done again.
            RuleBookMissingError: The partition must wait at this record.
        """
        after: list[tuple[str, S, bytes | None]] = []

        def step() -> Iterable[Outgoing]:
            subject = self._subject(record)
            if subject in self._now:
                before = self._now[subject]
            else:
                before = self._memory.load(self._stored.get(subject))
            state, outputs = self._memory.decide(before, record)
            made = tuple(outputs)
            same = state is before
            after.append((subject, state, None if same else self._memory.dump(state)))
            return made

        one = self._guard.decide(record, step)
        if not one.parked:
            for subject, state, written in after:
                self._now[subject] = state
                if written is not None:
                    self.changed[subject] = written
        return one

    def _subject(self, record: Record) -> str:
        subject = self._memory.subject(record)
        if SUBJECT.fullmatch(subject) is None:
            raise ParkError(NO_SUBJECT)
        return subject
