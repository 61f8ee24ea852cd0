"""Which partition a key goes to: Kafka's own choice, remembered."""

import zlib
from functools import lru_cache

from aiokafka.partitioner import murmur2

# Java's client masks the sign bit the same way, so that every client agrees.
_POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=200_000)
def partition_of(key: bytes, partitions: int) -> int:
    """Give the partition of a key in a topic of *partitions*, as Java's client does."""
    return (int(murmur2(key)) & _POSITIVE) % partitions


def partition_of_keyless(value: bytes | None, partitions: int) -> int:
    """Spread records without a key; the same bytes always go to the same place."""
    return zlib.crc32(value or b"") % partitions
