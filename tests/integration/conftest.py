"""One real Kafka for all integration tests of a worker.

It is the cluster of ``QPPFLOW_BOOTSTRAP_SERVERS`` if that is set, else a container
where a Docker engine answers, else a broker that this machine runs itself. The
container's way was written from the image's documentation and has not been run yet.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qppflow.local.kafka import LocalKafka
from qppflow.local.ports import free_ports
from qppflow.local.probe import ask
from qppflow.local.processes import wait_until
from qppflow.local.settings import FIXED, KafkaSettings
from qppflow.local.storage import new_cluster_id

IMAGE = "apache/kafka:4.3.1"
CLIENTS, INNER, CONTROLLER = 9092, 9093, 9094


def container_settings(port: int) -> dict[str, str]:
    """Give the image's variables: the local broker's settings, and its listeners.

    Once one variable is set the image fills in none, so all are here.
    """
    settings = {
        **FIXED,
        "controller.quorum.voters": f"1@localhost:{CONTROLLER}",
        "inter.broker.listener.name": "BROKER",
        "listener.security.protocol.map": (
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT"
        ),
        "listeners": (
            f"PLAINTEXT://:{CLIENTS},BROKER://:{INNER},CONTROLLER://:{CONTROLLER}"
        ),
        # The mapped port is chosen before the start, so it can be advertised at once.
        "advertised.listeners": (
            f"PLAINTEXT://localhost:{port},BROKER://localhost:{INNER}"
        ),
    }
    named = {
        f"KAFKA_{name.upper().replace('.', '_')}": value
        for name, value in settings.items()
    }
    return {"CLUSTER_ID": new_cluster_id(), **named}


def docker_answers() -> bool:
    """Say whether a Docker engine can be used here."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        answer = subprocess.run(
            [docker, "info"], capture_output=True, check=False, timeout=20
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


@contextmanager
def kafka_in_container() -> Iterator[str]:
    """Run Kafka in a container and give its address."""
    from testcontainers.core.container import DockerContainer

    (port,) = free_ports(1)
    container = DockerContainer(IMAGE).with_bind_ports(CLIENTS, port)
    for name, value in container_settings(port).items():
        container.with_env(name, value)
    with container:
        assert wait_until(lambda: ask(port) is not None, 120, 0.2)
        yield f"localhost:{port}"


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the bootstrap servers of a real Kafka that the worker's tests share.

    Tests choose topic and group names of their own, since they see one broker.
    """
    given = os.environ.get("QPPFLOW_BOOTSTRAP_SERVERS")
    if given:
        yield given
    elif docker_answers():
        with kafka_in_container() as address:
            yield address
    else:
        state = tmp_path_factory.mktemp("kafka")
        with LocalKafka(KafkaSettings(state=state)) as broker:
            yield broker.bootstrap_servers
