"""Settings refuse to start without what has no safe default."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from qppflow.runtime import tokens
from qppflow.runtime.progress import Progress, read_all
from qppflow.runtime.records import Place
from qppflow.runtime.settings import StatefulSettings
from tests.helpers.kafka_fakes import FakeClock

NEEDED = ("BOOTSTRAP_SERVERS", "TOKEN_KEY", "SEALING_KEY", "STATE_FOLDER")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Set what must be set."""
    values = ("localhost:9092", tokens.new_key(32), tokens.new_key(64), str(tmp_path))
    for name, value in zip(NEEDED, values, strict=True):
        monkeypatch.setenv(f"QPPFLOW_{name}", value)
    monkeypatch.delenv("QPPFLOW_STORE_URL", raising=False)
    return tmp_path


@pytest.mark.usefixtures("environment")
def test_the_environment_is_read_once_and_kept() -> None:
    """The keys are bytes of the right length, and the object is frozen."""
    settings = StatefulSettings()

    assert len(settings.token_bytes()) == 32
    assert len(settings.sealing_bytes()) == 64
    with pytest.raises(ValidationError):
        settings.__setattr__("build", "2")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("missing", NEEDED)
def test_nothing_without_a_safe_default_has_one(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """A forgotten key stops the service instead of becoming a known one."""
    monkeypatch.delenv(f"QPPFLOW_{missing}")

    with pytest.raises(ValidationError):
        StatefulSettings()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("name", ["TOKEN_KEY", "SEALING_KEY"])
@pytest.mark.parametrize("value", ["c2hvcnQ=", "secret-but-no-base64!"])
def test_a_bad_key_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The message names the setting, never its value."""
    monkeypatch.setenv(f"QPPFLOW_{name}", value)

    with pytest.raises(ValidationError) as refused:
        StatefulSettings()

    assert name.lower() in str(refused.value)
    assert value not in str(refused.value)


@pytest.mark.usefixtures("environment")
def test_keys_do_not_show_when_settings_are_printed() -> None:
    """Somebody prints settings sooner or later."""
    settings = StatefulSettings()

    assert settings.token_key.get_secret_value() not in repr(settings)


def test_a_store_is_one_file_a_service_unless_a_url_is_given(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL is named by URL."""
    assert StatefulSettings().url_of("entities") == (
        f"sqlite:///{environment}/entities.sqlite3"
    )

    monkeypatch.setenv("QPPFLOW_STORE_URL", "postgresql+psycopg://db/x")

    assert StatefulSettings().url_of("entities") == "postgresql+psycopg://db/x"


def test_progress_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Positions, pauses and counts of each process, and no trace of a lost place."""
    clock = FakeClock()
    progress = Progress(tmp_path, "quality", "2", "1.0", clock)
    progress.advanced(Place("in", 0), 10, handled=10, parked=1)
    progress.paused(Place("in", 1), 4, "BrokerError")
    progress.advanced(Place("in", 2), 3, handled=3, parked=0)
    progress.lost(Place("in", 2))
    clock.time = 2_000.0

    progress.write()
    (found,) = read_all(tmp_path)

    assert found["handled"] == 13
    assert found["parked"] == 1
    assert found["alive_at"] == 2_000.0
    assert found["partitions"] == {
        "in/0": {"position": 10, "at": 1_000.0, "state": "running", "reason": ""},
        "in/1": {
            "position": 4,
            "at": 1_000.0,
            "state": "paused",
            "reason": "BrokerError",
        },
    }


def test_a_broken_progress_file_hides_no_other(tmp_path: Path) -> None:
    """Status goes on with what can be read."""
    Progress(tmp_path, "quality", "1", "1.0", FakeClock()).write()
    (tmp_path / "progress" / "broken.json").write_text("{")

    assert [one["service"] for one in read_all(tmp_path)] == ["quality"]


def test_an_orderly_end_leaves_no_file(tmp_path: Path) -> None:
    """Status must not show a process that has ended."""
    progress = Progress(tmp_path, "quality", "1", "1.0", FakeClock())
    progress.write()

    progress.remove()

    assert read_all(tmp_path) == []
