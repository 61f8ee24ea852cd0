"""The gate in both directions, seen to fail on every kind of breaking change."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from qppflow.runtime.compatibility import (
    Break,
    Direction,
    breaks,
    inlined,
)
from qppflow.runtime.compatibility_gate import families

Change: TypeAlias = Callable[[dict[str, Any]], object]

ROOT = Path(__file__).parents[2]
OLD: dict[str, Any] = {
    "$id": "urn:test:event:1.0.0",
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "points", "state"],
    "properties": {
        "id": {"$ref": "#/$defs/id", "description": "Which one."},
        "points": {"type": "string", "pattern": "^[0-9]+$"},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "why": {"type": "string", "enum": ["new", "old"], "x-open-enum": True},
        "note": {"type": ["string", "null"], "maxLength": 20},
        "count": {"type": "integer", "minimum": 1},
        "items": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "object", "required": ["a"], "properties": {"a": {}}},
        },
        "either": {"anyOf": [{"type": "boolean"}, {"type": "integer"}]},
    },
    "allOf": [{"if": {"required": ["note"]}, "then": {"required": ["why"]}}],
    "$defs": {"id": {"type": "string", "minLength": 3}},
}


def changed(change: Change) -> dict[str, Any]:
    """Give the old schema after a change, as its next version."""
    new = copy.deepcopy(OLD) | {"$id": "urn:test:event:1.1.0"}
    change(new)
    return new


def put(*path: str, value: object) -> Change:
    """Set one place of a schema."""

    def change(schema: dict[str, Any]) -> None:
        place: Any = schema
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def drop(*path: str) -> Change:
    """Take one place of a schema away."""

    def change(schema: dict[str, Any]) -> None:
        place: Any = schema
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


P = "properties"
ADD_OPTIONAL = put(P, "more", value={"type": "string"})
NARROWER: dict[str, tuple[Change, str, str]] = {
    "a field becomes required": (
        put("required", value=["id", "points", "state", "why"]), "/why", "required"),
    "an unknown field is required": (
        put("required", value=["id", "points", "state", "x"]), "/x", "required"),
    "a field is gone": (drop(P, "note"), "/note", "false"),
    "a value is gone": (put(P, "state", "enum", value=["open"]), "/state", "enum"),
    "a type is gone": (put(P, "note", "type", value="string"), "/note", "type"),
    "a limit is lower": (put(P, "note", "maxLength", value=9), "/note", "maxLength"),
    "a limit is new": (put(P, "count", "maximum", value=9), "/count", "maximum"),
    "a minimum is higher": (put(P, "count", "minimum", value=2), "/count", "minimum"),
    "a pattern is another": (put(P, "points", "pattern", value="^[0-9]$"), "/points",
                             "pattern"),
    "a definition is narrower": (put("$defs", "id", "minLength", value=4), "/id",
                                 "minLength"),
    "an item needs more": (
        put(P, "items", "items", "required", value=["a", "b"]), "/items/items/b",
        "required"),
    "an open item is closed": (
        put(P, "items", "items", "additionalProperties", value=False),
        "/items/items/*", "false"),
    "a rule is new": (
        put("allOf", value=[*OLD["allOf"], {"required": ["count"]}]), "", "allOf"),
    "a form is gone": (
        put(P, "either", "anyOf", value=[{"type": "boolean"}]), "/either", "anyOf"),
    "a field becomes a constant": (put(P, "note", "const", value="x"), "/note", "enum"),
    "nothing is allowed": (put(P, "note", value=False), "/note", "false"),
    "a format is new": (put(P, "points", "format", value="date"), "/points", "format"),
}  # fmt: skip
WIDER: dict[str, tuple[Change, str, str]] = {
    "a field may be absent": (put("required", value=["id", "state"]), "/points",
                              "required"),
    "a field is gone": (drop(P, "note"), "/note", "properties"),
    "a value is new": (
        put(P, "state", "enum", value=["open", "closed", "lost"]), "/state", "enum"),
    "a list is gone": (drop(P, "state", "enum"), "/state", "enum"),
    "an open list is closed and grows": (
        put(P, "why", value={"type": "string", "enum": ["new", "old", "odd"]}),
        "/why", "enum"),
    "null is possible": (put(P, "points", "type", value=["string", "null"]), "/points",
                         "type"),
    "text becomes a number": (put(P, "points", "type", value="number"), "/points",
                              "type"),
    "a whole number may be a fraction": (put(P, "count", "type", value="number"),
                                         "/count", "type"),
    "a pattern is gone": (drop(P, "points", "pattern"), "/points", "pattern"),
    "a limit is higher": (put(P, "note", "maxLength", value=99), "/note", "maxLength"),
    "a minimum is gone": (drop(P, "count", "minimum"), "/count", "minimum"),
    "items may repeat": (drop(P, "items", "uniqueItems"), "/items", "uniqueItems"),
    "a list may be empty": (drop(P, "items", "minItems"), "/items", "minItems"),
    "a rule is gone": (drop("allOf"), "", "allOf"),
    "a form is new": (
        put(P, "either", "anyOf", value=[{"type": "boolean"}, {"type": "string"}]),
        "/either", "anyOf"),
    "anything goes": (put(P, "note", value=True), "/note", "type"),
}  # fmt: skip


@pytest.mark.parametrize("name", NARROWER)
def test_what_is_accepted_may_not_narrow(name: str) -> None:
    """A document that was accepted would be rejected."""
    change, pointer, keyword = NARROWER[name]

    found = breaks(OLD, changed(change), Direction.ACCEPTED)

    assert (pointer, keyword) in [(item.pointer, item.keyword) for item in found]


@pytest.mark.parametrize("name", WIDER)
def test_what_is_promised_may_not_widen_or_go(name: str) -> None:
    """A consumer would meet what it was never told of, or miss what it was."""
    change, pointer, keyword = WIDER[name]

    found = breaks(OLD, changed(change), Direction.PROMISED)

    assert (pointer, keyword) in [(item.pointer, item.keyword) for item in found]


@pytest.mark.parametrize(
    "change",
    [
        ADD_OPTIONAL,
        put("required", value=["id", "state"]),
        put(P, "state", "enum", value=["open", "closed", "lost"]),
        put(P, "note", "maxLength", value=99),
        put(P, "count", "type", value="number"),
        drop(P, "points", "pattern"),
        drop("allOf"),
        put("additionalProperties", value=True),
        put(P, "id", "description", value="Which one it is."),
    ],
)
def test_what_is_accepted_may_widen(change: Change) -> None:
    """Every document that was accepted still is."""
    found = breaks(OLD, changed(change), Direction.ACCEPTED)

    assert found == []


@pytest.mark.parametrize(
    "change",
    [
        ADD_OPTIONAL,
        put("required", value=["id", "points", "state", "count"]),
        put(P, "state", "enum", value=["open"]),
        put(P, "why", "enum", value=["new", "old", "odd"]),
        put(P, "note", "maxLength", value=9),
        put(P, "note", "type", value="null"),
        put("allOf", value=[*OLD["allOf"], {"required": ["count"]}]),
        put("$defs", "id", "title", value="An id"),
    ],
)
def test_what_is_promised_may_be_added_to(change: Change) -> None:
    """New fields, new words of an open list, and stricter figures surprise nobody."""
    found = breaks(OLD, changed(change), Direction.PROMISED)

    assert found == []


@pytest.mark.parametrize("direction", Direction)
def test_a_schema_is_compatible_with_itself(direction: Direction) -> None:
    """No false alarm, for any published schema either."""
    published = [
        schema
        for folder in ("contracts", "schemas/published")
        for versions in families(ROOT / folder).values()
        for schema in versions.values()
    ]

    found = [
        line for item in [OLD, *published] for line in breaks(item, item, direction)
    ]

    assert len(published) > 20
    assert found == []


def test_a_break_says_where_what_and_why() -> None:
    """The author reads what to put back."""
    found = breaks(OLD, changed(drop(P, "note")), Direction.PROMISED)

    assert found == [Break("/note", "properties", "the field is gone")]


@pytest.mark.parametrize(
    "part", [{"$ref": "other.json#/x"}, {"$ref": "#/$defs/id", "maxLength": 9}]
)
def test_a_reference_that_leaves_the_file_or_has_a_rule_beside_it_is_refused(
    part: dict[str, Any],
) -> None:
    """Readers differ in what they make of it, so none is published."""
    with pytest.raises(ValueError, match="stands alone"):
        inlined({"properties": {"id": part}, "$defs": {"id": {}}})
