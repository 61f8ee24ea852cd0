"""Which of all scores that name a clinician pays her, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.eligibility import Standing, pays
from qpp.mips import choice
from qppflow.runtime.law import law_of

JsonObject: TypeAlias = dict[str, Any]

UNKNOWN: Final = "unknown"
NOT_DECLARED: Final = "eligibility-not-declared"


@dataclass(frozen=True, slots=True)
class Clinician:
    """What is remembered of one clinician in one practice (TIN/NPI) and year.

    ``candidates`` maps an entity's token and program to what it said last, its
    ``revision`` with it, and ``since``, the place of its first word among all;
    ``eligibility`` is what is known of the clinician herself. ``revision`` counts
    what was published; ``last`` is the content of the last payment and ``standing``
    its event's id; ``last_id`` is the id of whatever was published last; ``state`` is
    ``none``, ``paid``, ``held`` or ``retracted``, the last for ``reason``.
    """

    candidates: Mapping[str, JsonObject] = field(default_factory=dict)
    eligibility: JsonObject | None = None
    revision: int = 0
    state: str = "none"
    reason: str | None = None
    last: JsonObject | None = None
    last_id: str | None = None
    standing: str | None = None


class Decision(NamedTuple):
    """The score that pays, or None; why not, then, and what the others lack.

    ``assumptions`` are what the decision takes for granted beyond the score's own.
    """

    paying: JsonObject | None
    why_not: str
    others: list[JsonObject]
    assumptions: frozenset[str]


def decide(clinician: Clinician) -> Decision:
    """Decide among all scores that stand: who may be paid at all, then the order."""
    standing = {
        name: item["score"]
        for name, item in clinician.candidates.items()
        if item["score"] is not None
    }
    herself = None
    if clinician.eligibility is not None:
        known = clinician.eligibility
        herself = Standing(known["outcome"], known["reason"])
    able: dict[str, frozenset[str]] = {}
    others: list[JsonObject] = []
    for name, score in sorted(standing.items()):
        rules = law_of(score["performanceYear"]).rules
        outcome = (score.get("eligibility") or {}).get("outcome", UNKNOWN)
        ruling = pays(
            score["entityType"], outcome, herself, getattr(rules, "eligibility", None)
        )
        if ruling.pays is False:
            others.append(_other(score, ruling.reason))
        else:
            more = {NOT_DECLARED} if ruling.pays is None else set()
            able[name] = ruling.assumptions | more
    if not able:
        why = others[0]["reason"] if others else ""
        return Decision(None, why, others, frozenset())
    found = choice.pays(
        [_candidate(name, clinician) for name in able],
        law_of(standing[min(able)]["performanceYear"]).rules.payment,
    )
    winner = found.winner.name
    others += [_other(standing[item.name], why) for item, why in found.losers]
    taken = able[winner] | found.assumptions
    return Decision(standing[winner], "", others, taken)


def _candidate(name: str, clinician: Clinician) -> choice.Candidate:
    """Write a candidate as the law compares it."""
    item = clinician.candidates[name]
    score = item["score"]
    return choice.Candidate(
        name=name,
        entity_type=score["entityType"],
        program=score["program"],
        score=Decimal(score["finalScore"]),
        since=item["since"],
    )


def _other(score: JsonObject, reason: str) -> JsonObject:
    """Write why a score does not pay."""
    return {
        "entityType": score["entityType"],
        "subject": score["candidate"],
        "program": score["program"],
        "reason": reason,
    }


def holding(candidates: Mapping[str, JsonObject]) -> JsonObject | None:
    """Give the hold that stands in the way, the oldest candidate's first."""
    held = [item["hold"] for _, item in sorted(candidates.items()) if item["hold"]]
    return held[0] if held else None
