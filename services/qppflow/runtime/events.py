"""Our own events: written with their attributes, read back exactly as written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

import jiter
import orjson

from qppflow.runtime import headers
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Outgoing, Record

Payload: TypeAlias = dict[str, Any]

PREFIX: Final = "qppflow."
NOT_OURS: Final = "not-our-event"
UNKNOWN: Final = "unknown-event"
START: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(milliseconds=1)


def _exact(value: object) -> orjson.Fragment:
    """Write a decimal of a sender's document digit for digit."""
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    message = f"no JSON for {type(value).__name__}"
    raise TypeError(message)


def encode(payload: Payload) -> bytes:
    """Write compact JSON in the order given; decimals keep their digits."""
    return orjson.dumps(payload, default=_exact)


def decode(value: bytes | None) -> Payload:
    """Read what ``encode`` wrote; fractions come back as decimals.

    Raises:
        ParkError: these bytes are none of our events.
    """
    try:
        found = jiter.from_json(value or b"", allow_inf_nan=False, float_mode="decimal")
    except ValueError:
        raise ParkError(NOT_OURS) from None
    if not isinstance(found, dict):
        raise ParkError(NOT_OURS)
    return found


def kind_of(record: Record) -> str:
    """Name a record's event with its major version: ``score-part.v1``."""
    return (headers.read(record.headers).type or "").removeprefix(PREFIX)


def expect(record: Record, kind: str) -> None:
    """Refuse an event of another kind, or of another major version of this one.

    Raises:
        ParkError: the record is no such event.
    """
    if kind_of(record) != kind:
        raise ParkError(UNKNOWN)


def time_of(record: Record) -> int:
    """Give the time that one of our own events carries, in ms since 1970.

    It is when the document came that led to it, so it stays the same however often
    the event is sent; the broker's time of a repeated event is another each time.
    """
    told = headers.read(record.headers).time
    try:
        return (datetime.fromisoformat(told or "") - START) // TICK
    except (ValueError, TypeError):
        # None of ours, or without a zone: then the broker's time is all there is.
        return record.timestamp


def emit(  # noqa: PLR0913 - one argument an attribute of the event
    stage: str,
    topic: str,
    kind: str,
    payload: Payload,
    *,
    event_id: str,
    subject: str | None,
    cause: Record,
    outside: bool = False,
) -> Outgoing:
    """Make an event; its key is its subject, its time that of its cause.

    What an *outside* cause says of its own time is its sender's word, so there the
    broker's append time counts.
    """
    attributes = headers.write(
        event_id=event_id,
        source=f"urn:qppflow:{stage}",
        event_type=PREFIX + kind,
        time_ms=cause.timestamp if outside else time_of(cause),
        subject=subject,
    )
    key = None if subject is None else subject.encode()
    return Outgoing(topic, key, encode(payload), attributes)
