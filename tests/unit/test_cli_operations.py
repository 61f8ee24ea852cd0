"""The operator's commands without a broker: what they say, and how they end."""

import asyncio
import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from rich.console import Console

from qppflow.cli import operations_rebuild
from qppflow.cli.exits import Exit
from qppflow.cli.operations_meter import Meter
from qppflow.cli.operations_rebuild import (
    Rebuilt,
    Remembering,
    remembering,
)
from qppflow.cli.operations_status import age, show_status, status_json
from qppflow.local import stack_steps
from qppflow.local.children import ChildPlan
from qppflow.local.stack_note import Note
from qppflow.local.stack_plan import StackConfig
from qppflow.local.stack_status import ServerStatus, ServiceStatus, StackStatus
from qppflow.local.supervisor import Supervisor
from qppflow.runtime.compose import guard_of, stateful
from qppflow.runtime.faults import StopServiceError
from qppflow.runtime.rebuild import Reread
from qppflow.runtime.records import Place, Record
from qppflow.runtime.sealing import KEY_SIZE
from qppflow.runtime.tokens import SHORTEST_KEY, new_key
from qppflow.runtime.topics import Difference, TopicReport, TopicState
from qppflow.services import SERVICES
from tests.helpers.cli import WIDTH, lines, run, too_wide
from tests.helpers.quiet_logs import logs_restored

COMMANDS = (
    ("up",),
    ("down",),
    ("status",),
    ("run",),
    ("topics", "create"),
    ("topics", "check"),
    ("state", "rebuild"),
)
STAY = "import time; time.sleep(60)"
AWAY = "127.0.0.1:1"
TOKEN_KEY, SEALING_KEY = new_key(SHORTEST_KEY), new_key(KEY_SIZE)
VALUES = {
    "bootstrap_servers": AWAY,
    "token_key": TOKEN_KEY,
    "sealing_key": SEALING_KEY,
}


