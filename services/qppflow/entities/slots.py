"""Slots of an entity: what each submitter and feed said last, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from qpp.feeds import law_set

JsonObject: TypeAlias = dict[str, Any]
Sequenced: TypeAlias = list[Any]

ADDED: Final = "added"
REPLACED: Final = "replaced"
STALE: Final = "stale"


@dataclass(frozen=True, slots=True)
class Entity:
    """What is remembered of one entity in one performance year.

    ``sets`` and ``feeds`` map a slot to its content and the sequence that filled it;
    ``applied`` holds the identities of every fact applied, ``answered`` the ids of
    every fact that was answered, a duplicate's too.
    """

    revision: int = 0
    applied: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    sets: Mapping[str, JsonObject] = field(default_factory=dict)
    feeds: Mapping[str, JsonObject] = field(default_factory=dict)

    @property
    def has_submission(self) -> bool:
        """Whether any submission was ever accepted."""
        return bool(self.sets)


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
    """Fill a slot for each set of a submission; an older set changes nothing."""
    order = sequence(fact)
    sets = dict(entity.sets)
    effects = []
    for item in fact["document"]["measurementSets"]:
        kept = law_set(item)
        # Without a name the program is the default one: the same slot as with it.
        program = kept.get("programName") or fact["program"]
        name = "|".join(
            (fact["submitter"], kept["category"], kept["submissionMethod"], program)
        )
        effect = _effect(sets.get(name), order)
        if effect != STALE:
            sets[name] = {"sequence": order, "content": kept}
        effects.append(
            {
                "category": kept["category"],
                "submissionMethod": kept["submissionMethod"],
                "programName": program,
                "effect": effect,
            }
        )
    return replace(entity, sets=sets), effects


def put_feed(entity: Entity, fact: JsonObject) -> tuple[Entity, str]:
    """Fill the slot of a CMS feed."""
    order = sequence(fact)
    name = fact["feed"]
    effect = _effect(entity.feeds.get(name), order)
    if effect == STALE:
        return entity, effect
    content = {"sequence": order, "content": fact["document"]}
    return replace(entity, feeds={**entity.feeds, name: content}), effect


def current_sets(entity: Entity) -> Sequence[JsonObject]:
    """Give the sets that count now, in the order of their slots."""
    return [entity.sets[name]["content"] for name in sorted(entity.sets)]


def _effect(held: JsonObject | None, order: Sequenced) -> str:
    """Say what new content does to a slot."""
    if held is None:
        return ADDED
    return REPLACED if later(order, held["sequence"]) else STALE
