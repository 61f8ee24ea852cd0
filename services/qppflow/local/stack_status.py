"""How the stack of one state folder is: processes, broker, database, work left."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qppflow.local.errors import NotRunningError
from qppflow.local.kafka import LocalKafka
from qppflow.local.postgres import LocalPostgres
from qppflow.local.record import read_record
from qppflow.local.stack_note import FILES, GIVEN, SERVER, read_note
from qppflow.local.stack_plan import StackConfig, services_of
from qppflow.local.status import ChildStatus, read_status
from qppflow.local.stops import last_stop
from qppflow.runtime import progress
from qppflow.runtime.faults import NEEDS_OPERATOR, BrokerError
from qppflow.runtime.progress import ServiceProgress

if TYPE_CHECKING:
    from qppflow.local.stack_work import Work

RUNNING: Final = "running"
DEAD: Final = "dead"
# A service reports every second; on a busy machine some reports come late.
SILENT_SECONDS: Final = 20.0


@dataclass(frozen=True)
class ServiceStatus:
    """One service.

    ``state`` is ``running``, ``paused`` (``reason`` says why), ``silent`` (alive, but
    without a recent report), ``dead``, ``waiting`` (started again soon) or ``stopped``.
    Ages are in seconds; ``progress_age`` is since it last finished a record, None if
    it has not since its start. ``lag`` is None if the broker does not answer.
    """

    name: str
    process: str
    pid: int | None
    restarts: int
    state: str
    reason: str
    lag: int | None
    handled: int
    parked: int
    alive_age: float | None
    progress_age: float | None


@dataclass(frozen=True)
class ServerStatus:
    """A broker or a database: what or where it is; ``pid`` only if it is ours."""

    at: str
    pid: int | None
    alive: bool


@dataclass(frozen=True)
class StackStatus:
    """All of it. ``dead_letters`` is what the topic holds; None if unknown."""

    supervisor: int | None
    broker: ServerStatus
    database: ServerStatus
    services: tuple[ServiceStatus, ...]
    dead_letters: int | None

    @property
    def running(self) -> bool:
        """Say whether anything of this state folder runs."""
        parts = (self.supervisor, self.broker.pid, self.database.pid)
        return any(pid is not None for pid in parts)

    @property
    def well(self) -> bool:
        """Say whether everything runs and nothing waits for an operator."""
        return (
            self.supervisor is not None
            and self.broker.alive
            and self.database.alive
            and bool(self.services)
            and all(one.state == RUNNING for one in self.services)
        )


async def look(config: StackConfig) -> StackStatus:
    """Look at everything; a part that does not answer is told as such."""
    from qppflow.local.stack_work import (  # noqa: PLC0415 - SQLAlchemy loads slowly
        measure,
    )

    state = config.state.absolute()
    note = read_note(state)
    known = note.applied(config) if note is not None else config
    at, broker_pid = known.bootstrap_servers, None
    with suppress(NotRunningError):
        if at is None:
            kafka = LocalKafka.attach(state)
            at, broker_pid = kafka.bootstrap_servers, kafka.pid
    kind, database_pid, url = _database(known)
    work: Work | None = None
    if at is not None:
        with suppress(BrokerError):
            work = await measure(at, known.topic_prefix, url, state)
    told = read_status(state)
    up = told is not None and told.alive
    # A server of ours that does not run has no URL to ask.
    lost = kind == SERVER and database_pid is None
    stores = not lost and (work is None or work.stores)
    last = at or (note.bootstrap_servers if note is not None else "")
    return StackStatus(
        supervisor=told.process.pid if told is not None and up else None,
        broker=ServerStatus(last, broker_pid, alive=work is not None),
        database=ServerStatus(kind, database_pid, alive=stores),
        services=_services(
            told.children if told is not None and up else (),
            progress.read_all(state),
            work.lags if work is not None else None,
            note.services if note is not None else (),
        ),
        dead_letters=work.dead_letters if work is not None else None,
    )


def _database(config: StackConfig) -> tuple[str, int | None, str | None]:
    """Give the kind of the database, its process if it is ours, and its URL."""
    if config.store_url is not None:
        return GIVEN, None, config.store_url
    if not config.postgres:
        return FILES, None, None
    with suppress(NotRunningError):
        url = LocalPostgres.attach(config.state).url
        record = read_record(config.state.absolute() / "postgres" / "server.json")
        return SERVER, record.process.pid if record is not None else None, url
    return SERVER, None, None


def _services(
    children: Sequence[ChildStatus],
    reports: Sequence[ServiceProgress],
    lags: Mapping[str, int] | None,
    order: Sequence[str],
) -> tuple[ServiceStatus, ...]:
    """Put together what is known of each service, in the order records meet them."""
    now = time.time()
    latest = {report["service"]: report for report in reports}
    found = {
        name: _service(name, child, latest.get(name), lags, now)
        for child in children
        for name in services_of(child.name)
    }
    names = [name for name in order if name in found]
    return tuple(found[name] for name in dict.fromkeys([*names, *found]))


def _service(
    name: str,
    child: ChildStatus,
    report: ServiceProgress | None,
    lags: Mapping[str, int] | None,
    now: float,
) -> ServiceStatus:
    places = report["partitions"].values() if report is not None else ()
    state, reason = _state(name, child, report, now)
    return ServiceStatus(
        name=name,
        process=child.name,
        pid=child.pid if child.alive else None,
        restarts=child.restarts,
        state=state,
        reason=reason,
        lag=lags.get(name, 0) if lags is not None else None,
        handled=report["handled"] if report is not None else 0,
        parked=report["parked"] if report is not None else 0,
        alive_age=now - report["alive_at"] if report is not None else None,
        progress_age=min((now - place["at"] for place in places), default=None),
    )


def _state(
    name: str, child: ChildStatus, report: ServiceProgress | None, now: float
) -> tuple[str, str]:
    """Say in a word how a service is, and why if it is not well."""
    if not child.alive:
        seen = DEAD if child.state == RUNNING else child.state
        return seen, _end(name, child)
    # A report of the process before this one says nothing about this one.
    if report is None or report["alive_at"] < max(child.since, now - SILENT_SECONDS):
        return "silent", "no report yet" if report is None else "no recent report"
    for at, place in report["partitions"].items():
        if place["state"] != RUNNING:
            return place["state"], f"{place['reason']} ({at})"
    return RUNNING, ""


def _end(name: str, child: ChildStatus) -> str:
    """Say how a process ended; where an operator must act, for whom and how."""
    if child.last_exit is None:
        return ""
    told = f"ended with {child.last_exit}"
    stop = last_stop(child.log) if child.last_exit == NEEDS_OPERATOR else None
    if stop is None:
        return told
    if stop.service != name:
        return f"{told}, since {stop.service} stopped"
    return f"{told}, {stop.reason}: {stop.remedy}"
