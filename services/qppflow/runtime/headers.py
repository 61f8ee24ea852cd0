"""CloudEvents 1.0 in binary mode: attributes as Kafka headers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from qppflow.runtime.records import Header, Headers

JSON: Final = "application/json"
BINARY: Final = "application/octet-stream"

# A longer attribute is not read: it would be copied into every answer.
LONGEST_ATTRIBUTE: Final = 1024


class Attributes(NamedTuple):
    """The CloudEvents attributes of a record; what is missing or unreadable is None."""

    specversion: str | None = None
    id: str | None = None
    source: str | None = None
    type: str | None = None
    time: str | None = None
    subject: str | None = None
    content_type: str | None = None


_PLACES: Final = {
    "ce_specversion": 0,
    "ce_id": 1,
    "ce_source": 2,
    "ce_type": 3,
    "ce_time": 4,
    "ce_subject": 5,
    "content-type": 6,
}


def text(value: bytes | None) -> str | None:
    """Read one header value; null, empty, too long or not UTF-8 gives None."""
    if not value or len(value) > LONGEST_ATTRIBUTE:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def read(headers: Iterable[Header]) -> Attributes:
    """Read the attributes; never raises, and of duplicates the first one counts."""
    found: list[str | None] = [None] * len(_PLACES)
    seen: set[str] = set()
    for name, value in headers:
        place = _PLACES.get(name)
        if place is not None and name not in seen:
            seen.add(name)
            found[place] = text(value)
    return Attributes(*found)


def first(headers: Iterable[Header], name: str) -> bytes | None:
    """Give the first value of a header, or None."""
    return next((value for found, value in headers if found == name), None)


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def timestamp(milliseconds: int) -> str:
    """Write a broker's time (ms since 1970, UTC) as RFC 3339 with milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


def write(  # noqa: PLR0913 each argument is one attribute of the CloudEvents standard
    *,
    event_id: str,
    source: str,
    event_type: str,
    time_ms: int,
    subject: str | None = None,
    content_type: str = JSON,
) -> Headers:
    """Write the attributes of an event; ``time_ms`` is in ms since 1970, UTC."""
    headers: list[Header] = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", event_type.encode()),
        ("ce_time", timestamp(time_ms).encode()),
    ]
    if subject is not None:
        headers.append(("ce_subject", subject.encode()))
    headers.append(("content-type", content_type.encode()))
    return tuple(headers)
