"""What billing relies on is guaranteed by the schemas we published."""

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from examples.billing_consumer import Entry, applied
from qppflow.runtime.compatibility import Break, Direction, breaks
from qppflow.runtime.contracts import (
    Validator,
    event_schema,
    event_type,
    event_versions,
    latest,
    topics,
)
from tests.contracts.versions import published

CONTRACTS = Path(__file__).parents[2] / "contracts"
PARTNER = CONTRACTS / "partners" / "billing"
EXPECTED = sorted(PARTNER.glob("*.schema.json"))


def event_and_major(file: Path) -> tuple[str, int]:
    """Read which event an expectation is about: ``score-held.v1.schema.json``."""
    event, major = file.name.removesuffix(".schema.json").rsplit(".v", 1)
    return event, int(major)


def read(file: Path) -> dict[str, Any]:
    """Read one JSON object."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def promised(file: Path) -> dict[str, Any]:
    """Read the newest schema of the major version an expectation is about."""
    event, major = event_and_major(file)
    return event_schema(event, str(latest(event_versions(event))[major]))


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.name)
def test_a_consumer_of_the_expectation_is_never_surprised(file: Path) -> None:
    """The expectation is an old schema, and ours the next one that only adds."""
    found = breaks(read(file), promised(file), Direction.PROMISED)

    assert found == []


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.name)
def test_every_passing_example_meets_the_expectation(file: Path) -> None:
    """What we show is what billing can read."""
    Draft202012Validator.check_schema(read(file))
    folder = CONTRACTS / "events" / event_and_major(file)[0] / "examples"
    examples = sorted(folder.glob("*.pass.json"))

    assert examples
    for example in examples:
        assert list(Draft202012Validator(read(file)).iter_errors(read(example))) == []


def test_every_event_of_the_billing_topic_has_an_expectation() -> None:
    """Billing knows what to do with each of them."""
    events = topics()["qpp-payment-adjustments"].events

    assert {event_and_major(file)[0] for file in EXPECTED} == set(events)


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.name)
def test_the_next_minor_version_keeps_the_expectation_and_the_ledger(
    file: Path, tmp_path: Path
) -> None:
    """Billing reads what has one more field as it reads what has not."""
    event, major = event_and_major(file)
    folder = published(event, f"{major}.9.0", tmp_path)
    kind = f"qppflow.{event}.v{major}".encode()
    examples = sorted((folder / "events" / event / "examples").glob("*.pass.json"))

    newest = event_schema(event, f"{major}.9.0", folder)
    values = [read(example) for example in examples]
    later = [value | {"saidLater": "something"} for value in values]

    assert breaks(read(file), newest, Direction.PROMISED) == []
    assert list(chain(*map(Draft202012Validator(newest).iter_errors, later))) == []
    assert values
    assert [applied(Entry(), kind, value) for value in later] == [
        applied(Entry(), kind, value) for value in values
    ]


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.name)
def test_the_next_major_version_stops_the_ledger(file: Path, tmp_path: Path) -> None:
    """It runs beside the first until billing has moved, and is not guessed at."""
    event, major = event_and_major(file)
    folder = published(event, f"{major + 1}.0.0", tmp_path)
    kind = event_type(event, major + 1)
    value = read(next((folder / "events" / event / "examples").glob("*.pass.json")))

    assert Validator(folder).problems(kind, value) == []
    with pytest.raises(KeyError, match=kind):
        applied(Entry(), kind.encode(), value)


LISTED = "a value that was not in the list"
NOT_GUARANTEED: list[tuple[str, dict[str, Any], Break]] = [
    ("dollars", {"type": "string"}, Break("/dollars", "required", "may be absent")),
    ("score", {"type": "number"}, Break("/score", "type", "may be string")),
    ("status", {"enum": ["final"]}, Break("/status", "enum", LISTED)),
    ("range", {"type": "object"}, Break("/range", "type", "may be null")),
]


@pytest.mark.parametrize(("field", "rule", "caught"), NOT_GUARANTEED)
def test_an_expectation_that_is_not_guaranteed_is_caught(
    field: str, rule: dict[str, Any], caught: Break
) -> None:
    """A field we do not send, another type, a word too few, a null too many."""
    wish = {"type": "object", "required": [field], "properties": {field: rule}}

    found = breaks(wish, event_schema("payment-adjusted", "1.0.0"), Direction.PROMISED)

    assert caught in found
