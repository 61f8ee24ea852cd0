"""Everything on one machine: Kafka, topics, database, and all services supervised."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Final, NamedTuple, Self

from qppflow.local.errors import LocalError, NotRunningError, StartError
from qppflow.local.files import tail
from qppflow.local.kafka import LocalKafka
from qppflow.local.paths import open_state
from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.processes import wait_until
from qppflow.local.say import Say, silent
from qppflow.local.settings import KafkaSettings
from qppflow.local.stack_children import Foreground
from qppflow.local.stack_note import Note
from qppflow.local.stack_plan import (
    StackConfig,
    plans,
    service_variables,
    services_of,
)
from qppflow.local.stack_status import StackStatus, look
from qppflow.local.status import read_status, stop_supervisor
from qppflow.local.supervise import start_detached
from qppflow.runtime import progress, topics
from qppflow.runtime.faults import BrokerError

NAME: Final = "the stream"
TOPICS_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.1
# A service that ends so often before its first report will not come up by itself.
MOST_STARTS: Final = 3


class Servers(NamedTuple):
    """Where broker and database are; the URL may hold a password."""

    bootstrap_servers: str
    store_url: str | None


class Stack:
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
        names = self._names()
        with ExitStack() as undo:
            self.servers = self._servers(undo, told)
            self._make_topics(told)
            self._start_services(undo, names)
            self._wait_for(names, told)
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

    def __enter__(self) -> Self:
        """Start all."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all."""
        with suppress(NotRunningError):
            self.stop()

    def _names(self) -> tuple[str, ...]:
        if self.config.services:
            return self.config.services
        from qppflow.services import (  # noqa: PLC0415 - loads FastStream, which takes long
            SERVICES,
        )

        return SERVICES

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

    def _make_topics(self, say: Say) -> None:
        """Create what is missing; a broker that has just started may need patience.

        Raises:
            LocalError: a topic is not as agreed, or Kafka stayed silent.
        """
        say("creating the topics")
        deadline = time.monotonic() + TOPICS_SECONDS
        while True:
            try:
                reports = asyncio.run(
                    topics.ensure(self.bootstrap_servers, self.config.topic_prefix)
                )
            except BrokerError as error:
                if time.monotonic() < deadline:
                    continue
                text = f"Kafka on {self.bootstrap_servers} did not answer: {error}"
                raise LocalError(text) from error
            break
        bad = [f"{one.name} is {one.state}" for one in reports if not one.good]
        if bad:
            text = f"{', '.join(bad)}: see qppflow topics check"
            raise LocalError(text)

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

    def _wait_for(self, names: tuple[str, ...], say: Say) -> None:
        """Wait until every service has reported once.

        Raises:
            StartError: one has not; with the end of its process's log.
        """
        root = self.config.state.absolute()
        seen: set[str] = set()

        def settled() -> bool:
            before = len(seen)
            seen.update(one["service"] for one in progress.read_all(root))
            if len(seen) > before:
                say(f"{len(seen)} of {len(names)} services run")
            return seen >= set(names) or any(self._starts_missing(seen))

        wait_until(settled, self.config.start_seconds, POLL_SECONDS)
        missing = [name for name in names if name not in seen]
        if not missing:
            return
        told = read_status(root)
        for child in told.children if told else ():
            if set(missing) & set(services_of(child.name)):
                problem = f"has not reported ({', '.join(missing)})"
                raise StartError(child.name, problem, tail(child.log))
        raise StartError(", ".join(missing), "has not reported")

    def _starts_missing(self, seen: set[str]) -> Iterator[bool]:
        """Say of each process with a missing service whether it keeps dying."""
        told = read_status(self.config.state.absolute())
        for child in told.children if told else ():
            if not seen >= set(services_of(child.name)):
                yield child.restarts >= MOST_STARTS

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
