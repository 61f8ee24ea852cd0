"""One record as a sender hands it to the broker, before any of our own stages."""

from typing import Final, NamedTuple, TypeAlias

SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"

Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]


class Message(NamedTuple):
    """A record to send: logical topic, key, value and headers as they go out.

    ``kind`` says what it is meant to show (``submission``, ``resend``,
    ``mistake: …``); it is not sent.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    kind: str


def headers(source: str | None, event_id: str, event_type: str) -> Headers:
    """Write a sender's CloudEvents headers; without *source* that one is left out."""
    named: list[tuple[str, bytes | None]] = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_type", event_type.encode()),
        ("content-type", b"application/json"),
    ]
    if source is not None:
        named.insert(2, ("ce_source", source.encode()))
    return tuple(named)
