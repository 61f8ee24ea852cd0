"""Rosters in chunks: kept until the last one is there, then applied as a whole."""

from dataclasses import replace
from typing import Any, Final, TypeAlias

from qpp.feeds import ROSTER
from qppflow.entities.slots import STALE, Entity, later, sequence

JsonObject: TypeAlias = dict[str, Any]

APPLIED: Final = "applied"
# A chunk that others must still join.
KEPT: Final = "kept"


def put_chunk(entity: Entity, fact: JsonObject) -> tuple[Entity, str]:
    """Keep a chunk of a roster; the last one missing makes it the roster that holds.

    A chunk sent again replaces itself, also in the roster that holds; one of an older
    roster is stale.
    """
    document, order = fact["document"], sequence(fact)
    name, number = document["rosterId"], str(document["chunk"])
    making = _making(entity, name) or {
        "rosterId": name,
        "chunks": document["chunks"],
        "parts": {},
        "orders": {},
        "affiliatedGroup": None,
        "sequence": order,
    }
    if _is_stale(entity, making, number, order):
        return entity, STALE
    newest = order if later(order, making["sequence"]) else making["sequence"]
    made = {
        **making,
        "parts": {**making["parts"], number: document["members"]},
        "orders": {**making["orders"], number: order},
        "sequence": newest,
    }
    if newest == order:
        made["affiliatedGroup"] = document.get("affiliatedGroup")
    if len(made["parts"]) < made["chunks"]:
        return replace(entity, rosters={**entity.rosters, name: made}), KEPT
    return _complete(entity, name, made), APPLIED


def contradicts(entity: Entity, document: JsonObject) -> int | None:
    """Give how many chunks the roster has that this one says otherwise of, if any."""
    making = _making(entity, document["rosterId"])
    if making is None or making["chunks"] == document["chunks"]:
        return None
    announced: int = making["chunks"]
    return announced


def _making(entity: Entity, name: str) -> JsonObject | None:
    """Give what is there of a roster: in the making, or the one that holds."""
    held = entity.feeds.get(ROSTER)
    if held is None or held["content"]["rosterId"] != name:
        return entity.rosters.get(name)
    return {**held["content"], "sequence": held["sequence"], "orders": held["orders"]}


def _complete(entity: Entity, name: str, made: JsonObject) -> Entity:
    """Make a roster the one that holds; older ones in the making are given up."""
    order = made["sequence"]
    content = {
        key: made[key] for key in ("rosterId", "chunks", "parts", "affiliatedGroup")
    }
    left = {
        key: other
        for key, other in entity.rosters.items()
        if key != name and later(other["sequence"], order)
    }
    holds = {"sequence": order, "orders": made["orders"], "content": content}
    return replace(entity, feeds={**entity.feeds, ROSTER: holds}, rosters=left)


def _is_stale(
    entity: Entity, making: JsonObject, number: str, order: list[Any]
) -> bool:
    """Say whether a newer roster holds, or a newer copy of this very chunk."""
    held = entity.feeds.get(ROSTER)
    if held is not None and held["content"]["rosterId"] != making["rosterId"]:
        return not later(order, held["sequence"])
    known = making["orders"].get(number)
    return known is not None and not later(order, known)
