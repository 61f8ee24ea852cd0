"""What the entities say of a clinician, and what she is herself: the newest counts."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

JsonObject: TypeAlias = dict[str, Any]

CANDIDATE: Final = "payment-candidate.v1"
HELD: Final = "payment-candidate-held.v1"
WITHDRAWN: Final = "payment-candidate-withdrawn.v1"
ELIGIBILITY: Final = "clinician-eligibility.v1"
AMOUNT: Final = "clinician-paid-amount.v1"
CLOSING: Final = "closing-applied.v1"
KINDS: Final = frozenset({CANDIDATE, HELD, WITHDRAWN, ELIGIBILITY, AMOUNT, CLOSING})
# What is kept of a closing.
CLOSED_BY: Final = ("number", "factor", "additionalFactor", "assumptions")


def name_of(event: JsonObject) -> str:
    """Name a candidate: an entity in a program."""
    return f"{event['candidate']}|{event['program']}"


def decided_by(event: JsonObject) -> JsonObject:
    """Name the entity, and its revision, that an event of a candidate speaks of."""
    return {
        "entityType": event["entityType"],
        "subject": event["candidate"],
        "revision": event["revision"],
        "program": event["program"],
    }


def heard(
    before: JsonObject | None, kind: str, event: JsonObject, since: int
) -> JsonObject | None:
    """Take what an entity says now; None where it is older than what is known.

    *since* is the place among all candidates that a new one gets.
    """
    revision = event["revision"]
    if before is not None and revision < before["revision"]:
        return None
    score = None if before is None else before["score"]
    made = {
        "revision": revision,
        "since": since if before is None else before["since"],
        "score": None,
        "hold": None,
    }
    if kind == CANDIDATE:
        return {**made, "score": event}
    if kind == HELD:
        if before is not None and before["revision"] == revision and not before["hold"]:
            # Said again after a crash: this revision has been decided since.
            return None
        hold = {
            "reason": event["reason"],
            "deadLetter": event["deadLetter"],
            "heldSince": event["receivedAt"],
            "decidedBy": decided_by(event),
        }
        return {**made, "score": score, "hold": hold}
    return made


def standing_of(
    known: Mapping[str, JsonObject], event: JsonObject
) -> Mapping[str, JsonObject] | None:
    """Take what an entity says the clinician is; None where it is nothing newer.

    Her own facts say it, and an APM entity of hers may say that she is out of MIPS.
    """
    said_by, revision = event["candidate"], event["revision"]
    if said_by in known and revision <= known[said_by]["revision"]:
        return None
    said = {name: event[name] for name in ("revision", "outcome", "reason")}
    return {**known, said_by: said}


def amount_of(before: JsonObject | None, event: JsonObject) -> JsonObject | None:
    """Take what she was paid; None where it is older than what is known."""
    if before is not None and event["revision"] <= before["revision"]:
        return None
    return {"revision": event["revision"], "allowedAmount": event["allowedAmount"]}


def closing_of(before: JsonObject | None, event: JsonObject) -> JsonObject | None:
    """Take a closing of the year; None where it is no newer than what is known."""
    if before is not None and event["number"] <= before["number"]:
        return None
    return {name: event[name] for name in CLOSED_BY}
