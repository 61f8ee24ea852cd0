"""Changes that make a strange document of a known one: in its JSON, in its bytes."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Final

LONGEST: Final = 65_536
# Values that have broken readers of JSON, of numbers, of dates and of texts.
STRANGE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2.5, 1e308, -0.0, 10**30, 2**63, 2**64, 100.0001,
    "", " ", "0", "-1", "NaN", "1e400", "000456789", "1234567893", "2026-02-30",
    "2026-01-01", "2026-12-31T23:59:59Z", "9999-12-31", "0001-01-01", "null", "\x00",
    "\ud83d\ude00", "\u202e", "e\u0301", "{}", "a" * 300, [], {}, [[]], [{}], {"": {}},
    [None], {"value": None}, 2017, 2024, 2026, 2031, 99999,
    {"isEndToEndReported": True}, {"numerator": 1, "denominator": 0},
    {"performanceMet": 5, "eligiblePopulation": 4, "performanceNotMet": -1},
)  # fmt: skip
_TOKENS: Final = (
    b"null", b"true", b"{}", b"[]", b'""', b"-0", b"1e999", b"1E-999", b"NaN",
    b"Infinity", b"\\u0000", b"\\ud800", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b'"a":1,"a":2', b"0123", b"[" * 200, b'{"a":' * 200, b"\r\n", b"/*", b"'", b",,",
)  # fmt: skip

Spot = tuple[Any, Any]
"""A container, and the key or number of one of its values."""


def mutated(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Change an input some times; its first byte, the topic, seldom changes.

    What is no JSON says little, however it is changed: most turns leave it for another.
    """
    if _document(data[1:]) is None and chance.random() < 0.9:
        data = chance.choice(others)
    head, body = data[:1] or b"\x00", data[1:]
    if chance.random() < 0.02:
        head = bytes([head[0] ^ 0x80])
    document = _document(body)
    if document is not None and chance.random() < 0.85:
        box = [document]
        for _ in range(1 + chance.randrange(4)):
            chance.choice(IN_JSON)(box, chance, others)
        body = _written(box[0], chance)
        if chance.random() < 0.9:
            return (head + body)[:LONGEST]
    for _ in range(1 + chance.randrange(3)):
        body = chance.choice(IN_BYTES)(body, chance, others)
    return (head + body)[:LONGEST]


def _document(body: bytes) -> Any:  # noqa: ANN401 - JSON has any shape
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _written(document: object, chance: random.Random) -> bytes:
    try:
        text = json.dumps(document, ensure_ascii=chance.random() < 0.5)
    except (ValueError, RecursionError):
        return b"{}"
    return text.encode("utf-8", "surrogatepass")


def _spots(node: Any, found: list[Spot]) -> list[Spot]:  # noqa: ANN401 - JSON has any shape
    if isinstance(node, dict):
        for name, inner in node.items():
            found.append((node, name))
            _spots(inner, found)
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            found.append((node, number))
            _spots(inner, found)
    return found


def _spot(box: list[Any], chance: random.Random) -> Spot:
    return chance.choice(_spots(box, []))


def _copy(value: Any) -> Any:  # noqa: ANN401 - JSON has any shape
    return json.loads(json.dumps(value))


def _strange(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    inside[at] = _copy(chance.choice(STRANGE))


def _left_out(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    if inside is not box:
        del inside[at]


def _twice(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    if isinstance(inside, list) and inside is not box:
        inside.insert(at, _copy(inside[at]))
    else:
        inside[at] = [inside[at], _copy(inside[at])]


def _renamed(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    if isinstance(inside, dict):
        names = [one for _node, one in _spots(box, []) if isinstance(one, str)]
        other = chance.choice([at + "s", at.upper(), "", " " + at, *names])
        inside[other] = inside.pop(at)


def _swapped(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    other, there = _spot(box, chance)
    inside[at], value = _copy(other[there]), _copy(inside[at])
    other[there] = value


def _borrowed(box: list[Any], chance: random.Random, others: Sequence[bytes]) -> None:
    """Put a value of another document where this has one of the same name."""
    other = _document(chance.choice(others)[1:])
    if not isinstance(other, dict | list) or not other:
        return
    inside, at = _spot(box, chance)
    theirs = _spots(other, [])
    same = [spot for spot in theirs if spot[1] == at] or theirs
    node, name = chance.choice(same)
    inside[at] = _copy(node[name])


def _retyped(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    inside, at = _spot(box, chance)
    value = inside[at]
    if isinstance(value, str):
        inside[at] = float(value) if value.isdigit() else [value]
    else:
        inside[at] = chance.choice([json.dumps(value)[:500], [value], {"value": value}])


def _nudged(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    """Move a number or a text by a little: below, at and above a boundary."""
    spots = [
        spot
        for spot in _spots(box, [])
        if isinstance(spot[0][spot[1]], int | float | str)
    ]
    if not spots:
        return
    inside, at = chance.choice(spots)
    value = inside[at]
    if isinstance(value, str):
        place = chance.randrange(len(value) + 1)
        letter = chance.choice("0159-: aZ\x7f\u00e9")
        inside[at] = value[:place] + letter + value[place + chance.randrange(2) :]
    else:
        inside[at] = value + chance.choice((-100, -1, -0.01, 0.01, 1, 100, 10**9))


def _many(box: list[Any], chance: random.Random, _others: Sequence[bytes]) -> None:
    lists = [spot for spot in _spots(box, []) if isinstance(spot[0][spot[1]], list)]
    if lists:
        inside, at = chance.choice(lists)
        inside[at] = _copy(inside[at][:3]) * chance.randrange(2, 40)


Change = Callable[[list[Any], random.Random, Sequence[bytes]], None]
"""A change of a document, in a box so that the whole of it can be replaced."""

IN_JSON: Final[tuple[Change, ...]] = (
    _strange, _strange, _left_out, _twice, _renamed, _swapped, _borrowed, _borrowed,
    _retyped, _nudged, _nudged, _many,
)  # fmt: skip


def _flipped(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(body or b"{")
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _inserted(body: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(_TOKENS) + body[at + chance.randrange(3) :]


def _spliced(body: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)[1:]
    return (
        body[: chance.randrange(len(body) + 1)]
        + other[chance.randrange(len(other) + 1) :]
    )


IN_BYTES: Final = (_flipped, _cut, _inserted, _spliced)
