"""Names of files, fit to be shown and written: no control sign, nothing but Unicode."""

import unicodedata
from pathlib import Path
from typing import Final

# Control and format signs, halves of a pair, and signs that end a line: they steer a
# terminal, turn text around, or cannot be written at all.
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Python keeps a byte of a name that is not UTF-8 as the sign of this range.
RAW_FIRST: Final = 0xDC80
RAW_LAST: Final = 0xDCFF
RAW_BASE: Final = 0xDC00
ONE_BYTE: Final = 0x100
TWO_BYTES: Final = 0x10000


def name_of(path: Path) -> str:
    r"""Name a file; ``\x1b`` stands for a sign or byte that cannot be shown."""
    return visible(str(path))


def visible(text: str, *, keep: str = "") -> str:
    """Write signs that cannot be shown by their number, except those of *keep*."""
    if text.isprintable():
        return text
    return "".join(sign if sign in keep else _visible(sign) for sign in text)


def _visible(sign: str) -> str:
    if unicodedata.category(sign) not in HIDDEN:
        return sign
    number = ord(sign)
    if RAW_FIRST <= number <= RAW_LAST:
        number -= RAW_BASE
    if number < ONE_BYTE:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < TWO_BYTES else f"\\U{number:08x}"
