"""Rules of a schema that hang on the value of one field: if, then, else, and so on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Part: TypeAlias = dict[str, Any] | bool

CHOICE: Final = ("if", "then", "else")
# What is said for people; below ``properties`` these are field names.
SILENT: Final = ("title", "description", "examples", "default", "deprecated")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rule holds for each value of a field, values being written as JSON.

    ``rest`` holds for any other value, and where there is no such field.
    """

    name: str
    branches: Mapping[str, Part] = field(default_factory=dict)
    rest: Part = True

    def of(self, value: str) -> Part:
        """Give the rule for a value."""
        return self.branches.get(value, self.rest)


def choice_of(part: Mapping[str, Any]) -> Choice | None:
    """Read a chain of if, then and else over one field; None for anything else."""
    name: str | None = None
    branches: dict[str, Part] = {}
    rest: Part = {keyword: part[keyword] for keyword in CHOICE if keyword in part}
    while isinstance(rest, dict) and "if" in rest and not rest.keys() - set(CHOICE):
        asked = _asked(rest["if"])
        if asked is None or name not in (None, asked[0]):
            return None
        name, values = asked
        for value in values:
            branches.setdefault(value, rest.get("then", True))
        rest = rest.get("else", True)
    return None if name is None else Choice(name, branches, rest)


def listed(part: Mapping[str, Any]) -> frozenset[str] | None:
    """Give the values a part is limited to, as JSON: 1 and true differ."""
    if "const" in part:
        return frozenset({json.dumps(part["const"])})
    return frozenset(map(json.dumps, part["enum"])) if "enum" in part else None


def _asked(condition: Any) -> tuple[str, frozenset[str]] | None:  # noqa: ANN401 - any part of a schema
    """Read the condition that a field is there and has one of some values."""
    if not isinstance(condition, dict) or _said(condition) != {
        "required",
        "properties",
    }:
        return None
    names, properties = condition["required"], condition["properties"]
    if len(names) != 1 or properties.keys() != set(names):
        return None
    rule = properties[names[0]]
    values = listed(rule) if isinstance(rule, dict) and len(_said(rule)) == 1 else None
    return None if values is None else (names[0], values)


def _said(part: Mapping[str, Any]) -> frozenset[str]:
    """Give the keywords of a part that are not for people."""
    return frozenset(part) - set(SILENT)
