"""The stack of one machine: shares, settings, its note, and waiting for services."""

import json
import os
import signal
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qppflow.local import stack_steps
from qppflow.local.backoff import Backoff
from qppflow.local.children import ChildPlan
from qppflow.local.errors import LocalError, NotRunningError, StartError
from qppflow.local.processes import wait_until
from qppflow.local.stack import Stack
from qppflow.local.stack_children import Foreground
from qppflow.local.stack_note import Note, read_note
from qppflow.local.stack_plan import (
    PREFIX,
    WORK,
    StackConfig,
    plans,
    service_variables,
    spread,
)
from qppflow.local.stack_status import ServiceStatus
from qppflow.local.stack_steps import make_topics, wait_for_reports
from qppflow.local.status import read_status
from qppflow.runtime.progress import Progress
from qppflow.runtime.records import Place
from qppflow.runtime.settings import SHARED_PREFIX, StatefulSettings
from qppflow.services import SERVICES
from tests.helpers.kafka_fakes import FakeClock

STAY = "import time; time.sleep(60)"
QUICK = Backoff(first=0.05, longest=0.05)
NOBODY = "127.0.0.1:1"


def child(folder: Path, name: str, code: str = STAY) -> ChildPlan:
    """Plan a tiny process in place of services."""
    argv = (sys.executable, "-I", "-S", "-c", code)
    return ChildPlan(name, argv, folder / "logs" / f"{name}.log")


def report(state: Path, service: str, now: float) -> Progress:
    """Write a service's report of a time."""
    clock = FakeClock()
    clock.time = now
    made = Progress(state, service, "1", "b", clock)
    made.write()
    return made


def test_the_services_of_the_stack_are_all_services() -> None:
    """A new service must say how much work it is, or it would not be started."""
    assert tuple(WORK) == SERVICES
    assert PREFIX == SHARED_PREFIX


@pytest.mark.parametrize("processes", [1, 2, 3, 10])
def test_each_service_is_in_exactly_one_share(processes: int) -> None:
    """None is lost and none runs twice."""
    shares = spread(SERVICES, processes)

    assert len(shares) == processes
    assert sorted(name for share in shares for name in share) == sorted(SERVICES)


def test_shares_have_about_the_same_work() -> None:
    """Neither of two processes does more than three fifths."""
    loads = [sum(WORK[name] for name in share) for share in spread(SERVICES, 2)]

    assert max(loads) <= 0.6 * sum(loads)


def test_there_are_no_more_processes_than_services() -> None:
    """An empty process would end at once, for ever."""
    assert spread(("intake", "cost"), 5) == [("intake",), ("cost",)]
    assert spread(("intake",), 0) == [("intake",)]


def test_services_find_their_settings_in_the_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the stack gives is what the services' settings ask for."""
    config = StackConfig(tmp_path, topic_prefix="x.")
    for name, value in service_variables(config, NOBODY, "sqlite:///x").items():
        monkeypatch.setenv(name, value)

    settings = StatefulSettings()

    assert settings.bootstrap_servers == NOBODY
    assert (settings.topic_prefix, settings.store_url) == ("x.", "sqlite:///x")
    assert settings.state_folder == tmp_path
    assert settings.token_bytes() != settings.sealing_bytes()


