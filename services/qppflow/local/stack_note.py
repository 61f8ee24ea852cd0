"""What a state folder remembers of its stack: never a password, never a key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

from qppflow.local.files import read_json, write_json
from qppflow.local.stack_plan import StackConfig

FILE: Final = "stack.json"
FILES, SERVER, GIVEN = "sqlite", "postgresql", "given"


@dataclass(frozen=True)
class Note:
    """How the stack was started last.

    ``local``: the broker is this machine's own. ``store`` says where the services
    with a memory keep it: in files, in a server of ours, or in one that was given.
    """

    bootstrap_servers: str
    local: bool
    topic_prefix: str
    processes: int
    store: str
    services: tuple[str, ...]

    @classmethod
    def of(
        cls, config: StackConfig, bootstrap_servers: str, services: Sequence[str]
    ) -> Self:
        """Note down what a start decided."""
        kept = SERVER if config.postgres else FILES
        return cls(
            bootstrap_servers=bootstrap_servers,
            local=config.bootstrap_servers is None,
            topic_prefix=config.topic_prefix,
            processes=config.processes,
            store=GIVEN if config.store_url is not None else kept,
            services=tuple(services),
        )

    def write(self, state: Path) -> None:
        """Keep the note, whole."""
        write_json(state / FILE, asdict(self))

    def differences(self, config: StackConfig) -> list[str]:
        """Name the choices of *config* that are not those of the note."""
        other = Note.of(config, self.bootstrap_servers, config.services)
        found = [
            name
            for name in ("local", "topic_prefix", "processes", "store")
            if getattr(self, name) != getattr(other, name)
        ]
        wanted = config.bootstrap_servers
        if wanted is not None and wanted != self.bootstrap_servers:
            found.append("bootstrap_servers")
        if config.port not in {None, port_of(self.bootstrap_servers)} and self.local:
            found.append("port")
        return found

    def applied(self, config: StackConfig) -> StackConfig:
        """Give *config* with what the note knows and the environment does not say."""
        return replace(
            config,
            topic_prefix=config.topic_prefix or self.topic_prefix,
            postgres=self.store == SERVER,
            processes=self.processes,
            services=self.services,
            bootstrap_servers=config.bootstrap_servers
            or (None if self.local else self.bootstrap_servers),
        )


def port_of(address: str) -> int | None:
    """Give the port of a host and port; None where there is no such number."""
    text = address.rpartition(":")[2]
    return int(text) if text.isdecimal() else None


def read_note(state: Path) -> Note | None:
    """Read the note of a state folder; None if no stack was ever started there."""
    found = read_json(state / FILE)
    if found is None:
        return None
    try:
        return Note(**{**found, "services": tuple(found["services"])})
    except (KeyError, TypeError):
        return None
