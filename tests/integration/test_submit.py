"""Submit, watch and dlq on a real Kafka, with intake and entities behind it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from qppflow.cli.reading_topics import AioReader, read_to_end
from qppflow.local.processes import wait_until
from qppflow.runtime import headers
from qppflow.runtime.records import Record
from qppflow.runtime.tokens import new_key
from qppflow.runtime.topics import ensure
from tests.helpers.broker_fakes import activities
from tests.helpers.documents import TIN, body

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from qppflow.cli.main import main; main()")
SERVICES = (sys.executable, "-m", "qppflow.cli.run", "intake", "entities")
SOURCE = ("--source", "urn:acme:registry")
SUBMISSIONS = "qpp-submissions"
MANY = 6_000


class Desk:
    """A folder of a registry, on topics of its own."""

    def __init__(self, servers: str, folder: Path) -> None:
        self.servers = servers
        self.folder = folder
        self.prefix = f"submit-{uuid.uuid4().hex[:8]}."
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'services'}",
            "QPPFLOW_BOOTSTRAP_SERVERS": servers,
            "QPPFLOW_TOPIC_PREFIX": self.prefix,
            "QPPFLOW_STATE_FOLDER": str(folder / ".qppflow"),
            "QPPFLOW_TOKEN_KEY": new_key(32),
            "QPPFLOW_SEALING_KEY": new_key(64),
        }

    def start(
        self, *words: str, stdout: BinaryIO | int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        """Start the command."""
        return subprocess.Popen(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self.environment,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        """Type the command and wait."""
        process = self.start(*words)
        with process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def lines(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """Type the command with --json, and read exit code and lines."""
        done = self.run(*words, "--json")
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def write(self, name: str, content: bytes) -> None:
        """Write a document."""
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)

    def receipts(self) -> list[dict[str, Any]]:
        """Read all receipts; a line that is not whole yet is none."""
        found = b"".join(
            file.read_bytes() for file in (self.folder / ".qppflow").glob("receipts-*")
        )
        lines = found[: found.rfind(b"\n") + 1].splitlines()
        return [json.loads(line) for line in lines]

    def records(self, topic: str) -> list[Record]:
        """Read a whole topic."""

        async def read() -> list[Record]:
            async with AioReader.connected(self.servers) as reader:
                name = self.prefix + topic
                return [r async for batch in read_to_end(reader, name) for r in batch]

        return asyncio.run(read())

    @contextmanager
    def services(self) -> Iterator[None]:
        """Run the front door for the length of a block."""
        with (self.folder / "services.log").open("wb") as log:
            process = subprocess.Popen(
                SERVICES, cwd=self.folder, env=self.environment, stderr=log
            )
        try:
            yield
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def desk(kafka: str, tmp_path: Path) -> Desk:
    """Give a folder, and the topics of the contracts under a prefix of its own."""
    made = Desk(kafka, tmp_path)
    asyncio.run(ensure(kafka, made.prefix))
    return made


def test_the_three_fates_are_waited_for_and_then_seen_by_everyone(desk: Desk) -> None:
    """The sender sees each fate, a watcher the answers, an operator the dead letter."""
    desk.write("outbox/good.json", body(activities()))
    desk.write("outbox/wrong.json", body(activities() | {"performanceYear": 1066}))
    desk.write("outbox/broken.json", f"no JSON, {TIN}".encode())
    typed = ("submit", "outbox", *SOURCE, "--wait", "--timeout", "60")

    with desk.services():
        code, told = desk.lines(*typed)
        again, later = desk.lines(*typed)

    fates = {one["document"]: one["fate"] for one in told}
    assert code == again == 1
    wanted = {
        "outbox/good.json": "accepted",
        "outbox/wrong.json": "rejected",
        "outbox/broken.json": "parked",
    }
    assert fates == wanted
    assert {one["document"]: one["fate"] for one in later} == wanted
    assert len(desk.records(SUBMISSIONS)) == 3
    watched = desk.run("watch", "results", "--from-start", "--limit", "3", *SOURCE)
    assert watched.returncode == 0
    assert len(watched.stdout.splitlines()) == 3
    (letter,) = (one["deadLetter"] for one in told if one["deadLetter"])
    _, (listed,) = desk.lines("dlq", "list")
    assert [one["id"] for one in listed["letters"]] == [letter]
    _, (shown,) = desk.lines("dlq", "show", letter, "--unseal")
    assert shown["looksLike"].startswith("Not JSON")
    names = [one["name"] for one in shown["original"]["headers"]]
    assert names == [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "content-type",
    ]
    assert TIN not in json.dumps(shown)


def test_a_killed_run_is_resumed_under_the_same_ids(desk: Desk) -> None:
    """Nothing is lost, and what lies there twice has one id and the same bytes."""
    documents = [body(activities(f"{number:09d}")) for number in range(MANY)]
    desk.write("outbox.ndjson", b"\n".join(documents))
    process = desk.start("submit", "outbox.ndjson", *SOURCE)
    with process:
        assert wait_until(lambda: len(desk.receipts()) > 0, 60, 0.01)
        process.kill()
    before = desk.receipts()

    resumed = desk.run("submit", "outbox.ndjson", *SOURCE)

    assert resumed.returncode == 0, resumed.stderr
    assert 0 < len(before) < MANY, "the kill came too late to prove anything"
    said = f"{MANY - len(before)} sent, {len(before)} sent before, 0 refused"
    assert said in resumed.stdout.decode()
    receipts = desk.receipts()
    assert receipts[: len(before)] == before
    assert len({one["document"] for one in receipts}) == MANY
    by_id: dict[str | None, set[bytes | None]] = {}
    for record in desk.records(SUBMISSIONS):
        by_id.setdefault(headers.read(record.headers).id, set()).add(record.value)
    assert by_id.keys() == {one["id"] for one in receipts}
    assert all(len(values) == 1 for values in by_id.values())


def test_a_receipt_names_the_very_record(desk: Desk) -> None:
    """Topic, partition, offset and append time are the broker's own."""
    desk.write("outbox.ndjson", b"\n".join(body(activities()) for _ in range(50)))

    code, told = desk.lines("submit", "outbox.ndjson", *SOURCE)

    assert code == 0
    kept = {record.origin: record for record in desk.records(SUBMISSIONS)}
    assert len(told) == len(kept) == 50
    for one in told:
        record = kept[f"{one['topic']}/{one['partition']}/{one['offset']}"]
        assert headers.read(record.headers).id == one["id"]
        assert headers.timestamp(record.timestamp) == one["at"]


