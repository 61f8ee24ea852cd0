"""What the shell and a decision pass to each other: a record in, records out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

Header: TypeAlias = tuple[str, bytes | None]
Headers: TypeAlias = tuple[Header, ...]


class Place(NamedTuple):
    """One partition of one topic, by the broker's own names."""

    topic: str
    partition: int


class Record(NamedTuple):
    """One record as the broker keeps it; ``timestamp`` is its append time in ms."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def place(self) -> Place:
        """Give the partition that holds the record."""
        return Place(self.topic, self.partition)

    @property
    def origin(self) -> str:
        """Name the record's own spot in the log: topic, partition and offset."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class Outgoing(NamedTuple):
    """One record to send; ``topic`` is the contract's name, not the broker's."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


Decision: TypeAlias = Callable[[Record], Iterable[Outgoing]]
"""A service without memory: a pure function from a record to records."""

ParkedHook: TypeAlias = Callable[[Record, str, str], Iterable[Outgoing]]
"""What else to send for a parked record: (record, dead-letter id, reason)."""

# Lengths of the fields around a record's bytes (varints, attributes, offset and
# time delta), rounded up, so that a size here is never below the broker's.
RECORD_OVERHEAD = 96
HEADER_OVERHEAD = 12


def size(outgoing: Outgoing) -> int:
    """Give an upper bound of a record's bytes inside a batch."""
    total = RECORD_OVERHEAD + len(outgoing.key or b"") + len(outgoing.value or b"")
    for name, value in outgoing.headers:
        total += HEADER_OVERHEAD + len(name.encode()) + len(value or b"")
    return total
