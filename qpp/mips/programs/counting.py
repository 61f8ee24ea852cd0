"""What every program makes of scored measures: those that count, and the rest."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from qpp.mips.quality_choice import Candidate, Choice, set_aside
from qpp.mips.quality_words import UNLISTED, UNNAMED
from qpp.results import MeasureScore
from qpp.rulebook import Provision
from qpp.trace import Trace


class Counted(NamedTuple):
    """The choice among submitted measures, and CMS's own with their use settled."""

    choice: Choice
    claims: tuple[MeasureScore, ...]


def part_by_list(
    candidates: Sequence[Candidate],
    listed: AbstractSet[str],
    rule: Provision[object],
    trace: Trace,
) -> tuple[list[Candidate], tuple[MeasureScore, ...]]:
    """Part what a program lists from what it does not, which never counts."""
    own, foreign = [], []
    for item in candidates:
        if item.measure.measure_id in listed:
            own.append(item)
        else:
            trace.say(rule, "{} is not listed: not counted", item.measure.measure_id)
            foreign.append(set_aside(item.score, trace, rule, UNLISTED))
    return own, tuple(foreign)


def settled(
    claims: Sequence[MeasureScore],
    used: AbstractSet[str],
    rule: Provision[object],
    trace: Trace,
) -> tuple[MeasureScore, ...]:
    """Keep in use only those of CMS's own measures that are named."""
    return tuple(
        [
            item if item.measure_id in used else set_aside(item, trace, rule, UNNAMED)
            for item in claims
        ]
    )
