"""Answers to documents that passed the front door: what they did, or that we failed."""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from qpp.findings import Finding
from qppflow.entities.slots import Entity
from qppflow.runtime import headers, ids
from qppflow.runtime.events import decode, emit, kind_of
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "entities"
RESULTS: Final = "qpp-submission-results"
FACT: Final = "fact-recorded.v1"
ANSWER: Final = "submission-answered.v1"
SUBMISSION: Final = ("source", "id", "sha256", "origin")


def answer(  # noqa: PLR0913 - one argument a member of the answer
    fact: JsonObject,
    record: Record,
    entity: Entity,
    effect: str,
    *,
    sets: list[JsonObject],
    more: Iterable[Finding] = (),
) -> Outgoing:
    """Answer an accepted document: *effect* on the whole, *sets* one by one.

    *more* are the warnings that memory adds to those of the front door.
    """
    # Before the first revision there is none to name: a roster waits for its chunks.
    said = {"effect": effect, "revision": entity.revision or None, "sets": sets}
    return _answer(fact, record, "accepted", more, said)


def refuse(fact: JsonObject, record: Record, more: Iterable[Finding]) -> Outgoing:
    """Answer a document that is rejected by a rule that needs memory."""
    return _answer(fact, record, "rejected", more, {})


def _answer(
    fact: JsonObject,
    record: Record,
    fate: str,
    more: Iterable[Finding],
    said: JsonObject,
) -> Outgoing:
    """Send the one answer to a document; its id names the document and its place."""
    submission = fact["submission"]
    place = f"{submission['identity']}|{submission['origin']}"
    found = [*fact["findings"], *[item.as_json() for item in more]]
    return emit(
        STAGE,
        RESULTS,
        ANSWER,
        _payload(fact, fate, findings=found, **said),
        event_id=ids.answer_id("answer", place),
        subject=fact["subject"],
        cause=record,
    )


def _payload(fact: JsonObject, fate: str, **said: object) -> JsonObject:
    """Write an answer; it names the document as its sender does, and is as *said*."""
    submission = fact["submission"]
    written = {
        "fate": fate,
        "effect": None,
        "kind": fact["kind"],
        "submission": {name: submission[name] for name in SUBMISSION},
        "program": fact["program"],
        "performanceYear": fact["performanceYear"],
        "subject": fact["subject"],
        "revision": None,
        "sets": [],
        "findings": fact["findings"],
        "deadLetter": None,
        "reason": None,
        "receivedAt": fact["receivedAt"],
    }
    return written | said


def parked(record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
    """Answer the sender of a parked fact, as far as the fact says who that is.

    Only a fact of this version is read: what another one means is not known here.
    The answer's id is made of the dead letter's, so that a document which is applied
    after all is answered *accepted* under another.
    """
    fact = decode(record.value)
    subject = headers.read(record.headers).subject
    if kind_of(record) != FACT or subject is None or fact["subject"] != subject:
        return []
    return [
        emit(
            STAGE,
            RESULTS,
            ANSWER,
            _payload(fact, "parked", deadLetter=letter, reason=reason),
            event_id=ids.answer_id("parked", letter),
            subject=subject,
            cause=record,
        )
    ]
