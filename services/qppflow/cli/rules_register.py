"""What is assumed, and how many points hang on it: measured by scoring twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from qpp.inputs import ScoreInput
from qpp.mips.scoring import Law, score
from qpp.rule_choices import other_readings, with_value
from qpp.rule_text import provisions
from qpp.rulebook import Provision

ZERO: Final = Decimal(0)


class Effect(NamedTuple):
    """What another reading does to the scores that rest on this one.

    ``changed`` counts final scores that differ; ``largest`` and ``mean`` are absolute
    changes in points, the mean over all scores that carry the assumption, also over
    those that stay. All are 0, and ``computable`` is False, where the year's
    catalogue lacks what the other reading asks for.
    """

    reading: Any
    changed: int
    largest: Decimal
    mean: Decimal
    computable: bool = True


@dataclass(frozen=True, slots=True)
class Assumed:
    """One unverified provision of one year, with what was measured.

    ``scores`` carry its assumption; ``effects`` is empty where the law knows no other
    reading of it.
    """

    year: int
    rule: Provision[Any]
    scores: int
    effects: tuple[Effect, ...]

    @property
    def weight(self) -> tuple[Decimal, Decimal, int]:
        """Sort by what hangs on it: the largest change, the mean one, the scores."""
        largest = max((item.largest for item in self.effects), default=ZERO)
        mean = max((item.mean for item in self.effects), default=ZERO)
        return largest, mean, self.scores


class _Done(NamedTuple):
    """A score as the rules stand: its final score and what it assumes."""

    entity: ScoreInput
    points: Decimal
    assumptions: frozenset[str]


def register(
    law: Law, entities: Iterable[ScoreInput], tell: Callable[[int, int], None]
) -> list[Assumed]:
    """Measure every unverified provision of a year over *entities* of that year.

    *tell* hears how many provisions are done, and of how many.
    """
    scored = [_scored(entity, law) for entity in entities]
    assumed = [item for item in provisions(law.rules) if item.assumption is not None]
    found = []
    for number, rule in enumerate(assumed, start=1):
        carrying = [one for one in scored if rule.assumption in one.assumptions]
        effects = tuple(_effects(rule, carrying, law))
        found.append(Assumed(law.rules.year, rule, len(carrying), effects))
        tell(number, len(assumed))
    return found


def _effects(rule: Provision[Any], carrying: list[_Done], law: Law) -> Iterator[Effect]:
    """Score once more by each other reading, and compare."""
    for reading in other_readings(law.rules, rule):
        other = Law(with_value(law.rules, rule.path, reading), law.catalogue)
        try:
            yield _compared(reading, carrying, other)
        except KeyError:
            # Such as the weights of activities, which the data of 2025 no longer have.
            yield Effect(reading, 0, ZERO, ZERO, computable=False)


def _compared(reading: object, carrying: list[_Done], other: Law) -> Effect:
    """Compare the scores by another law with those that stand."""
    moved = [abs(_scored(one.entity, other).points - one.points) for one in carrying]
    return Effect(
        reading,
        changed=sum(map(bool, moved)),
        largest=max(moved, default=ZERO),
        mean=sum(moved, ZERO) / max(len(moved), 1),
    )


def _scored(entity: ScoreInput, law: Law) -> _Done:
    """Score one entity and keep what is compared."""
    made = score(entity, law, explain=False)
    assumed = frozenset(made.score["assumptions"]) | frozenset(
        made.payment["assumptions"]
    )
    return _Done(entity, Decimal(made.score["finalScore"]), assumed)
