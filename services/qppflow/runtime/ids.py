"""Ids that a replay repeats: each is computed from what the event is about."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

import orjson

from qppflow.runtime.headers import read
from qppflow.runtime.records import Record

# Fixed for the life of the project: another value would give every event a new id.
NAMESPACE: Final = UUID("6d1f4c1e-5a43-5b0e-9a57-2f7f0f6f3a11")


def _uuid(*parts: object) -> str:
    # JSON keeps the parts apart: ("a|b", "c") and ("a", "b|c") give two ids.
    return str(uuid5(NAMESPACE, orjson.dumps(parts).decode()))


def event_id(stage: str, token: str, program: str, revision: int, part: str) -> str:
    """Give the id of what a stage says of one revision of a subject."""
    return _uuid("event", stage, token, program, revision, part)


def answer_id(stage: str, submission: str) -> str:
    """Give the id of an answer or a fact, from the identity of its submission."""
    return _uuid("answer", stage, submission)


def dead_letter_id(stage: str, record: Record) -> str:
    """Give the id of the dead letter that a stage makes of a record."""
    return _uuid("dead", stage, record.topic, record.partition, record.offset)


def submission_identity(record: Record) -> str:
    """Give the identity of a submission, as 43 characters of base64url.

    It is made of ``ce_source``, ``ce_id`` and the SHA-256 of the bytes, so that a
    resend is the same submission wherever it lies in the log and corrected bytes
    are a new one. Where source or id cannot be read, the record's place counts.
    """
    given = read(record.headers)
    if given.source is None or given.id is None:
        return digest(["place", record.topic, record.partition, record.offset])
    value = sha256(record.value or b"").hexdigest()
    return digest(["sent", given.source, given.id, value])


def digest(parts: list[str | int]) -> str:
    """Hash a list to 43 characters of base64url, without the parts being readable."""
    hashed = sha256(orjson.dumps(parts)).digest()
    return urlsafe_b64encode(hashed).rstrip(b"=").decode()
