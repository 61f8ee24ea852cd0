"""The operator's commands on a real Kafka: up, status, a kill, down, rebuild."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from qppflow.local.processes import wait_until
from qppflow.runtime.contracts import topics
from qppflow.services import SERVICES
from tests.helpers.desk import Desk

pytestmark = pytest.mark.kafka

STATEFUL = ("entities", "final_scores", "payments")


class Operator(Desk):
    """Reads what commands print, line by line."""

    def run(self, *arguments: str) -> tuple[int, list[Any]]:
        """Run a command; gives its exit code and the JSON lines it printed."""
        done = self.typed(*arguments)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def status(self) -> dict[str, Any]:
        """Look at everything."""
        _, (found,) = self.run("status", "--json")
        status: dict[str, Any] = found
        return status

    def pids(self) -> dict[str, int | None]:
        """Give the process of each service; None where it has none."""
        return {item["name"]: item["pid"] for item in self.status()["services"]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """Start everything once, and stop it whatever happens."""
    desk = Operator(tmp_path_factory.mktemp("desk"))
    code, printed = desk.run("up", "--json")
    assert (code, printed[-1]["ok"]) == (0, True)
    yield desk
    desk.run("down", "--json")


def test_up_again_changes_nothing(desk: Operator) -> None:
    """Who types it twice is told that all is up."""
    before = desk.pids()

    code, printed = desk.run("up", "--json")

    assert (code, printed[-1]["alreadyUp"]) == (0, True)
    assert desk.pids() == before


def test_every_service_has_a_process_and_no_lag(desk: Operator) -> None:
    """Status names each of the ten services."""
    assert set(desk.pids()) == set(SERVICES)
    assert wait_until(lambda: desk.status()["ok"] is True, 60, 1.0)


def test_a_killed_process_comes_back(desk: Operator) -> None:
    """The supervisor starts it again with a pause."""
    before = desk.pids()
    killed = before["payments"]
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    def is_back() -> bool:
        now = desk.pids()["payments"]
        return now not in {None, killed}

    assert wait_until(is_back, 60, 0.5)
    assert wait_until(lambda: desk.status()["ok"] is True, 60, 1.0)


def test_topics_are_as_agreed(desk: Operator) -> None:
    """Every topic of the contracts is there with its settings."""
    code, printed = desk.run("topics", "check", "--json")

    assert code == 0
    assert [name for name in topics() if name not in json.dumps(printed)] == []


def test_a_stopped_stream_can_be_rebuilt_and_says_that_it_is_down(
    desk: Operator,
) -> None:
    """A rebuild starts the broker for itself and reads every partition."""
    desk.run("down", "--json")

    codes = {name: desk.run("state", "rebuild", name, "--json") for name in STATEFUL}

    assert {name: code for name, (code, _) in codes.items()} == dict.fromkeys(
        STATEFUL, 0
    )
    assert all(printed[-1]["ok"] for _, printed in codes.values())
    assert desk.run("status", "--json")[0] != 0


def test_an_unknown_service_cannot_run(desk: Operator) -> None:
    """The list of services is in the message."""
    assert desk.run("run", "nobody")[0] == 2
