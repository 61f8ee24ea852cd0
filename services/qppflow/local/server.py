"""A server of a state folder: its process, its note, and waiting until it is ready."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Final, Generic, Protocol, TypeVar

from qppflow.local.block import Block
from qppflow.local.errors import AlreadyRunningError, NotRunningError, StartError
from qppflow.local.files import tail
from qppflow.local.guarding import Guard
from qppflow.local.launching import Program, launch_alone
from qppflow.local.processes import ProcessId, end, is_alive, wait_until
from qppflow.local.record import ServerRecord, read_record
from qppflow.local.say import Say

READY_POLL_SECONDS: Final = 0.05


class Terms(Protocol):
    """What every server's settings have."""

    @property
    def state(self) -> Path:
        """Give the state folder."""
        ...

    @property
    def detach(self) -> bool:
        """Say whether the server outlives the process that starts it."""
        ...

    @property
    def start_seconds(self) -> float:
        """Give how long it may take to be ready."""
        ...

    @property
    def stop_seconds(self) -> float:
        """Give how long it may take to stop before it is killed."""
        ...


T = TypeVar("T", bound=Terms)


class LocalServer(Block, Generic[T]):
    """One server in one state folder, and the hold on its process.

    Unless it is detached, it ends with the process that started it, even a killed one.
    """

    name: ClassVar[str]
    note: ClassVar[Path]
    """The note by which a later process finds the server, below the state folder."""
    ending: ClassVar[int] = signal.SIGTERM

    def __init__(self, settings: T, say: Say) -> None:
        self.settings = settings
        self._say = say
        self._note = settings.state.absolute() / self.note
        self._folder = self._note.parent
        self._guard = Guard()
        self._process: ProcessId | None = None

    @classmethod
    def found(cls, state: Path) -> ServerRecord:
        """Give the note of the server that a process before us started in *state*.

        Raises:
            NotRunningError: There is none; a process that only has its number by
                chance is not taken for it.
        """
        record = read_record(state.absolute() / cls.note)
        if record is None or not record.alive:
            raise NotRunningError(cls.name, state)
        return record

    @property
    def alive(self) -> bool:
        """Say whether the server's process runs."""
        return self._process is not None and is_alive(self._process)

    @property
    def pid(self) -> int | None:
        """Give the number of the server's process; None if it does not run."""
        return self._process.pid if self._process and self.alive else None

    def stop(self) -> bool:
        """Stop in order, or by force after ``stop_seconds``.

        Returns False if force was needed. A server that does not run is stopped.
        """
        return self._end(self.settings.stop_seconds, self.ending)

    def _last(self) -> ServerRecord | None:
        """Give the note of the last start; its server must have ended.

        Raises:
            AlreadyRunningError: A server of this state folder runs.
        """
        last = read_record(self._note)
        if last is not None and last.alive:
            raise AlreadyRunningError(self.name, self.settings.state)
        return last

    def _run(
        self,
        program: Program,
        members: Mapping[str, object],
        ready: Callable[[ProcessId], bool],
        log: Path,
    ) -> None:
        """Start the process, keep a note of it, and wait until it is ready.

        Raises:
            StartError: It ended, or took too long; with the end of the *log*, or else
                of what the program printed.
        """
        process = launch_alone(program)
        self._process = process
        if not self.settings.detach:
            self._guard.add(process, self.ending)
        ServerRecord(process, dict(members)).write(self._note)
        well = False

        def settled() -> bool:
            nonlocal well
            well = ready(process)
            return well or not self.alive

        try:
            wait_until(settled, self.settings.start_seconds, READY_POLL_SECONDS)
            alive = self.alive
        except StartError:
            self.stop()
            raise
        if alive and well:
            return
        problem = "took too long to start" if alive else "ended while starting"
        self.stop()
        raise StartError(self.name, problem, tail(log) or tail(program.log))

    def _end(self, seconds: float, number: int) -> bool:
        """End the process; the note of it stays, for its ports."""
        if self._process is None:
            return True
        ended = end(self._process, seconds, number)
        self._guard.drop(self._process)
        self._guard.close()
        self._process = None
        return ended
