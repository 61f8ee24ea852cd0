"""Names of entities that say nothing about them: keyed hashes of identifiers."""

import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Final

from qppflow.runtime.codec import canonical

PREFIX: Final = "k1."
SHORTEST_KEY: Final = 32
TOKEN: Final = re.compile(r"k1\.[A-Za-z0-9_-]{43}")


class Tokens:
    """Turns identifiers into tokens; the key stays for a performance year's life."""

    def __init__(self, key: bytes) -> None:
        if len(key) < SHORTEST_KEY:
            msg = f"a token key needs at least {SHORTEST_KEY} bytes"
            raise ValueError(msg)
        self._key = key

    def token(self, year: int, identifiers: Mapping[str, str]) -> str:
        """Give the token of an entity in a performance year.

        ``identifiers`` maps a kind (``tin``, ``npi``, ...) to its text; their order
        does not matter, and another set of kinds is another entity.
        """
        said = canonical([year, dict(identifiers)])
        hashed = digest(self._key, said, sha256)
        return PREFIX + urlsafe_b64encode(hashed).rstrip(b"=").decode()

    def clinician(self, year: int, tin: str, npi: str) -> str:
        """Name a clinician in a practice (TIN/NPI) in a performance year."""
        return self.token(year, {"clinician-tin": tin, "clinician-npi": npi})


def is_token(text: str | None) -> bool:
    """Say whether a text has a token's form; only an owner of the key knows more."""
    return text is not None and TOKEN.fullmatch(text) is not None


def new_key(size: int) -> str:
    """Make a random key of *size* bytes, as base64url text for a setting."""
    return urlsafe_b64encode(secrets.token_bytes(size)).decode()


def read_key(text: str) -> bytes:
    """Read a key from its base64url text.

    Raises:
        ValueError: The text is not base64url; the message does not repeat it.
    """
    try:
        return urlsafe_b64decode(text.encode())
    except (Base64Error, ValueError):
        msg = "a key must be base64url text"
        raise ValueError(msg) from None


def kept_key(file: Path, size: int) -> str:
    """Read the key in *file*, or make one there that only its owner can read.

    For one machine and its demonstration only: elsewhere keys come from a vault.
    Two processes that start at once end up with the same key.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        mine = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(new_key(size))
        try:
            os.link(mine, file)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return file.read_text()
