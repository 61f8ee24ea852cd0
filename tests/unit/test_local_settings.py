"""The local broker's settings, commands and ports, without starting anything."""

import socket
from pathlib import Path

import pytest

from qppflow.local.java import broker_command, format_command
from qppflow.local.paths import cache_folder, open_state
from qppflow.local.ports import free_ports, is_free
from qppflow.local.settings import KafkaSettings, Ports, server_properties
from qppflow.local.storage import new_cluster_id, stored_cluster_id

PORTS = Ports(9001, 9002)


def properties(text: str) -> dict[str, str]:
    """Read lines of names and values."""
    return dict(line.split("=", 1) for line in text.splitlines())


def test_clients_and_controller_listen_on_the_loopback_alone() -> None:
    """Nothing of a local broker can be reached from another machine."""
    lines = properties(server_properties(PORTS, Path("/d"), {}))

    expected = "PLAINTEXT://127.0.0.1:9001,CONTROLLER://127.0.0.1:9002"
    assert lines["listeners"] == expected
    assert lines["controller.quorum.voters"] == "1@127.0.0.1:9002"


def test_a_misspelt_topic_is_not_created_and_nothing_is_deleted_by_default() -> None:
    """Two defaults of Kafka's would lose data silently."""
    lines = properties(server_properties(PORTS, Path("/d"), {}))

    assert lines["auto.create.topics.enable"] == "false"
    assert lines["log.retention.hours"] == "-1"


def test_a_callers_line_wins() -> None:
    """``extra`` replaces a line of ours and adds its own."""
    extra = {"num.partitions": "7", "log.segment.bytes": "1048576"}

    text = server_properties(PORTS, Path("/d"), extra)

    assert properties(text).items() >= extra.items()
    assert text.count("\nnum.partitions=") == 1


def test_a_folder_with_signs_of_any_language_survives_javas_property_reader() -> None:
    """Java reads these files as Latin-1 and takes the backslash for itself."""
    text = server_properties(PORTS, Path("/home/Žofie/a\\b"), {})

    assert properties(text)["log.dirs"] == "/home/\\u017dofie/a\\\\b"


def test_the_broker_starts_quickly_unless_it_shall_run_fast() -> None:
    """The benchmark's broker gets Java's own compiler and collector."""
    quick = broker_command("cp", Path("/s"), KafkaSettings())
    fast = broker_command(
        "cp", Path("/s"), KafkaSettings(heap_megabytes=1024, full_jit=True)
    )

    assert {"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"} <= set(quick)
    assert "-Xmx1024m" in fast
    assert not {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"} & set(fast)


def test_java_is_kept_inside_the_state_folder() -> None:
    """Temporary files, crash reports and logs have their place there."""
    command = broker_command("cp", Path("/s"), KafkaSettings())

    assert "-Djava.io.tmpdir=/s/tmp" in command
    assert "-XX:ErrorFile=/s/crash-%p.log" in command
    assert "-Dqppflow.log=/s/broker.log" in command
    assert command[-2:] == ["kafka.Kafka", "/s/server.properties"]


def test_the_storage_tool_is_given_the_clusters_id() -> None:
    """Formatting names the id that the readiness check expects."""
    command = format_command("cp", Path("/s"), "an-id")

    assert command[command.index("--cluster-id") + 1] == "an-id"


def test_a_cluster_id_is_sixteen_bytes_that_no_option_reader_mistakes() -> None:
    """Kafka wants 22 signs; a leading dash would be an option."""
    ids = {new_cluster_id() for _ in range(500)}

    assert len(ids) == 500
    assert {len(text) for text in ids} == {22}
    assert not any(text.startswith("-") for text in ids)


def test_the_cluster_id_is_read_from_the_data_folder(tmp_path: Path) -> None:
    """An unformatted folder has none."""
    assert stored_cluster_id(tmp_path) is None
    note = tmp_path / "meta.properties"
    note.write_text("version=1\ncluster.id=abc\n", encoding="utf-8")

    assert stored_cluster_id(tmp_path) == "abc"


def test_a_port_that_someone_listens_on_is_not_free() -> None:
    """Free ports are different from each other, and can be bound."""
    ports = free_ports(3)
    assert len(set(ports)) == 3
    assert all(map(is_free, ports))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports[0]))
        taken.listen()

        assert not is_free(ports[0])


def test_the_cache_can_be_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline machines name a folder that was filled elsewhere."""
    monkeypatch.setenv("QPPFLOW_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere")
    monkeypatch.delenv("QPPFLOW_CACHE")
    monkeypatch.setenv("HOME", "/home/somebody")

    assert cache_folder() == Path("/home/somebody/.cache/qppflow")


def test_a_state_folder_is_private_and_never_committed(tmp_path: Path) -> None:
    """It holds submissions: its owner alone reads it, version control looks away."""
    root = open_state(tmp_path / "deep" / "state")

    assert root.stat().st_mode & 0o777 == 0o700
    assert (root / ".gitignore").read_text(encoding="utf-8") == "*\n"
