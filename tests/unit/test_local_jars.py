"""Kafka's jars: pinned, checked, fetched once."""

import hashlib
from pathlib import Path

import pytest

from qppflow.local import jars
from qppflow.local.errors import JarsError
from qppflow.local.files import locked
from qppflow.local.jars import class_path
from qppflow.local.pins import pinned_hashes
from qppflow.local.say import Say, silent

GOOD = {"a.jar": b"first", "b.jar": b"second"}


@pytest.fixture
def _two_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pin two small files in place of Kafka's jars."""
    pins = {name: hashlib.sha256(body).hexdigest() for name, body in GOOD.items()}
    monkeypatch.setattr(jars, "pinned_hashes", lambda: pins)


class Repository:
    """Writes what is missing, as jgo does, and counts how often it was asked."""

    def __init__(self, *deliveries: dict[str, bytes]) -> None:
        self.deliveries = list(deliveries)
        self.calls = 0

    def __call__(self, folder: Path, _say: Say) -> list[Path]:
        """Deliver once more; files that are there stay as they are."""
        delivery = self.deliveries[min(self.calls, len(self.deliveries) - 1)]
        self.calls += 1
        paths = [folder / name for name in delivery]
        for path in paths:
            if not path.exists():
                path.write_bytes(delivery[path.name])
        return paths


def never(_folder: Path, _say: Say) -> list[Path]:
    """Fail the test if anything is fetched."""
    pytest.fail("the network was used")


def test_the_pinned_list_holds_the_brokers_own_client_library() -> None:
    """An old kafka-clients once came in silently, through a logging library."""
    names = pinned_hashes()

    assert "kafka-clients-4.3.1.jar" in names
    assert [name for name in names if name.startswith("kafka-clients")] == [
        "kafka-clients-4.3.1.jar"
    ]
    assert {len(digest) for digest in names.values()} == {64}


@pytest.mark.usefixtures("_two_pins")
def test_a_second_start_uses_no_network(tmp_path: Path) -> None:
    """What was fetched and checked is found again."""
    first = class_path(tmp_path, silent, Repository(GOOD))

    second = class_path(tmp_path, silent, never)

    assert first == second == f"{tmp_path}/a.jar:{tmp_path}/b.jar"


@pytest.mark.usefixtures("_two_pins")
def test_a_half_written_jar_is_fetched_again(tmp_path: Path) -> None:
    """An interrupted download does not stay for ever."""
    (tmp_path / "a.jar").write_bytes(b"fir")
    repository = Repository(GOOD)

    class_path(tmp_path, silent, repository)

    assert (tmp_path / "a.jar").read_bytes() == b"first"
    assert repository.calls == 2


@pytest.mark.usefixtures("_two_pins")
def test_a_jar_that_was_lost_later_is_fetched_again(tmp_path: Path) -> None:
    """Cleaning a cache by hand does no harm."""
    class_path(tmp_path, silent, Repository(GOOD))
    (tmp_path / "b.jar").unlink()

    class_path(tmp_path, silent, Repository(GOOD))

    assert (tmp_path / "b.jar").read_bytes() == b"second"


@pytest.mark.usefixtures("_two_pins")
@pytest.mark.parametrize(
    ("delivery", "named"),
    [
        ({"a.jar": b"first", "b.jar": b"changed"}, "b.jar"),
        ({"a.jar": b"first"}, "missing: .'b.jar'"),
        ({**GOOD, "kafka-clients-3.9.1.jar": b"old"}, "kafka-clients-3.9.1.jar"),
    ],
)
def test_a_set_that_differs_from_the_pins_is_refused(
    tmp_path: Path, delivery: dict[str, bytes], named: str
) -> None:
    """Changed, missing and foreign jars are named, and nothing is noted as good."""
    with pytest.raises(JarsError, match=named):
        class_path(tmp_path, silent, Repository(delivery))

    assert not list(tmp_path.glob("*.json"))


def test_a_process_that_fetches_for_too_long_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is told so, and at last which lock it was."""
    monkeypatch.setattr(jars, "OTHERS_SECONDS", 0.0)
    told: list[str] = []

    with locked(tmp_path / ".lock"), pytest.raises(JarsError, match="lock"):
        class_path(tmp_path, told.append, never)

    assert told == ["waiting for another process that fetches the jars"]
