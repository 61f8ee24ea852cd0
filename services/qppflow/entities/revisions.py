"""Self-contained inputs of one revision: all that is known, without identifiers."""

from typing import Any, TypeAlias

from qpp.feeds import PROFILE, compose
from qpp.mips.scoring import Law
from qppflow.entities.slots import Entity, current_sets

JsonObject: TypeAlias = dict[str, Any]


def score_input(entity: Entity, fact: JsonObject) -> JsonObject:
    """Write what the law needs to score an entity now."""
    feeds = {name: slot["content"] for name, slot in entity.feeds.items()}
    return compose(
        fact["performanceYear"],
        fact["entity"]["entityType"],
        current_sets(entity),
        feeds,
    )


def roster(entity: Entity) -> list[str] | None:
    """Give the NPIs of a group's roster, sorted; None where none was declared."""
    slot = entity.feeds.get(PROFILE)
    members = None if slot is None else slot["content"].get("roster")
    if members is None:
        return None
    return sorted(item["nationalProviderIdentifier"] for item in members)


def heading(entity: Entity, fact: JsonObject, law: Law, cause: str) -> JsonObject:
    """Write what every event of a revision starts with."""
    return {
        "subject": fact["subject"],
        "program": fact["program"],
        "revision": entity.revision,
        "performanceYear": fact["performanceYear"],
        "ruleBook": law.rules.id,
        "catalogue": law.catalogue.id,
        "cause": cause,
        "receivedAt": fact["receivedAt"],
    }
