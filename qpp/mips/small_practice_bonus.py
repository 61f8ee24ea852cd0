"""The bonus that a small practice had on its final score in 2018, § 414.1380(c)(4)."""

from collections.abc import Mapping
from decimal import Decimal

from qpp.inputs import ScoreInput
from qpp.mips.final_words import SMALL_PRACTICE
from qpp.mips.rules import FinalScoreRules
from qpp.numbers import ZERO
from qpp.parts import Summary
from qpp.submission import COST
from qpp.trace import Trace


def small_practice_bonus(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: FinalScoreRules,
    trace: Trace,
) -> Decimal:
    """Give the points of a small practice that sent data of any category, if any."""
    bonus = rules.small_practice_final_bonus
    if bonus is None or not entity.small_practice:
        return ZERO
    if not any(part.has_data for name, part in parts.items() if name != COST):
        trace.say(bonus, "small practice without data: no bonus")
        return ZERO
    return trace.say(bonus, SMALL_PRACTICE, bonus.value)
