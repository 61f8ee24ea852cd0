"""What is known of an entity now: its own sets and feeds, and what others lent it."""

from typing import Any, TypeAlias

from qpp.inputs import APM_ENTITY, SUBGROUP
from qpp.mips.scoring import Law
from qpp.standing import score_input_of
from qpp.submission import PI
from qppflow.entities.loans import inherited, rolled_up
from qppflow.entities.slots import Entity, current_sets
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]


def score_input(
    entity: Entity, year: int, program: str, law: Law, tokens: Tokens
) -> JsonObject:
    """Write what the law needs to score an entity in a program now."""
    feeds = feeds_of(entity)
    sets = list(current_sets(entity, program))
    assert entity.who is not None
    kind = entity.who["entityType"]
    if kind == SUBGROUP:
        for loan in entity.lent.values():
            sets += [{**item, "programName": program} for item in loan["content"][PI]]
    written = score_input_of(kind, sets, feeds, law.rules, program_name=program)
    if kind == APM_ENTITY:
        written["piRollUp"] = rolled_up(entity, year, law, tokens)
    return written


def feeds_of(entity: Entity) -> dict[str, JsonObject]:
    """Give what the feeds say now; a subgroup's are completed by its group's."""
    feeds = {name: slot["content"] for name, slot in entity.feeds.items()}
    if entity.who is not None and entity.who["entityType"] == SUBGROUP:
        for loan in entity.lent.values():
            feeds = inherited(feeds, loan["content"])
    return feeds
