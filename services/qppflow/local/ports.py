"""Free ports of this machine's loopback."""

import socket
from contextlib import ExitStack
from typing import Final

HOST: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether a server could listen on *port* of the loopback now."""
    with socket.socket() as probe:
        # As servers do, so that connections that just ended do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """Choose *count* different free ports, held all together while choosing."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for held in sockets:
            held.bind((HOST, 0))
        return [int(held.getsockname()[1]) for held in sockets]
