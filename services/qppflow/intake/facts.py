"""Facts of an entity: what passed the front door, under the entity's key."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from qpp.findings import Finding
from qppflow.intake.answers import submission_of
from qppflow.intake.entity import entity_of, token_of
from qppflow.intake.topics import FACTS, STAGE
from qppflow.runtime import headers, ids
from qppflow.runtime.events import emit
from qppflow.runtime.headers import timestamp
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

PROGRAM: Final = "mips"
# The slot of a sender who does not say who it is.
UNKNOWN_SENDER: Final = "unknown"


def recorded(
    record: Record, document: JsonObject, findings: Iterable[Finding], tokens: Tokens
) -> Outgoing:
    """Record an accepted document; a feed names itself in its field ``feed``."""
    feed = document.get("feed")
    entity = entity_of(document)
    subject = token_of(tokens, document["performanceYear"], entity)
    identity = ids.submission_identity(record)
    event_id = ids.answer_id("fact", f"{identity}|{record.origin}")
    payload = {
        "eventId": event_id,
        "kind": "submission" if feed is None else "feed",
        "feed": feed,
        "submission": {**submission_of(record), "identity": identity},
        "sequence": _sequence(record),
        "program": PROGRAM,
        "performanceYear": document["performanceYear"],
        "subject": subject,
        "entity": entity,
        "submitter": _submitter(record),
        "document": document,
        "findings": [item.as_json() for item in findings],
        "receivedAt": timestamp(record.timestamp),
    }
    kind = "fact-recorded.v1"
    return emit(
        STAGE,
        FACTS,
        kind,
        payload,
        event_id=event_id,
        subject=subject,
        cause=record,
        outside=True,
    )


def _sequence(record: Record) -> JsonObject:
    """Give what orders this fact among those of its slot."""
    return {
        "time": record.timestamp,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
    }


def _submitter(record: Record) -> str:
    """Name the sender's slot without the text of its source."""
    source = headers.read(record.headers).source
    return UNKNOWN_SENDER if source is None else ids.digest(["submitter", source])
