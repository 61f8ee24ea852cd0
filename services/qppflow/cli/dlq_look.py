"""What the bytes of a dead letter look like, said without showing them. Pure."""

from hashlib import sha256
from typing import Any, Final, NamedTuple

from qpp.identifiers import shown
from qppflow.cli.dlq_letters import Letter, read_letter
from qppflow.cli.masking import masked_document
from qppflow.runtime import headers
from qppflow.runtime.decode import Undecodable, decode, named
from qppflow.runtime.recognise import (
    MEASUREMENT_SET,
    SUBMISSION,
    UNKNOWN,
    kind_of,
    looks_like,
)
from qppflow.runtime.records import Headers, Record
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.sealing import Sealer

# A dead letter may hold any record of any topic.
LARGEST: Final = 6 * 1024 * 1024
KINDS: Final = {SUBMISSION: "a submission", MEASUREMENT_SET: "a measurement set"}


class Look(NamedTuple):
    """One letter and what its bytes are; ``body`` is masked, None without one.

    ``same_bytes``: they have the hash that the letter names; None where they are
    not here to be hashed.
    """

    letter: Letter
    looks_like: str
    same_bytes: bool | None
    body: object


class Original(NamedTuple):
    """The sealed key and headers, each value in words or masked; None for null."""

    key: str | None
    headers: tuple[tuple[str, str | None], ...]

    def as_json(self, *, values: bool) -> dict[str, Any]:
        """Give it for programs: names only, or values too."""
        if not values:
            return {"headerNames": [name for name, _ in self.headers]}
        told = [{"name": name, "value": value} for name, value in self.headers]
        return {"key": self.key, "headers": told}


def look_at(record: Record) -> Look:
    """Say what a dead letter's bytes are."""
    letter = read_letter(record)
    value = record.value or b""
    if letter.value_omitted:
        told = f"not here, for its size: the bytes are at {letter.place}"
        return Look(letter, told, same_bytes=None, body=None)
    same = sha256(value).hexdigest() == letter.sha256
    decoded = decode(None if letter.null_value else value, LARGEST)
    if isinstance(decoded, Undecodable):
        title = finding_rules()[decoded.code].title
        told = f"{title} ({decoded.code}): {decoded.found}"
        return Look(letter, told, same, body=None)
    return Look(letter, _words(decoded.value), same, masked_document(decoded.value))


def _words(value: object) -> str:
    """Name what a JSON value is."""
    if isinstance(value, dict) and "subject" in value and "program" in value:
        return "an event of the stream"
    kind = kind_of(value)
    return looks_like(value) if kind == UNKNOWN else KINDS[kind]


def original_of(record: Record, sealer: Sealer) -> Original | None:
    """Open the key and headers that the parked record came with.

    None where they were left out for their size.

    Raises:
        UnsealError: they were sealed with another key, or altered.
    """
    sealed = headers.first(record.headers, "dlq-original")
    if sealed is None:
        return None
    key, found = sealer.open_envelope(sealed)
    return Original(_told(key), _told_headers(found))


def _told_headers(found: Headers) -> tuple[tuple[str, str | None], ...]:
    return tuple((named(name), _told(value)) for name, value in found)


def _told(value: bytes | None) -> str | None:
    """Put a key's or header's bytes into words wherever they could identify."""
    if value is None:
        return None
    text = headers.text(value)
    if text is None:
        return f"<{len(value)} bytes>"
    told = shown(text)
    return text if told == f'"{text}"' else f"<{told}>"
