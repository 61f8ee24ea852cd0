"""What a service with memory brings, and how its states change within one batch."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

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


@runtime_checkable
class Heeding(Protocol[S]):
    """A memory that remembers, too, that a record of a subject was parked."""

    def parked(
        self, state: S, record: Record, letter: str, reason: str
    ) -> tuple[S, Iterable[Outgoing]]:
        """Give the state after a parked record, and what to send besides its letter.

        *state* is the one before the record, which its decision left as it was.
        """
        ...


class _Change(NamedTuple, Generic[S]):
    """What one record makes of a subject; ``written`` is None if nothing changed."""

    subject: str
    state: S
    written: bytes | None
    outputs: tuple[Outgoing, ...]


class Recall(Generic[S]):
    """The states of one batch: loaded together, changed one record at a time."""

    def __init__(self, memory: Memory[S], guard: Guard) -> None:
        self._memory = memory
        self._heeding = memory if isinstance(memory, Heeding) else None
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
        """Decide one record; a decision that parks leaves its subject's state alone.

        Only what a memory makes of the parking itself is kept, if it can be sent.

        Raises:
            WorldError: The batch must be done again.
            RuleBookMissingError: The partition must wait at this record.
        """
        found: list[_Change[S]] = []

        def step() -> Iterable[Outgoing]:
            found.append(self._change(record, self._memory.decide))
            return found[-1].outputs

        heeding = self._heeding

        def heed(_record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
            found.clear()
            assert heeding is not None
            call = partial(heeding.parked, letter=letter, reason=reason)
            found.append(self._change(record, call))
            return found[-1].outputs

        one = self._guard.decide(record, step, None if heeding is None else heed)
        sent = one.outputs[1:] if one.parked else one.outputs
        for change in found:
            # What could not be sent is not remembered either.
            if change.outputs == sent:
                self._now[change.subject] = change.state
                if change.written is not None:
                    self.changed[change.subject] = change.written
        return one

    def _change(
        self, record: Record, call: Callable[[S, Record], tuple[S, Iterable[Outgoing]]]
    ) -> _Change[S]:
        subject = self._subject(record)
        if subject in self._now:
            before = self._now[subject]
        else:
            before = self._memory.load(self._stored.get(subject))
        state, outputs = call(before, record)
        made = tuple(outputs)
        written = None if state is before else self._memory.dump(state)
        return _Change(subject, state, written, made)

    def _subject(self, record: Record) -> str:
        subject = self._memory.subject(record)
        if SUBJECT.fullmatch(subject) is None:
            raise ParkError(NO_SUBJECT)
        return subject
