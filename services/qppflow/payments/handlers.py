"""What `payments` decides: has a clinician's payment changed, and to what."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final, TypeAlias

from qppflow.payments.choice import Clinician
from qppflow.payments.heard import (
    AMOUNT,
    CLOSING,
    ELIGIBILITY,
    KINDS,
    amount_of,
    closing_of,
    heard,
    name_of,
    standing_of,
)
from qppflow.payments.turn import OUT, STAGE, Turn
from qppflow.runtime.events import UNKNOWN, encode, kind_of
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

__all__ = ["OUT", "STAGE", "Payments"]

# What is said of the clinician, whoever's score pays her: where it is kept, and how.
OF_HERSELF: Final = {
    ELIGIBILITY: ("eligibility", standing_of),
    AMOUNT: ("amount", amount_of),
    CLOSING: ("closing", closing_of),
}


class Payments:
    """The memory of `payments`; a state is one clinician of one practice and year."""

    def subject(self, record: Record) -> str:
        """Name the clinician by her token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> Clinician:
        """Read a stored state."""
        return Clinician() if stored is None else Clinician(**decode_event(stored))

    def dump(self, state: Clinician) -> bytes:
        """Write a state."""
        return encode({item.name: getattr(state, item.name) for item in fields(state)})

    def decide(
        self, state: Clinician, record: Record
    ) -> tuple[Clinician, Iterable[Outgoing]]:
        """Take what is said of a clinician; publish only what changed."""
        kind = kind_of(record)
        if kind not in KINDS:
            raise ParkError(UNKNOWN)
        event = decode_event(record.value)
        changed = _heard(state, kind, event)
        if changed is state:
            return state, []
        return Turn(changed, event, record).taken()


def _heard(state: Clinician, kind: str, event: JsonObject) -> Clinician:
    """Remember what is said; the same state where it is nothing new."""
    if kind in OF_HERSELF:
        name, take = OF_HERSELF[kind]
        known = take(getattr(state, name), event)
        changed: dict[str, Any] = {} if known is None else {name: known}
        return replace(state, **changed) if changed else state
    entity = name_of(event)
    before = state.candidates.get(entity)
    now = heard(before, kind, event, len(state.candidates))
    if now is None or now == before:
        return state
    return replace(state, candidates={**state.candidates, entity: now})
