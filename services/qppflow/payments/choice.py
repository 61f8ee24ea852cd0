"""Which final score pays a clinician: the highest of those that name her."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clinician:
    """What is remembered of one clinician in one practice (TIN/NPI) and year.

    ``candidates`` maps an entity's token to what it said last, its ``revision``
    with it; ``revision`` counts what was published; ``last`` is the content of the
    last payment and ``standing`` its event's id; ``last_id`` is the id of whatever
    was published last; ``state`` is ``none``, ``paid``, ``held`` or ``retracted``.
    """

    candidates: Mapping[str, JsonObject] = field(default_factory=dict)
    revision: int = 0
    state: str = "none"
    last: JsonObject | None = None
    last_id: str | None = None
    standing: str | None = None


def best(candidates: Mapping[str, JsonObject]) -> JsonObject | None:
    """Give the candidate that pays: the highest score, then type and token in order."""
    standing = [item for item in candidates.values() if item["score"] is not None]
    return min(
        standing,
        key=lambda item: (
            -Decimal(item["score"]["finalScore"]),
            item["score"]["entityType"],
            item["score"]["candidate"],
        ),
        default=None,
    )


def holding(candidates: Mapping[str, JsonObject]) -> JsonObject | None:
    """Give the hold that stands in the way, the oldest candidate's first."""
    held = [item["hold"] for _, item in sorted(candidates.items()) if item["hold"]]
    return held[0] if held else None


def decided_by(event: JsonObject) -> JsonObject:
    """Name the entity, and its revision, that an event of a candidate speaks of."""
    return {
        "entityType": event["entityType"],
        "subject": event["candidate"],
        "revision": event["revision"],
    }


def heard(before: JsonObject | None, kind: str, event: JsonObject) -> JsonObject | None:
    """Take what an entity says now; None where it is older than what is known."""
    revision = event["revision"]
    if before is not None and revision < before["revision"]:
        return None
    score = None if before is None else before["score"]
    if kind == "payment-candidate.v1":
        return {"revision": revision, "score": event, "hold": None}
    if kind == "payment-candidate-held.v1":
        if before is not None and before["revision"] == revision and not before["hold"]:
            # Said again after a crash: this revision has been decided since.
            return None
        hold = {
            "reason": event["reason"],
            "deadLetter": event["deadLetter"],
            "heldSince": event["receivedAt"],
            "decidedBy": decided_by(event),
        }
        return {"revision": revision, "score": score, "hold": hold}
    return {"revision": revision, "score": None, "hold": None}
