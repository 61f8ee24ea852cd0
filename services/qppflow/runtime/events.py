"""Our own events: written with their attributes, read back exactly as written."""

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


def emit(  # noqa: PLR0913 - one argument an attribute of the event
    stage: str,
    topic: str,
    kind: str,
    payload: Payload,
    *,
    event_id: str,
    subject: str | None,
    cause: Record,
) -> Outgoing:
    """Make an event: its time is its cause's append time, its key its subject."""
    attributes = headers.write(
        event_id=event_id,
        source=f"urn:qppflow:{stage}",
        event_type=PREFIX + kind,
        time_ms=cause.timestamp,
        subject=subject,
    )
    key = None if subject is None else subject.encode()
    return Outgoing(topic, key, encode(payload), attributes)
