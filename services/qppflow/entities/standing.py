"""Whether an entity must take part and what it elected: said whenever it changes."""

from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.eligibility import Eligibility, determine
from qpp.eligibility.outcome import NOT_DECLARED, OPT_IN_ELIGIBLE, UNKNOWN
from qpp.feeds import ELECTION, PROFILE
from qpp.inputs import INDIVIDUAL
from qpp.mips.scoring import Law
from qpp.rosters import NPI, TIN
from qppflow.entities.answers import STAGE
from qppflow.entities.known import feeds_of
from qppflow.entities.revisions import Cause, heading, say
from qppflow.entities.slots import Entity
from qppflow.runtime import ids
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]

ELIGIBILITY: Final = "qpp-eligibility"
CANDIDATES: Final = "qpp-payment-inputs"
CLINICIAN: Final = "clinician-eligibility.v1"
NOTHING: Final = {"outcome": UNKNOWN, "reason": NOT_DECLARED}


def stand(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Determine an entity's eligibility, and say it where it is not what it was.

    Of a clinician her payment is told, too: a group's score pays her, or not.
    """
    found = standing(entity, cause.law)
    short = {"outcome": found.outcome, "reason": found.reason}
    if short == (entity.eligibility or NOTHING):
        return entity, []
    changed = replace(entity, eligibility=short)
    sent = [_event(changed, found, cause)]
    who = changed.who
    if who is not None and who["entityType"] == INDIVIDUAL:
        sent.append(_of_clinician(changed, who, cause))
    return changed, sent


def standing(entity: Entity, law: Law) -> Eligibility:
    """Determine an entity's eligibility from its feeds; a subgroup has its group's."""
    feeds = feeds_of(entity, law.rules.year)
    assert entity.who is not None
    return determine(
        entity.who["entityType"],
        feeds.get(PROFILE, {}).get("eligibility"),
        feeds.get(ELECTION),
        law.rules.eligibility,
        year=law.rules.year,
    )


def must_elect(entity: Entity) -> bool:
    """Say whether the entity may opt in and has chosen nothing yet."""
    known = entity.eligibility
    return known is not None and known["outcome"] == OPT_IN_ELIGIBLE


def irrevocable(entity: Entity, document: JsonObject, law: Law) -> bool:
    """Say whether an election would take back one that stands for the year."""
    stands = entity.feed(ELECTION)
    if stands is None or stands["election"] == document["election"]:
        return False
    return stands["election"] in law.rules.eligibility.irrevocable_elections.value


def overrides(entity: Entity, fact: JsonObject, law: Law) -> bool:
    """Say whether a fact elects for good what another election held till now.

    Read in the order of the log, the other one would have been rejected.
    """
    stands = entity.feed(ELECTION)
    if fact["feed"] != ELECTION or stands is None:
        return False
    made, final = fact["document"], law.rules.eligibility.irrevocable_elections.value
    return stands["election"] not in final and made["election"] in final


def _event(entity: Entity, found: Eligibility, cause: Cause) -> Outgoing:
    """Say the outcome with its reasons."""
    return _say(
        ELIGIBILITY,
        "eligibility-determined.v1",
        cause.event["subject"],
        {
            "entity": entity.who,
            "outcome": found.outcome,
            "reason": found.reason,
            "specialStatuses": sorted(found.statuses),
            "explanation": list(found.reasons),
            "assumptions": sorted(found.assumptions),
        },
        entity=entity,
        cause=cause,
    )


def _of_clinician(entity: Entity, who: JsonObject, cause: Cause) -> Outgoing:
    """Tell a clinician's payment what she is."""
    token = cause.tokens.clinician(cause.year, who[TIN], who[NPI])
    said = entity.eligibility or NOTHING
    return tell_clinician(entity, token, {TIN: who[TIN], NPI: who[NPI]}, said, cause)


def tell_clinician(
    entity: Entity, token: str, who: JsonObject, said: JsonObject, cause: Cause
) -> Outgoing:
    """Tell a clinician's payment what this entity says of her eligibility."""
    more = {
        "paymentYear": cause.law.rules.submission.payment_year.value,
        "clinician": who,
        "candidate": cause.event["subject"],
        **said,
    }
    return _say(CANDIDATES, CLINICIAN, token, more, entity=entity, cause=cause)


def _say(  # noqa: PLR0913 - one argument an attribute of the event
    topic: str,
    kind: str,
    subject: str,
    more: JsonObject,
    *,
    entity: Entity,
    cause: Cause,
) -> Outgoing:
    """Send one event of this entity's revision."""
    spoken = cause.event["subject"]
    program = cause.law.rules.submission.default_program.value
    # An entity may speak of many clinicians in one revision.
    name = kind if subject == spoken else f"{kind}|{subject}"
    event_id = ids.event_id(STAGE, spoken, program, entity.revision, name)
    payload = {**heading(entity, program, cause), "subject": subject, **more}
    return say(topic, kind, payload, event_id=event_id, subject=subject, cause=cause)
