"""Answers of the front door: rejected with every finding, or parked."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, TypeAlias

from qpp.findings import Finding
from qppflow.intake.topics import RESULTS, STAGE
from qppflow.runtime import headers, ids
from qppflow.runtime.events import emit
from qppflow.runtime.headers import timestamp
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]


def rejected(record: Record, year: int | None, findings: Iterable[Finding]) -> Outgoing:
    """Answer a rejected document with every finding."""
    listed = [item.as_json() for item in findings]
    return _answer(record, "rejected", performanceYear=year, findings=listed)


def parked(record: Record, letter: str, reason: str) -> Outgoing:
    """Answer that a document was parked, and as which dead letter."""
    return _answer(record, "parked", deadLetter=letter, reason=reason)


def submission_of(record: Record) -> JsonObject:
    """Name a document as its sender does, and by its bytes and place."""
    sender = headers.read(record.headers)
    return {
        "source": sender.source,
        "id": sender.id,
        "sha256": sha256(record.value or b"").hexdigest(),
        "origin": record.origin,
    }


def _answer(record: Record, fate: str, **more: object) -> Outgoing:
    """Send an answer; its id names the document and its place in the log."""
    payload = {
        "fate": fate,
        "effect": None,
        "kind": None,
        "submission": submission_of(record),
        "program": None,
        "performanceYear": None,
        "subject": None,
        "revision": None,
        "sets": [],
        "findings": [],
        "deadLetter": None,
        "reason": None,
        "receivedAt": timestamp(record.timestamp),
        **more,
    }
    identity = ids.submission_identity(record)
    return emit(
        STAGE,
        RESULTS,
        "submission-answered.v1",
        payload,
        event_id=ids.answer_id("answer", f"{identity}|{record.origin}"),
        subject=None,
        cause=record,
        outside=True,
    )
