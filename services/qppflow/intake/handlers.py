"""What `intake` decides: rejected and answered, or recorded as a fact of an entity."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, TypeAlias

from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding
from qppflow.intake.entity import entity_of, token_of
from qppflow.runtime import headers, ids
from qppflow.runtime.events import emit
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import Attributes, timestamp
from qppflow.runtime.judging import (
    PARKED,
    REJECTED,
    Judged,
    judge_feed,
    judge_submission,
)
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "intake"
SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"
FACTS: Final = "qpp-entity-facts"
RESULTS: Final = "qpp-submission-results"
PROGRAM: Final = "mips"
# The slot of a sender who does not say who it is.
UNKNOWN_SENDER: Final = "unknown"


class Intake:
    """Judges what comes from outside; it remembers nothing.

    ``feeds`` is the broker's name of the topic that CMS's feeds come on.
    """

    def __init__(self, tokens: Tokens, feeds: str) -> None:
        self._tokens = tokens
        self._feeds = feeds

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Answer what is rejected, record what is not, park what is no document.

        Raises:
            ParkError: nobody can be answered about the document itself.
        """
        is_feed = record.topic == self._feeds
        judged = (judge_feed if is_feed else judge_submission)(record.value)
        if judged.fate == PARKED:
            raise ParkError(str(judged.parked))
        sender = headers.read(record.headers)
        findings = [*_sender_findings(sender), *judged.findings]
        if judged.fate == REJECTED:
            return [_rejected(record, sender, judged, findings)]
        return [self._fact(record, sender, judged, findings, is_feed=is_feed)]

    def on_parked(self, record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
        """Answer a sender who can be named that the document was parked."""
        sender = headers.read(record.headers)
        if sender.source is None:
            return []
        payload = {
            **_answer(record, sender, "parked", []),
            "deadLetter": letter,
            "reason": reason,
        }
        return [_send_answer(record, payload)]

    def _fact(
        self,
        record: Record,
        sender: Attributes,
        judged: Judged,
        findings: list[Finding],
        *,
        is_feed: bool,
    ) -> Outgoing:
        """Record an accepted document under its entity's key."""
        document, year = judged.document, judged.year
        assert document is not None
        assert year is not None
        entity = entity_of(document)
        subject = token_of(self._tokens, year, entity)
        identity = ids.submission_identity(record)
        event_id = ids.answer_id("fact", f"{identity}|{record.origin}")
        payload = {
            "eventId": event_id,
            "kind": "feed" if is_feed else "submission",
            "feed": document["feed"] if is_feed else None,
            "submission": {**_submission(record, sender), "identity": identity},
            "sequence": {
                "time": record.timestamp,
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
            },
            "program": PROGRAM,
            "performanceYear": year,
            "subject": subject,
            "entity": entity,
            "submitter": (
                UNKNOWN_SENDER
                if sender.source is None
                else ids.digest(["submitter", sender.source])
            ),
            "document": document,
            "findings": [item.as_json() for item in findings],
            "receivedAt": timestamp(record.timestamp),
        }
        return emit(
            STAGE,
            FACTS,
            "fact-recorded.v1",
            payload,
            event_id=event_id,
            subject=subject,
            cause=record,
        )


def _sender_findings(sender: Attributes) -> list[Finding]:
    """Warn that a resend cannot be told from a new document without its name."""
    missing = [
        name
        for name, value in (("ce_source", sender.source), ("ce_id", sender.id))
        if value is None
    ]
    if not missing:
        return []
    found = f"no readable header {' and '.join(missing)}"
    return [report(finding_rules(), Code.SOURCE_MISSING, "", found)]


def _rejected(
    record: Record, sender: Attributes, judged: Judged, findings: list[Finding]
) -> Outgoing:
    """Answer a rejected document with every finding."""
    payload = _answer(record, sender, "rejected", findings)
    return _send_answer(record, payload | {"performanceYear": judged.year})


def _answer(
    record: Record, sender: Attributes, fate: str, findings: list[Finding]
) -> JsonObject:
    """Write an answer of the front door; it names no entity."""
    return {
        "fate": fate,
        "effect": None,
        "kind": None,
        "submission": _submission(record, sender),
        "program": None,
        "performanceYear": None,
        "subject": None,
        "revision": None,
        "sets": [],
        "findings": [item.as_json() for item in findings],
        "deadLetter": None,
        "reason": None,
        "receivedAt": timestamp(record.timestamp),
    }


def _submission(record: Record, sender: Attributes) -> JsonObject:
    """Name a document as its sender does, and by its bytes and place."""
    return {
        "source": sender.source,
        "id": sender.id,
        "sha256": sha256(record.value or b"").hexdigest(),
        "origin": record.origin,
    }


def _send_answer(record: Record, payload: JsonObject) -> Outgoing:
    """Send an answer; its id names the document and its place in the log."""
    identity = ids.submission_identity(record)
    return emit(
        STAGE,
        RESULTS,
        "submission-answered.v1",
        payload,
        event_id=ids.answer_id("answer", f"{identity}|{record.origin}"),
        subject=None,
        cause=record,
    )
