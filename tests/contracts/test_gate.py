"""No published schema breaks the one before, and a gate that would notice."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qppflow.runtime.compatibility import Direction
from qppflow.runtime.compatibility_gate import Waiver, gate
from tests.contracts.publishing import waivers

ROOT = Path(__file__).parents[2]
TODAY = date(2027, 3, 1)
# See docs/adr/0010: whom an entity is known by, and what only our services read.
WAIVED = (
    (
        ("fact-recorded", "final-score", "score-expected"),
        "/entity/taxpayerIdentificationNumber",
        "type",
    ),
    (("payment-candidate",), "/payment/status", "enum"),
    (
        ("score-input", "score-expected", "quality-assessed", "pi-assessed"),
        "/input/complexPatientBonus/points",
        "required",
    ),
)
OLD: dict[str, Any] = {
    "$id": "urn:test:event:1.0.0",
    "additionalProperties": False,
    "properties": {
        "state": {"type": "string", "enum": ["open", "closed"]},
        "note": {"type": "string"},
    },
}
# It lost a field and takes one word less.
NEW: dict[str, Any] = OLD | {
    "$id": "urn:test:event:1.1.0",
    "properties": {"state": {"type": "string", "enum": ["open"]}},
}


@pytest.mark.parametrize(
    ("folder", "direction"),
    [("contracts", Direction.PROMISED), ("schemas/published", Direction.ACCEPTED)],
)
def test_no_published_schema_breaks_the_one_before(
    folder: str, direction: Direction
) -> None:
    """The gate itself, over all that is published."""
    found = gate(ROOT / folder, direction, waivers(ROOT / "contracts"), date.today())  # noqa: DTZ011 - the end of a waiver is a day, wherever the test runs

    assert found == []


def write(folder: Path, schema: dict[str, Any]) -> None:
    """Put a schema into a folder, by its version."""
    version = schema["$id"].rpartition(":")[2]
    file = folder / f"{version}.schema.json"
    file.write_text(json.dumps(schema), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder whose second version lost a field and takes one word less."""
    write(tmp_path, OLD)
    write(tmp_path, NEW)
    return tmp_path


def test_the_gate_names_version_place_and_keyword(folder: Path) -> None:
    """Each direction has its own complaint about the same two files."""
    promised = gate(folder, Direction.PROMISED, (), TODAY)
    accepted = gate(folder, Direction.ACCEPTED, (), TODAY)

    assert promised == ["urn:test:event:1.1.0 /note properties: the field is gone"]
    assert [line.split(":")[3] for line in accepted] == [
        "1.1.0 /state enum",
        "1.1.0 /note false",
    ]


def test_a_waiver_covers_one_break_until_its_last_day(folder: Path) -> None:
    """The day after, the gate closes again."""
    waiver = Waiver("urn:test:event:1.1.0", "/note", "properties", "agreed", TODAY)

    on_time = gate(folder, Direction.PROMISED, (waiver,), TODAY)
    late = gate(folder, Direction.PROMISED, (waiver,), date(2027, 3, 2))

    assert on_time == []
    assert len(late) == 1


def test_a_waiver_without_an_end_is_refused(tmp_path: Path) -> None:
    """An exception that never ends is a rule."""
    text = '[[waiver]]\nschema = "a"\npointer = ""\nkeyword = "b"\nreason = "c"\n'
    (tmp_path / "exceptions.toml").write_text(text)

    with pytest.raises(TypeError, match="until"):
        waivers(tmp_path)


def test_exactly_these_breaks_are_waived() -> None:
    """Whoever adds one changes this list, and says why in the review."""
    waived = waivers(ROOT / "contracts")

    assert {(item.schema, item.pointer, item.keyword) for item in waived} == {
        (f"urn:qppflow:event:{event}:1.1.0", pointer, keyword)
        for events, pointer, keyword in WAIVED
        for event in events
    }
    assert len(waived) == 8
    assert {item.until for item in waived} == {date(2034, 12, 31)}


def test_without_a_waiver_the_gate_would_be_closed() -> None:
    """None of them is idle: each covers a break that is there."""
    waived = waivers(ROOT / "contracts")
    today = date(2026, 11, 24)

    for item in waived:
        rest = tuple(other for other in waived if other != item)
        found = gate(ROOT / "contracts", Direction.PROMISED, rest, today)
        assert len(found) == 1
        assert found[0].startswith(f"{item.schema} {item.pointer} {item.keyword}")


def test_a_new_major_version_of_an_event_may_break_and_a_document_never(
    tmp_path: Path,
) -> None:
    """Events run side by side; what was accepted stays accepted."""
    write(tmp_path, OLD)
    write(tmp_path, NEW | {"$id": "urn:test:event:2.0.0"})

    assert gate(tmp_path, Direction.PROMISED, (), TODAY) == []
    assert gate(tmp_path, Direction.ACCEPTED, (), TODAY) != []
