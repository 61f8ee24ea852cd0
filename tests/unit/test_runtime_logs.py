"""Logs let through what is on the list, and no number that could be a person's."""

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid5

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from qppflow.runtime import logs
from tests.helpers.kafka_fakes import FakeClock
from tests.helpers.quiet_logs import logs_restored

SERVICES = Path(__file__).parents[2] / "services"
CANARIES = ("123456789", "1234567893", "12-3456789", "123-45-6789", "123 456 7893")
FIELDS = sorted(logs.TEXTS | logs.NUMBERS | logs.IDS | logs.DIGESTS)
CALL = re.compile(r"\blog\.(?:debug|info|warning|error|critical)\(\s*\"([a-z-]+)\"")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Give the root logger back as it was."""
    with logs_restored():
        yield


def written(stream: io.StringIO) -> list[dict[str, object]]:
    """Read the lines."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def event_names() -> list[str]:
    """Find the name of every log call of every service."""
    sources = [file.read_text() for file in SERVICES.rglob("*.py")]
    return sorted({name for source in sources for name in CALL.findall(source)})


def test_every_log_call_is_found() -> None:
    """The search that the canary test rests on sees the calls there are."""
    assert {"parked", "paused", "claimed", "rule-book-missing"} <= set(event_names())


@pytest.mark.parametrize("name", event_names())
def test_redaction_lets_no_canary_survive_any_log_call(name: str) -> None:
    """Nine and ten digits, in every field, as text and as number, and as the event."""
    stream = io.StringIO()
    logs.configure("quality", stream, FakeClock())
    log = structlog.get_logger()

    for canary in CANARIES:
        for field in (*FIELDS, "payload", "tin"):
            if field != "event":
                log.warning(name, **{field: canary})
                log.warning(name, **{field: f"x{canary}y" * 3})
                log.warning(name, **{field: {"tin": canary}})
                log.warning(name, **{field: int(re.sub(r"\D", "", canary))})
        log.warning(canary)

    lines = written(stream)
    assert len(lines) > len(CANARIES) * len(FIELDS)
    assert not re.search(
        r"\d(?:[ .-]?\d){8}", re.sub(r'"time":"[^"]+"', "", stream.getvalue())
    )


def test_redaction_drops_and_counts_a_field_that_is_not_listed() -> None:
    """A payload never gets into a line by mistake, and the mistake shows."""
    stream = io.StringIO()
    counter = logs.configure("quality", stream, FakeClock())

    structlog.get_logger().info("batch", count=3, payload="secret")

    (line,) = written(stream)
    assert line == {
        "time": "1970-01-01T00:16:40.000+00:00",
        "level": "info",
        "event": "batch",
        "service": "quality",
        "count": 3,
        "dropped": 1,
    }
    assert counter.dropped == 1


@given(st.integers(0, 10_000))
def test_our_own_ids_come_through(number: int) -> None:
    """An id of ours may have nine digits in a row and is no identifier."""
    own = str(uuid5(UUID(int=0), str(number)))

    assert logs.clean("event_id", own) == own


def test_a_digest_comes_through() -> None:
    """A submission's identity and a token are shown whole."""
    assert logs.clean("submission_id", "a" * 43) == "a" * 43
    assert logs.clean("subject", "k1." + "a" * 43) == "k1." + "a" * 43
    assert logs.clean("subject", "something else") == logs.MASK


def test_redaction_shows_large_offsets_in_millions() -> None:
    """They would look like a TIN."""
    assert logs.clean("offset", 99_999_999) == 99_999_999
    assert logs.clean("offset", 123_456_789) == "123M"


def test_libraries_speak_without_arguments_and_not_too_often() -> None:
    """An outage makes thirty lines a second; their arguments may hold a key."""
    stream = io.StringIO()
    clock = FakeClock()
    logs.configure("quality", stream, clock)
    library = logging.getLogger("aiokafka.test")

    for number in range(40):
        if number == 39:
            clock.time += 11
        library.warning("cannot reach %s", "node-of-somebody")

    lines = written(stream)
    assert [line["text"] for line in lines] == ["cannot reach %s"] * 2
    assert lines[1]["suppressed"] == 38
    assert "somebody" not in stream.getvalue()


def test_a_library_s_exception_gives_class_and_place_only() -> None:
    """The text of an exception may quote what it failed on."""
    stream = io.StringIO()
    logs.configure("quality", stream, FakeClock())

    try:
        int("not a number of anybody")
    except ValueError:
        logging.getLogger("library").exception("failed")

    (line,) = written(stream)
    assert line["exception"] == "ValueError"
    assert "anybody" not in stream.getvalue()
