"""A stream that did real work: what status counts, wrong topics, and lost memories."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from qppflow.demo.play import play
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.local.kafka import LocalKafka
from qppflow.local.processes import wait_until
from qppflow.local.settings import KafkaSettings
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.contracts import topics
from tests.helpers.desk import SECONDS, Desk

if TYPE_CHECKING:
    from qppflow.demo.play import Outcome

pytestmark = pytest.mark.kafka

SIZE, SEED = 30, 5
REMEMBERING = ("entities", "final_scores", "payments")
WRONG = "wrong."
SUBMISSIONS = "qpp-submissions"


class Keeper(Desk):
    """The command about a state folder; what a population came to there."""

    outcome: "Outcome | None" = None

    def run(self, *arguments: str, **variables: str) -> tuple[int, dict[str, Any]]:
        """Run a command; gives its exit code and the JSON it printed."""
        state = ("--state", str(self.folder), "--json")
        done = self.typed(*arguments, *state, **variables)
        assert done.stdout, done.stderr.decode()
        told: dict[str, Any] = json.loads(done.stdout)
        return done.returncode, told

    def memory(self, service: str) -> tuple[list[Any], list[Any]]:
        """Read a service's states, byte for byte, and its positions."""
        with closing(sqlite3.connect(self.folder / f"{service}.sqlite3")) as opened:
            states = opened.execute(
                f"SELECT subject, state FROM {service}_states ORDER BY subject"  # noqa: S608 - a name of this file
            ).fetchall()
            positions = opened.execute(
                f"SELECT topic, partition, position FROM {service}_positions"  # noqa: S608 - a name of this file
                " ORDER BY topic, partition"
            ).fetchall()
        return states, positions


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    """Start everything, let a small population pass, and stop it whatever happens."""
    desk = Keeper(tmp_path_factory.mktemp("up"))
    code, told = desk.run("up")
    assert code == 0, told
    try:
        messages = population(SIZE, SEED, years_to_play())
        servers = told["bootstrapServers"]
        desk.outcome = asyncio.run(
            play(servers, messages, SystemClock(), lambda _stages, _seconds: None)
        )
        yield desk
    finally:
        desk.run("down")


async def make_wrong_topic(servers: str) -> None:
    """Create the first topic of a deployment of its own with other partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        topic = topics()[SUBMISSIONS]
        await admin.create_topics([
            NewTopic(WRONG + SUBMISSIONS, 7, 1, topic_configs=topic.broker_settings)
        ])  # fmt: skip
    finally:
        await admin.close()


def test_status_counts_what_the_stream_did(desk: Keeper) -> None:
    """Each input was handled, nothing is left, and the parked are in their topic."""
    assert desk.outcome is not None
    fates = desk.outcome.conservation

    def settled() -> bool:
        code, told = desk.run("status")
        return code == 0 and not any(one["lag"] for one in told["services"])

    assert wait_until(settled, SECONDS, 0.5)
    _, told = desk.run("status")
    intake = told["services"][0]
    assert (intake["name"], intake["handled"]) == ("intake", fates.received)
    assert told["deadLetters"] == fates.parked == intake["parked"]
    assert intake["progressAge"] is not None
    assert told["broker"]["alive"]
    assert told["database"] == {"at": "sqlite", "pid": None, "alive": True}


def test_a_wrong_number_of_partitions_is_found_and_left_alone(desk: Keeper) -> None:
    """Check and create name it; the other topics are made as agreed."""
    servers = LocalKafka.attach(desk.folder).bootstrap_servers
    right, _ = desk.run("topics", "check")
    asyncio.run(make_wrong_topic(servers))

    created, made = desk.run("topics", "create", QPPFLOW_TOPIC_PREFIX=WRONG)
    checked, told = desk.run("topics", "check", QPPFLOW_TOPIC_PREFIX=WRONG)

    assert (right, created, checked) == (0, 1, 1)
    agreed = str(topics()[SUBMISSIONS].partitions)
    [wrong] = [one for one in told["topics"] if one["state"] != "agreed"]
    assert wrong["name"] == WRONG + SUBMISSIONS
    assert wrong["differences"] == [
        {"setting": "partitions", "found": "7", "agreed": agreed}
    ]
    states = {one["name"]: one["state"] for one in made["topics"]}
    assert states.pop(WRONG + SUBMISSIONS) == "different"
    assert set(states.values()) == {"created"}


def test_lost_memories_are_made_anew_byte_for_byte(desk: Keeper) -> None:
    """From the log alone, sending nothing; this test ends the stream."""
    desk.run("down")
    before = {name: desk.memory(name) for name in REMEMBERING}
    for file in desk.folder.glob("*.sqlite3*"):
        file.unlink()

    with LocalKafka(KafkaSettings(desk.folder)):
        rebuilt = {name: desk.run("state", "rebuild", name) for name in REMEMBERING}

    assert {name: code for name, (code, _) in rebuilt.items()} == dict.fromkeys(
        REMEMBERING, 0
    )
    assert {name: desk.memory(name) for name in REMEMBERING} == before
    for name, (_, told) in rebuilt.items():
        states, positions = before[name]
        assert told["states"] == len(states) > 0
        assert told["records"] == sum(position for _, _, position in positions) > 0
