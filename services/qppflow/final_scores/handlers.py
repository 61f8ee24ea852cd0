"""What `final_scores` decides: is a revision complete, and who is told its score."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

from qpp.inputs import read_input
from qpp.mips.final_score import final_score
from qpp.mips.payment import payment
from qpp.mips.scoring import explanation_hash
from qpp.submission import CATEGORIES
from qppflow.final_scores.clinicians import clinicians, gone
from qppflow.final_scores.revisions import (
    EXPECTED,
    PARKED,
    Subject,
    arrived,
    is_complete,
    parts_of,
    published,
)
from qppflow.runtime import ids
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.events import emit, encode, kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.law import pinned
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stages import head
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "final_scores"
SCORES: Final = "qpp-final-scores"
CANDIDATES: Final = "qpp-payment-inputs"
# The warning of a group's score that no clinician is paid by.
NO_ROSTER: Final = "no-roster"


class FinalScores:
    """The memory of `final_scores`; a state is one entity in one performance year."""

    def __init__(self, tokens: Tokens, scaling_factor: Decimal | None = None) -> None:
        self._tokens = tokens
        self._scaling_factor = scaling_factor

    def subject(self, record: Record) -> str:
        """Name the entity by its token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> Subject:
        """Read a stored state."""
        return Subject() if stored is None else Subject(**decode_event(stored))

    def dump(self, state: Subject) -> bytes:
        """Write a state."""
        return encode(
            {
                "complete": state.complete,
                "pending": dict(state.pending),
                "told": dict(state.told),
                "held": state.held,
            }
        )

    def decide(
        self, state: Subject, record: Record
    ) -> tuple[Subject, Iterable[Outgoing]]:
        """Take one part; what is older than a newer complete revision is dropped."""
        event = decode_event(record.value)
        revision = event["revision"]
        if revision <= state.complete:
            return state, []
        name, content = _named(kind_of(record), event)
        changed = arrived(state, revision, name, content)
        parts = parts_of(changed, revision)
        if is_complete(parts):
            return self._publish(changed, parts, record)
        if EXPECTED in parts and PARKED in parts:
            return self._hold(changed, parts, record)
        return changed, []

    def _publish(
        self, state: Subject, parts: JsonObject, record: Record
    ) -> tuple[Subject, list[Outgoing]]:
        """Publish a complete revision and tell each clinician of it."""
        expected = parts[EXPECTED]
        law = pinned(expected)
        program = law.rules.submission.default_program.value
        entity = read_input(expected["input"], program)
        categories = {name: parts[name] for name in CATEGORIES}
        score, last = final_score(categories, entity, law.rules, law.catalogue.id)
        paid, money = payment(score, law.rules, self._scaling_factor)
        reasons = [
            reason for name in CATEGORIES for reason in parts[name]["explanation"]
        ]
        reasons += last + money
        says = _Says(expected, record)
        explanation_id = says.id("explanation")
        event = {
            **head(expected),
            "supersedes": state.complete or None,
            "paymentYear": score["paymentYear"],
            "entity": expected["entity"],
            "score": score,
            "explanation": reasons,
            "explanationId": explanation_id,
            "explanationHash": explanation_hash(reasons),
            "warnings": [],
        }
        candidate = {
            "candidate": expected["subject"],
            "entityType": score["entityType"],
            "finalScore": score["finalScore"],
            "paymentYear": score["paymentYear"],
            "payment": paid,
            "engine": score["engine"],
            "explanationId": explanation_id,
            "explanationHash": event["explanationHash"],
        }
        now = clinicians(expected, self._tokens)
        if not now:
            event["warnings"] = [NO_ROSTER]
        out = [says.score("final-score.v1", event)]
        for token, who in now.items():
            out.append(says.clinician("payment-candidate.v1", token, who, candidate))
        for token, who in gone(state.told, now).items():
            why = {
                "candidate": expected["subject"],
                "entityType": score["entityType"],
                "paymentYear": score["paymentYear"],
                "reason": "removed-from-roster",
            }
            out.append(
                says.clinician("payment-candidate-withdrawn.v1", token, who, why)
            )
        changed = published(state, expected["revision"])
        return replace(changed, told=now), out

    def _hold(
        self, state: Subject, parts: JsonObject, record: Record
    ) -> tuple[Subject, list[Outgoing]]:
        """Tell each clinician once that a newer score waits for a parked input."""
        expected, parked = parts[EXPECTED], parts[PARKED]
        if state.held is not None and state.held["revision"] >= expected["revision"]:
            return state, []
        says = _Says(expected, record)
        why = {
            "candidate": expected["subject"],
            "entityType": expected["entity"]["entityType"],
            "paymentYear": pinned(expected).rules.submission.payment_year.value,
            "reason": parked["reason"],
            "deadLetter": parked["deadLetter"],
        }
        now = {**state.told, **clinicians(expected, self._tokens)}
        out = [
            says.clinician("payment-candidate-held.v1", token, who, why)
            for token, who in now.items()
        ]
        held = {"revision": expected["revision"], **why}
        # Who only ever heard of a hold must hear, too, that she left the roster.
        return replace(state, held=held, told=now), out


def _named(kind: str, event: JsonObject) -> tuple[str, JsonObject]:
    """Name the part an event brings, and give its content."""
    if kind == "score-part.v1":
        return event["category"], event["part"]
    if kind == "score-expected.v1":
        return EXPECTED, event
    if kind == "score-part-parked.v1":
        return PARKED, {"reason": event["reason"], "deadLetter": event["deadLetter"]}
    reason = "unknown-event"
    raise ParkError(reason)


class _Says:
    """Writes the events of one revision."""

    def __init__(self, expected: JsonObject, record: Record) -> None:
        self._expected = expected
        self._record = record

    def id(self, part: str) -> str:
        """Name what is said of this revision."""
        given = self._expected
        return ids.event_id(
            STAGE, given["subject"], given["program"], given["revision"], part
        )

    def score(self, kind: str, payload: JsonObject) -> Outgoing:
        """Say something of the entity."""
        return emit(
            STAGE,
            SCORES,
            kind,
            payload,
            event_id=self.id(kind),
            subject=self._expected["subject"],
            cause=self._record,
        )

    def clinician(
        self, kind: str, token: str, who: JsonObject, more: JsonObject
    ) -> Outgoing:
        """Say something of one clinician, under her own key."""
        payload = {**head(self._expected), "subject": token, "clinician": who, **more}
        return emit(
            STAGE,
            CANDIDATES,
            kind,
            payload,
            event_id=self.id(f"{kind}|{token}"),
            subject=token,
            cause=self._record,
        )
