"""Read a document that may be broken anywhere: what has the wrong type is None.

The JSON Schema reports the wrong type; here it only keeps one check from running,
never its neighbours.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from sys import maxsize
from typing import Final, TypeAlias

JsonTable: TypeAlias = dict[str, object]

LARGEST: Final = Decimal(maxsize)
SMALLEST: Final = 1 / LARGEST


def text(value: object) -> str | None:
    """Take a text."""
    return value if isinstance(value, str) else None


def table(value: object) -> JsonTable | None:
    """Take an object."""
    return value if isinstance(value, dict) else None


def rows(value: object) -> list[object]:
    """Take a list; anything else has no items."""
    return value if isinstance(value, list) else []


def count(value: object) -> int | None:
    """Take a count of patients: a whole number from 0 to 64 bits, also as ``5.0``."""
    if type(value) is int:
        return value if 0 <= value <= maxsize else None
    figure = number(value)
    if figure is None or figure < 0 or figure != figure.to_integral_value():
        return None
    return int(figure)


def optional_count(value: object) -> int | None:
    """Take a count that may be left out: absent and null are 0."""
    return 0 if value is None else count(value)


def number(value: object) -> Decimal | None:
    """Take a number of ordinary size; arithmetic with it cannot overflow."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        figure = value if isinstance(value, Decimal) else Decimal(repr(value))
        size = abs(figure)
        ordinary = not size or SMALLEST <= size <= LARGEST
    except (InvalidOperation, ValueError):
        # NaN cannot be compared, and Python refuses to write out huge integers.
        return None
    return figure if ordinary else None


def optional_number(value: object) -> Decimal | None:
    """Take a number that may be left out: absent and null are 0."""
    return Decimal(0) if value is None else number(value)


def written_number(value: object) -> Decimal | None:
    """Take a number that our own feeds write as text, such as ``"12.50"``."""
    if not isinstance(value, str):
        return number(value)
    try:
        return number(Decimal(value))
    except InvalidOperation:
        return None


# A day is asked for again and again, so it is parsed once; 128 days are kept.
@lru_cache
def day(value: str) -> date | None:
    """Take a day written ``YYYY-MM-DD``; None if the calendar has no such day."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    # Other ISO forms (20250101, 2025-W01-1) are not what the format allows.
    return found if found.isoformat() == value else None
