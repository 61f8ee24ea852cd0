"""A rule book as text: its provisions in order, and their values in words."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from qpp.numbers import ONE, plain
from qpp.rulebook import Provision

NOTHING: Final = "nothing"
# Units that say what kind of value it is; its reader sees that.
SILENT: Final = frozenset({"word", "yes or no", "year", "month and day"})
# Units that are written alike for one and for many.
INVARIANT: Final = frozenset({"percent"})


def provisions(book: object) -> Iterator[Provision[Any]]:
    """Yield the provisions of a rule book, or of one file of it, in reading order."""
    assert is_dataclass(book)
    for field in fields(book):
        item = getattr(book, field.name)
        if isinstance(item, Provision):
            yield item
        elif is_dataclass(item):
            yield from provisions(item)


def written(value: object) -> str:
    """Write a value on one line; the rows of a table are parted by semicolons."""
    if isinstance(value, Mapping):
        rows = (f"{key}: {_cell(item)}" for key, item in value.items())
        return "; ".join(rows) or NOTHING
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or NOTHING
    if isinstance(value, tuple):
        return ", ".join(_member(item) for item in value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _cell(item: object) -> str:
    """Write a cell of a table; one that is a table itself gives its cells in a row."""
    if not isinstance(item, Mapping):
        return written(item)
    return ", ".join(f"{key} {written(inner)}" for key, inner in item.items())


def _member(item: object) -> str:
    """Write a member of a list; one that is a list itself stands for a choice."""
    return " with ".join(map(written, item)) if isinstance(item, tuple) else str(item)


def cells(value: Mapping[str, object]) -> list[tuple[str, str]]:
    """Give the rows of a table as name and text."""
    return [(key, _cell(item)) for key, item in value.items()]


def with_unit(provision: Provision[Any]) -> str:
    """Write a value with its unit, "7 points"; only a number takes one."""
    value, unit = provision.value, provision.unit
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if not is_number or unit in SILENT:
        return written(value)
    named, of, rest = unit.partition(" of ")
    return f"{written(value)} {named if value == ONE else _many(named)}{of}{rest}"


def _many(unit: str) -> str:
    """Write a unit in the plural."""
    if unit in INVARIANT or unit.endswith("s"):
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("ity") else f"{unit}s"


def as_data(value: object) -> object:
    """Give a value for JSON: numbers and dates as text, sets as lists in order."""
    if isinstance(value, Mapping):
        return {key: as_data(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [as_data(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool) else written(value)
