"""Processes are known by number and start, and none outlives its owner unasked."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qppflow.local.errors import NotRunningError, StartError
from qppflow.local.files import locked, read_json, shorten, tail, write_whole
from qppflow.local.guard import wards_of
from qppflow.local.guarding import Guard
from qppflow.local.kafka import LocalKafka
from qppflow.local.launching import (
    Program,
    helper_environment,
    launch_alone,
    run,
    server_environment,
)
from qppflow.local.postgres_files import closed_parts
from qppflow.local.processes import (
    ProcessId,
    end,
    identify,
    is_alive,
    started_by_ps,
    wait_until,
)
from qppflow.local.record import ServerRecord, read_record

SLEEP = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)")
DEAF_CODE = """
import signal, time
signal.signal(15, signal.SIG_IGN)
print('deaf', flush=True)
time.sleep(60)
"""
DEAF = (sys.executable, "-I", "-S", "-c", DEAF_CODE)
OWNER = """
import sys, time
from qppflow.local.guarding import Guard
from qppflow.local.processes import identify
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
Guard().add(identify(child.pid), 15)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def sleeper() -> Iterator[ProcessId]:
    """Run a process that sleeps."""
    with subprocess.Popen(SLEEP) as child:
        process = identify(child.pid)
        assert process is not None
        yield process
        child.kill()


def write_kafka_note(state: Path, process: ProcessId) -> None:
    """Leave the note of a broker that was started as *process*."""
    (state / "kafka").mkdir()
    members = {"ports": {"clients": 1, "controller": 2}, "settings": {}}
    ServerRecord(process, members).write(state / "kafka" / "broker.json")


def test_a_process_is_known_until_it_ends(sleeper: ProcessId) -> None:
    """An ended process is gone even before its exit code is collected."""
    assert is_alive(sleeper)
    os.kill(sleeper.pid, signal.SIGKILL)

    assert wait_until(lambda: not is_alive(sleeper), 5)


def test_a_number_used_again_is_another_process(sleeper: ProcessId) -> None:
    """The same number with another start is not ended."""
    recycled = ProcessId(sleeper.pid, "an-earlier-start")

    assert end(recycled, 0, signal.SIGKILL)
    assert is_alive(sleeper)


def test_a_recycled_number_is_not_taken_for_the_broker(
    tmp_path: Path, sleeper: ProcessId
) -> None:
    """``down`` after a crash of the machine must not kill a stranger."""
    write_kafka_note(tmp_path, ProcessId(sleeper.pid, "before-the-crash"))

    with pytest.raises(NotRunningError, match="does not run"):
        LocalKafka.attach(tmp_path)
    assert is_alive(sleeper)


def test_the_recorded_process_is_taken_and_stopped(
    tmp_path: Path, sleeper: ProcessId
) -> None:
    """The twin of the test above: number and start agree."""
    write_kafka_note(tmp_path, sleeper)

    found = LocalKafka.attach(tmp_path)

    assert found.pid == sleeper.pid
    assert found.bootstrap_servers == "127.0.0.1:1"
    assert found.stop()
    assert not found.alive


