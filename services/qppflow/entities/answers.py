"""Answers to accepted documents: what they did, and with which warnings."""

from typing import Any, Final, TypeAlias

from qppflow.entities.slots import Entity
from qppflow.runtime import ids
from qppflow.runtime.events import emit
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "entities"
RESULTS: Final = "qpp-submission-results"
SUBMISSION: Final = ("source", "id", "sha256", "origin")


def answer(
    fact: JsonObject,
    record: Record,
    entity: Entity,
    effect: str,
    sets: list[JsonObject],
) -> Outgoing:
    """Answer an accepted document: *effect* on the whole, *sets* one by one."""
    submission = fact["submission"]
    place = f"{submission['identity']}|{submission['origin']}"
    return emit(
        STAGE,
        RESULTS,
        "submission-answered.v1",
        _payload(fact, entity, effect, sets),
        event_id=ids.answer_id("answer", place),
        subject=fact["subject"],
        cause=record,
    )


def _payload(
    fact: JsonObject, entity: Entity, effect: str, sets: list[JsonObject]
) -> JsonObject:
    """Write the answer; it names the document as its sender does."""
    submission = fact["submission"]
    return {
        "fate": "accepted",
        "effect": effect,
        "kind": fact["kind"],
        "submission": {name: submission[name] for name in SUBMISSION},
        "program": fact["program"],
        "performanceYear": fact["performanceYear"],
        "subject": fact["subject"],
        "revision": entity.revision,
        "sets": sets,
        "findings": fact["findings"],
        "deadLetter": None,
        "reason": None,
        "receivedAt": fact["receivedAt"],
    }
