"""A published schema never changes; a second version is published beside it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from examples.billing_consumer import Entry, applied
from qppflow.runtime.asyncapi import document
from qppflow.runtime.compatibility import Direction, breaks
from qppflow.runtime.contracts import Validator, event_schema, event_versions
from tests.contracts.publishing import (
    LOCK,
    PublishError,
    changes,
    lock,
    locked,
    publish,
)

CONTRACTS = Path(__file__).parents[2] / "contracts"
EVENT = "payment-adjusted"
FIRST = CONTRACTS / "events" / EVENT / "1.0.0.schema.json"
EXAMPLE = FIRST.parent / "examples" / "1.0.0.first-score-with-a-reduction.pass.json"
NOW = [str(number) for number in event_versions(EVENT)]
NEWEST = NOW[-1]
FROM = {"description": "First day the adjustment holds.", "type": "string"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of all contracts."""
    return Path(shutil.copytree(CONTRACTS, tmp_path / "contracts"))


def draft(folder: Path, number: str, properties: Mapping[str, Any]) -> Path:
    """Write a next version of payment-adjusted with other or more properties."""
    schema = event_schema(EVENT, NEWEST)
    schema["$id"] = f"urn:qppflow:event:{EVENT}:{number}"
    schema["properties"] |= properties
    file = folder / "draft.json"
    file.write_text(json.dumps(schema), "utf-8")
    return file


def example(**more: object) -> dict[str, Any]:
    """Give a value of the first version, with more fields."""
    value: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    return value | more


def test_nothing_that_was_published_has_changed() -> None:
    """What is here is what the lock says, no more and no less."""
    assert changes(CONTRACTS) == []


def test_a_changed_a_lost_and_a_new_file_are_found(folder: Path) -> None:
    """One more word in a description is a change, too."""
    events = folder / "events"
    changed, lost = events / EVENT, events / "score-held"
    text = FIRST.read_text("utf-8").replace("Published only", "Published")
    (changed / "1.0.0.schema.json").write_text(text, "utf-8")
    (lost / "1.0.0.schema.json").rename(lost / "1.0.1.schema.json")

    assert changes(folder) == [
        "events/score-held/1.0.0.schema.json is gone",
        "events/score-held/1.0.1.schema.json is not locked",
        "events/payment-adjusted/1.0.0.schema.json changed",
    ]


def test_a_changed_file_is_never_locked_again(folder: Path) -> None:
    """Locking is for what is new; a change must be taken back."""
    (folder / "events" / EVENT / "1.0.0.schema.json").write_text("{}", "utf-8")

    with pytest.raises(PublishError, match=r"1\.0\.0\.schema\.json changed"):
        lock(folder)


def test_the_lock_names_every_schema_once() -> None:
    """Its form is the one that sha256sum reads."""
    lines = (CONTRACTS / LOCK).read_text("utf-8").splitlines()

    assert len(locked(CONTRACTS)) == len(lines) >= 18
    assert all(len(line.partition("  ")[0]) == 64 for line in lines)


def test_a_minor_version_is_published_beside_the_first(folder: Path) -> None:
    """Old events still pass it, old consumers still read it, both files are locked."""
    file = publish(EVENT, draft(folder, "1.9.0", {"effectiveFrom": FROM}), folder)

    value = example(effectiveFrom="2028-01-01")
    validator = Validator(folder)
    entry = applied(Entry(), b"qppflow.payment-adjusted.v1", value)

    assert file.name == "1.9.0.schema.json"
    assert [str(number) for number in event_versions(EVENT, folder)] == [*NOW, "1.9.0"]
    assert changes(folder) == []
    assert validator.problems("qppflow.payment-adjusted.v1", example()) == []
    assert validator.problems("qppflow.payment-adjusted.v1", value) == []
    assert Validator().problems("qppflow.payment-adjusted.v1", value) != []
    assert entry == applied(Entry(), b"qppflow.payment-adjusted.v1", example())


def test_a_major_version_runs_beside_the_old_one(folder: Path) -> None:
    """The new type has its own schema; a consumer of the old one stops at it."""
    score = {"score": {"description": "Points.", "type": "object"}}
    publish(EVENT, draft(folder, "2.0.0", score), folder)

    validator, value = Validator(folder), example(score={"points": "52.00"})
    described = document(folder)["components"]["messages"]

    assert validator.problems("qppflow.payment-adjusted.v2", value) == []
    assert validator.problems("qppflow.payment-adjusted.v1", value) != []
    assert validator.problems("qppflow.payment-adjusted.v1", example()) == []
    assert {"payment-adjusted.v1", "payment-adjusted.v2"} <= described.keys()
    with pytest.raises(KeyError, match=r"payment-adjusted\.v2"):
        applied(Entry(), b"qppflow.payment-adjusted.v2", value)


@pytest.mark.parametrize(
    ("number", "properties", "why"),
    [
        ("1.0.0", {}, "not newer"),
        ("0.9.0", {}, "not newer"),
        ("1.9.0", {"score": {"type": "number"}}, "/score type"),
        ("1.9.0", {"billable": {"type": ["boolean", "null"]}}, "/billable type"),
    ],
)
def test_what_is_old_or_breaks_a_promise_is_not_published(
    folder: Path, number: str, properties: dict[str, Any], why: str
) -> None:
    """The folder stays as it was."""
    file = draft(folder, number, properties)

    with pytest.raises(PublishError, match=why):
        publish(EVENT, file, folder)

    assert [str(found) for found in event_versions(EVENT, folder)] == NOW


def test_an_old_major_version_may_still_grow(folder: Path) -> None:
    """Consumers that have not moved yet get new fields, too."""
    publish(EVENT, draft(folder, "2.0.0", {}), folder)

    publish(EVENT, draft(folder, "1.9.0", {"effectiveFrom": FROM}), folder)

    assert [str(number) for number in event_versions(EVENT, folder)] == [
        *NOW,
        "1.9.0",
        "2.0.0",
    ]


def test_a_draft_of_another_event_is_not_published(folder: Path) -> None:
    """Its id would name the wrong folder."""
    file = draft(folder, "1.9.0", {})

    with pytest.raises(PublishError, match="must be urn:qppflow:event:score-held"):
        publish("score-held", file, folder)


def test_a_waived_break_is_published_until_its_day(folder: Path) -> None:
    """The waiver names version, place, keyword, reason and end."""
    (folder / "exceptions.toml").write_text(
        f'[[waiver]]\nschema = "urn:qppflow:event:{EVENT}:1.9.0"\n'
        'pointer = "/billable"\nkeyword = "type"\nreason = "agreed"\n'
        "until = 2999-12-31\n",
        "utf-8",
    )
    may_be_null = {"billable": {"type": ["boolean", "null"]}}

    file = publish(EVENT, draft(folder, "1.9.0", may_be_null), folder)

    new = json.loads(file.read_text("utf-8"))
    broken = breaks(event_schema(EVENT, NEWEST), new, Direction.PROMISED)
    assert {(item.pointer, item.keyword) for item in broken} == {("/billable", "type")}
