"""The short way for JSON that hides nothing: read, write back, compare.

orjson reads fastest but keeps the last of two equal names and turns huge integers
into floats, silently. A document that it writes back character for character, blanks
aside, had neither: the same marks in the same order are as many names, and each number
is spelled as it was. All other documents take the strict way, which also finds out
what is wrong.
"""

from typing import Final

import orjson

# The strict reader refuses more levels; so many brackets could be so many levels.
_MOST_BRACKETS: Final = 200
_BLANKS: Final = b" \t\r\n"


def read_plainly(body: bytes) -> dict[str, object] | None:
    """Read an object without fractions that orjson writes the same; else None.

    The value equals that of a strict reader: integers of 64 bits, no name twice.
    """
    # A fraction must become a Decimal, which orjson does not make; nor may a power be
    # a float, and one such as 1e+30 it would write back as it came.
    if b"." in body or b"e-" in body or b"e+" in body:
        return None
    if body.count(b"{") + body.count(b"[") > _MOST_BRACKETS:
        return None
    try:
        value = orjson.loads(body)
        written = orjson.dumps(value)
    except ValueError:
        return None
    if written != body:
        # Blanks in a text vanish on both sides, those between marks on one.
        written = written.translate(None, b" ")
        if written != body.translate(None, _BLANKS):
            return None
    return value if isinstance(value, dict) else None
