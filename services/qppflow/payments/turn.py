"""One change of what is known of a clinician, and what is published for it."""

from dataclasses import replace
from typing import Any, Final, TypeAlias

from qppflow.payments.choice import Clinician, Decision, decide, holding
from qppflow.payments.content import content_of, previous, reason_of, substance
from qppflow.payments.heard import decided_by
from qppflow.runtime import ids
from qppflow.runtime.events import emit
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "payments"
OUT: Final = "qpp-payment-adjustments"
PAID, HELD, RETRACTED = "paid", "held", "retracted"


class Turn:
    """Publishes what is new: a hold, a retraction, a release, a payment."""

    def __init__(self, state: Clinician, event: JsonObject, record: Record) -> None:
        self._state = state
        self._event = event
        self._record = record
        self._sent: list[Outgoing] = []

    def taken(self) -> tuple[Clinician, list[Outgoing]]:
        """Decide, and give the state after it with all that is sent."""
        hold = holding(self._state.candidates)
        found = decide(self._state)
        if hold is not None:
            self._hold(hold)
        elif found.paying is None:
            self._retract(found)
        else:
            self._pay(content_of(self._state, found.paying, found))
        return self._state, self._sent

    def _hold(self, hold: JsonObject) -> None:
        """Say once that a newer score waits for a parked input."""
        if self._state.state != HELD:
            self._say("score-held.v1", HELD, hold)

    def _retract(self, found: Decision) -> None:
        """Say once that no score pays the clinician, and why: she has none, or may not.

        Who never had a score hears nothing.
        """
        reason = found.why_not or self._event.get("reason") or RETRACTED
        state = self._state
        never = not found.others and state.state not in {PAID, HELD, RETRACTED}
        said = state.state == RETRACTED and (not found.others or reason == state.reason)
        if never or said:
            return
        self._state = replace(state, last=None, standing=None, reason=reason)
        why = {"reason": reason, "others": found.others}
        if "entityType" in self._event:
            why["decidedBy"] = decided_by(self._event)
        self._say("score-retracted.v1", RETRACTED, why)

    def _pay(self, content: JsonObject) -> None:
        """Publish a payment that differs from the last, or end a hold.

        A hold that ends with other figures is ended by the new payment itself, so
        that the old ones never become payable in between.
        """
        if substance(content) != substance(self._state.last):
            said = {
                **content,
                "reason": reason_of(self._state, content),
                **previous(self._state.last),
            }
            self._state = replace(self._state, last=content, reason=None)
            self._say("payment-adjusted.v1", PAID, said)
            self._state = replace(self._state, standing=self._state.last_id)
        elif self._state.state == HELD:
            why = {
                "standing": self._state.standing,
                "reason": "complete",
                "decidedBy": content["decidedBy"],
            }
            self._say("score-released.v1", PAID, why)

    def _say(self, kind: str, becomes: str, more: JsonObject) -> None:
        """Publish the clinician's next revision."""
        event, state = self._event, self._state
        revision, subject = state.revision + 1, event["subject"]
        rules = law_of(event["performanceYear"]).rules.submission
        # One clinician has one payment a year, whatever she reports through.
        program = rules.default_program.value
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
