"""A real Apache Kafka on this machine: started, stopped, killed and found again."""

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Self

from qppflow.local.errors import NotRunningError, PortTakenError
from qppflow.local.files import make_folder, shorten, write_whole
from qppflow.local.jars import class_path
from qppflow.local.java import LOG_SETTINGS, broker_command
from qppflow.local.launching import Program, server_environment
from qppflow.local.paths import cache_folder, open_state
from qppflow.local.ports import HOST, free_ports, is_free
from qppflow.local.probe import ask
from qppflow.local.processes import ProcessId
from qppflow.local.record import ServerRecord
from qppflow.local.say import Say, silent
from qppflow.local.server import LocalServer
from qppflow.local.settings import KafkaSettings, Ports, server_properties
from qppflow.local.storage import (
    NAME,
    format_storage,
    new_cluster_id,
    stored_cluster_id,
)


class LocalKafka(LocalServer[KafkaSettings]):
    """One broker, controller too, in one state folder.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`.
    """

    name = NAME
    note = Path("kafka", "broker.json")

    def __init__(self, settings: KafkaSettings, say: Say = silent) -> None:
        super().__init__(settings, say)
        self.log = self._folder / "broker.log"
        self._ports: Ports | None = None

    @classmethod
    def attach(cls, state: Path) -> Self:
        """Take hold of the broker that a process before us started in *state*.

        Raises:
            NotRunningError: There is none.
        """
        record = cls.found(state)
        kept = record.members["settings"]
        kafka = cls(KafkaSettings(**{**kept, "state": state, "detach": True}))
        kafka._process = record.process
        kafka._ports = Ports(**record.members["ports"])
        return kafka

    @property
    def cluster_id(self) -> str | None:
        """Give the cluster's id; None before the first start in the state folder."""
        return stored_cluster_id(self._folder / "data")

    @property
    def bootstrap_servers(self) -> str:
        """Give what clients connect to, as host and port.

        Raises:
            NotRunningError: The broker was never started.
        """
        if self._ports is None:
            raise NotRunningError(NAME, self.settings.state)
        return f"{HOST}:{self._ports.clients}"

    def start(self) -> str:
        """Start the broker, wait until it takes clients, and give its address.

        Raises:
            AlreadyRunningError: A broker of this state folder runs.
            JarsError: The jars are not here and could not be fetched.
            PortTakenError: The wanted port is taken.
            StartError: The broker ended, or was not ready in time; with its log's end.
        """
        last = self._last()
        jars = class_path(cache_folder(), self._say)
        open_state(self.settings.state)
        self._ports = self._choose_ports(last)
        self._write_files(self._ports)
        if self.cluster_id is None:
            # Data without this note are half a format, never a broker's.
            shutil.rmtree(self._folder / "data", ignore_errors=True)
            self._say("formatting Kafka's data folder")
            format_storage(jars, self._folder, new_cluster_id())
        command = broker_command(jars, self._folder, self.settings)
        output = self._folder / "java.log"
        program = Program(command, self._folder, output, server_environment())
        self._say("starting Apache Kafka")
        self._run(program, self._members(self._ports), self._answers, self.log)
        self._say(f"Apache Kafka listens on {self.bootstrap_servers}")
        return self.bootstrap_servers

    def kill(self) -> None:
        """End the broker as a power cut would (SIGKILL); its data stay."""
        self._end(0, signal.SIGKILL)

    def restart(self) -> str:
        """Stop the broker if it runs, and start it on the same port and data."""
        self.stop()
        if self._ports is not None:
            self.settings = replace(self.settings, port=self._ports.clients)
        return self.start()

    def _choose_ports(self, last: ServerRecord | None) -> Ports:
        """Take the wanted ports, else the last ones, else free ones."""
        wanted = self.settings.port
        old = Ports(**last.members["ports"]) if last else None
        if wanted is not None and not is_free(wanted):
            raise PortTakenError(wanted, "another program")
        clients, controller = free_ports(2)
        if old is not None:
            clients = old.clients if is_free(old.clients) else clients
            controller = old.controller if is_free(old.controller) else controller
        return Ports(wanted or clients, controller)

    def _write_files(self, ports: Ports) -> None:
        """Write the broker's settings, and clear what the last run left."""
        shutil.rmtree(self._folder / "tmp", ignore_errors=True)
        make_folder(make_folder(self._folder) / "tmp")
        shorten(self._folder / "java.log")
        text = server_properties(ports, self._folder / "data", self.settings.extra)
        write_whole(self._folder / "server.properties", text)
        write_whole(self._folder / "log4j2.xml", LOG_SETTINGS)

    def _members(self, ports: Ports) -> dict[str, object]:
        """Give what a later process must know to take hold of the broker."""
        kept = self.settings
        return {
            "ports": {"clients": ports.clients, "controller": ports.controller},
            "settings": {
                "port": kept.port,
                "heap_megabytes": kept.heap_megabytes,
                "full_jit": kept.full_jit,
                "start_seconds": kept.start_seconds,
                "stop_seconds": kept.stop_seconds,
                "extra": dict(kept.extra),
            },
        }

    def _answers(self, _process: ProcessId) -> bool:
        """Say whether our own cluster answers on the port."""
        assert self._ports is not None
        view = ask(self._ports.clients)
        if view is not None and view.cluster_id != self.cluster_id:
            raise PortTakenError(self._ports.clients, "another Kafka")
        return view is not None and view.brokers > 0
