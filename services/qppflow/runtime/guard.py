"""Decides one record safely: outputs, or a dead letter."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, TypeVar

import structlog

from qppflow.runtime.dead_letters import (
    OUTPUT_TOO_LARGE,
    DeadLetters,
    call_site,
    reason_of,
    shortened,
)
from qppflow.runtime.faults import OversizedError, RuleBookMissingError, WorldError
from qppflow.runtime.records import Outgoing, ParkedHook, Record

log = structlog.get_logger()

T = TypeVar("T")


class Decided(NamedTuple):
    """What one record led to."""

    record: Record
    outputs: tuple[Outgoing, ...]
    parked: bool


class Guard:
    """Runs decisions so that a record which breaks one is parked and no more."""

    def __init__(
        self,
        letters: DeadLetters,
        check: Callable[[Iterable[Outgoing]], None],
        on_parked: ParkedHook | None = None,
    ) -> None:
        self._letters = letters
        self._check = check
        self._on_parked = on_parked
        self._refused: dict[str, int] = {}

    def decide(
        self,
        record: Record,
        call: Callable[[], Iterable[Outgoing]],
        on_parked: ParkedHook | None = None,
    ) -> Decided:
        """Give a record's outputs, or its dead letter.

        *on_parked* stands in for the service's own hook, for this record.

        Raises:
            WorldError: The batch must be done again.
            RuleBookMissingError: The partition must wait at this record.
        """
        if self._refused and record.origin in self._refused:
            return self.park(record, OUTPUT_TOO_LARGE, None, on_parked)
        found = attempt(partial(self._checked, call))
        if isinstance(found, OversizedError):
            return self.park(record, OUTPUT_TOO_LARGE, found, on_parked)
        if isinstance(found, Exception):
            return self.park(record, reason_of(found), found, on_parked)
        return Decided(record, found, parked=False)

    def refuse(self, record: Record) -> None:
        """Park the record when it comes again: the broker refused its output."""
        self._refused[record.origin] = self._refused.get(record.origin, 0) + 1

    def park(
        self,
        record: Record,
        reason: str,
        error: Exception | None,
        on_parked: ParkedHook | None = None,
    ) -> Decided:
        """Make the dead letter, and what else the service sends for it."""
        letter = self._letters.park(record, reason, error)
        # Refused a second time, it was the dead letter itself that was too large.
        again = self._refused.get(record.origin, 0) > 1
        fits = attempt(lambda: self._checked(lambda: [letter]))
        if again or isinstance(fits, OversizedError):
            letter = shortened(letter)
        letter_id = self._letters.letter_id(record)
        log.warning(
            "parked",
            dead_letter_id=letter_id,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
            exception=type(error).__name__ if error else "",
            call_site=call_site(error),
        )
        more: tuple[Outgoing, ...] = ()
        tell = on_parked or self._on_parked
        if tell is not None:
            hook = partial(tell, record, letter_id, reason)
            said = attempt(partial(self._checked, hook))
            if isinstance(said, Exception):
                log.error("parked-hook", exception=type(said).__name__)
            else:
                more = said
        return Decided(record, (letter, *more), parked=True)

    def _checked(self, call: Callable[[], Iterable[Outgoing]]) -> tuple[Outgoing, ...]:
        made = tuple(call())
        self._check(made)
        return made


def attempt(call: Callable[[], T]) -> T | Exception:
    """Run a piece of a decision; give its result, or the exception it failed with.

    Raises:
        WorldError: The batch must be done again.
        RuleBookMissingError: The partition must wait.
    """
    try:
        return call()
    except (WorldError, RuleBookMissingError):
        raise
    except Exception as error:  # noqa: BLE001 a bug costs its one record, not the stream
        return error
