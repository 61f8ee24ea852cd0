"""Rules that hang on the value of a field are compared value by value."""

from typing import Any, TypeAlias

import pytest

from qppflow.runtime.compatibility import Direction, breaks
from qppflow.runtime.schema_choices import Choice, choice_of

Json: TypeAlias = dict[str, Any]

SHORT: Json = {"properties": {"value": {"type": "string", "maxLength": 5}}}
LONG: Json = {"properties": {"value": {"type": "string", "maxLength": 9}}}


def when(
    *values: str, then: Json, otherwise: Json | None = None, name: str = "kind"
) -> Json:
    """Write a rule over the values of a field."""
    asked = {"required": [name], "properties": {name: {"enum": list(values)}}}
    rule = {"if": asked, "then": then}
    return rule if otherwise is None else rule | {"else": otherwise}


def narrowed(old: Json, new: Json) -> list[tuple[str, str]]:
    """Say where and by which keyword *new* accepts less than *old*."""
    return [item[:2] for item in breaks(old, new, Direction.ACCEPTED)]


CHAIN = when("a", then=SHORT, otherwise=when("b", then=LONG, otherwise=SHORT))
FIRST = {"const": "a", "title": "the word a"}


def test_a_chain_is_read_value_by_value() -> None:
    """The last else holds for every other value."""
    assert choice_of(CHAIN) == Choice("kind", {'"a"': SHORT, '"b"': LONG}, SHORT)


def test_one_value_and_none_after_it_are_read_as_well() -> None:
    """A rule may name one value and say nothing of the others."""
    asked = {"required": ["kind"], "properties": {"kind": FIRST}, "title": "of kind a"}

    assert choice_of({"if": asked, "then": LONG}) == Choice("kind", {'"a"': LONG}, True)  # noqa: FBT003 - true is a JSON Schema


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"then": SHORT},
        {"if": True, "then": SHORT},
        {"if": {"required": ["kind"]}, "then": SHORT},
        {"if": {"properties": {"kind": {"const": 1}}}, "then": SHORT},
        {"if": {"required": ["a"], "properties": {"b": {"const": 1}}}},
        {"if": {"required": ["a"], "properties": {"a": {"type": "string"}}}},
        {"if": {"required": ["a"], "properties": {"a": True}}},
        {
            "if": {
                "required": ["a"],
                "properties": {"a": {"const": 1, "type": "string"}},
            }
        },
        {"if": {"required": ["a", "b"], "properties": {"a": {"const": 1}}}},
        when("a", then=SHORT, otherwise=when("b", name="other", then=LONG)),
    ],
)
def test_other_conditions_are_not_read(part: Json) -> None:
    """They are compared word for word."""
    assert choice_of(part) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (when("a", then=SHORT), when("a", then=LONG)),
        (when("a", "b", then=SHORT), when("a", then=SHORT)),
        (when("a", then=SHORT), {}),
        (
            when("a", "b", then=SHORT, otherwise=LONG),
            when("b", then=SHORT, otherwise=LONG),
        ),
        (SHORT, when("a", then=LONG)),
        (when("a", then=SHORT), when("a", then=SHORT, otherwise={"title": "x"})),
    ],
)
def test_a_wider_rule_is_no_break(old: Json, new: Json) -> None:
    """What passed the old rule of a value passes its new one."""
    assert narrowed(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        (when("a", then=LONG), when("a", then=SHORT), ("/value", "maxLength")),
        (when("a", then=SHORT), when("a", "b", then=SHORT), ("/value", "type")),
        (
            when("a", then=SHORT),
            when("a", then=SHORT, otherwise=SHORT),
            ("/value", "type"),
        ),
        ({}, when("a", then=SHORT), ("/value", "type")),
        (when("a", name="x", then=SHORT), when("a", then=SHORT), ("/value", "type")),
        (CHAIN, when("a", "b", then=SHORT, otherwise=SHORT), ("/value", "maxLength")),
        ({}, {"if": True, "then": SHORT}, ("", "if")),
        ({}, when("a", name="measureId", then=SHORT), ("/value", "type")),
    ],
)
def test_a_narrower_rule_is_a_break(old: Json, new: Json, at: tuple[str, str]) -> None:
    """Also one that is new, or that names a value of which nothing was said."""
    assert at in narrowed(old, new)


def test_a_measure_that_the_catalogue_now_knows_is_no_break() -> None:
    """Before, every document with it was rejected behind the schema."""
    old = when("1", name="measureId", then=SHORT)
    new = when("1", "2", name="measureId", then=SHORT)

    assert narrowed(old, new) == []
    assert narrowed(new, old) == [("/measureId", "enum")]


def test_what_is_promised_is_compared_value_by_value_too() -> None:
    """There the new event must pass the old rule."""
    old, new = when("a", then=SHORT), when("a", then=LONG)

    found = breaks(old, new, Direction.PROMISED)

    assert [item[:2] for item in found] == [("/value", "maxLength")]
    assert breaks(new, old, Direction.PROMISED) == []


def test_one_shape_of_many_measures_breaks_once() -> None:
    """The author reads a line, not five hundred."""
    ids = [str(number) for number in range(500)]
    old = when(*ids, name="measureId", then=LONG)

    assert narrowed(old, when(*ids, name="measureId", then=SHORT)) == [
        ("/value", "maxLength")
    ]
