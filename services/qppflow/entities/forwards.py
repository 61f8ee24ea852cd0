"""What CMS says of an entity that no stage scores, and where it is needed instead."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from qpp.feeds import PAID_AMOUNT, REVIEW
from qpp.mips.scoring import Law
from qpp.rosters import NPI, TIN
from qppflow.entities.answers import STAGE
from qppflow.entities.revisions import Cause, heading, say
from qppflow.entities.slots import Entity
from qppflow.entities.standing import CANDIDATES
from qppflow.runtime import ids
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]

PAID: Final = "clinician-paid-amount.v1"


def touched_by(
    fact: JsonObject, effects: Sequence[JsonObject], law: Law
) -> Sequence[str] | None:
    """Name the programs that a fact changes the score of; None where all may be.

    A paid amount changes what an adjustment is worth, and no score.
    """
    if fact["feed"] == PAID_AMOUNT:
        return ()
    if fact["feed"] == REVIEW:
        default = law.rules.submission.default_program.value
        return (fact["document"].get("programName", default),)
    return [item["programName"] for item in effects] or None


def forwarded(entity: Entity, cause: Cause) -> list[Outgoing]:
    """Tell a clinician's payment the amount that her adjustment applies to."""
    fact, who = cause.event, entity.who
    if fact["feed"] != PAID_AMOUNT or who is None:
        return []
    token = cause.tokens.clinician(cause.year, who[TIN], who[NPI])
    rules = cause.law.rules.submission
    program = rules.default_program.value
    payload = {
        **heading(entity, program, cause),
        "subject": token,
        "paymentYear": rules.payment_year.value,
        "clinician": {TIN: who[TIN], NPI: who[NPI]},
        "allowedAmount": fact["document"]["allowedAmount"],
    }
    event_id = ids.event_id(STAGE, fact["subject"], program, entity.revision, PAID)
    return [
        say(CANDIDATES, PAID, payload, event_id=event_id, subject=token, cause=cause)
    ]
