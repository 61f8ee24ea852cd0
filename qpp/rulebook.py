"""Rule files as typed values: each one carries its unit, citation and status.

A rule file is TOML. Every provision is a table with ``value``, ``unit``,
``citation``, ``status`` and ``last_checked``; ``note``, ``effective`` and
``alternative`` are optional. Numbers are strings, so that no float ever touches the
law.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType, NoneType, UnionType
from typing import (
    Any,
    Final,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

T_co = TypeVar("T_co", covariant=True)
Book = TypeVar("Book")

STATUSES: Final = ("verified", "secondary", "unverified")
REQUIRED: Final = frozenset({"value", "unit", "citation", "status", "last_checked"})
# No exponent, NaN or underscore: what a lawyer would read as a number.
PLAIN_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
OPTIONAL: Final = frozenset({"note", "effective", "alternative"})


class RuleError(ValueError):
    """A rule file cannot be read as what the law needs; says where and why."""


@dataclass(frozen=True, slots=True)
class Provision(Generic[T_co]):
    """One value of the regulation and where it comes from.

    ``path`` is file and name (``quality.case_minimum``); ``status`` is
    ``verified``, ``secondary`` (read in a quotation, or in an earlier year's text)
    or ``unverified``; ``alternative`` is the value that another reading would have,
    None where the file names none.
    """

    value: T_co
    unit: str
    citation: str
    status: str
    last_checked: date
    path: str
    note: str = ""
    alternative: T_co | None = None

    @property
    def assumption(self) -> str | None:
        """Name the assumption a score rests on when it uses this value."""
        return f"unverified:{self.path}" if self.status == "unverified" else None


def digest(files: Mapping[str, bytes]) -> str:
    """Hash a set of files by name and content; the order of the mapping is moot."""
    total = sha256()
    for name in sorted(files):
        total.update(f"{name}\0{sha256(files[name]).hexdigest()}\n".encode())
    return total.hexdigest()


def parse_files(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Parse ``{"quality.toml": bytes}`` into ``{"quality": tables}``."""
    parsed = {}
    for name, content in files.items():
        try:
            parsed[name.removesuffix(".toml")] = tomllib.loads(content.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            message = f"{name}: not a TOML file: {error}"
            raise RuleError(message) from error
    return parsed


def bind(kind: type[Book], tables: Mapping[str, Any], path: str) -> Book:
    """Build the dataclass *kind* from *tables*: one provision per field.

    Raises:
        RuleError: a provision is missing, unknown, or of the wrong shape.
    """
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    if unknown := sorted(set(tables) - names):
        message = f"{path}: no rule is called {', '.join(unknown)}"
        raise RuleError(message)
    made = {
        name: _bound(hints[name], tables.get(name), f"{path}.{name}") for name in names
    }
    return kind(**made)


def _bound(hint: Any, table: Any, path: str) -> object:  # noqa: ANN401 - a type hint
    """Build one field: a provision, a nested group, or None where that is allowed."""
    if get_origin(hint) in {Union, UnionType}:
        if table is None:
            return None
        hint = next(arm for arm in get_args(hint) if arm is not NoneType)
    if not isinstance(table, dict):
        message = f"{path}: missing"
        raise RuleError(message)
    if is_dataclass(hint) and get_origin(hint) is None:
        assert isinstance(hint, type)
        return bind(hint, table, path)
    return _provision(get_args(hint)[0], table, path)


def _provision(kind: Any, table: dict[str, Any], path: str) -> Provision[Any]:  # noqa: ANN401 - a type hint
    """Read one provision and convert its value to *kind*."""
    present = set(table)
    if missing := sorted(REQUIRED - present):
        message = f"{path}: lacks {', '.join(missing)}"
        raise RuleError(message)
    if unknown := sorted(present - REQUIRED - OPTIONAL):
        message = f"{path}: unknown {', '.join(unknown)}"
        raise RuleError(message)
    if table["status"] not in STATUSES:
        message = f"{path}: status is one of {', '.join(STATUSES)}"
        raise RuleError(message)
    if not isinstance(table["last_checked"], date):
        message = f"{path}: last_checked is a date"
        raise RuleError(message)
    return Provision(
        value=_value(kind, table["value"], path),
        unit=str(table["unit"]),
        citation=str(table["citation"]),
        status=table["status"],
        last_checked=table["last_checked"],
        path=path,
        note=str(table.get("note", "")),
        alternative=_alternative(kind, table.get("alternative"), path),
    )


def _alternative(kind: Any, raw: Any, path: str) -> Any:  # noqa: ANN401 - shapes differ by rule
    """Read what another reading would have in its place; None if none is named."""
    return None if raw is None else _value(kind, raw, f"{path}: alternative")


def _value(kind: Any, raw: Any, path: str) -> Any:  # noqa: ANN401 - shapes differ by rule
    """Convert *raw* TOML to *kind*: numbers from strings, tables to mappings."""
    origin, arms = get_origin(kind), get_args(kind)
    if origin is tuple and isinstance(raw, list):
        return tuple(
            _value(arms[0], item, f"{path}[{n}]") for n, item in enumerate(raw)
        )
    if origin is frozenset and isinstance(raw, list):
        return frozenset(
            _value(arms[0], item, f"{path}[{n}]") for n, item in enumerate(raw)
        )
    if origin is Mapping and isinstance(raw, dict):
        return MappingProxyType(
            {key: _value(arms[1], item, f"{path}.{key}") for key, item in raw.items()}
        )
    if origin is Literal:
        if raw in arms:
            return raw
        message = f"{path}: {raw!r} is none of {', '.join(map(str, arms))}"
        raise RuleError(message)
    if kind in (bool, date) and type(raw) is kind:
        return raw
    if kind in (str, int, Decimal) and isinstance(raw, str):
        if kind is not str and not PLAIN_NUMBER.fullmatch(raw):
            message = f"{path}: {raw!r} is not a plain number"
            raise RuleError(message)
        try:
            return kind(raw)
        except ValueError as error:
            message = f"{path}: {raw!r} is not of kind {kind.__name__}"
            raise RuleError(message) from error
    message = f"{path}: needs {getattr(kind, '__name__', kind)}, numbers as strings"
    raise RuleError(message)
