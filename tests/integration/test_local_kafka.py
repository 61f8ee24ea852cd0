"""The local broker is a real Apache Kafka: stopped, killed and found again."""

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from qppflow.local.errors import (
    AlreadyRunningError,
    NotRunningError,
    PortTakenError,
    StartError,
)
from qppflow.local.kafka import LocalKafka
from qppflow.local.launching import helper_environment
from qppflow.local.probe import ask
from qppflow.local.processes import identify, is_alive, wait_until
from qppflow.local.settings import KafkaSettings

pytestmark = pytest.mark.kafka

OWNER = """
import sys, time
from pathlib import Path
from qppflow.local.kafka import LocalKafka
from qppflow.local.settings import KafkaSettings
broker = LocalKafka(KafkaSettings(Path(sys.argv[1]), detach=sys.argv[2] == "detach"))
broker.start()
print(broker.pid, flush=True)
if sys.argv[3] == "stop":
    broker.stop()
elif sys.argv[3] == "stay":
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """Run one broker for the tests that stop and kill it."""
    settings = KafkaSettings(state=tmp_path_factory.mktemp("broker"))
    with LocalKafka(settings) as running:
        yield running


async def create_topic(servers: str, topic: str) -> None:
    """Create the topic of one partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def produce(servers: str, topic: str, value: bytes) -> None:
    """Create the topic and store one record, acknowledged by the broker."""
    await create_topic(servers, topic)
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def consume(servers: str, topic: str) -> list[bytes | None]:
    """Read the whole topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        values: list[bytes | None] = []
        while len(values) < end:
            values.append((await consumer.getone()).value)
        return values
    finally:
        await consumer.stop()


def owner(state: Path, how: str, then: str) -> subprocess.Popen[str]:
    """Start a broker from a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, str(state), how, then],
        stdout=subprocess.PIPE,
        env=helper_environment(),
        text=True,
    )


def can_unshare() -> bool:
    """Say whether a process can be given a network of its own here."""
    unshare, ip = shutil.which("unshare"), shutil.which("ip")
    if unshare is None or ip is None:
        return False
    tried = subprocess.run(
        [unshare, "-rn", ip, "link", "set", "lo", "up"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def test_a_record_that_was_produced_is_consumed(broker: LocalKafka) -> None:
    """The first start of a fresh state folder gives a working broker."""
    servers = broker.bootstrap_servers
    asyncio.run(produce(servers, "fresh", b"first"))

    assert asyncio.run(consume(servers, "fresh")) == [b"first"]


def test_a_broker_tells_its_cluster_and_says_so_only_of_itself(
    broker: LocalKafka,
) -> None:
    """The id on the wire is the id in the state folder."""
    view = ask(int(broker.bootstrap_servers.rpartition(":")[2]))

    assert view is not None
    assert (view.cluster_id, view.brokers) == (broker.cluster_id, 1)


def test_a_second_start_in_the_same_state_folder_is_refused(
    broker: LocalKafka,
) -> None:
    """Two brokers never share data; the first one goes on."""
    with pytest.raises(AlreadyRunningError, match="already runs"):
        LocalKafka(broker.settings).start()

    assert broker.alive


def test_a_restart_keeps_address_cluster_and_data(broker: LocalKafka) -> None:
    """An orderly stop and start is invisible but for the pause."""
    address, cluster, pid = broker.bootstrap_servers, broker.cluster_id, broker.pid
    asyncio.run(produce(address, "restarted", b"kept"))

    broker.restart()

    assert (broker.bootstrap_servers, broker.cluster_id) == (address, cluster)
    assert broker.pid != pid
    assert asyncio.run(consume(address, "restarted")) == [b"kept"]


def test_a_killed_broker_comes_back_with_its_data(broker: LocalKafka) -> None:
    """SIGKILL loses nothing that was acknowledged."""
    servers = broker.bootstrap_servers
    asyncio.run(produce(servers, "killed", b"kept"))

    broker.kill()
    dead = not broker.alive
    broker.restart()

    assert dead
    assert broker.bootstrap_servers == servers
    assert asyncio.run(consume(servers, "killed")) == [b"kept"]


def test_a_taken_port_is_named_in_the_error(tmp_path: Path) -> None:
    """Nothing is started when another program listens on the wanted port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        kafka = LocalKafka(KafkaSettings(state=tmp_path, port=port))
        with pytest.raises(PortTakenError, match=f"port {port} is taken"):
            kafka.start()

    assert not kafka.alive


def test_a_broker_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    """The reason is in the error, and no process is left."""
    kafka = LocalKafka(KafkaSettings(tmp_path, extra={"num.partitions": "many"}))

    with pytest.raises(StartError, match=r"num\.partitions"):
        kafka.start()

    assert not kafka.alive


def test_a_detached_broker_outlives_its_starter_and_is_found_again(
    tmp_path: Path,
) -> None:
    """``up`` ends, ``down`` finds the broker by the note in the state folder."""
    with owner(tmp_path, "detach", "leave") as starter:
        pid = int(starter.communicate()[0])

    found = LocalKafka.attach(tmp_path)

    assert found.pid == pid
    assert ask(int(found.bootstrap_servers.rpartition(":")[2])) is not None
    assert found.stop()
    with pytest.raises(NotRunningError):
        LocalKafka.attach(tmp_path)


def test_a_broker_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Even SIGKILL of the owner leaves no Java machine behind."""
    with owner(tmp_path, "attached", "stay") as starter:
        assert starter.stdout is not None
        process = identify(int(starter.stdout.readline()))
        starter.send_signal(signal.SIGKILL)

    assert process is not None
    assert wait_until(lambda: not is_alive(process), 15)


def test_a_start_with_a_full_cache_needs_no_network(
    tmp_path: Path, broker: LocalKafka
) -> None:
    """In a network of its own, with the loopback alone, a broker starts and stops."""
    alone = 'ip link set lo up && exec "$@"'
    argv = ["unshare", "-rn", "sh", "-c", alone, "sh", sys.executable, "-c", OWNER]
    if not can_unshare():
        pytest.skip("this system cannot take the network away from a process")
    assert broker.alive, "the broker's start has filled the cache"

    ended = subprocess.run(
        [*argv, str(tmp_path), "attached", "stop"],
        capture_output=True,
        check=False,
        env=helper_environment(),
        text=True,
        timeout=60,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip().isdecimal()
