"""What `payments` decides: has a clinician's payment changed, and to what."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from qppflow.payments.choice import Clinician, best, decided_by, heard, holding
from qppflow.runtime import ids
from qppflow.runtime.events import UNKNOWN, emit, encode, kind_of
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "payments"
OUT: Final = "qpp-payment-adjustments"
KINDS: Final = frozenset(
    {
        "payment-candidate.v1",
        "payment-candidate-held.v1",
        "payment-candidate-withdrawn.v1",
    }
)
PAID, HELD, RETRACTED = "paid", "held", "retracted"


class Payments:
    """The memory of `payments`; a state is one clinician of one practice and year."""

    def subject(self, record: Record) -> str:
        """Name the clinician by her token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> Clinician:
        """Read a stored state."""
        return Clinician() if stored is None else Clinician(**decode_event(stored))

    def dump(self, state: Clinician) -> bytes:
        """Write a state."""
        return encode(
            {
                "candidates": dict(state.candidates),
                "revision": state.revision,
                "state": state.state,
                "last": state.last,
                "last_id": state.last_id,
                "standing": state.standing,
            }
        )

    def decide(
        self, state: Clinician, record: Record
    ) -> tuple[Clinician, Iterable[Outgoing]]:
        """Take what an entity says of a clinician; publish only what changed."""
        kind = kind_of(record)
        if kind not in KINDS:
            raise ParkError(UNKNOWN)
        event = decode_event(record.value)
        name = event["candidate"]
        now = heard(state.candidates.get(name), kind, event)
        if now is None or now == state.candidates.get(name):
            return state, []
        changed = replace(state, candidates={**state.candidates, name: now})
        return _Turn(changed, event, record).taken()


class _Turn:
    """One change of what is known of a clinician, and what is published for it."""

    def __init__(self, state: Clinician, event: JsonObject, record: Record) -> None:
        self._state = state
        self._event = event
        self._record = record
        self._sent: list[Outgoing] = []

    def taken(self) -> tuple[Clinician, list[Outgoing]]:
        """Publish what is new: a hold, a retraction, a release, a payment."""
        hold = holding(self._state.candidates)
        paying = best(self._state.candidates)
        if hold is not None:
            self._hold(hold)
        elif paying is None:
            self._retract()
        else:
            self._pay(_content(paying["score"]))
        return self._state, self._sent

    def _hold(self, hold: JsonObject) -> None:
        """Say once that a newer score waits for a parked input."""
        if self._state.state != HELD:
            self._say("score-held.v1", HELD, hold)

    def _retract(self) -> None:
        """Say once that no score pays the clinician any more."""
        if self._state.state in {PAID, HELD}:
            self._state = replace(self._state, last=None, standing=None)
            why = {
                "reason": self._event.get("reason", "retracted"),
                "decidedBy": decided_by(self._event),
            }
            self._say("score-retracted.v1", RETRACTED, why)

    def _pay(self, content: JsonObject) -> None:
        """Publish a payment that differs from the last, or end a hold.

        A hold that ends with other figures is ended by the new payment itself, so
        that the old ones never become payable in between.
        """
        if _substance(content) != _substance(self._state.last):
            reason = _reason(self._state, content)
            self._state = replace(self._state, last=content)
            self._say("payment-adjusted.v1", PAID, {**content, "reason": reason})
            self._state = replace(self._state, standing=self._state.last_id)
        elif self._state.state == HELD:
            why = {
                "standing": self._state.standing,
                "reason": "complete",
                "decidedBy": decided_by(self._event),
            }
            self._say("score-released.v1", PAID, why)

    def _say(self, kind: str, becomes: str, more: JsonObject) -> None:
        """Publish the clinician's next revision."""
        event, state = self._event, self._state
        revision = state.revision + 1
        subject, program = event["subject"], event["program"]
        event_id = ids.event_id(STAGE, subject, program, revision, "payment")
        payload = {
            "eventId": event_id,
            "subject": subject,
            "program": program,
            **event["clinician"],
            "performanceYear": event["performanceYear"],
            "paymentYear": event["paymentYear"],
            "revision": revision,
            "supersedes": state.last_id,
            **more,
        }
        self._sent.append(
            emit(
                STAGE,
                OUT,
                kind,
                payload,
                event_id=event_id,
                subject=subject,
                cause=self._record,
            )
        )
        self._state = replace(state, revision=revision, state=becomes, last_id=event_id)


# What a payment is worth does not hang on which revision or explanation says so.
REFERENCES: Final = frozenset({"explanationId", "explanationHash"})


def _substance(content: JsonObject | None) -> JsonObject | None:
    """Give what makes two payments different for billing."""
    if content is None:
        return None
    found = {name: item for name, item in content.items() if name not in REFERENCES}
    return {**found, "decidedBy": content["decidedBy"]["subject"]}


def _content(candidate: JsonObject) -> JsonObject:
    """Give what billing reads of the paying candidate."""
    paid = candidate["payment"]
    return {
        "score": candidate["finalScore"],
        "adjustmentPercent": paid["adjustmentPercent"],
        "range": paid["range"],
        "status": paid["status"],
        "billable": paid["billable"],
        "decidedBy": decided_by(candidate),
        "assumptions": paid["assumptions"],
        "ruleBook": candidate["ruleBook"],
        "catalogue": candidate["catalogue"],
        "engine": candidate["engine"],
        "explanationId": candidate["explanationId"],
        "explanationHash": candidate["explanationHash"],
    }


def _reason(state: Clinician, content: JsonObject) -> str:
    """Say why a payment is published."""
    if state.last is None:
        return "first-score"
    if state.state == HELD:
        return "released"
    same = state.last["decidedBy"]["subject"] == content["decidedBy"]["subject"]
    return "corrected" if same else "other-entity-pays"
