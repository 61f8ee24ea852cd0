"""The readiness probe reads a broker's answer, and survives everyone else's."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from qppflow.local.ports import free_ports
from qppflow.local.probe import CORRELATION, ClusterView, ask, parse, request


def answer(cluster: bytes | None, brokers: int = 1) -> bytes:
    """Write a Metadata answer, version 2, without its frame."""
    body = struct.pack(">ii", CORRELATION, brokers)
    for node in range(brokers):
        body += struct.pack(">ih", node, 9) + b"127.0.0.1" + struct.pack(">ih", 1, -1)
    name = struct.pack(">h", -1 if cluster is None else len(cluster))
    return body + name + (cluster or b"") + struct.pack(">ii", 1, 0)


@contextmanager
def server(reply: bytes) -> Iterator[int]:
    """Answer one connection with *reply*, in small parts, and close it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            # The probe may hang up on a stranger before it has finished.
            with listener.accept()[0] as connection, suppress(OSError):
                connection.recv(1000)
                for place in range(0, len(reply), 5):
                    connection.sendall(reply[place : place + 5])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def test_the_request_is_framed_and_names_its_version() -> None:
    """Four bytes of size, then api key 3 in version 2."""
    sent = request()

    assert struct.unpack(">i", sent[:4])[0] == len(sent) - 4
    assert struct.unpack(">hh", sent[4:8]) == (3, 2)


@pytest.mark.parametrize("brokers", [0, 1, 3])
def test_an_answer_tells_cluster_and_brokers(brokers: int) -> None:
    """Hosts and racks are read over, however many there are."""
    assert parse(answer(b"ours", brokers)) == ClusterView("ours", brokers)


def test_a_broker_that_has_no_cluster_yet_says_so() -> None:
    """A null id is no id."""
    assert parse(answer(None)).cluster_id is None


@pytest.mark.parametrize(
    "body", [b"", answer(b"ours")[:9], struct.pack(">ii", 1, 0), b"HTTP/1.1 400"]
)
def test_bytes_that_are_no_answer_are_an_error(body: bytes) -> None:
    """Short, foreign and cut answers are told apart from good ones."""
    with pytest.raises(ValueError, match="the answer"):
        parse(body)


def test_an_answer_in_small_parts_is_put_together() -> None:
    """Sockets give what they have."""
    body = answer(b"ours")
    with server(struct.pack(">i", len(body)) + body) as port:
        assert ask(port) == ClusterView("ours", 1)


@pytest.mark.parametrize("reply", [b"", b"\0\0", b"HTTP/1.1 400 Bad", b"\0\0\0\1x"])
def test_a_stranger_on_the_port_is_no_broker(reply: bytes) -> None:
    """Closing, cutting off or speaking another protocol gives no view."""
    with server(reply) as port:
        assert ask(port) is None


def test_a_closed_port_is_no_broker() -> None:
    """Nobody listens: no view, no exception."""
    (port,) = free_ports(1)

    assert ask(port) is None