def test_keys_stay_the_same_and_are_their_owners_alone(tmp_path: Path) -> None:
    """Another token key would give every entity a second history."""
    config = StackConfig(tmp_path / "new")

    first = service_variables(config, NOBODY, None)

    assert service_variables(config, NOBODY, None) == first
    files = list((tmp_path / "new" / "keys").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert sorted(file.name for file in files) == ["sealing", "token"]
    assert "QPPFLOW_STORE_URL" not in first


def test_a_process_is_named_after_its_services(tmp_path: Path) -> None:
    """Its log, too; and no secret is in its command, which everybody can see."""
    config = StackConfig(tmp_path, processes=1, variables={"EXTRA": "1"})

    [one] = plans(config, ("intake", "cost"), {"QPPFLOW_TOKEN_KEY": "secret-7"})

    assert one.name == "intake+cost"
    assert one.log == tmp_path / "logs" / "intake+cost.log"
    assert one.argv[1:] == ("-m", "qppflow.cli.run", "intake", "cost")
    assert (one.environment["EXTRA"], one.environment["QPPFLOW_TOKEN_KEY"]) == (
        "1",
        "secret-7",
    )


def test_the_note_remembers_choices_and_no_password(tmp_path: Path) -> None:
    """The URL of a database that was given may hold one."""
    url = "postgresql+psycopg://me:canary-9@db/x"
    config = StackConfig(tmp_path, store_url=url, processes=3, bootstrap_servers=NOBODY)

    Note.of(config, NOBODY, SERVICES).write(tmp_path)

    note = read_note(tmp_path)
    assert note == Note.of(config, NOBODY, SERVICES)
    assert (note.local, note.processes, note.store) == (False, 3, "given")
    assert "canary-9" not in (tmp_path / "stack.json").read_text(encoding="utf-8")


def test_a_folder_without_a_note_has_none(tmp_path: Path) -> None:
    """Nor has one whose note is of another kind."""
    (tmp_path / "stack.json").write_text(json.dumps({"other": 1}), encoding="utf-8")

    assert read_note(tmp_path) is None
    assert read_note(tmp_path / "nowhere") is None


def test_another_choice_than_the_running_one_is_named(tmp_path: Path) -> None:
    """The same choices are no difference."""
    config = StackConfig(tmp_path)
    note = Note.of(config, "127.0.0.1:9092", SERVICES)
    other = replace(config, processes=3, postgres=True, topic_prefix="x", port=9999)
    elsewhere = replace(config, bootstrap_servers="kafka:9092")

    assert note.differences(replace(config, port=9092)) == []
    assert note.differences(other) == ["topic_prefix", "processes", "store", "port"]
    assert note.differences(elsewhere) == ["local", "bootstrap_servers"]


def test_waiting_ends_when_every_service_has_reported(tmp_path: Path) -> None:
    """Who watches is told how many there are."""
    for name in ("intake", "cost"):
        report(tmp_path, name, 0.0)
    told: list[str] = []

    wait_for_reports(tmp_path, ("intake", "cost"), 0.0, told.append)

    assert told == ["2 of 2 services run"]


def test_a_service_that_does_not_report_is_named_with_its_log(tmp_path: Path) -> None:
    """The reason is at the end of the log, and in the error."""
    code = "print('no such module: canary', flush=True); raise SystemExit(1)"
    running = Foreground([child(tmp_path, "intake+cost", code)], tmp_path, QUICK)
    report(tmp_path, "intake", 0.0)
    running.start()
    try:
        with pytest.raises(StartError, match=r"(?s)\(cost\).*canary"):
            wait_for_reports(tmp_path, ("intake", "cost"), 60.0, lambda _: None)
    finally:
        running.stop()


def test_without_a_supervisor_the_missing_are_named_all_the_same(
    tmp_path: Path,
) -> None:
    """It may have been killed while starting."""
    with pytest.raises(StartError, match=r"supervisor.*\(cost\)"):
        wait_for_reports(tmp_path, ("cost",), 0.0, lambda _: None)


def test_a_child_that_is_killed_is_started_again_meanwhile(tmp_path: Path) -> None:
    """The thread of the foreground sees to it; nobody else has to."""
    running = Foreground([child(tmp_path, "intake")], tmp_path, QUICK)
    running.start()

    def pid() -> int | None:
        told = read_status(tmp_path)
        return told.children[0].pid if told is not None else None

    first = pid()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    came_back = wait_until(lambda: pid() not in {None, first}, 20)

    assert running.stop()
    assert came_back


def test_a_silent_broker_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing listens, nothing of this start is left behind."""
    monkeypatch.setattr(stack_steps, "TOPICS_SECONDS", 0.0)
    stack = Stack(StackConfig(tmp_path, bootstrap_servers=NOBODY))

    with pytest.raises(LocalError, match=NOBODY):
        stack.start()
    with pytest.raises(LocalError, match="did not answer"):
        make_topics(NOBODY, "", lambda _: None)
    assert read_status(tmp_path) is None


def test_what_was_never_started_cannot_be_stopped(tmp_path: Path) -> None:
    """It has no address either."""
    stack = Stack(StackConfig(tmp_path))

    with pytest.raises(NotRunningError):
        stack.stop()
    with pytest.raises(NotRunningError):
        _ = stack.bootstrap_servers
    with pytest.raises(NotRunningError):
        _ = stack.variables


def test_status_without_anything_says_so(tmp_path: Path) -> None:
    """No process, no broker, no guess about the work left."""
    found = Stack(StackConfig(tmp_path)).status()

    assert not found.running
    assert not found.well
    assert (found.services, found.dead_letters) == ((), None)


def test_status_tells_each_service_by_its_last_report(tmp_path: Path) -> None:
    """A report older than the process is none; a paused partition says why."""
    names = ("intake", "cost", "quality", "payments")
    running = Foreground([child(tmp_path, "+".join(names))], tmp_path, QUICK)
    running.start()
    try:
        told = read_status(tmp_path)
        assert told is not None
        now = told.children[0].since + 1
        busy = report(tmp_path, "intake", now)
        busy.advanced(Place("in", 0), 9, 7, 2)
        busy.write()
        report(tmp_path, "cost", now - 100)
        paused = report(tmp_path, "quality", now)
        paused.paused(Place("in", 1), 4, "rule-book-missing")
        paused.write()
        Note.of(StackConfig(tmp_path), NOBODY, SERVICES).write(tmp_path)

        found = Stack(StackConfig(tmp_path)).status()
    finally:
        running.stop()

    assert found.running
    assert not found.well
    assert {one.name: (one.state, one.reason) for one in found.services} == {
        "intake": ("running", ""),
        "quality": ("paused", "rule-book-missing (in/1)"),
        "cost": ("silent", "no recent report"),
        "payments": ("silent", "no report yet"),
    }
    assert {one.lag for one in found.services} == {None}
    assert (found.services[0].handled, found.services[0].parked) == (7, 2)
    assert [one.name for one in found.services] == [
        "intake",
        "quality",
        "cost",
        "payments",
    ]


def ended(folder: Path, name: str, code: str) -> dict[str, ServiceStatus]:
    """Give the services of a process that has ended and is started again much later."""
    slow = Backoff(first=60.0)
    running = Foreground([child(folder, name, code)], folder, slow)
    running.start()

    def waiting() -> bool:
        told = read_status(folder)
        return told is not None and told.children[0].state == "waiting"

    try:
        assert wait_until(waiting, 20)
        found = Stack(StackConfig(folder)).status().services
    finally:
        running.stop()
    return {one.name: one for one in found}


def test_a_dead_process_is_told_with_its_exit(tmp_path: Path) -> None:
    """Until the supervisor starts it again."""
    one = ended(tmp_path, "intake", "raise SystemExit(3)")["intake"]

    assert (one.state, one.reason, one.pid) == ("waiting", "ended with 3", None)


@pytest.mark.parametrize("code", [1, 3])
def test_a_process_that_needs_an_operator_is_told_with_its_remedy(
    tmp_path: Path, code: int
) -> None:
    """By the service that stopped last; the others of its process wait for that one."""
    stop = {"event": "stopped", "service": "payments", "remedy": "rebuild"}
    said = [stop | {"reason": reason} for reason in ("older", "lost")]
    log = "\n".join([*map(json.dumps, said), "no JSON", "[]"])

    found = ended(
        tmp_path, "cost+payments", f"print({log!r}); raise SystemExit({code})"
    )

    told = {
        "cost": ", since payments stopped",
        "payments": ", lost: rebuild",
    }
    assert {name: one.reason for name, one in found.items()} == {
        name: f"ended with {code}" + (text if code == 3 else "")
        for name, text in told.items()
    }
