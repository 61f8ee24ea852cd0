"""Whether a new version of a schema keeps the promise of the one before.

Both directions are one question: does every document of one schema pass another?
What we accept may only widen, so old documents must pass the new schema. What we
promise may only be added to, so new events must pass the old schema, apart from
fields that a consumer does not know yet and lists marked ``x-open-enum``.
What cannot be compared counts as broken: the author must decide, not the gate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple

from qppflow.runtime.contracts import Schema
from qppflow.runtime.schema_choices import (
    CHOICE,
    SILENT,
    Choice,
    Part,
    choice_of,
    listed,
)

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_WORDS: Final = {"title", "description"}
# The checks behind the schemas know of every measure; others are rejected there.
_CATALOGUED: Final = "measureId"
_JUDGED: Final = frozenset(
    {*_LOWER, *_UPPER, "type", "enum", "const", "required", "properties", "items"}
    | {"additionalProperties", "uniqueItems", "allOf", "anyOf"}
)
_TYPES: Final = frozenset({"string", "number", "integer", "boolean"}) | {
    "object",
    "array",
    "null",
}


class Direction(Enum):
    """Who must not be surprised: consumers of events, or senders of documents."""

    PROMISED = "contracts"
    ACCEPTED = "schemas"


class Break(NamedTuple):
    """One broken promise: where in the schema, which keyword, and why."""

    pointer: str
    keyword: str
    why: str


def breaks(old: Schema, new: Schema, direction: Direction) -> list[Break]:
    """List why *new* could surprise somebody who relies on *old*."""
    before, after = inlined(old), inlined(new)
    if direction is Direction.ACCEPTED:
        found = _Containment(additions=False).within(before, after, "")
    else:
        found = _Containment(additions=True).within(after, before, "")
    # One shape of many measures breaks in one place, however many there are.
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Containment:
    """Finds why a document of *inner* might not pass *outer*, neither with ``$ref``.

    With *additions*, a reader of *outer* ignores fields it does not know, and takes
    new values of open lists, but misses a field that *inner* has no more.
    """

    additions: bool

    def within(self, inner: Part, outer: Part, at: str) -> Iterator[Break]:
        """Compare keyword by keyword; a keyword of *inner* alone only narrows it."""
        if outer is True or inner is False:
            return
        if isinstance(outer, bool):
            yield Break(at, "false", "nothing is allowed here")
            return
        inner = {} if isinstance(inner, bool) else inner
        yield from self._values(inner, outer, at)
        yield from _limits(inner, outer, at)
        yield from self._fields(inner, outer, at)
        yield from self._combinations(inner, outer, at)
        if "items" in outer:
            yield from self.within(
                inner.get("items", True), outer["items"], f"{at}/items"
            )
        chosen = choice_of(outer)
        if chosen is not None and not _same_choice(inner, outer):
            yield from self._chosen(inner, chosen, at)
        for keyword, rule in outer.items():
            if chosen is not None and keyword in CHOICE:
                continue
            known = keyword in _JUDGED or keyword in SILENT or keyword[0] in "$x"
            if not known and bare(inner.get(keyword)) != bare(rule):
                # Of two patterns nobody can say which one allows more.
                yield Break(at, keyword, "differs, and cannot be compared")

    def _values(self, inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
        missing = _types(inner) - _types(outer)
        if "number" in _types(outer):
            missing -= {"integer"}
        if missing:
            yield Break(at, "type", f"may be {', '.join(sorted(missing))}")
        allowed = listed(outer)
        if allowed is None:
            return
        found = listed(inner)
        is_open = outer.get("x-open-enum") and inner.get("x-open-enum")
        if found is None or (found - allowed and not (self.additions and is_open)):
            yield Break(at, "enum", "a value that was not in the list")

    def _fields(self, inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
        have, want = inner.get("properties", {}), outer.get("properties", {})
        rest, closed = (
            inner.get("additionalProperties", True),
            outer.get("additionalProperties", True),
        )
        for name in outer.get("required", ()):
            if name not in inner.get("required", ()):
                yield Break(f"{at}/{name}", "required", "may be absent")
        for name, part in want.items():
            if name in have:
                yield from self.within(have[name], part, f"{at}/{name}")
            elif rest is not False:
                yield from self.within(rest, part, f"{at}/{name}")
            elif self.additions:
                yield Break(f"{at}/{name}", "properties", "the field is gone")
        if self.additions:
            return
        for name in have.keys() - want.keys():
            yield from self.within(have[name], closed, f"{at}/{name}")
        yield from self.within(rest, closed, f"{at}/*")

    def _chosen(self, inner: Schema, outer: Choice, at: str) -> Iterator[Break]:
        """Compare value by value what holds for it on each side."""
        given = choice_of(inner)
        if given is None or given.name != outer.name:
            given = Choice(outer.name, rest=inner)
        # Of a measure that the old schema does not name, nothing was accepted.
        by_catalogue = not self.additions and outer.name == _CATALOGUED
        for value in sorted(given.branches.keys() | outer.branches.keys()):
            if by_catalogue and value not in outer.branches:
                yield Break(f"{at}/{outer.name}", "enum", "a measure is gone")
            elif value in given.branches or not (by_catalogue and given.branches):
                yield from self.within(given.of(value), outer.of(value), at)
        yield from self.within(given.rest, outer.rest, at)

    def _combinations(self, inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
        kept = [bare(part) for part in inner.get("allOf", ())]
        for part in outer.get("allOf", ()):
            if bare(part) not in kept and any(self.within(inner, part, at)):
                yield Break(at, "allOf", "a rule that is not kept on both sides")
        choices = outer.get("anyOf", ())
        for branch in inner.get("anyOf", (inner,)) if choices else ():
            if all(any(self.within(branch, choice, at)) for choice in choices):
                yield Break(at, "anyOf", "a form that no choice allows")


def _same_choice(inner: Schema, outer: Schema) -> bool:
    """Say whether both sides choose alike, word for word."""
    return all(bare(inner.get(word)) == bare(outer.get(word)) for word in CHOICE)


def _limits(inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
    for keyword in (*_LOWER, *_UPPER):
        if keyword in outer:
            sign = 1 if keyword in _LOWER else -1
            found = inner.get(keyword)
            if found is None or sign * found < sign * outer[keyword]:
                yield Break(at, keyword, "a limit that the other side does not keep")
    if outer.get("uniqueItems") and not inner.get("uniqueItems"):
        yield Break(at, "uniqueItems", "items may repeat")


def _types(part: Schema) -> frozenset[str]:
    given = part.get("type", _TYPES)
    return frozenset([given] if isinstance(given, str) else given)


def bare(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Leave out what is for people; below ``properties`` these are field names."""
    if isinstance(part, list):
        return [bare(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    return {
        name: {field: bare(item) for field, item in rule.items()}
        if name == "properties"
        else bare(rule)
        for name, rule in part.items()
        if name not in SILENT
    }


def inlined(schema: Schema) -> Schema:
    """Give a schema without references: each is replaced by what it names.

    Raises:
        ValueError: a reference leaves the file, or has a rule beside it.
    """
    body = {name: part for name, part in schema.items() if name != "$defs"}
    found: Schema = _inlined(body, schema)
    return found


def _inlined(part: Any, root: Schema) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(part, list):
        return [_inlined(item, root) for item in part]
    if not isinstance(part, dict):
        return part
    if isinstance(reference := part.get("$ref"), str):
        beside = {name: item for name, item in part.items() if name != "$ref"}
        if not reference.startswith("#/$defs/") or beside.keys() - _WORDS:
            message = "a reference names a definition of its own file, and stands alone"
            raise ValueError(message)
        part = root["$defs"][reference.removeprefix("#/$defs/")] | beside
    return {name: _inlined(item, root) for name, item in part.items()}
