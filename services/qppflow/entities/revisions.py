"""What every revision says: all that is known of an entity, program by program."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.feeds import REVIEW
from qpp.mips.scoring import Law
from qppflow.entities.answers import STAGE
from qppflow.entities.known import score_input
from qppflow.entities.members import roster
from qppflow.entities.slots import Entity, programs
from qppflow.runtime import ids
from qppflow.runtime.events import emit
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

INPUTS: Final = "qpp-score-inputs"
PARTS: Final = "qpp-score-parts"
DECISION: Final = ("decision", "decidedOn", "reference")


class Cause(NamedTuple):
    """What led to a revision: an event of ours, as read from the log."""

    event: JsonObject
    record: Record
    law: Law
    tokens: Tokens

    @property
    def year(self) -> int:
        """The performance year."""
        year: int = self.event["performanceYear"]
        return year


def revised(
    entity: Entity, cause: Cause, touched: Sequence[str] | None = None
) -> tuple[Entity, list[Outgoing]]:
    """Send what the stages score now, and what is scored no more.

    *touched* names the programs whose sets changed, None where all may have.
    """
    now = programs(entity)
    sent: list[Outgoing] = []
    for program in now:
        if touched is None or program in touched:
            sent += _scored(entity, program, cause)
    gone = [program for program in entity.scored if program not in now]
    sent += [_ended(entity, program, cause) for program in gone]
    return replace(entity, scored=now), sent


def heading(entity: Entity, program: str, cause: Cause) -> JsonObject:
    """Write what every event of a revision starts with."""
    event, law = cause.event, cause.law
    return {
        "subject": event["subject"],
        "program": program,
        "revision": entity.revision,
        "performanceYear": cause.year,
        "ruleBook": law.rules.id,
        "catalogue": law.catalogue.id,
        "cause": event["eventId"],
        "receivedAt": event["receivedAt"],
    }


def say(  # noqa: PLR0913 - one argument an attribute of the event
    topic: str,
    kind: str,
    payload: JsonObject,
    *,
    event_id: str,
    subject: str,
    cause: Cause,
) -> Outgoing:
    """Send an event that a cause led to."""
    return emit(
        STAGE,
        topic,
        kind,
        payload,
        event_id=event_id,
        subject=subject,
        cause=cause.record,
    )


def _scored(entity: Entity, program: str, cause: Cause) -> Iterable[Outgoing]:
    """Send a program's input, and what `final_scores` must wait for."""
    head = heading(entity, program, cause)
    inputs = score_input(entity, cause.year, program, cause.law, cause.tokens)
    expected = {
        "entity": entity.who,
        **roster(entity, cause.year, cause.law),
        "eligibility": entity.eligibility,
        "input": {**inputs, "measurementSets": []},
        **_review(entity, program, cause.law),
    }
    yield _of(INPUTS, "score-input.v1", {**head, "input": inputs}, cause)
    yield _of(PARTS, "score-expected.v1", {**head, **expected}, cause)


def _review(entity: Entity, program: str, law: Law) -> JsonObject:
    """Give what a targeted review decided of a program's score, if one did."""
    decided = entity.feed(REVIEW)
    default = law.rules.submission.default_program.value
    if decided is None or decided.get("programName", default) != program:
        return {}
    return {"review": {name: decided[name] for name in DECISION}}


def _ended(entity: Entity, program: str, cause: Cause) -> Outgoing:
    """Say that no set of a program is left: its score stands no more."""
    head = heading(entity, program, cause)
    return _of(PARTS, "score-ended.v1", {**head, "entity": entity.who}, cause)


def _of(topic: str, kind: str, payload: JsonObject, cause: Cause) -> Outgoing:
    """Send one event of a program's revision."""
    subject, program = payload["subject"], payload["program"]
    event_id = ids.event_id(STAGE, subject, program, payload["revision"], kind)
    return say(topic, kind, payload, event_id=event_id, subject=subject, cause=cause)