@pytest.fixture(autouse=True)
def nobody_set_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the tester's own do not count here."""
    for name in [name for name in os.environ if name.startswith("QPPFLOW_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def logs() -> Iterator[None]:
    """Give back the logs of this process, which a command takes for its own."""
    with logs_restored():
        yield


def a_service(name: str, state: str = "running", reason: str = "") -> ServiceStatus:
    """Make the status of a service with long figures."""
    return ServiceStatus(
        name, "+".join(SERVICES), 4_194_304, 12, state, reason, 1_234_567, 12_345_678,
        12_345, 0.4, 7_300.0,
    )  # fmt: skip


def a_status(*services: ServiceStatus, alive: bool = True) -> StackStatus:
    """Make a status around services."""
    broker = ServerStatus("127.0.0.1:9092", 4_194_303, alive=alive)
    return StackStatus(1, broker, ServerStatus("sqlite", None, alive=True), services, 3)


@contextmanager
def supervised(state: Path, name: str) -> Iterator[None]:
    """Run a tiny process where a service would be."""
    argv = (sys.executable, "-I", "-S", "-c", STAY)
    with Supervisor([ChildPlan(name, argv, state / "logs" / "a.log")], state):
        yield


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_an_example(command: tuple[str, ...]) -> None:
    """In 80 columns, with the exit codes below it."""
    ended = run(*command, "--help")

    assert ended.exit_code == Exit.OK
    assert f"qppflow {' '.join(command)}" in ended.output.split("Example", 1)[1]
    assert "Exit codes: 0" in ended.output
    assert too_wide(ended.output) == []


def test_an_unknown_service_ends_with_the_list_of_all() -> None:
    """Nothing starts, not even the services that are known."""
    ended = run("run", "intake", "nobody")

    assert ended.exit_code == Exit.USAGE
    assert "'nobody'" in ended.output
    told = ended.output.replace("\n", " ")
    assert [name for name in SERVICES if name not in told] == []


def test_services_run_once_each_and_their_code_is_the_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A container sees that an operator must act."""
    seen: list[list[str]] = []

    def run_services(names: list[str]) -> int:
        seen.append(names)
        return Exit.NEEDS_OPERATOR

    monkeypatch.setattr("qppflow.services.run_services", run_services)

    ended = run("run", "cost", "intake", "cost")

    assert ended.exit_code == Exit.NEEDS_OPERATOR
    assert seen == [["cost", "intake"]]


def test_a_service_without_settings_says_which_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the names of the variables."""
    # Logs of this whole process would go where only this command writes.
    monkeypatch.setattr("qppflow.runtime.compose.configure", lambda _name: None)

    ended = run("run", "intake")

    assert ended.exit_code == Exit.USAGE
    assert "QPPFLOW_TOKEN_KEY" in ended.output


def test_status_of_nothing_ends_with_4(tmp_path: Path) -> None:
    """A script can tell it from something that is not well."""
    told = run("status", "--state", tmp_path)
    written = run("status", "--state", tmp_path, "--json")

    assert (told.exit_code, written.exit_code) == (Exit.UNREACHABLE, Exit.UNREACHABLE)
    assert "qppflow up" in told.output
    [line] = lines(written)
    assert (line["ok"], line["running"], line["services"]) == (False, False, [])


def test_status_of_services_without_a_broker_ends_with_1(tmp_path: Path) -> None:
    """They run, but not all is well."""
    with supervised(tmp_path, "intake+cost"):
        ended = run("status", "--state", tmp_path, "--json")

    assert ended.exit_code == Exit.NOT_ACCEPTED
    [line] = lines(ended)
    assert (line["running"], line["broker"]["alive"]) == (True, False)
    assert [one["name"] for one in line["services"]] == ["intake", "cost"]


def test_down_of_nothing_is_no_fault(tmp_path: Path) -> None:
    """What was asked for is true."""
    ended = run("down", "--state", tmp_path, "--json")

    assert ended.exit_code == Exit.OK
    assert lines(ended) == [{"ok": True, "ran": False}]


def test_up_with_another_choice_than_the_running_one_is_refused(
    tmp_path: Path,
) -> None:
    """Which choice is named, and nothing changes."""
    Note.of(StackConfig(tmp_path), AWAY, SERVICES).write(tmp_path)
    with supervised(tmp_path, "intake"):
        ended = run("up", "--state", tmp_path, "--processes", 7, "--postgres")

    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert "processes, store" in ended.output


def test_up_on_a_taken_port_names_it(tmp_path: Path) -> None:
    """An operator must act, and knows how."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("up", "--state", tmp_path, "--port", port)

    assert ended.exit_code == Exit.NEEDS_OPERATOR
    assert f"port {port} is taken" in ended.output.replace("\n", " ")


def test_up_with_a_cluster_that_is_away_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address is in the message; no broker of ours is started instead."""
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", AWAY)
    monkeypatch.setattr(stack_steps, "TOPICS_SECONDS", 0.0)

    ended = run("up", "--state", tmp_path)

    assert ended.exit_code == Exit.NEEDS_OPERATOR
    assert AWAY in ended.output
    assert not (tmp_path / "kafka").exists()


@pytest.mark.parametrize("command", ["create", "check"])
def test_topics_without_a_broker_end_with_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Whether none is known or the known one is away."""
    unknown = run("topics", command, "--state", tmp_path)
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", AWAY)
    away = run("topics", command, "--state", tmp_path)

    assert (unknown.exit_code, away.exit_code) == (Exit.UNREACHABLE, Exit.UNREACHABLE)
    assert "qppflow up" in unknown.output
    assert AWAY in away.output


@pytest.mark.parametrize("good", [True, False])
def test_topics_check_ends_with_0_only_if_all_are_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, good: bool
) -> None:
    """The difference is in both outputs; the prefix goes to the broker."""
    one = TopicReport("x.qpp-submissions", TopicState.AGREED)
    other = TopicReport(
        "x.qpp-payment-adjustments",
        TopicState.DIFFERENT,
        (Difference("message.timestamp.type", "CreateTime", "LogAppendTime"),),
    )
    asked: list[tuple[str, str]] = []

    async def inspect(servers: str, prefix: str) -> list[TopicReport]:
        asked.append((servers, prefix))
        return [one] if good else [one, other]

    monkeypatch.setattr("qppflow.runtime.topics.inspect", inspect)
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", AWAY)
    monkeypatch.setenv("QPPFLOW_TOPIC_PREFIX", "x.")

    told = run("topics", "check", "--state", tmp_path)
    written = run("topics", "check", "--state", tmp_path, "--json")

    code = Exit.OK if good else Exit.NOT_ACCEPTED
    assert (told.exit_code, written.exit_code) == (code, code)
    assert asked == [(AWAY, "x.")] * 2
    assert ("LogAppendTime" in told.output) is not good
    assert too_wide(told.output) == []
    [line] = lines(written)
    assert line["ok"] is good
    assert len(line["topics"][-1]["differences"]) == (0 if good else 1)


def test_only_services_with_a_memory_can_be_rebuilt(tmp_path: Path) -> None:
    """The others are named."""
    ended = run("state", "rebuild", "quality", "--state", tmp_path)

    assert ended.exit_code == Exit.USAGE
    assert "entities, final_scores, payments" in ended.output


def test_a_running_service_is_not_rebuilt(tmp_path: Path) -> None:
    """Two would write to one memory."""
    with supervised(tmp_path, "intake+entities"):
        ended = run("state", "rebuild", "entities", "--state", tmp_path)

    assert ended.exit_code == Exit.NEEDS_OPERATOR
    assert "qppflow down" in ended.output
    assert not (tmp_path / "kafka").exists()


@pytest.mark.usefixtures("logs")
def test_a_rebuild_in_a_container_takes_everything_from_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is named; a broker that is away ends with 4."""
    monkeypatch.setenv("QPPFLOW_TOKEN_KEY", TOKEN_KEY)
    missing = run("state", "rebuild", "payments", "--state", tmp_path)
    monkeypatch.setenv("QPPFLOW_SEALING_KEY", SEALING_KEY)
    monkeypatch.setenv("QPPFLOW_STATE_FOLDER", str(tmp_path))
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", AWAY)
    away = run("state", "rebuild", "payments")

    assert missing.exit_code == Exit.USAGE
    assert "QPPFLOW_SEALING_KEY" in missing.output
    assert TOKEN_KEY not in missing.output
    assert away.exit_code == Exit.UNREACHABLE


@pytest.mark.usefixtures("logs")
def test_what_parks_again_is_told_apart_from_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reads the output reads one line of JSON."""
    for name, value in {**VALUES, "state_folder": str(tmp_path)}.items():
        monkeypatch.setenv(f"QPPFLOW_{name.upper()}", value)

    async def parks(one: Remembering, _meter: object, *, partial: bool) -> Rebuilt:
        assert not partial
        structlog.get_logger().warning("parked", reason="not-json")
        read = {Place("t", 0): Reread(3, cut=False, since=5)}
        return Rebuilt(one.wiring.name, read, 2)

    monkeypatch.setattr("qppflow.cli.operations_rebuild.rebuild_service", parks)

    ended = run("state", "rebuild", "payments", "--json")

    [line] = lines(ended)
    assert (line["service"], line["records"], line["states"]) == ("payments", 3, 2)
    assert line["remembersSince"] == {}
    assert '"event":"parked"' in ended.stderr


@pytest.mark.usefixtures("logs")
def test_a_partial_rebuild_is_asked_for_and_tells_what_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the option nothing is changed, and an operator is told what helps."""
    for name, value in {**VALUES, "state_folder": str(tmp_path)}.items():
        monkeypatch.setenv(f"QPPFLOW_{name.upper()}", value)

    async def cut(one: Remembering, _meter: object, *, partial: bool) -> Rebuilt:
        if not partial:
            raise StopServiceError("deleted", "state rebuild --partial")  # noqa: EM101 - words of the test
        since = (1_800_000_000_000, None)
        read = {
            Place("t", i): Reread(3, cut=True, since=s) for i, s in enumerate(since)
        }
        return Rebuilt(one.wiring.name, read, 2)

    monkeypatch.setattr("qppflow.cli.operations_rebuild.rebuild_service", cut)

    refused = run("state", "rebuild", "payments")
    told = run("state", "rebuild", "payments", "--partial")
    written = run("state", "rebuild", "payments", "--partial", "--json")

    assert refused.exit_code == Exit.NEEDS_OPERATOR
    assert "Nothing was changed" in refused.output
    assert too_wide(told.output) == []
    assert "--partial" in refused.output
    assert "t/0 remembers since 2027-01-15T08:00:00.000Z" in told.output
    assert "t/1 remembers nothing" in told.output
    [line] = lines(written)
    assert line["remembersSince"] == {"t/0": "2027-01-15T08:00:00.000Z", "t/1": None}


class Group:
    """A group whose members leave one at a time."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)

    async def members(self, _group: str) -> int:
        """Count them; the last count stays."""
        return self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]


def test_a_rebuild_waits_for_a_killed_service_to_leave_its_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Kafka holds it for a member until its session has run out."""
    monkeypatch.setattr(operations_rebuild, "POLL_SECONDS", 0.0)
    group = Group(2, 1, 0)

    asyncio.run(operations_rebuild.refuse_members(group, "entities"))

    assert group.counts == [0]


def test_a_service_that_runs_elsewhere_is_not_rebuilt() -> None:
    """Two would write to one memory."""
    waiting = operations_rebuild.refuse_members(Group(1), "entities", 0.0)

    with pytest.raises(StopServiceError, match="entities runs"):
        asyncio.run(waiting)


@pytest.mark.parametrize("name", ["entities", "final_scores", "payments"])
def test_a_rebuild_decides_and_parks_as_the_service_does(
    tmp_path: Path, name: str
) -> None:
    """A record that cannot be read parks for the same reason, under the same id."""
    one = remembering(name, {**VALUES, "state_folder": tmp_path})
    service = stateful(one.wiring, one.settings, one.memory)
    guard = guard_of(one.wiring, service.settings, service.producer)
    record = Record(one.wiring.reads[0], 0, 7, 1_000, b"k", b"not JSON", ())

    def decide() -> Iterator[object]:
        state = one.memory.load(None)
        yield from one.memory.decide(state, record)[1]

    decided = guard.decide(record, decide)  # type: ignore[arg-type]  # never yields

    assert one.wiring.name == name
    assert decided.parked
    assert decided.outputs[0].topic == "qpp-dead-letters"


def test_no_other_service_is_remembering() -> None:
    """A stateless service has nothing to rebuild."""
    with pytest.raises(KeyError):
        remembering("quality", {})


def test_status_fits_80_columns_and_names_what_is_wrong() -> None:
    """Even with long names and figures."""
    console = Console(file=io.StringIO(), width=WIDTH, force_terminal=False)
    services = [a_service(name) for name in SERVICES[:-1]]
    wrong = a_service("payments", "paused", "rule-book-missing (qpp-payment-inputs/3)")

    show_status(console, a_status(*services, wrong, alive=False))

    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert too_wide(text) == []
    assert "promoting_interoperability running" in text
    assert "payments: rule-book-missing (qpp-payment-inputs/3)" in text
    assert "does not answer" in text
    assert text.count("2h") == len(SERVICES)


def test_all_is_well_only_if_every_part_is() -> None:
    """One service or the broker is enough to say no."""
    good = a_service("intake")
    paused = a_service("cost", "paused", "because")

    assert a_status(good).well
    assert not a_status(good, paused).well
    assert not a_status(good, alive=False).well
    assert not a_status().well
    assert status_json(a_status(good, paused))["ok"] is False


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(None, "-"), (-0.5, "0s"), (59.4, "59s"), (60, "1m"), (7_300, "2h"), (1e6, "11d")],
)
def test_ages_are_short(seconds: float | None, written: str) -> None:
    """A clock that went back is no negative age."""
    assert age(seconds) == written


def test_progress_is_a_json_line_every_two_seconds_and_at_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Where nobody watches, a million records are not a million lines."""
    now = 0.0
    with Meter("rebuilding", lambda: now) as meter:
        for done, seconds in ((1, 0.0), (2, 1.9), (3, 2.1), (4, 2.2), (5, 2.3)):
            now = seconds
            meter(done, 5)

    told = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [line["done"] for line in told] == [1, 3, 5]
    assert told[0] == {"progress": "rebuilding", "done": 1, "total": 5}
