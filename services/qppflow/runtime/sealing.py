"""Original keys and headers, encrypted so that equal input gives equal bytes.

AES-SIV (RFC 5297) derives its nonce from the plain text: a replay writes the same
dead letter, and altered bytes do not open.
"""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from qppflow.runtime.codec import decode, encode
from qppflow.runtime.records import Headers

if TYPE_CHECKING:
    from qppflow.runtime.records import Header

KEY_SIZE: Final = 64
_ENVELOPE: Final = b"envelope"
_ORIGIN: Final = b"origin"


class UnsealError(Exception):
    """The sealed text was altered, or sealed with another key."""


class Sealer:
    """Seals and opens with one key of 64 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_SIZE:
            msg = f"a sealing key has {KEY_SIZE} bytes"
            raise ValueError(msg)
        self._cipher = AESSIV(key)

    def _seal(self, plain: bytes, purpose: bytes) -> bytes:
        return urlsafe_b64encode(self._cipher.encrypt(plain, [purpose]))

    def _open(self, sealed: bytes, purpose: bytes) -> bytes:
        try:
            return self._cipher.decrypt(urlsafe_b64decode(sealed), [purpose])
        except (InvalidTag, Base64Error, ValueError):
            msg = "altered, or sealed with another key"
            raise UnsealError(msg) from None

    def seal_envelope(self, key: bytes | None, headers: Headers) -> bytes:
        """Seal a record's key and headers, every null, duplicate and byte kept."""
        named = [[name, _text(value)] for name, value in headers]
        return self._seal(encode([_text(key), named]), _ENVELOPE)

    def open_envelope(self, sealed: bytes) -> tuple[bytes | None, Headers]:
        """Give back key and headers, for operators.

        Raises:
            UnsealError: The text was altered, or sealed with another key.
        """
        found = decode(self._open(sealed, _ENVELOPE))
        if not isinstance(found, list):
            msg = "no envelope"
            raise UnsealError(msg)
        key, named = found
        headers: list[Header] = [(name, _bytes(value)) for name, value in named]
        return _bytes(key), tuple(headers)

    def seal_origin(self, origin: str) -> bytes:
        """Seal where a record first failed, so that a replay can carry it along."""
        return self._seal(origin.encode(), _ORIGIN)

    def open_origin(self, sealed: bytes | None) -> str | None:
        """Give the first origin back; what we did not seal ourselves gives None."""
        if not sealed:
            return None
        try:
            return self._open(sealed, _ORIGIN).decode()
        except UnsealError:
            return None


def _text(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else b64decode(value)
