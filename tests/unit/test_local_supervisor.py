"""The supervisor keeps children running, reports on them, stops them in order."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from qppflow.local.backoff import Backoff
from qppflow.local.children import ChildPlan
from qppflow.local.errors import AlreadyRunningError, NotRunningError
from qppflow.local.files import tail
from qppflow.local.launching import helper_environment
from qppflow.local.processes import ProcessId, is_alive, wait_until
from qppflow.local.status import ChildStatus, read_status, stop_supervisor
from qppflow.local.supervise import plan_text, read_plan, start_detached
from qppflow.local.supervisor import Clocks, Supervisor

STAY = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(15, signal.SIG_IGN);" + STAY
FAIL = "raise SystemExit(3)"


@dataclass
class FakeTime:
    """A clock that a test moves."""

    now: float = 1000.0

    def clocks(self) -> Clocks:
        """Give it as both clocks."""
        return Clocks(lambda: self.now, lambda: self.now)


def plan(folder: Path, name: str, code: str, stop_seconds: float = 10) -> ChildPlan:
    """Plan a tiny Python child."""
    argv = (sys.executable, "-I", "-S", "-c", code)
    log = folder / "logs" / f"{name}.log"
    return ChildPlan(name, argv, log, stop_seconds=stop_seconds)


def told(state: Path) -> dict[str, ChildStatus]:
    """Read the state file by child."""
    status = read_status(state)
    assert status is not None
    return {child.name: child for child in status.children}


def tick_until(supervisor: Supervisor, condition: Callable[[], bool]) -> bool:
    """Let the supervisor work until *condition* holds."""

    def worked() -> bool:
        supervisor.tick()
        return condition()

    return wait_until(worked, 10)


def all_up(plans: Sequence[ChildPlan]) -> bool:
    """Say whether every child has written its first line."""
    return all("up" in tail(child.log) for child in plans)


def test_waits_double_up_to_the_longest() -> None:
    """No jitter: the same deaths give the same waits."""
    backoff = Backoff(first=0.5, longest=3.0)

    assert [backoff.wait(n) for n in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_a_million_deaths_wait_no_longer_than_the_longest() -> None:
    """The count of a service that never starts does not run away."""
    assert Backoff(first=1.0, longest=30.0).wait(1_000_000) == 30.0


def test_children_run_with_their_log_and_variables(tmp_path: Path) -> None:
    """Each has a log of its own, and our variables with its own on top."""
    code = "import os; print(os.environ['WHO'], os.environ['PATH'] != '')"
    argv = (sys.executable, "-S", "-c", code)
    log = tmp_path / "logs" / "a.log"
    child = ChildPlan("a", argv, log, {"WHO": "somebody"})

    with Supervisor([child], tmp_path):
        assert wait_until(lambda: tail(log) == "somebody True", 10)

    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_dead_child_is_started_again_after_its_wait_and_not_before(
    tmp_path: Path,
) -> None:
    """Deaths in a row wait longer; exit code and restarts are on record."""
    time = FakeTime()
    backoff = Backoff(first=1.0, longest=8.0, steady=60.0)
    child = plan(tmp_path, "a", FAIL)
    with Supervisor([child], tmp_path, backoff, time.clocks()) as supervisor:
        assert tick_until(supervisor, lambda: told(tmp_path)["a"].state == "waiting")
        time.now += 0.99
        supervisor.tick()
        early = told(tmp_path)["a"].restarts
        time.now += 0.02
        supervisor.tick()
        second = told(tmp_path)["a"]
        assert tick_until(supervisor, lambda: told(tmp_path)["a"].state == "waiting")
        time.now += 1.5
        supervisor.tick()
        too_early = told(tmp_path)["a"].restarts
        time.now += 0.6
        supervisor.tick()

        assert (early, second.restarts, second.last_exit) == (0, 1, 3)
        assert second.since == pytest.approx(1001.01)
        assert (too_early, told(tmp_path)["a"].restarts) == (1, 2)


def test_a_child_that_ran_long_waits_as_after_its_first_death(tmp_path: Path) -> None:
    """A death a day is no series."""
    time = FakeTime()
    backoff = Backoff(first=1.0, longest=100.0, steady=60.0)
    child = plan(tmp_path, "a", STAY)
    with Supervisor([child], tmp_path, backoff, time.clocks()) as supervisor:
        for ran in (1.0, 1.0, 61.0):
            time.now += ran
            pid = told(tmp_path)["a"].pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            assert tick_until(
                supervisor, lambda: told(tmp_path)["a"].state == "waiting"
            )
            dead = told(tmp_path)["a"]
            time.now += 1.01 if ran > 60 else 2.01
            supervisor.tick()

            assert dead.last_exit == -signal.SIGKILL
            assert told(tmp_path)["a"].alive
        assert told(tmp_path)["a"].restarts == 3


def test_a_command_that_cannot_be_started_waits_like_a_dead_one(
    tmp_path: Path,
) -> None:
    """A missing program does not end the supervisor or its other children."""
    missing = ChildPlan("a", ("/no/such/program",), tmp_path / "logs" / "a.log")
    plans = [missing, plan(tmp_path, "b", STAY)]

    with Supervisor(plans, tmp_path):
        children = told(tmp_path)

    assert (children["a"].state, children["a"].pid) == ("waiting", None)
    assert children["b"].state == "running"


def test_children_stop_in_reverse_order(tmp_path: Path) -> None:
    """The last one started, which depends on the others, ends first."""
    note = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        f"    open({str(note)!r}, 'a').write(NAME); sys.exit(0)\n"
        "signal.signal(15, leave)\n" + STAY
    )
    names = ["a", "b", "c"]
    plans = [plan(tmp_path, name, f"NAME = {name!r}\n{code}") for name in names]
    supervisor = Supervisor(plans, tmp_path)
    supervisor.start()
    assert wait_until(lambda: all_up(plans), 10)

    in_order = supervisor.stop()

    assert in_order
    assert note.read_text(encoding="utf-8") == "cba"
    assert {child.state for child in told(tmp_path).values()} == {"stopped"}


def test_a_child_that_does_not_listen_is_killed_in_bounded_time(
    tmp_path: Path,
) -> None:
    """The caller learns that force was needed."""
    child = plan(tmp_path, "a", DEAF, stop_seconds=0.2)
    supervisor = Supervisor([child], tmp_path)
    supervisor.start()
    assert wait_until(lambda: all_up([child]), 10)

    in_order = supervisor.stop()

    assert not in_order
    assert told(tmp_path)["a"].last_exit == -signal.SIGKILL


def test_two_supervisors_never_share_a_state_folder(tmp_path: Path) -> None:
    """The second is refused, and leaves the first one's children and file alone."""
    with Supervisor([plan(tmp_path, "a", STAY)], tmp_path):
        before = told(tmp_path)
        second = Supervisor([plan(tmp_path, "b", STAY)], tmp_path)

        with pytest.raises(AlreadyRunningError):
            second.run()
        assert told(tmp_path) == before


