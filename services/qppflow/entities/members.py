"""Whom a score of an entity may pay, and the tokens of those it borrows from."""

from typing import Any, TypeAlias

from qpp import rosters
from qpp.feeds import PROFILE, ROSTER
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP
from qpp.mips.scoring import Law
from qpp.rosters import NPI, TIN
from qppflow.entities.slots import Entity
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]


def roster(entity: Entity, year: int, law: Law) -> JsonObject:
    """Give the clinicians a score of the entity may pay, as events write them.

    ``members`` have TIN and NPI; ``roster`` are a group's NPIs alone. Both are None
    where none were declared, and for an individual.
    """
    found = members(entity, year, law)
    assert entity.who is not None
    of_group = found is not None and entity.who["entityType"] == GROUP
    return {
        "roster": [item[NPI] for item in found or ()] if of_group else None,
        "members": found,
    }


def members(entity: Entity, year: int, law: Law) -> list[dict[str, str]] | None:
    """Give TIN and NPI of each member of the entity; None where nobody said."""
    if entity.who is None or entity.who["entityType"] == INDIVIDUAL:
        return None
    declared = entity.feed(ROSTER)
    if declared is not None:
        listed = [item for part in declared["parts"].values() for item in part]
        kind = entity.who["entityType"]
        return rosters.members(listed, kind, year, law.rules.entities)
    named = (entity.feed(PROFILE) or {}).get("roster")
    # A profile's roster has NPIs alone: only a group says which TIN they bill under.
    if named is None or entity.who["entityType"] != GROUP:
        return None
    npis = sorted({item[NPI] for item in named})
    return [{TIN: entity.who[TIN], NPI: npi} for npi in npis]


def lenders(entity: Entity, year: int, law: Law, tokens: Tokens) -> frozenset[str]:
    """Name those whose data the entity uses: a subgroup its group, others none.

    An APM entity uses each member's own data and that of the member's group.
    """
    kind = None if entity.who is None else entity.who["entityType"]
    if kind == SUBGROUP:
        declared = entity.feed(ROSTER)
        tin = None if declared is None else declared["affiliatedGroup"][TIN]
        return frozenset() if tin is None else frozenset({_group(tin, year, tokens)})
    if kind == APM_ENTITY:
        found = members(entity, year, law) or ()
        return frozenset(
            token for member in found for token in tokens_of(member, year, tokens)
        )
    return frozenset()


def tokens_of(member: JsonObject, year: int, tokens: Tokens) -> tuple[str, str]:
    """Give the tokens that a clinician's own facts and her group's are kept under."""
    own = {"entityType": INDIVIDUAL, TIN: member[TIN], NPI: member[NPI]}
    return tokens.token(year, own), _group(member[TIN], year, tokens)


def _group(tin: str, year: int, tokens: Tokens) -> str:
    """Give the token of a group."""
    return tokens.token(year, {"entityType": GROUP, TIN: tin})
