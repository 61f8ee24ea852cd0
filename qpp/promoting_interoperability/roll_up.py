"""Promoting Interoperability of an APM entity from its members, § 414.1317(b)(1)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from qpp.numbers import ZERO, exactly


class MemberScore(NamedTuple):
    """What a clinician, or her group, has in the category.

    ``percent`` is None where nothing was submitted; ``excepted`` says that the
    category has no weight for want of data.
    """

    percent: Decimal | None
    excepted: bool


class RollUp(NamedTuple):
    """The mean over the members, in percent, and how many stand behind it."""

    percent: Decimal
    counted: int
    excepted: int


@exactly
def roll_up(members: Iterable[Sequence[MemberScore]]) -> RollUp | None:
    """Average the members' scores; each brings her own and her group's.

    The higher of the two counts; who is excepted and submitted nothing is left out,
    who merely submitted nothing counts 0. None where no member is left.
    """
    total, counted, excepted = ZERO, 0, 0
    for scores in members:
        sent = [item.percent for item in scores if item.percent is not None]
        if sent:
            total += max(sent)
        elif any(item.excepted for item in scores):
            excepted += 1
            continue
        counted += 1
    return RollUp(total / counted, counted, excepted) if counted else None
