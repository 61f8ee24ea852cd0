"""From bytes to a JSON value, strictly: what other readers hide is a finding here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

import jiter

from qpp.codes import Code
from qppflow.runtime.plain_json import read_plainly
from qppflow.runtime.schemas import field_names

SIZE_LIMIT: Final = 4 * 1024 * 1024
LEAST_INTEGER: Final = -(2**63)
GREATEST_INTEGER: Final = 2**64 - 1
# More places than any rate or cost has, few enough that arithmetic stays cheap.
MOST_PLACES: Final = 100
# Nobody can be answered about these: there is no document.
PARKED: Final = frozenset({Code.NULL_VALUE, Code.EMPTY, Code.NOT_JSON, Code.NOT_UTF8})

_LIKE_A_NAME: Final = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$@.-]{0,59}")
_DIGITS_SHOWN: Final = 4
_MARK: Final = b"\xef\xbb\xbf"
_PLACE: Final = re.compile(
    r"^(?P<what>.*) at line (?P<line>\d+) column (?P<column>\d+)$", re.DOTALL
)
_DUPLICATE: Final = re.compile(r'^Detected duplicate key "(?P<key>.*)"$', re.DOTALL)
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<number>-?[0-9][0-9.eE+-]*)')
# Digits become 0 and exponents e, so that two plain searches find what may be a
# number too large; a search for a pattern would take longer than reading it all.
_SHAPE: Final = bytes.maketrans(b"0123456789E", b"0000000000e")
_LONG: Final = b"0" * 19
_EXPONENT: Final = b"0e"
_GREATEST_POWER: Final = Decimal(GREATEST_INTEGER).adjusted()
_NUMBER_LIMITS: Final = ("number out of range", "Internal error")
_QUOTES_NOTHING: Final = (
    "EOF while parsing",
    "control character",
    "expected",
    "invalid escape",
    "invalid number",
    "key must be a string",
    "lone leading surrogate",
    "trailing",
    "unexpected end of hex escape",
)


class Decoded(NamedTuple):
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
    plainly = read_plainly(body)
    if plainly is not None:
        return Decoded(plainly)
    # RFC 8259, 8.1 lets a reader ignore the mark that some editors write first.
    text = body.removeprefix(_MARK)
    try:
        value = _strict(text)
    except ValueError as error:
        return _reason(text, str(error))
    if _may_be_too_large(text.translate(_SHAPE)):
        for pointer, number in _numbers(value):
            if _too_large(number):
                place = _place_of_large_number(text)
                return Undecodable(
                    Code.NUMBER_TOO_LARGE, f"a number over 64 bits{place}", pointer
                )
    return Decoded(value)


def escape(step: str) -> str:
    """Write one step of a JSON pointer, RFC 6901."""
    return step.replace("~", "~0").replace("/", "~1")


def pointer_to(path: Sequence[str | int]) -> str:
    """Write a path as a JSON pointer."""
    return "".join(f"/{escape(str(step))}" for step in path)


def few_digits(text: str) -> bool:
    """Say whether *text* has too few digits to hold an identifier."""
    return sum(character.isdigit() for character in text) <= _DIGITS_SHOWN


def may_be_shown(field: str) -> bool:
    """Say whether the name of an unknown field is safe to repeat."""
    return _LIKE_A_NAME.fullmatch(field) is not None and few_digits(field)


def named(field: str) -> str:
    """Name a field that we do not know, or only its length."""
    return field if may_be_shown(field) else f"a name of {len(field)} characters"


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
            Code.NOT_UTF8, f"a byte at offset {error.start} that is not UTF-8"
        )
    try:
        value = jiter.from_json(text, allow_inf_nan=True, float_mode="decimal")
    except ValueError as error:
        return _broken(text, *_split(str(error)))
    what, place = _split(message)
    if duplicate := _DUPLICATE.match(what):
        key = duplicate["key"]
        name = key if key in field_names() else f"a name of {len(key)} characters"
        return Undecodable(Code.DUPLICATE_KEY, f"{name} for the second time{place}")
    pointer = next(
        (
            pointer
            for pointer, number in _numbers(value)
            if isinstance(number, Decimal) and not number.is_finite()
        ),
        "",
    )
    return Undecodable(Code.NOT_A_NUMBER, f"NaN or Infinity{place}", pointer)


def _broken(text: bytes, what: str, place: str) -> Undecodable:
    """Say what is wrong with bytes that a lenient reader refuses as well."""
    if what.startswith("recursion limit"):
        return Undecodable(Code.TOO_DEEP, f"more than 200 levels{place}")
    if what.startswith(_NUMBER_LIMITS):
        return Undecodable(Code.NUMBER_TOO_LARGE, f"a number over 64 bits{place}")
    if text.lstrip().startswith(b"<"):
        return Undecodable(Code.NOT_JSON, f"what looks like XML{place}")
    # Only words of the reader that are known to quote nothing are passed on.
    reason = what if what.startswith(_QUOTES_NOTHING) else "broken"
    return Undecodable(Code.NOT_JSON, f"{reason}{place}")


def _split(message: str) -> tuple[str, str]:
    """Take a reader's message apart: what, and where in our own words."""
    match = _PLACE.match(message)
    if match is None:
        return message, ""
    return match["what"], f" at line {match['line']}, column {match['column']}"


def _numbers(value: object) -> Iterator[tuple[str, object]]:
    """Give every number below *value* with its pointer, in document order.

    A step that is no field name of ours is left out of the pointer with all below.
    """
    waiting: list[tuple[str, object, bool]] = [("", value, True)]
    while waiting:
        at, found, known = waiting.pop()
        if isinstance(found, dict):
            inner = [
                (f"{at}/{name}", item, True)
                if known and name in field_names()
                else (at, item, False)
                for name, item in found.items()
            ]
            waiting.extend(reversed(inner))
        elif isinstance(found, list):
            steps = (f"{at}/{index}" if known else at for index in range(len(found)))
            places = [
                (step, item, known) for step, item in zip(steps, found, strict=True)
            ]
            waiting.extend(reversed(places))
        elif isinstance(found, int | Decimal):
            yield at, found


def _may_be_too_large(shape: bytes) -> bool:
    """Say whether text has long runs of digits or exponents, given its shape."""
    return _LONG in shape or _EXPONENT in shape


def _too_large(number: object) -> bool:
    """Say whether a number is beyond 64 bits, or a decimal of absurd size."""
    if isinstance(number, Decimal):
        return not -MOST_PLACES <= number.adjusted() <= _GREATEST_POWER
    return not (isinstance(number, int) and LEAST_INTEGER <= number <= GREATEST_INTEGER)


def _place_of_large_number(text: bytes) -> str:
    """Say where the first number stands that is too large."""
    for token in _TOKEN.finditer(text):
        number = token["number"]
        if number is None or not _may_be_too_large(number.translate(_SHAPE)):
            continue
        if _too_large(_strict(number)):
            start = token.start()
            line = text.count(b"\n", 0, start) + 1
            column = len(text[text.rfind(b"\n", 0, start) + 1 : start].decode()) + 1
            return f" at line {line}, column {column}"
    return ""
