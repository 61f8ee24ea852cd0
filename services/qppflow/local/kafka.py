"""A real Apache Kafka on this machine: started, stopped, killed and found again."""

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from qppflow.local.errors import (
    AlreadyRunningError,
    NotRunningError,
    PortTakenError,
    StartError,
)
from qppflow.local.files import make_folder, shorten, tail, write_whole
from qppflow.local.guarding import Guard
from qppflow.local.jars import class_path
from qppflow.local.java import LOG_SETTINGS, broker_command
from qppflow.local.launching import Program, launch_alone, server_environment
from qppflow.local.paths import cache_folder, open_state
from qppflow.local.ports import HOST, free_ports, is_free
from qppflow.local.probe import ask
from qppflow.local.processes import end, is_alive, wait_until
from qppflow.local.record import ServerRecord, read_record
from qppflow.local.say import Say, silent
from qppflow.local.settings import KafkaSettings, Ports, server_properties
from qppflow.local.storage import (
    NAME,
    format_storage,
    new_cluster_id,
    stored_cluster_id,
)

if TYPE_CHECKING:
    from qppflow.local.processes import ProcessId

READY_POLL_SECONDS: Final = 0.05


class LocalKafka:
    """One broker in one state folder, and the hold on its process.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`. Unless it is
    detached, the broker ends with the process that started it, even a killed one.
    """

    def __init__(self, settings: KafkaSettings, say: Say = silent) -> None:
        self.settings = settings
        self._say = say
        self._folder = settings.state.absolute() / "kafka"
        self._guard = Guard()
        self._process: ProcessId | None = None
        self._ports: Ports | None = None

    @classmethod
    def attach(cls, state: Path) -> Self:
        """Take hold of the broker that a process before us started in *state*.

        Raises:
            NotRunningError: There is none; a process that only has its number by
                chance is not taken for it.
        """
        record = read_record(state.absolute() / "kafka" / "broker.json")
        if record is None or not record.alive:
            raise NotRunningError(NAME, state)
        kept = record.members["settings"]
        settings = KafkaSettings(**{**kept, "state": state, "detach": True})
        kafka = cls(settings)
        kafka._process = record.process
        kafka._ports = Ports(**record.members["ports"])
        return kafka

    @property
    def log(self) -> Path:
        """Give the broker's log file."""
        return self._folder / "broker.log"

    @property
    def pid(self) -> int | None:
        """Give the number of the broker's process; None if it does not run."""
        return self._process.pid if self._process and self.alive else None

    @property
    def alive(self) -> bool:
        """Say whether the broker's process runs."""
        return self._process is not None and is_alive(self._process)

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
        note = self._folder / "broker.json"
        last = read_record(note)
        if last is not None and last.alive:
            raise AlreadyRunningError(NAME, self.settings.state)
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
        self._process = launch_alone(program)
        if not self.settings.detach:
            self._guard.add(self._process, signal.SIGTERM)
        ServerRecord(self._process, self._members(self._ports)).write(note)
        self._wait_until_ready(self._ports)
        self._say(f"Apache Kafka listens on {self.bootstrap_servers}")
        return self.bootstrap_servers

    def stop(self) -> bool:
        """Stop in order, or by force after ``stop_seconds``.

        Returns False if force was needed. A broker that does not run is stopped.
        """
        return self._end(self.settings.stop_seconds, signal.SIGTERM)

    def kill(self) -> None:
        """End the broker as a power cut would (SIGKILL); its data stay."""
        self._end(0, signal.SIGKILL)

    def restart(self) -> str:
        """Stop the broker if it runs, and start it on the same port and data."""
        self.stop()
        if self._ports is not None:
            self.settings = replace(self.settings, port=self._ports.clients)
        return self.start()

    def __enter__(self) -> Self:
        """Start the broker."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the broker, detached or not."""
        self.stop()

    def _end(self, seconds: float, number: int) -> bool:
        """End the process; the note of it stays, for its ports."""
        if self._process is None:
            return True
        ended = end(self._process, seconds, number)
        self._guard.drop(self._process)
        self._guard.close()
        self._process = None
        return ended

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

    def _wait_until_ready(self, ports: Ports) -> None:
        """Wait for our own cluster's answer while the process lives."""
        ours = self.cluster_id

        def settled() -> bool:
            view = ask(ports.clients)
            if view is not None and view.cluster_id != ours:
                raise PortTakenError(ports.clients, "another Kafka")
            return not self.alive or (view is not None and view.brokers > 0)

        try:
            settled_in_time = wait_until(
                settled, self.settings.start_seconds, READY_POLL_SECONDS
            )
        except PortTakenError:
            self.kill()
            raise
        if settled_in_time and self.alive:
            return
        problem = "took too long to start" if self.alive else "ended while starting"
        self.kill()
        end_of_log = tail(self.log) or tail(self._folder / "java.log")
        raise StartError(NAME, problem, end_of_log)
