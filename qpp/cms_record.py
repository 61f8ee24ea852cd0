"""Records of CMS's measures data, read field by field with the place in the message."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeVar

Kind = TypeVar("Kind")


class CmsError(ValueError):
    """CMS's data cannot be read as what the catalogue needs; says where and why."""


def parse_json(name: str, content: bytes) -> object:
    """Parse one of CMS's files; numbers with a point become exact decimals.

    Raises:
        CmsError: the file is not JSON, or not UTF-8.
    """
    try:
        parsed: object = json.loads(content.decode(), parse_float=Decimal)
    except ValueError as error:
        message = f"{name}: not a JSON file: {error}"
        raise CmsError(message) from error
    return parsed


@dataclass(frozen=True, slots=True)
class Record:
    """One record; *where* names it in messages. CMS leaves out keys or sends nulls."""

    where: str
    fields: Mapping[str, object]

    def refuse(self, name: str, needed: str) -> NoReturn:
        """Say what is wrong with a field.

        Raises:
            CmsError: always.
        """
        message = f"{self.where}: {name}: needs {needed}"
        raise CmsError(message)

    def text(self, name: str) -> str:
        """Read a text on one line, however it was wrapped."""
        found = self.optional_text(name)
        if not found:
            self.refuse(name, "a text")
        return found

    def optional_text(self, name: str) -> str:
        """Read a text that may be absent or null: empty then."""
        return " ".join(self._taken(name, str, "").split())

    def flag(self, name: str) -> bool:
        """Read a truth; an absent one is false."""
        return self._taken(name, bool, default=False)

    def whole(self, name: str) -> int:
        """Read a whole number."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(name, "a whole number")
        return value

    def number(self, name: str) -> Decimal | None:
        """Read a number exactly; None where it is absent or null."""
        value = self.fields.get(name)
        return None if value is None else self.exact(name, value)

    def exact(self, name: str, value: object) -> Decimal:
        """Take a number that ``parse_json`` read; a float has lost its digits."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.refuse(name, "a number, read without floats")
        return Decimal(value)

    def numbers(self, name: str) -> tuple[Decimal, ...]:
        """Read a list of exact numbers; an absent one is empty."""
        return tuple(self.exact(name, item) for item in self._taken(name, list, []))

    def names(self, name: str) -> tuple[str, ...]:
        """Read names: a list, one text (2018 to 2020), null or nothing."""
        value = self.fields.get(name)
        if isinstance(value, str):
            return (value,)
        listed = self._taken(name, list, [])
        if not all(isinstance(item, str) for item in listed):
            self.refuse(name, "a list of texts")
        return tuple(listed)

    def table(self, name: str) -> Mapping[str, object]:
        """Read an object; an absent one is empty."""
        return self._taken(name, dict, {})

    def records(self, name: str) -> list["Record"]:
        """Read a list of objects; an absent one is empty."""
        return list(records(f"{self.where}: {name}", self._taken(name, list, [])))

    def _taken(self, name: str, kind: type[Kind], default: Kind) -> Kind:
        """Read a value of *kind*; absent and null are *default*."""
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, kind):
            self.refuse(name, f"a value of kind {kind.__name__}")
        return value


def records(where: str, rows: object) -> Iterator[Record]:
    """Yield the records of a file; each is named by its place and its own id.

    Raises:
        CmsError: *rows* is not a list of objects.
    """
    if not isinstance(rows, list):
        message = f"{where}: needs a list of records"
        raise CmsError(message)
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            message = f"{where} record {place}: needs an object"
            raise CmsError(message)
        own = row.get("measureId", row.get("mvpId"))
        named = f" ({own})" if isinstance(own, str) else ""
        yield Record(f"{where} record {place}{named}", row)
