"""Bytes that are no submission: what goes wrong before anyone can read a document."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from qppflow.demo.chance import Draw

Garbler: TypeAlias = Callable[[bytes], bytes | None]

_DEEP: Final = 300
_YEAR: Final = re.compile(rb'("performanceYear": *)[0-9]+')


def garbled(body: bytes, chance: Draw) -> tuple[str, bytes | None]:
    """Spoil the bytes of a submission, and name what was done to them."""
    name = chance.choice(list(GARBLERS))
    return name, GARBLERS[name](body)


GARBLERS: Final[Mapping[str, Garbler]] = {
    "cut off": lambda body: body[: len(body) * 2 // 3],
    "empty": lambda _: b"",
    "null": lambda _: None,
    "not UTF-8": lambda body: body[:40] + b"\xff\xfe" + body[40:],
    "UTF-16": lambda body: b"\xff\xfe" + body.decode().encode("utf-16-le"),
    "XML": lambda _: b'<?xml version="1.0"?><ClinicalDocument/>',
    "NaN": lambda body: _YEAR.sub(rb"\1NaN", body, count=1),
    "a field twice": lambda body: _YEAR.sub(rb"\g<0>, \g<0>", body, count=1),
    "a number beyond 64 bits": lambda _: b'{"performanceYear": 99999999999999999999}',
    "nested too deep": lambda _: b"[" * _DEEP + b"]" * _DEEP,
    "a list": lambda body: b"[" + body + b"]",
    "an answer of the API": lambda body: b'{"data": {"submission": ' + body + b"}}",
}