def test_a_signal_ends_a_supervisor_in_the_foreground(tmp_path: Path) -> None:
    """SIGINT stops the children in order; the exit code says so."""
    child = plan(tmp_path, "a", STAY)
    with subprocess.Popen(
        [sys.executable, "-m", "qppflow.local.supervise", str(tmp_path)],
        stdin=subprocess.PIPE,
        env=helper_environment(),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(plan_text([child], Backoff()))
        process.stdin.close()
        assert wait_until(lambda: all_up([child]), 10)
        process.send_signal(signal.SIGINT)

    assert process.returncode == 0
    assert told(tmp_path)["a"].last_exit == -signal.SIGTERM


def test_a_detached_supervisor_is_seen_and_stopped_by_others(tmp_path: Path) -> None:
    """``up`` leaves it, ``status`` reads it, ``down`` ends it with its children."""
    plans = [plan(tmp_path, name, STAY) for name in ("a", "b")]

    started = start_detached(plans, tmp_path)

    seen = read_status(tmp_path)
    assert seen == started
    assert seen is not None
    assert seen.alive
    assert [child.alive for child in seen.children] == [True, True]
    with pytest.raises(AlreadyRunningError):
        start_detached(plans, tmp_path)
    assert stop_supervisor(tmp_path)
    assert not any(child.alive for child in told(tmp_path).values())
    with pytest.raises(NotRunningError):
        stop_supervisor(tmp_path)


def test_a_killed_supervisor_leaves_no_orphan_and_can_be_followed(
    tmp_path: Path,
) -> None:
    """Its guard ends the children; the next one starts afresh."""
    child = plan(tmp_path, "a", STAY)
    first = start_detached([child], tmp_path)
    orphan = first.children[0].process
    assert orphan is not None

    os.kill(first.process.pid, signal.SIGKILL)

    assert wait_until(lambda: not is_alive(orphan), 10)
    second = start_detached([child], tmp_path)
    assert second.children[0].alive
    assert stop_supervisor(tmp_path)


def test_variables_of_children_are_in_no_file(tmp_path: Path) -> None:
    """They may hold secrets: the plan goes through a pipe."""
    child = ChildPlan(
        "a", (sys.executable, "-c", STAY), tmp_path / "a.log", {"KEY": "canary-8"}
    )

    start_detached([child], tmp_path)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    stop_supervisor(tmp_path)
    assert any(path.name == "supervisor.json" for path in files)
    assert not [path for path in files if b"canary-8" in path.read_bytes()]


def test_a_plan_survives_the_pipe(tmp_path: Path) -> None:
    """What is read is what was written."""
    child = ChildPlan("a", ("x", "y"), tmp_path / "a.log", {"K": "v"}, 3.0)

    assert read_plan(plan_text([child], Backoff(1, 2, 3))) == (
        [child],
        Backoff(1, 2, 3),
    )


def test_a_state_file_of_an_ended_supervisor_says_that_nobody_lives(
    tmp_path: Path,
) -> None:
    """Numbers that were used again are not taken for ours."""
    with Supervisor([plan(tmp_path, "a", STAY)], tmp_path):
        pass
    path = tmp_path / "supervisor.json"
    text = path.read_text(encoding="utf-8")
    status = read_status(tmp_path)
    assert status is not None
    path.write_text(text.replace(status.process.started, "long-ago"), encoding="utf-8")

    later = read_status(tmp_path)

    assert later is not None
    assert later.process == ProcessId(os.getpid(), "long-ago")
    assert not later.alive
    assert read_status(tmp_path / "nowhere") is None
