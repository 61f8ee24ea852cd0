"""A real PostgreSQL on this machine: started, stopped and found again."""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from qppflow.local.errors import NotRunningError, StartError
from qppflow.local.files import make_folder, shorten, tail, write_whole
from qppflow.local.launching import Program, run, server_environment
from qppflow.local.paths import STATE_FOLDER, open_state
from qppflow.local.ports import HOST, free_ports, is_free
from qppflow.local.postgres_files import (
    NAME,
    initdb_command,
    owner_for,
    postgres_programs,
    says_ready,
    server_command,
)
from qppflow.local.processes import ProcessId
from qppflow.local.say import Say, silent
from qppflow.local.server import LocalServer

ROLE: Final = "qppflow"
DATABASE: Final = "postgres"
INIT_SECONDS: Final = 120.0
AFTER_CRASH: Final = (0.2, 0.5, 1.0, 2.0)
OPEN_TO_OWNER: Final = 0o711


@dataclass(frozen=True)
class PostgresSettings:
    """What a caller decides about the local PostgreSQL.

    ``durable=False`` is for tests: faster, and a power cut may lose data.
    ``detach``: the server outlives the process that starts it.
    """

    state: Path = STATE_FOLDER
    durable: bool = True
    detach: bool = False
    start_seconds: float = 60.0
    stop_seconds: float = 20.0


class LocalPostgres(LocalServer[PostgresSettings]):
    """One PostgreSQL in one state folder.

    It listens on the loopback alone and asks for a password, which the state folder
    keeps for its owner.
    """

    name = NAME
    note = Path("postgres", "server.json")
    # SIGTERM would wait for every open session to end by itself.
    ending = signal.SIGINT

    def __init__(self, settings: PostgresSettings, say: Say = silent) -> None:
        super().__init__(settings, say)
        self.log = self._folder / "postgres.log"
        self._port: int | None = None

    @classmethod
    def attach(cls, state: Path) -> Self:
        """Take hold of the server that a process before us started in *state*.

        Raises:
            NotRunningError: There is none.
        """
        record = cls.found(state)
        server = cls(PostgresSettings(state=state, detach=True))
        server._process = record.process
        server._port = record.members["port"]
        return server

    @property
    def url(self) -> str:
        """Give the URL for SQLAlchemy with psycopg. It holds a password: never log it.

        Raises:
            NotRunningError: The server was never started.
        """
        if self._port is None:
            raise NotRunningError(NAME, self.settings.state)
        secret = (self._folder / "password").read_text(encoding="utf-8")
        return f"postgresql+psycopg://{ROLE}:{secret}@{HOST}:{self._port}/{DATABASE}"

    def start(self) -> str:
        """Start the server, wait until it takes clients, and give its URL.

        Raises:
            AlreadyRunningError: A server of this state folder runs.
            StartError: The server ended or was not ready in time; with its log's end.
        """
        last = self._last()
        programs = postgres_programs()
        root = open_state(self.settings.state)
        make_folder(self._folder)
        if os.geteuid() == 0:
            root.chmod(OPEN_TO_OWNER)
            self._folder.chmod(OPEN_TO_OWNER)
        owner = owner_for(programs, self._folder)
        shorten(self.log)
        if not (self._folder / "data" / "PG_VERSION").exists():
            self._initialise(programs, owner)
        port = last.members["port"] if last else 0
        self._port = port if port and is_free(port) else free_ports(1)[0]
        data, durable = self._folder / "data", self.settings.durable
        command = server_command(programs, data, self._port, durable=durable)
        self._say("starting PostgreSQL")
        # After a crash the remains of the old server may be there for a moment yet.
        pauses = AFTER_CRASH if (data / "postmaster.pid").exists() else ()
        self._run_with_patience(self._program(command, owner), pauses)
        self._say(f"PostgreSQL listens on {HOST}:{self._port}")
        return self.url

    def _initialise(self, programs: Path, owner: tuple[int, int] | None) -> None:
        """Make the data folder and the password that it asks for."""
        data = self._folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        make_folder(data)
        password = self._folder / "password"
        write_whole(password, secrets.token_hex(16))
        if owner is not None:
            os.chown(data, *owner)
            os.chown(password, *owner)
        self._say("creating PostgreSQL's data folder")
        command = initdb_command(programs, data, ROLE, password)
        if run(self._program(command, owner), INIT_SECONDS) != 0:
            shutil.rmtree(data, ignore_errors=True)
            raise StartError(NAME, "could not make its data folder", tail(self.log))

    def _program(self, command: list[str], owner: tuple[int, int] | None) -> Program:
        """Give the command its folder, log, variables and user."""
        return Program(
            command, self._folder / "data", self.log, server_environment(), owner
        )

    def _run_with_patience(self, program: Program, pauses: Sequence[float]) -> None:
        """Start the process, and again after each of the *pauses* if it fails."""
        for pause in pauses:
            try:
                self._run_once(program)
            except StartError:
                time.sleep(pause)
            else:
                return
        self._run_once(program)

    def _run_once(self, program: Program) -> None:
        """Start the process and wait for its own word.

        Raises:
            StartError: It ended, or took too long.
        """

        def ready(process: ProcessId) -> bool:
            return says_ready(program.folder, process.pid)

        self._run(program, {"port": self._port}, ready, self.log)
