"""What is known of an entity now: its own sets and feeds, and what others lent it."""

from typing import Any, TypeAlias

from qpp.advanced_apm import with_status
from qpp.feeds import ADVANCED_APM
from qpp.inputs import APM_ENTITY, SUBGROUP
from qpp.library import advanced_apm_rules
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
    feeds = feeds_of(entity, year)
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


def feeds_of(entity: Entity, year: int) -> dict[str, JsonObject]:
    """Give what the feeds say now; a subgroup's are completed by its group's.

    What a clinician's share in an Advanced APM comes to stands in her profile.
    """
    feeds = {name: slot["content"] for name, slot in entity.feeds.items()}
    if ADVANCED_APM in feeds:
        feeds = with_status(feeds, advanced_apm_rules(year))
    if entity.who is not None and entity.who["entityType"] == SUBGROUP:
        for loan in entity.lent.values():
            feeds = inherited(feeds, loan["content"])
    return feeds