def test_a_process_that_does_not_listen_is_killed() -> None:
    """Waiting has an end, and the caller learns that force was needed."""
    with subprocess.Popen(DEAF, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        process = identify(child.pid)
        assert process is not None

        assert not end(process, 0.1)
        assert not is_alive(process)


def test_systems_without_proc_ask_ps(sleeper: ProcessId) -> None:
    """Both ways tell a living process from one that never was."""
    if not Path("/bin/ps").exists():
        pytest.skip("no ps here")

    started = started_by_ps(sleeper.pid)

    assert started is not None
    assert started == started_by_ps(sleeper.pid)
    assert started_by_ps(2**22 + 1) is None


def test_a_program_on_its_own_has_no_parent_here(tmp_path: Path) -> None:
    """The system adopts it: we neither wait for it nor end with it."""
    show = "import os, sys; print(os.getppid(), sys.stdin.read(), flush=True)"
    stay = f"{show}; import time; time.sleep(60)"
    log = tmp_path / "log"

    process = launch_alone(
        Program((sys.executable, "-c", stay), tmp_path, log), b"the plan"
    )

    try:
        assert wait_until(lambda: bool(tail(log)), 10)
        parent, plan = tail(log).split(" ", 1)
        assert int(parent) != os.getpid()
        assert plan == "the plan"
        assert os.getsid(process.pid) == process.pid
    finally:
        end(process, 0, signal.SIGKILL)


def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """The reason is in the text."""
    program = Program(("/no/such/program",), tmp_path, tmp_path / "log")

    with pytest.raises(StartError, match="No such file"):
        launch_alone(program)


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """Its log's end is in the text."""
    program = Program(DEAF, tmp_path, tmp_path / "log")

    with pytest.raises(StartError, match=r"(?s)took more than 0 s.*deaf") as caught:
        run(program, 0.4)

    assert "sleep" not in str(caught.value)


def test_a_server_gets_none_of_our_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets and Java's flag variables stay here; the path goes along."""
    monkeypatch.setenv("QPPFLOW_SECRET", "s")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx9g")

    given = server_environment()

    assert given["PATH"] == os.environ["PATH"]
    assert not {"QPPFLOW_SECRET", "JAVA_TOOL_OPTIONS"} & set(given)


def test_a_guard_ends_the_wards_of_a_killed_owner() -> None:
    """SIGKILL gives the owner no chance to tidy up; the guard does."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER],
        stdout=subprocess.PIPE,
        env=helper_environment(),
    ) as owner:
        assert owner.stdout is not None
        ward = identify(int(owner.stdout.readline()))
        assert ward is not None
        owner.kill()

    assert wait_until(lambda: not is_alive(ward), 10)


def test_a_dropped_ward_goes_on(sleeper: ProcessId) -> None:
    """Who was dropped is not ended when the guard closes."""
    with Guard() as guard:
        guard.add(sleeper, signal.SIGTERM)
        guard.drop(sleeper)

    assert is_alive(sleeper)


def test_a_closing_guard_ends_who_is_left(sleeper: ProcessId) -> None:
    """The twin of the test above."""
    with Guard() as guard:
        guard.add(sleeper, signal.SIGTERM)

    assert not is_alive(sleeper)


def test_orders_are_followed_to_the_end_of_input() -> None:
    """What was added and not dropped is left, with its signal."""
    lines = [
        '{"pid": 1, "started": "a", "signal": 15}',
        '{"pid": 2, "started": "b", "signal": 2}',
        '{"pid": 1, "started": "a", "signal": null}',
    ]

    assert wards_of(lines) == {ProcessId(2, "b"): 2}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "1", "started": "a"}'])
def test_a_broken_note_is_no_note(tmp_path: Path, text: str) -> None:
    """A half-written or foreign file names no process."""
    path = tmp_path / "note.json"
    path.write_text(text, encoding="utf-8")

    assert read_record(path) is None
    assert read_record(tmp_path / "none.json") is None


def test_a_file_is_replaced_whole_and_read_by_its_owner_only(tmp_path: Path) -> None:
    """No draft is left beside it."""
    path = tmp_path / "note.json"
    path.write_text("old", encoding="utf-8")

    write_whole(path, '{"n": 1}')

    assert read_json(path) == {"n": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_end_of_a_log_is_short_and_always_text(tmp_path: Path) -> None:
    """Long logs, broken bytes and no log at all."""
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"line %d\n" % n for n in range(9000)) + b"\xff end")

    assert tail(path, 2) == "line 8999\n\ufffd end"
    assert tail(tmp_path / "none") == ""


def test_a_long_log_is_set_aside(tmp_path: Path) -> None:
    """One older file is kept; short logs stay."""
    path = tmp_path / "log"
    path.write_text("long", encoding="utf-8")
    shorten(path, limit=4)
    assert path.exists()

    shorten(path, limit=3)

    assert not path.exists()
    assert (tmp_path / "log.1").read_text(encoding="utf-8") == "long"


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """A second holder is refused at once, and let in afterwards."""
    path = tmp_path / "lock"
    with locked(path), pytest.raises(BlockingIOError), locked(path):
        pytest.fail("both held the lock")

    with locked(path):
        assert path.exists()


def test_a_folder_that_others_cannot_enter_is_named(tmp_path: Path) -> None:
    """PostgreSQL, which refuses root, could not reach its data there."""
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    inner.chmod(0o711)
    closed.chmod(0o711)
    assert closed not in list(closed_parts(inner))
    closed.chmod(0o700)

    assert closed in list(closed_parts(inner))
