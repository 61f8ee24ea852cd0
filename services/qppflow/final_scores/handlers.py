"""What `final_scores` decides: is a revision complete, and who is told its score."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

from qppflow.final_scores.clinicians import clinicians, gone
from qppflow.final_scores.payloads import (
    LEFT,
    RETRACTED,
    candidate_of,
    last_of,
    retraction_of,
    score_event,
    score_revision,
    substance_of,
    withdrawal_of,
)
from qppflow.final_scores.revisions import (
    ENDED,
    EXPECTED,
    PARKED,
    Subject,
    arrived,
    is_complete,
    parts_of,
    published,
    written,
)
from qppflow.final_scores.says import CANDIDATES, SCORES, STAGE, Says
from qppflow.runtime import headers
from qppflow.runtime.events import UNKNOWN, encode, kind_of
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.faults import ParkError
from qppflow.runtime.law import pinned
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.tokens import Tokens

__all__ = ["CANDIDATES", "SCORES", "STAGE", "FinalScores"]

JsonObject: TypeAlias = dict[str, Any]

# The warning of a group's score that no clinician is paid by.
NO_ROSTER: Final = "no-roster"
PART: Final = "score-part.v1"
WHAT_TO_EXPECT: Final = "score-expected.v1"
PART_PARKED: Final = "score-part-parked.v1"
NO_MORE: Final = "score-ended.v1"
KINDS: Final = frozenset({PART, WHAT_TO_EXPECT, PART_PARKED, NO_MORE})
State: TypeAlias = Mapping[str, Subject]


class FinalScores:
    """The memory of `final_scores`; a state is one entity in one performance year.

    It maps each program that the entity reports in to what is known of that score.
    """

    def __init__(self, tokens: Tokens, scaling_factor: Decimal | None = None) -> None:
        self._tokens = tokens
        self._scaling_factor = scaling_factor

    def subject(self, record: Record) -> str:
        """Name the entity by its token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> State:
        """Read a stored state."""
        found = {} if stored is None else decode_event(stored)
        return {program: Subject(**known) for program, known in found.items()}

    def dump(self, state: State) -> bytes:
        """Write a state."""
        return encode({name: written(state[name]) for name in sorted(state)})

    def decide(self, state: State, record: Record) -> tuple[State, Iterable[Outgoing]]:
        """Take one part; what is older than a newer complete revision is dropped."""
        event = decode_event(record.value)
        name, content = _named(kind_of(record), event)
        before = state.get(event["program"], Subject())
        changed, sent = self._arrived(before, event["revision"], name, content, record)
        if changed is before:
            return state, sent
        return {**state, event["program"]: changed}, sent

    def _arrived(
        self,
        before: Subject,
        revision: int,
        name: str,
        content: JsonObject,
        record: Record,
    ) -> tuple[Subject, Iterable[Outgoing]]:
        """Add a part to its revision, and say what that makes of it."""
        if revision <= before.complete:
            return before, []
        changed = arrived(before, revision, name, content)
        parts = parts_of(changed, revision)
        if ENDED in parts:
            return self._end(changed, parts[ENDED], record)
        if is_complete(parts):
            return self._publish(changed, parts, record)
        if EXPECTED in parts and PARKED in parts:
            return self._hold(changed, parts, record)
        return changed, []

    def parked(
        self, state: State, record: Record, letter: str, reason: str
    ) -> tuple[State, Iterable[Outgoing]]:
        """Hold the revision of a part that was parked here, if the part names it.

        A part that says whom to expect is believed as far as that, so that those can
        be told; what else it lacks or breaks is left to whoever mends it.
        """
        kind, subject = kind_of(record), headers.read(record.headers).subject
        event = decode_event(record.value)
        if kind not in KINDS or event["subject"] != subject:
            return state, []
        before = state.get(event["program"], Subject())
        revision = event["revision"]
        if revision <= before.complete:
            return state, []
        why = {"reason": reason, "deadLetter": letter}
        changed = arrived(before, revision, PARKED, why)
        parts = parts_of(changed, revision)
        if kind in {WHAT_TO_EXPECT, NO_MORE}:
            # What ends a score names nobody: those who were told of it are held.
            parts = {**parts, EXPECTED: {"members": None, **event}}
        sent: list[Outgoing] = []
        if EXPECTED in parts:
            changed, sent = self._hold(changed, parts, record)
        return {**state, event["program"]: changed}, sent

    def _end(
        self, state: Subject, ended: JsonObject, record: Record
    ) -> tuple[Subject, list[Outgoing]]:
        """Retract the score of a program that has no sets left, and tell of it."""
        says = Says(ended, record)
        out: list[Outgoing] = []
        if state.scored:
            retracted = retraction_of(ended, state.complete)
            out.append(says.score("final-score-retracted.v1", retracted))
        why = withdrawal_of(ended, RETRACTED)
        out += [
            says.clinician("payment-candidate-withdrawn.v1", token, who, why)
            for token, who in state.told.items()
        ]
        done = published(state, ended["revision"])
        return replace(done, told={}, scored=False, last=None), out

    def _publish(
        self, state: Subject, parts: JsonObject, record: Record
    ) -> tuple[Subject, list[Outgoing]]:
        """Publish a complete revision and tell each clinician of it."""
        expected = parts[EXPECTED]
        says = Says(expected, record)
        final = score_revision(parts, expected, self._scaling_factor)
        explanation_id = says.id("explanation")
        now = clinicians(expected, self._tokens)
        event = score_event(final, expected, state, explanation_id)
        event["warnings"] = [] if now else [NO_ROSTER]
        candidate = candidate_of(final, expected, explanation_id)
        why = withdrawal_of(expected, LEFT)
        said = substance_of(candidate, expected)
        # An APM entity is scored again for each member whose data changes: who knows
        # all that a candidate says need not hear it again, unless a hold stands.
        known = state.told if said == state.said and state.held is None else {}
        out = [says.score("final-score.v1", event)]
        out += [
            says.clinician("payment-candidate.v1", token, who, candidate)
            for token, who in now.items()
            if token not in known
        ]
        out += [
            says.clinician("payment-candidate-withdrawn.v1", token, who, why)
            for token, who in gone(state.told, now).items()
        ]
        done = published(state, expected["revision"])
        last = last_of(final, expected)
        return replace(done, told=now, scored=True, last=last, said=said), out

    def _hold(
        self, state: Subject, parts: JsonObject, record: Record
    ) -> tuple[Subject, list[Outgoing]]:
        """Tell each clinician once that a newer score waits for a parked input."""
        expected, parked = parts[EXPECTED], parts[PARKED]
        if state.held is not None and state.held["revision"] >= expected["revision"]:
            return state, []
        says = Says(expected, record)
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
    if kind == PART:
        return event["category"], event["part"]
    if kind == WHAT_TO_EXPECT:
        return EXPECTED, event
    if kind == NO_MORE:
        return ENDED, event
    if kind == PART_PARKED:
        return PARKED, {"reason": event["reason"], "deadLetter": event["deadLetter"]}
    raise ParkError(UNKNOWN)
