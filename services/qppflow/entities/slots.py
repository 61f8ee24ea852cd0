"""Slots of an entity: what each submitter and feed said last, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from qpp import feeds
from qpp.feeds import law_set

JsonObject: TypeAlias = dict[str, Any]
Sequenced: TypeAlias = list[Any]

ADDED: Final = "added"
REPLACED: Final = "replaced"
WITHDRAWN: Final = "withdrawn"
STALE: Final = "stale"


@dataclass(frozen=True, slots=True)
class Entity:
    """What is remembered of one entity in one performance year.

    ``sets`` and ``feeds`` map a slot to its content and the sequence that filled it;
    a withdrawn set leaves its sequence behind, without content. ``applied`` holds the
    identities of every fact applied, ``answered`` the ids of every fact that was
    answered, a duplicate's too. ``who`` is the entity with its identifiers.

    ``rosters`` are those whose chunks are not all there yet; ``scored`` the programs
    that have a standing score; ``eligibility`` what was last said of it.
    ``excluded`` maps the token of each clinician whom an APM entity takes out of MIPS
    to the ids that name her and the reason.
    ``borrowers`` maps the token of an entity that uses this one's data to what it was
    last lent; ``lenders`` and ``lent`` are whom this one borrows from, and what.
    """

    revision: int = 0
    applied: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    sets: Mapping[str, JsonObject] = field(default_factory=dict)
    feeds: Mapping[str, JsonObject] = field(default_factory=dict)
    who: JsonObject | None = None
    rosters: Mapping[str, JsonObject] = field(default_factory=dict)
    scored: Sequence[str] = ()
    eligibility: JsonObject | None = None
    borrowers: Mapping[str, JsonObject] = field(default_factory=dict)
    excluded: Mapping[str, JsonObject] = field(default_factory=dict)
    lenders: Sequence[str] = ()
    lent: Mapping[str, JsonObject] = field(default_factory=dict)

    def feed(self, name: str) -> JsonObject | None:
        """Give what a feed said last of this entity; None where it never spoke."""
        slot = self.feeds.get(name)
        return None if slot is None else slot["content"]


def sequence(fact: JsonObject) -> Sequenced:
    """Order facts: the broker's time first, then topic, partition and offset."""
    given = fact["sequence"]
    return [given["time"], given["topic"], given["partition"], given["offset"]]


def later(new: Sequenced, old: Sequenced) -> bool:
    """Say whether *new* comes after *old*: by offset within one partition."""
    _, *new_place, new_offset = new
    _, *old_place, old_offset = old
    if new_place == old_place:
        return bool(new_offset > old_offset)
    return new > old


def put_sets(entity: Entity, fact: JsonObject) -> tuple[Entity, list[JsonObject]]:
    """Fill a slot for each set of a submission; an older set changes nothing.

    A set that is withdrawn empties its slot and keeps its place in the order, so that
    an older one that comes late does not bring it back.
    """
    order = sequence(fact)
    sets = dict(entity.sets)
    effects = []
    for item in fact["document"]["measurementSets"]:
        kept = law_set(item)
        gone = item.get(feeds.WITHDRAWN) is True
        # Without a name the program is the default one: the same slot as with it.
        program = kept.get("programName") or fact["program"]
        name = "|".join(
            (fact["submitter"], kept["category"], kept["submissionMethod"], program)
        )
        effect = _effect(sets.get(name), order)
        if effect != STALE:
            sets[name] = {"sequence": order, "content": None if gone else kept}
            effect = WITHDRAWN if gone else effect
        effects.append(
            {
                "category": kept["category"],
                "submissionMethod": kept["submissionMethod"],
                "programName": program,
                "effect": effect,
            }
        )
    return replace(entity, sets=sets), effects


def put_feed(
    entity: Entity, fact: JsonObject, *, stands: bool = False
) -> tuple[Entity, str]:
    """Fill the slot of a CMS feed; what *stands* does so whatever came later."""
    order = sequence(fact)
    name = fact["feed"]
    effect = REPLACED if stands else _effect(entity.feeds.get(name), order)
    if effect == STALE:
        return entity, effect
    content = {"sequence": order, "content": fact["document"]}
    return replace(entity, feeds={**entity.feeds, name: content}), effect


def current_sets(entity: Entity, program: str) -> Sequence[JsonObject]:
    """Give the sets of a program that count now, in the order of their slots."""
    return [
        entity.sets[name]["content"]
        for name in sorted(entity.sets)
        if program_of(name) == program and entity.sets[name]["content"] is not None
    ]


def programs(entity: Entity) -> Sequence[str]:
    """Name the programs that the entity has sets for, in order."""
    return sorted(
        {
            program_of(name)
            for name, slot in entity.sets.items()
            if slot["content"] is not None
        }
    )


def program_of(slot: str) -> str:
    """Give the program of a set's slot."""
    return slot.rpartition("|")[2]


def _effect(held: JsonObject | None, order: Sequenced) -> str:
    """Say what new content does to a slot."""
    if held is None:
        return ADDED
    if not later(order, held["sequence"]):
        return STALE
    return REPLACED if held["content"] is not None else ADDED
