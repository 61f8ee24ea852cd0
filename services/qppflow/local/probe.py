"""Asks a broker who it is, in one request of Kafka's own protocol.

A client library would retry, log and need an event loop; a start-up check must do
none of that, and must see the cluster's id, or a stranger on our port passes for us.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from qppflow.local.ports import HOST

METADATA: Final = 3
VERSION: Final = 2
CORRELATION: Final = 4_301
CLIENT: Final = b"qppflow-probe"
LIMIT_BYTES: Final = 1_000_000


@dataclass(frozen=True)
class ClusterView:
    """What a broker says: the cluster's id and how many brokers take clients."""

    cluster_id: str | None
    brokers: int


def request() -> bytes:
    """Give a framed Metadata request, version 2, that asks for no topic."""
    body = struct.pack(">hhih", METADATA, VERSION, CORRELATION, len(CLIENT))
    body += CLIENT + struct.pack(">i", 0)
    return struct.pack(">i", len(body)) + body


def parse(body: bytes) -> ClusterView:
    """Read a Metadata answer, version 2, without its frame.

    Raises:
        ValueError: The bytes are no such answer.
    """
    try:
        correlation, brokers = struct.unpack_from(">ii", body)
        if correlation != CORRELATION:
            text = "the answer belongs to another request"
            raise ValueError(text)
        place = 8
        for _ in range(brokers):
            _, place = _string(body, place + 4)  # node, then host
            _, place = _string(body, place + 4)  # port, then rack
        cluster_id, _ = _string(body, place)
    except struct.error as error:
        text = "the answer is too short"
        raise ValueError(text) from error
    return ClusterView(cluster_id, brokers)


def _string(body: bytes, place: int) -> tuple[str | None, int]:
    """Read a nullable string; give it and the place behind it."""
    (length,) = struct.unpack_from(">h", body, place)
    start = place + 2
    if length < 0:
        return None, start
    return body[start : start + length].decode(), start + length


def ask(port: int, seconds: float = 2.0) -> ClusterView | None:
    """Ask the broker on *port* of the loopback; None if no Kafka answers in time."""
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            connection.sendall(request())
            (size,) = struct.unpack(">i", _exactly(connection.recv, 4))
            if not 0 < size < LIMIT_BYTES:
                return None
            return parse(_exactly(connection.recv, size))
    except (OSError, ValueError):
        return None


def _exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """Read *size* bytes, however many parts they come in."""
    parts = b""
    while len(parts) < size:
        part = receive(size - len(parts))
        if not part:
            text = "the connection was closed"
            raise ConnectionError(text)
        parts += part
    return parts
