"""What an entity has of others: a subgroup of its group, an APM entity of members."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from qpp.feeds import BONUS, MEASURES, PROFILE
from qpp.mips.scoring import Law
from qpp.numbers import plain
from qpp.promoting_interoperability.roll_up import MemberScore, roll_up
from qppflow.entities.members import members, tokens_of
from qppflow.entities.slots import Entity
from qppflow.runtime.tokens import Tokens

JsonObject: TypeAlias = dict[str, Any]

# Feeds of a group that speak of its subgroups as well, where those have none.
SHARED: Final = (MEASURES["administrativeClaims"], BONUS)
NOTHING: Final = MemberScore(None, excepted=False)


def inherited(
    feeds: Mapping[str, JsonObject], lent: JsonObject
) -> dict[str, JsonObject]:
    """Add what a group's feeds say of its subgroup: its statuses are the group's."""
    found = dict(feeds)
    if lent[PROFILE] is not None:
        found[PROFILE] = lent[PROFILE]
    for name in SHARED:
        if lent[name] is not None:
            found.setdefault(name, lent[name])
    return found


def rolled_up(entity: Entity, year: int, law: Law, tokens: Tokens) -> JsonObject | None:
    """Give what an APM entity's members have in Promoting Interoperability.

    Percent as exact text, and how many members count or are excepted; None where no
    member counts.
    """
    found = roll_up(
        [_held(entity, token) for token in tokens_of(member, year, tokens)]
        for member in members(entity, year, law) or ()
    )
    if found is None:
        return None
    return {
        "percent": plain(found.percent),
        "counted": found.counted,
        "excepted": found.excepted,
    }


def _held(entity: Entity, token: str) -> MemberScore:
    """Read what a member, or a member's group, lent; before it came, nothing."""
    loan = entity.lent.get(token)
    if loan is None:
        return NOTHING
    content = loan["content"]
    percent = content["percent"]
    return MemberScore(
        None if percent is None else Decimal(percent), excepted=content["excepted"]
    )
