"""Whether a new version of a schema keeps the promise of the one before.

Both directions are one question: does every document of one schema pass another?
What we accept may only widen, so old documents must pass the new schema. What we
promise may only be added to, so new events must pass the old schema, apart from
fields that a consumer does not know yet and lists marked ``x-open-enum``.
What cannot be compared counts as broken: the author must decide, not the gate.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from qppflow.runtime.contracts import Schema, Version, version

Part: TypeAlias = Schema | bool

_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_WORDS: Final = {"title", "description"}
_SILENT: Final = ("title", "description", "examples", "default", "deprecated")
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
        return list(_Containment(additions=False).within(before, after, ""))
    return list(_Containment(additions=True).within(after, before, ""))


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
        for keyword, rule in outer.items():
            known = keyword in _JUDGED or keyword in _SILENT or keyword[0] in "$x"
            if not known and bare(inner.get(keyword)) != bare(rule):
                # Of two patterns nobody can say which one allows more.
                yield Break(at, keyword, "differs, and cannot be compared")

    def _values(self, inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
        missing = _types(inner) - _types(outer)
        if "number" in _types(outer):
            missing -= {"integer"}
        if missing:
            yield Break(at, "type", f"may be {', '.join(sorted(missing))}")
        allowed = _listed(outer)
        if allowed is None:
            return
        found = _listed(inner)
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

    def _combinations(self, inner: Schema, outer: Schema, at: str) -> Iterator[Break]:
        kept = [bare(part) for part in inner.get("allOf", ())]
        for part in outer.get("allOf", ()):
            if bare(part) not in kept and any(self.within(inner, part, at)):
                yield Break(at, "allOf", "a rule that is not kept on both sides")
        choices = outer.get("anyOf", ())
        for branch in inner.get("anyOf", (inner,)) if choices else ():
            if all(any(self.within(branch, choice, at)) for choice in choices):
                yield Break(at, "anyOf", "a form that no choice allows")


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


def _listed(part: Schema) -> frozenset[str] | None:
    """Give the values a part is limited to, as JSON: 1 and true differ."""
    if "const" in part:
        return frozenset({json.dumps(part["const"])})
    return frozenset(map(json.dumps, part["enum"])) if "enum" in part else None


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
        if name not in _SILENT
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


class Waiver(NamedTuple):
    """One break that was agreed on, until a day and not longer."""

    schema: str
    pointer: str
    keyword: str
    reason: str
    until: date


def families(folder: Path) -> Mapping[str, Mapping[Version, Schema]]:
    """Group the schemas of a folder by ``$id`` without its version, oldest first."""
    found: dict[str, dict[Version, Schema]] = {}
    for file in sorted(folder.rglob("*.schema.json")):
        schema: Schema = json.loads(file.read_bytes())
        family, _, numbers = schema["$id"].rpartition(":")
        if numbers[:1].isdigit():
            found.setdefault(family, {})[version(numbers)] = schema
    return {family: dict(sorted(items.items())) for family, items in found.items()}


def gate(
    folder: Path, direction: Direction, waivers: tuple[Waiver, ...], today: date
) -> list[str]:
    """List every break between neighbouring versions that no waiver of today covers.

    A new major version of an event may break: old and new run side by side. What
    was accepted stays accepted, whatever the version is called.
    """
    waived = {item[:3] for item in waivers if today <= item.until}
    lines = []
    for family, found in families(folder).items():
        numbers = list(found)
        for old, new in pairwise(numbers):
            if direction is Direction.PROMISED and old.major != new.major:
                continue
            name = f"{family}:{new}"
            lines += [
                f"{name} {pointer or '/'} {keyword}: {why}"
                for pointer, keyword, why in breaks(found[old], found[new], direction)
                if (name, pointer, keyword) not in waived
            ]
    return lines
