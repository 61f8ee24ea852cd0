"""The pump on a real Kafka: processes killed, stopped and woken, the broker too.

Whatever happens, nothing is lost, an id that comes again has the same bytes, and
each key's first occurrences are in order.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from qppflow.local.kafka import LocalKafka
from qppflow.local.processes import wait_until
from qppflow.local.settings import KafkaSettings
from qppflow.runtime import headers
from qppflow.runtime.aio import AioProducer, record_of
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.producer import Producer
from qppflow.runtime.progress import read_all
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import new_key, read_key
from tests.helpers.runtime import ids_of
from tests.services.pump_worker import PARTITIONS, topics

if TYPE_CHECKING:
    from qppflow.runtime.records import Headers

pytestmark = pytest.mark.kafka

COUNT = 5_000
CHUNK = 50
KEYS = 40
POISON = 101
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """Run a broker that these tests may kill."""
    settings = KafkaSettings(state=tmp_path_factory.mktemp("pump-broker"))
    with LocalKafka(settings) as running:
        yield running


@dataclass
class Site:
    """One kind of worker on one broker: its environment and its processes."""

    kind: str
    servers: str
    folder: Path
    sealing_key: str = field(default_factory=lambda: new_key(64))
    token_key: str = field(default_factory=lambda: new_key(32))

    def start(self, instance: str) -> "subprocess.Popen[bytes]":
        """Start a worker; its log goes to a file."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'services'}",
            "QPPFLOW_BOOTSTRAP_SERVERS": self.servers,
            "QPPFLOW_TOKEN_KEY": self.token_key,
            "QPPFLOW_SEALING_KEY": self.sealing_key,
            "QPPFLOW_STATE_FOLDER": str(self.folder),
            "QPPFLOW_INSTANCE": instance,
            "QPPFLOW_SESSION_TIMEOUT_MS": "1500",
            "QPPFLOW_BATCH_RECORDS": "100",
        }
        command = [sys.executable, "-m", "tests.services.pump_worker", self.kind]
        with (self.folder / f"worker-{instance}.log").open("ab") as log:
            return subprocess.Popen(command, env=environment, cwd=ROOT, stderr=log)

    @contextmanager
    def worker(self, instance: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a worker for the length of a block, whatever happens in it."""
        process = self.start(instance)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    async def create_topics(self) -> None:
        """Create input, output and dead letters."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.servers)
        await admin.start()
        names = [topic.name for topic in topics(self.kind).values()]
        await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names])
        await admin.close()

    async def handled(self, instance: str, count: int) -> None:
        """Wait until a worker runs and has handled so many records."""

        def has() -> bool:
            return any(
                seen["instance"] == instance and seen["handled"] >= count
                for seen in read_all(self.folder)
            )

        found = await asyncio.to_thread(wait_until, has, 60, 0.05)
        assert found, f"worker {instance} did not handle {count} records"

    def submission(self, number: int) -> Outgoing:
        """Make one submission; every 101st cannot be read, all have odd headers."""
        value = b"\xffpoison" if number % POISON == 0 else b"%d" % number
        odd: Headers = (
            ("ce_source", b"registry"),
            ("ce_id", b"%d" % number),
            ("odd", b"\xff\xfe"),
            ("nothing", None),
            ("odd", b"again"),
        )
        return Outgoing("in", b"key-%d" % (number % KEYS), value, odd)

    async def read(self, name: str, distinct: int, seconds: float) -> list[Record]:
        """Read a topic until it has so many ids, and then what else there is."""
        found: list[Record] = []
        consumer = AIOKafkaConsumer(
            topics(self.kind)[name].name,
            bootstrap_servers=self.servers,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        until = time.monotonic() + seconds
        enough = False
        while time.monotonic() < until:
            polled = await consumer.getmany(timeout_ms=500)
            found += [record_of(one) for many in polled.values() for one in many]
            if enough and not polled:
                break
            enough = len(set(ids_of(found))) >= distinct
        await consumer.stop()
        return found


def end(process: "subprocess.Popen[bytes]") -> int:
    """Ask a worker to end, as an orchestrator does."""
    process.send_signal(signal.SIGTERM)
    return process.wait(30)


def expected_numbers() -> dict[bytes, list[int]]:
    """Give each key's readable numbers in order."""
    numbers: dict[bytes, list[int]] = {}
    for number in range(COUNT):
        if number % POISON:
            numbers.setdefault(b"key-%d" % (number % KEYS), []).append(number)
    return numbers


def firsts(records: list[Record]) -> dict[bytes, list[bytes]]:
    """Give each key's values, the first time that their id came."""
    seen: dict[str | None, bytes | None] = {}
    values: dict[bytes, list[bytes]] = {}
    for record, own in zip(records, ids_of(records), strict=True):
        if own in seen:
            assert seen[own] == record.value, "one id has two values"
        else:
            seen[own] = record.value
            values.setdefault(record.key or b"", []).append(record.value or b"")
    return values


async def trickle(site: Site) -> None:
    """Feed all submissions over some seconds, so that each fault hits a stream."""
    producer = Producer(lambda: AioProducer(site.servers), topics(site.kind))
    for first in range(0, COUNT, CHUNK):
        batch = [site.submission(n) for n in range(first, first + CHUNK)]
        for _ in range(100):
            if await sent(producer, batch):
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.2)
    await producer.stop()


