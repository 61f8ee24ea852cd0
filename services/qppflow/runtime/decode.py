"""From bytes to a JSON value, strictly: what other readers hide is a finding here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import jiter

from qpp.codes import Code
from qppflow.runtime.schema_shapes import FIELD_NAMES

SIZE_LIMIT: Final = 4 * 1024 * 1024
LEAST_INTEGER: Final = -(2**63)
GREATEST_INTEGER: Final = 2**64 - 1
# More places than any rate or cost has, few enough that arithmetic stays cheap.
MOST_PLACES: Final = 100
# Nobody can be answered about these: there is no document.
PARKED: Final = frozenset(
    {Code.NULL_VALUE, Code.EMPTY, Code.NOT_JSON, Code.NOT_UTF8}
)

_MARK: Final = b"\xef\xbb\xbf"
_PLACE: Final = re.compile(r"^(?P<what>.*) at line (?P<line>\d+) column (?P<column>\d+)$", re.DOTALL)
_DUPLICATE: Final = re.compile(r'^Detected duplicate key "(?P<key>.*)"$', re.DOTALL)
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<number>-?[0-9][0-9.eE+-]*)')
# Digits become 0 and exponents e, so that two plain searches find what may be a
# number too large; a search for a pattern would take longer than reading it all.
_SHAPE: Final = bytes.maketrans(b"0123456789E", b"0000000000e")
_LONG: Final = b"0" * 19
_EXPONENT: Final = b"0e"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A JSON value: integers as int, all other numbers as Decimal."""

    value: object


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why bytes are no document that can be judged; never shows any of its text.

    ``pointer`` is empty where the place is known by line and column only.
    """

    code: Code
    found: str
    pointer: str = ""

    @property
    def parked(self) -> bool:
        """Whether it is set aside; otherwise it is rejected, with an answer."""
        return self.code in PARKED


def decode(body: bytes | None, limit: int = SIZE_LIMIT) -> Decoded | Undecodable:
    """Read *body*, at most *limit* bytes of JSON in UTF-8; never raises."""
    if body is None:
        return Undecodable(Code.NULL_VALUE, "a record without a value")
    if len(body) > limit:
        return Undecodable(Code.TOO_LARGE, f"{len(body)} bytes, more than {limit}")
    # RFC 8259, 8.1 lets a reader ignore the mark that some editors write first.
    text = body.removeprefix(_MARK)
    try:
        value = _strict(text)
    except ValueError as error:
        return _reason(text, str(error))
    shape = text.translate(_SHAPE)
    if _LONG in shape or _EXPONENT in shape:
        for pointer, number in _numbers(value, ""):
            if _too_large(number):
                place = _place_of_large_number(text)
                return Undecodable(
                    Code.NUMBER_TOO_LARGE, f"a number over 64 bits{place}", pointer
                )
    return Decoded(value)


def escape(token: str) -> str:
    """Write one step of a JSON pointer, RFC 6901."""
    return token.replace("~", "~0").replace("/", "~1")


def _strict(text: bytes) -> object:
    """Read JSON; NaN, repeated names and what is not in the standard are errors."""
    found: object = jiter.from_json(
        text, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal"
    )
    return found


def _reason(text: bytes, message: str) -> Undecodable:
    """Say why strict reading failed; a second, lenient reading tells kinds apart."""
    if not text.strip():
        return Undecodable(Code.EMPTY, f"{len(text)} bytes, none of them JSON")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return Undecodable(
            Code.NOT_UTF8, f"a byte that is no UTF-8 at offset {error.start}"
        )
    what, place = _split(message)
    if what.startswith("recursion limit"):
        return Undecodable(Code.TOO_DEEP, f"more than 200 levels{place}")
    if what.startswith(("number out of range", "Internal error")):
        return Undecodable(Code.NUMBER_TOO_LARGE, f"a number over 64 bits{place}")
    try:
        value = jiter.from_json(text, allow_inf_nan=True, float_mode="decimal")
    except ValueError as error:
        return _second_reason(text, str(error), what)
    if duplicate := _DUPLICATE.match(what):
        key = duplicate["key"]
        name = key if key in FIELD_NAMES else f"a name of {len(key)} characters"
        return Undecodable(Code.DUPLICATE_KEY, f"{name} for the second time{place}")
    pointer = next(
        (
            pointer
            for pointer, number in _numbers(value, "")
            if isinstance(number, Decimal) and not number.is_finite()
        ),
        "",
    )
    return Undecodable(Code.NOT_A_NUMBER, f"NaN or Infinity{place}", pointer)


def _second_reason(text: bytes, message: str, first: str) -> Undecodable:
    """Say what is wrong with bytes that a lenient reader refuses as well."""
    what, place = _split(message)
    if what.startswith("recursion limit"):
        return Undecodable(Code.TOO_DEEP, f"more than 200 levels{place}")
    if what.startswith(("number out of range", "Internal error")):
        return Undecodable(Code.NUMBER_TOO_LARGE, f"a number over 64 bits{place}")
    if text.lstrip().startswith(b"<"):
        return Undecodable(Code.NOT_JSON, f"what looks like XML{place}")
    if _DUPLICATE.match(first) or _DUPLICATE.match(what):
        what = "broken"
    return Undecodable(Code.NOT_JSON, f"no JSON: {what}{place}")
