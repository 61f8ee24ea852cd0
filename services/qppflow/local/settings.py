"""How the local broker is set up: one node that is broker and controller at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qppflow.local.paths import STATE_FOLDER
from qppflow.local.ports import HOST


@dataclass(frozen=True)
class KafkaSettings:
    """What a caller decides about the local broker.

    ``port``: None takes the last start's if it is free, else a free one.
    ``full_jit``: the compiler and collector for long, fast runs, at the price of a
    slower start. ``extra``: lines of ``server.properties`` that win over ours.
    ``detach``: the broker outlives the process that starts it.
    """

    state: Path = STATE_FOLDER
    port: int | None = None
    heap_megabytes: int = 512
    full_jit: bool = False
    detach: bool = False
    start_seconds: float = 90.0
    stop_seconds: float = 20.0
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ports:
    """Where clients connect, and where the controller listens."""

    clients: int
    controller: int


# Each line is there for one node, for memory, or to be back soon after a crash.
FIXED: Final[Mapping[str, str]] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    # A misspelt topic is an error, not a new topic.
    "auto.create.topics.enable": "false",
    "num.partitions": "4",
    # Topics say how long they keep; the broker's own default must delete nothing.
    "log.retention.hours": "-1",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # A killed broker is refused under its own number until this session has ended.
    "broker.session.timeout.ms": "1000",
    "broker.heartbeat.interval.ms": "200",
    "log.cleaner.backoff.ms": "200",
    "log.cleaner.dedupe.buffer.size": "8388608",
}


def server_properties(ports: Ports, data: Path, extra: Mapping[str, str]) -> str:
    """Give the text of ``server.properties``; *extra* wins over what is set here."""
    listeners = (
        f"PLAINTEXT://{HOST}:{ports.clients},CONTROLLER://{HOST}:{ports.controller}"
    )
    lines = {
        **FIXED,
        "controller.quorum.voters": f"1@{HOST}:{ports.controller}",
        "listeners": listeners,
        "advertised.listeners": f"PLAINTEXT://{HOST}:{ports.clients}",
        "log.dirs": _escaped(str(data)),
        **extra,
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _escaped(text: str) -> str:
    """Write a path so that Java's property reader gives it back unchanged."""
    text = text.replace("\\", "\\\\")
    return "".join(sign if sign.isascii() else f"\\u{ord(sign):04x}" for sign in text)
