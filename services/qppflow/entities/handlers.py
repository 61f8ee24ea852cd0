"""What `entities` decides: is a fact new, what does it change, what is scored now."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.feeds import ROSTER
from qpp.findings import rejects
from qpp.mips.scoring import Law
from qppflow.entities import states
from qppflow.entities.admission import findings
from qppflow.entities.answers import FACT, RESULTS, STAGE, answer, refuse
from qppflow.entities.chunks import KEPT, put_chunk
from qppflow.entities.forwards import forwarded, touched_by
from qppflow.entities.lending import (
    DECLARED,
    FACTS,
    LENT,
    borrow,
    declared,
    lend,
    taken,
)
from qppflow.entities.qualifying import exclude
from qppflow.entities.revisions import INPUTS, PARTS, Cause, revised
from qppflow.entities.slots import STALE, Entity, programs, put_feed, put_sets
from qppflow.entities.standing import CANDIDATES, ELIGIBILITY, overrides, stand
from qppflow.runtime.events import UNKNOWN, kind_of
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

__all__ = [
    "CANDIDATES",
    "ELIGIBILITY",
    "FACTS",
    "INPUTS",
    "PARTS",
    "RESULTS",
    "STAGE",
    "Entities",
]

APPLIED: Final = "applied"
RESCORING: Final = "rescoring-ordered.v1"


class Entities:
    """The memory of `entities`; a state is one entity in one performance year."""

    def __init__(self, law_of: Callable[[int], Law], tokens: Tokens) -> None:
        self._law_of = law_of
        self._tokens = tokens

    def subject(self, record: Record) -> str:
        """Name the entity by its token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> Entity:
        """Read a stored entity."""
        return states.load(stored)

    def dump(self, state: Entity) -> bytes:
        """Write an entity; equal states give equal bytes."""
        return states.dump(state)

    def decide(
        self, state: Entity, record: Record
    ) -> tuple[Entity, Iterable[Outgoing]]:
        """Apply one fact or order, or what another entity lends or asks for.

        Raises:
            ParkError: the record is none of these, or one of another version.
            RuleBookMissingError: this build has no rule book of its year.
        """
        event, kind = decode_event(record.value), kind_of(record)
        steps = {
            FACT: self._fact,
            DECLARED: _declared,
            LENT: _lent,
            RESCORING: _ordered,
        }
        if kind not in steps:
            raise ParkError(UNKNOWN)
        law = self._law_of(event["performanceYear"])
        return steps[kind](state, Cause(event, record, law, self._tokens))

    def _fact(self, state: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
        """Apply one fact: a duplicate or stale one is answered and changes nothing.

        A fact that comes again, since `intake` was killed before its commit, has its
        answer: another one would say something else under the same id.
        """
        fact, record = cause.event, cause.record
        identity = fact["submission"]["identity"]
        if fact["eventId"] in state.answered:
            return state, []
        state = replace(state, answered=state.answered | {fact["eventId"]})
        if identity in state.applied:
            return state, [answer(fact, record, state, "duplicate", sets=[])]
        more = findings(state, fact, cause.law)
        if rejects(more):
            # Not remembered as applied: what it lacked may come, and it again.
            return state, [refuse(fact, record, more)]
        changed, effect, effects = _put(state, fact, cause.law)
        changed = replace(
            changed, applied=state.applied | {identity}, who=fact["entity"]
        )
        if effect in {STALE, KEPT}:
            told = APPLIED if effect == KEPT else STALE
            return changed, [answer(fact, record, changed, told, sets=effects)]
        changed = replace(changed, revision=state.revision + 1)
        said = answer(fact, record, changed, APPLIED, sets=effects, more=more)
        touched = touched_by(fact, effects, cause.law)
        changed, sent = _consequences(changed, cause, touched)
        return changed, [said, *sent, *forwarded(changed, cause)]


def _consequences(
    entity: Entity, cause: Cause, touched: Sequence[str] | None = None
) -> tuple[Entity, list[Outgoing]]:
    """Say all that follows from a change: loans asked for and given, and scores."""
    entity, asked = borrow(entity, cause)
    entity, given = lend(entity, cause)
    entity, stood = stand(entity, cause)
    entity, barred = exclude(entity, cause)
    # What changed for the whole entity changes every score.
    entity, scored = revised(entity, cause, None if stood else touched)
    return entity, [*asked, *given, *stood, *barred, *scored]


def _declared(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Note who borrows here, and lend at once."""
    return declared(entity, cause)


def _lent(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Take a loan: what it touches is scored again."""
    changed = taken(entity, cause.event)
    if changed is entity:
        return entity, []
    changed, stood = stand(replace(changed, revision=entity.revision + 1), cause)
    changed, scored = revised(changed, cause)
    return changed, [*stood, *scored]


def _ordered(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Score all again by the law of this build, once for each order.

    Whether a score was made by that law already is not asked here: the answer would
    be another in a rebuild, whose build is newer, and so would be the revisions. Who
    orders leaves those out.
    """
    event_id = cause.event["eventId"]
    if event_id in entity.answered:
        return entity, []
    changed = replace(entity, answered=entity.answered | {event_id})
    if not programs(changed):
        return changed, []
    return _consequences(replace(changed, revision=entity.revision + 1), cause)


def _put(
    entity: Entity, fact: JsonObject, law: Law
) -> tuple[Entity, str, list[JsonObject]]:
    """Fill the slots of a fact; gives what it did as a whole, and set by set."""
    if fact["feed"] == ROSTER:
        return *put_chunk(entity, fact), []
    if fact["kind"] == "feed":
        return *put_feed(entity, fact, stands=overrides(entity, fact, law)), []
    changed, effects = put_sets(entity, fact)
    stale = all(item["effect"] == STALE for item in effects)
    return changed, STALE if stale else APPLIED, effects
