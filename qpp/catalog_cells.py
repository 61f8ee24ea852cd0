"""Cells of the catalogue's files: how a fact becomes text, and text a fact."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from qpp.numbers import plain

SEPARATOR: Final = "|"
YES: Final = "yes"
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
YEAR: Final = re.compile(r"[0-9]{4}")


class CatalogueError(ValueError):
    """A catalogue cannot be read or written; says which file and line, and why."""


def text(value: str) -> str:
    """Write a text as it is; a cell is one line.

    Raises:
        CatalogueError: the text would break the line.
    """
    if value != " ".join(value.split()):
        message = f"{value!r} does not fit on one line of single spaces"
        raise CatalogueError(message)
    return value


def flag(value: bool) -> str:  # noqa: FBT001 - a cell writer takes its value alone
    """Write a truth as ``yes``, a falsehood as nothing, so that few cells stand out."""
    return YES if value else ""


def read_flag(cell: str) -> bool:
    """Read what ``flag`` wrote.

    Raises:
        CatalogueError: the cell is neither ``yes`` nor empty.
    """
    if cell not in {YES, ""}:
        message = f"{cell!r} is neither {YES!r} nor empty"
        raise CatalogueError(message)
    return cell == YES


def names(values: Iterable[str]) -> str:
    """Write names in the order given.

    Raises:
        CatalogueError: a name is empty or holds the separator.
    """
    listed = [text(value) for value in values]
    for name in listed:
        if not name or SEPARATOR in name:
            message = f"{name!r} is no name for a list separated by {SEPARATOR}"
            raise CatalogueError(message)
    return SEPARATOR.join(listed)


def read_names(cell: str) -> tuple[str, ...]:
    """Read what ``names`` wrote."""
    return tuple(cell.split(SEPARATOR)) if cell else ()


def name_set(values: Iterable[str]) -> str:
    """Write names in alphabetical order, for sets."""
    return names(sorted(values))


def read_name_set(cell: str) -> frozenset[str]:
    """Read what ``name_set`` wrote."""
    return frozenset(read_names(cell))


def number(value: Decimal | None) -> str:
    """Write a number exactly, an unknown one as nothing."""
    return "" if value is None else plain(value)


def read_number(cell: str) -> Decimal:
    """Read a plain decimal number.

    Raises:
        CatalogueError: the cell is something else.
    """
    if not NUMBER.fullmatch(cell):
        message = f"{cell!r} is not a plain number"
        raise CatalogueError(message)
    return Decimal(cell)


def read_year(cell: str) -> int:
    """Read a year of four digits.

    Raises:
        CatalogueError: the cell is something else.
    """
    if not YEAR.fullmatch(cell):
        message = f"{cell!r} is not a year"
        raise CatalogueError(message)
    return int(cell)