def test_up_to_the_limit_of_the_topic_documents_are_sent(desk: Desk) -> None:
    """One of nearly 4 MiB goes, one above is refused before it is sent."""
    desk.write("outbox/large.json", b" " * 4_193_000 + b"{}")
    desk.write("outbox/larger.json", b" " * 4_194_304)

    code, told = desk.lines("submit", "outbox", *SOURCE)

    assert code == 1
    assert {one["document"]: one["state"] for one in told} == {
        "outbox/large.json": "sent",
        "outbox/larger.json": "refused",
    }
    assert len(desk.records(SUBMISSIONS)) == 1


def test_ctrl_c_ends_watching_with_0(desk: Desk) -> None:
    """It is how watching ends, not a failure."""
    desk.write("wrong.json", b"{}")
    seen = desk.folder / "seen"
    with seen.open("wb") as out:
        process = desk.start("watch", "results", "--from-start", stdout=out)
    with process, desk.services():
        desk.run("submit", "wrong.json", *SOURCE, "--wait", "--timeout", "60")
        came = wait_until(lambda: seen.stat().st_size > 0, 30, 0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert came
    assert b"rejected" in seen.read_bytes()
    assert (process.returncode, err) == (0, b"")


def test_topics_that_are_missing_end_with_3(desk: Desk) -> None:
    """And none is made by asking for it."""
    desk.environment["QPPFLOW_TOPIC_PREFIX"] = "nobody-made-these."
    desk.write("good.json", body(activities()))

    codes = [
        desk.run("submit", "good.json", *SOURCE).returncode,
        desk.run("watch", "scores").returncode,
        desk.run("dlq", "list").returncode,
        desk.run("watch", "scores").returncode,
    ]

    assert codes == [3, 3, 3, 3]


def test_a_broken_pipe_ends_watching_in_silence(desk: Desk) -> None:
    """``qppflow watch results | head -1`` is no error."""
    desk.write("wrong.ndjson", b"{}\n" * 40)
    with desk.services():
        desk.run("submit", "wrong.ndjson", *SOURCE, "--wait", "--timeout", "60")
    process = desk.start("watch", "results", "--from-start", "--limit", "40")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    with process:
        _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (0, b"")
