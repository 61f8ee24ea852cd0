"""The short way for JSON that hides nothing: read, write back, compare.

orjson reads fastest but keeps the last of two equal names and turns huge integers
into floats, silently. A document that it writes back byte for byte had neither. All
other documents take the strict way, which also finds out what is wrong.
"""

from typing import Final

import orjson

# The strict reader refuses more levels; so many brackets could be so many levels.
_MOST_BRACKETS: Final = 200
_BLANKS: Final = b" \t\r\n"


def _indented(value: object) -> bytes:
    """Write JSON with two blanks a level."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def read_plainly(body: bytes) -> dict[str, object] | None:
    """Read an object without fractions that orjson writes the same; else None.

    The value equals that of a strict reader: integers of 64 bits, no name twice.
    """
    text = body.strip(_BLANKS)
    # A fraction must become a Decimal, which orjson does not make.
    if b"." in text or text.count(b"{") + text.count(b"[") > _MOST_BRACKETS:
        return None
    write = _indented if text.startswith(b"{\n") else orjson.dumps
    try:
        value = orjson.loads(text)
        same = write(value) == text
    except ValueError:
        return None
    return value if same and isinstance(value, dict) else None
