"""What a complete revision comes to, and how events write it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from qpp.inputs import read_input
from qpp.mips.final_score import final_score
from qpp.mips.payment import PAYMENT, payment
from qpp.mips.review import review
from qpp.mips.scoring import explanation_hash
from qpp.parts import reason
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from qppflow.final_scores.revisions import Subject
from qppflow.runtime import ids
from qppflow.runtime.codec import canonical
from qppflow.runtime.law import pinned
from qppflow.runtime.stages import head

JsonObject: TypeAlias = dict[str, Any]

# What only says which revision it was.
REFERENCES = frozenset({"explanationId", "explanationHash"})
# Why a clinician is told that a score is no longer hers.
LEFT = "removed-from-roster"
RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Final:
    """A final score, its payment adjustment and all reasons, with their hash.

    ``pays`` is the score that is paid by: what a targeted ``review`` decided, if so.
    """

    score: JsonObject
    review: JsonObject | None
    pays: str
    payment: JsonObject
    explanation: list[JsonObject]
    explanation_hash: str


def score_revision(
    parts: JsonObject, expected: JsonObject, scaling_factor: Decimal | None
) -> Final:
    """Score a revision from its four category parts by the law it pins.

    Where its rule book has CMS's published adjustment, no *scaling_factor* counts:
    the same revision pays the same, whatever a process is set to.

    Raises:
        RuleBookMissingError: this build has another rule book or catalogue.
    """
    law = pinned(expected)
    program = law.rules.submission.default_program.value
    entity = read_input(expected["input"], program)
    categories = {name: parts[name] for name in CATEGORIES}
    score, last = final_score(categories, entity, law.rules, law.catalogue.id)
    published = law.rules.payment.published_highest_adjustment is not None
    factor = None if published else scaling_factor
    decision, trace = expected.get("review"), Trace()
    held = review(score, decision, law.rules.payment, trace)
    paid, money = payment(held, law.rules, factor)
    reasons = [reason for name in CATEGORIES for reason in parts[name]["explanation"]]
    reasons += [*last, *[reason(step, PAYMENT) for step in trace.steps], *money]
    hashed = explanation_hash(reasons)
    return Final(score, decision, held["finalScore"], paid, reasons, hashed)


def score_event(
    final: Final, expected: JsonObject, before: Subject, explanation_id: str
) -> JsonObject:
    """Write the event of the entity; *before* is what it supersedes, if anything."""
    written = {
        **head(expected),
        "supersedes": before.complete or None,
        "paymentYear": final.score["paymentYear"],
        "entity": expected["entity"],
        "score": final.score,
        "explanation": final.explanation,
        "explanationId": explanation_id,
        "explanationHash": final.explanation_hash,
    }
    if before.last is not None:
        written["previous"] = before.last
    if final.review is not None:
        written["review"] = final.review
    return written


def last_of(final: Final, expected: JsonObject) -> JsonObject:
    """Write what the next event of the entity shows beside its own figures."""
    return {
        "finalScore": final.score["finalScore"],
        "ruleBook": expected["ruleBook"],
        "catalogue": expected["catalogue"],
        "revision": expected["revision"],
    }


def candidate_of(final: Final, expected: JsonObject, explanation_id: str) -> JsonObject:
    """Write what each clinician is told: thin, never the explanation."""
    written = {
        "candidate": expected["subject"],
        "entityType": final.score["entityType"],
        "eligibility": expected["eligibility"],
        "finalScore": final.pays,
        "paymentYear": final.score["paymentYear"],
        "payment": final.payment,
        "engine": final.score["engine"],
        "explanationId": explanation_id,
        "explanationHash": final.explanation_hash,
    }
    if final.review is not None:
        computed = final.score["finalScore"]
        written["review"] = {**final.review, "computedScore": computed}
    return written


def substance_of(candidate: JsonObject, expected: JsonObject) -> str:
    """Sum up what makes two candidates different: not which revision says so."""
    said = {name: item for name, item in candidate.items() if name not in REFERENCES}
    pinned_by = [expected["ruleBook"], expected["catalogue"]]
    return ids.digest([canonical([said, pinned_by]).decode()])


def withdrawal_of(expected: JsonObject, reason: str) -> JsonObject:
    """Write what a clinician is told whom a score of the entity pays no more."""
    return {
        "candidate": expected["subject"],
        "entityType": expected["entity"]["entityType"],
        "paymentYear": pinned(expected).rules.submission.payment_year.value,
        "reason": reason,
    }


def retraction_of(ended: JsonObject, before: int) -> JsonObject:
    """Write that an entity's score stands no more; *before* is its last revision."""
    return {
        **head(ended),
        "supersedes": before,
        "paymentYear": pinned(ended).rules.submission.payment_year.value,
        "entity": ended["entity"],
        "reason": "submission-withdrawn",
    }
