"""Everything on one machine: Kafka, topics, database, and all services supervised."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final, NamedTuple

from qppflow.local.block import Block
from qppflow.local.errors import NotRunningError
from qppflow.local.kafka import LocalKafka
from qppflow.local.paths import open_state
from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.say import Say, silent
from qppflow.local.settings import KafkaSettings
from qppflow.local.stack_children import Foreground
from qppflow.local.stack_note import Note
from qppflow.local.stack_plan import (
    WORK,
    StackConfig,
    plans,
    service_variables,
)
from qppflow.local.stack_status import StackStatus, look
from qppflow.local.stack_steps import make_topics, wait_for_reports
from qppflow.local.status import read_status, stop_supervisor
from qppflow.local.supervise import start_detached

NAME: Final = "the stream"


class Servers(NamedTuple):
    """Where broker and database are; the URL may hold a password."""

    bootstrap_servers: str
    store_url: str | None


class Stack(Block):
    """The stream of one state folder; see :class:`StackConfig` for the choices.

    As a context manager it runs in the foreground: services and servers end with the
    block, and with this process however it ends. Detached, :meth:`start` leaves them
    running, and :meth:`stop` of another process ends them.
    """

    def __init__(self, config: StackConfig, say: Say = silent) -> None:
        self.config = config
        self._say = say
        self._undo = ExitStack()
        self._in_order = True
        self.servers: Servers | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Give where clients connect.

        Raises:
            NotRunningError: nothing was started.
        """
        if self.servers is None:
            raise NotRunningError(NAME, self.config.state)
        return self.servers.bootstrap_servers

    @property
    def variables(self) -> dict[str, str]:
        """Give what services read from their environment; secrets are among it.

        Raises:
            NotRunningError: nothing was started.
        """
        if self.servers is None:
            raise NotRunningError(NAME, self.config.state)
        return service_variables(self.config, *self.servers)

    def start(self, say: Say | None = None) -> str:
        """Start what does not run yet, wait until all works, and give the address.

        If anything fails, what this call started is stopped again.

        Raises:
            LocalError: a part did not start, or topics are not as agreed; the text
                says what to do.
        """
        told = say or self._say
        names = self.config.services or tuple(WORK)
        with ExitStack() as undo:
            self.servers = self._servers(undo, told)
            make_topics(self.bootstrap_servers, self.config.topic_prefix, told)
            self._start_services(undo, names)
            wait_for_reports(
                self.config.state.absolute(), names, self.config.start_seconds, told
            )
            self._undo = undo.pop_all()
        if self.config.detach:
            self._undo.pop_all()
        return self.bootstrap_servers

    def stop(self) -> bool:
        """Stop services first, then the servers; False if any had to be killed.

        What was started in this process, or else what another left running.

        Raises:
            NotRunningError: nothing runs.
        """
        if self.servers is None or self.config.detach:
            return self._stop_detached()
        self._in_order = True
        self._undo.close()
        self.servers = None
        return self._in_order

    def status(self) -> StackStatus:
        """Look at processes, broker, database and progress; changes nothing."""
        return asyncio.run(look(self.config))

    @contextmanager
    def serving(self, say: Say | None = None) -> Iterator[Servers]:
        """Have broker and database for the length of a block, and no services.

        What runs already is used, and goes on.

        Raises:
            LocalError: one of them did not start.
        """
        with ExitStack() as undo:
            yield self._servers(undo, say or self._say)

    def _leave(self) -> None:
        # Who stopped it within the block has stopped all.
        with suppress(NotRunningError):
            self.stop()

    def _servers(self, undo: ExitStack, say: Say) -> Servers:
        """Find or start the broker and, if one was asked for, the database."""
        config = self.config
        open_state(config.state)
        servers, url = config.bootstrap_servers, config.store_url
        if servers is None:
            try:
                kafka = LocalKafka.attach(config.state)
            except NotRunningError:
                settings = KafkaSettings(
                    config.state,
                    config.port,
                    full_jit=config.full_jit,
                    detach=config.detach,
                    extra=config.extra,
                )
                kafka = LocalKafka(settings, say)
                kafka.start()
                undo.callback(self._end, kafka.stop)
            servers = kafka.bootstrap_servers
        if url is None and config.postgres:
            try:
                postgres = LocalPostgres.attach(config.state)
            except NotRunningError:
                postgres = LocalPostgres(
                    PostgresSettings(config.state, detach=config.detach), say
                )
                postgres.start()
                undo.callback(self._end, postgres.stop)
            url = postgres.url
        return Servers(servers, url)

    def _start_services(self, undo: ExitStack, names: tuple[str, ...]) -> None:
        """Have a supervisor run the services, in this process or on its own."""
        root = self.config.state.absolute()
        before = read_status(root)
        if self.config.detach and before is not None and before.alive:
            return
        for file in (root / "progress").glob("*"):
            file.unlink(missing_ok=True)
        children = plans(self.config, names, self.variables)
        Note.of(self.config, self.bootstrap_servers, names).write(root)
        if self.config.detach:
            start_detached(children, root)
            undo.callback(self._end, lambda: stop_supervisor(root))
        else:
            foreground = Foreground(children, root)
            foreground.start()
            undo.callback(self._end, foreground.stop)

    def _end(self, stop: Callable[[], bool]) -> None:
        self._in_order &= stop()

    def _stop_detached(self) -> bool:
        """Stop what another process left running."""
        state = self.config.state.absolute()
        ended: list[bool] = []
        with suppress(NotRunningError):
            ended.append(stop_supervisor(state))
        with suppress(NotRunningError):
            ended.append(LocalPostgres.attach(state).stop())
        with suppress(NotRunningError):
            ended.append(LocalKafka.attach(state).stop())
        self.servers = None
        if not ended:
            raise NotRunningError(NAME, self.config.state)
        return all(ended)
