"""What `entities` decides: is a fact new, what does it change, what is scored now."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.mips.scoring import Law
from qppflow.entities.answers import FACT, RESULTS, STAGE, answer
from qppflow.entities.revisions import heading, roster, score_input
from qppflow.entities.slots import STALE, Entity, put_feed, put_sets
from qppflow.runtime import ids
from qppflow.runtime.events import decode as decode_event
from qppflow.runtime.events import emit, encode, expect
from qppflow.runtime.records import Outgoing, Record

JsonObject: TypeAlias = dict[str, Any]

__all__ = ["INPUTS", "PARTS", "RESULTS", "STAGE", "Entities"]

INPUTS: Final = "qpp-score-inputs"
PARTS: Final = "qpp-score-parts"


class Entities:
    """The memory of `entities`; a state is one entity in one performance year."""

    def __init__(self, law_of: Callable[[int], Law]) -> None:
        self._law_of = law_of

    def subject(self, record: Record) -> str:
        """Name the entity by its token, which is the record's key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> Entity:
        """Read a stored entity."""
        if stored is None:
            return Entity()
        found = decode_event(stored)
        return Entity(
            revision=found["revision"],
            applied=frozenset(found["applied"]),
            # A store of an older build does not know them yet.
            answered=frozenset(found.get("answered", ())),
            sets=found["sets"],
            feeds=found["feeds"],
        )

    def dump(self, state: Entity) -> bytes:
        """Write an entity; equal states give equal bytes."""
        return encode(
            {
                "revision": state.revision,
                "applied": sorted(state.applied),
                "answered": sorted(state.answered),
                "sets": dict(state.sets),
                "feeds": dict(state.feeds),
            }
        )

    def decide(
        self, state: Entity, record: Record
    ) -> tuple[Entity, Iterable[Outgoing]]:
        """Apply one fact: a duplicate or stale one is answered and changes nothing.

        A fact that comes again, since `intake` was killed before its commit, has its
        answer: another one would say something else under the same id.

        Raises:
            ParkError: the record is no fact, or one of another version.
            RuleBookMissingError: this build has no rule book of the fact's year.
        """
        fact = decode_event(record.value)
        expect(record, FACT)
        identity = fact["submission"]["identity"]
        if fact["eventId"] in state.answered:
            return state, []
        state = replace(state, answered=state.answered | {fact["eventId"]})
        if identity in state.applied:
            return state, [answer(fact, record, state, "duplicate", [])]
        changed, effect, effects = _put(state, fact)
        changed = replace(changed, applied=state.applied | {identity})
        if effect == STALE:
            return changed, [answer(fact, record, changed, STALE, effects)]
        changed = replace(changed, revision=state.revision + 1)
        said = answer(fact, record, changed, "applied", effects)
        if not changed.has_submission:
            return changed, [said]
        return changed, [said, *self._revision(changed, fact, record)]

    def _revision(
        self, entity: Entity, fact: JsonObject, record: Record
    ) -> list[Outgoing]:
        """Send what the stages score, and what `final_scores` must wait for."""
        law = self._law_of(fact["performanceYear"])
        subject, program = fact["subject"], fact["program"]
        head = heading(entity, fact, law, fact["eventId"])
        inputs = score_input(entity, fact)

        def of(topic: str, kind: str, payload: JsonObject) -> Outgoing:
            event = ids.event_id(STAGE, subject, program, entity.revision, kind)
            return emit(
                STAGE,
                topic,
                kind,
                payload,
                event_id=event,
                subject=subject,
                cause=record,
            )

        expected = {
            "entity": fact["entity"],
            "roster": roster(entity),
            "input": {**inputs, "measurementSets": []},
        }
        return [
            of(INPUTS, "score-input.v1", {**head, "input": inputs}),
            of(PARTS, "score-expected.v1", {**head, **expected}),
        ]


def _put(entity: Entity, fact: JsonObject) -> tuple[Entity, str, list[JsonObject]]:
    """Fill the slots of a fact; gives what it did as a whole, and set by set."""
    if fact["kind"] == "feed":
        return *put_feed(entity, fact), []
    changed, effects = put_sets(entity, fact)
    stale = all(item["effect"] == STALE for item in effects)
    return changed, STALE if stale else "applied", effects