async def sent(producer: Producer, batch: list[Outgoing]) -> bool:
    """Send; False if the broker was away, and then the batch must be sent again."""
    try:
        await producer.send(batch)
    except BrokerError:
        return False
    return True


async def disturb(site: Site, broker: LocalKafka) -> list[int]:
    """Feed while a worker is killed, one sleeps past its session, the broker dies."""
    await site.create_topics()
    with ExitStack() as running:
        first = running.enter_context(site.worker("1"))
        second = running.enter_context(site.worker("2"))
        await site.handled("1", 0)
        await site.handled("2", 0)
        feeding = asyncio.create_task(trickle(site))
        await site.handled("1", 100)
        await site.handled("2", 100)
        first.kill()
        third = running.enter_context(site.worker("3"))
        await site.handled("3", 100)
        second.send_signal(signal.SIGSTOP)
        await asyncio.sleep(2.5)
        second.send_signal(signal.SIGCONT)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.start)
        assert not feeding.done(), "the faults came too late to disturb anything"
        await feeding
        parts = 2 if site.kind == "stateless" else 1
        readable = COUNT - len(range(0, COUNT, POISON))
        await site.read("out", parts * readable, 60)
        return [end(second), end(third)]


def test_a_stateless_service_loses_nothing(broker: LocalKafka, tmp_path: Path) -> None:
    """Both outputs of each submission arrive, in order; poison is parked."""
    site = Site("stateless", broker.bootstrap_servers, tmp_path)

    codes = asyncio.run(disturb(site, broker))
    out = asyncio.run(site.read("out", 1, 5))
    dead = asyncio.run(site.read("dead", 1, 5))

    assert codes == [0, 0]
    assert firsts(out) == {
        key: [b"%d" % number for number in numbers for _ in range(2)]
        for key, numbers in expected_numbers().items()
    }
    assert {headers.first(one.headers, "dlq-sha256") for one in dead} != {None}
    originals = [
        Sealer(read_key(site.sealing_key)).open_envelope(
            headers.first(one.headers, "dlq-original") or b""
        )
        for one in dead
    ]
    assert {one.value for one in dead} == {b"\xffpoison"}
    assert {given for _, given in originals} == {
        site.submission(number).headers for number in range(0, COUNT, POISON)
    }


def test_a_service_with_memory_counts_each_submission_once(
    broker: LocalKafka, tmp_path: Path
) -> None:
    """Two processes on one store: a zombie's work does not count."""
    site = Site("stateful", broker.bootstrap_servers, tmp_path)

    codes = asyncio.run(disturb(site, broker))
    out = asyncio.run(site.read("out", 1, 5))

    assert codes == [0, 0]
    assert firsts(out) == {
        key: [b"%d %d" % (number, at) for at, number in enumerate(numbers, 1)]
        for key, numbers in expected_numbers().items()
    }
    log = "".join(file.read_text() for file in tmp_path.glob("worker-*.log"))
    events = [json.loads(line) for line in log.splitlines()]
    epochs = [one["epoch"] for one in events if one["event"] == "claimed"]
    assert max(epochs) > 1
