"""What a part of the benchmarks gives: a ratio, its target and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Figure: TypeAlias = float | int | str

REACHED, NOT_REACHED = "reached", "not reached"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours beside a baseline of the same run; more is better.

    ``target`` is None where none was set. ``figures`` are what the ratio was made of,
    each with its unit in its name.
    """

    part: str
    title: str
    value: float
    target: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Say whether the target was reached; empty where there is none."""
        if self.target is None:
            return ""
        return REACHED if self.value >= self.target else NOT_REACHED


def quotient(ours: float, baseline: float) -> float:
    """Give how many times the baseline ours is.

    Raises:
        ValueError: one of them is no rate or time: not above zero.
    """
    if ours <= 0 or baseline <= 0:
        message = f"no ratio of {ours} and {baseline}"
        raise ValueError(message)
    return ours / baseline


def percentile(values: list[float], percent: float) -> float:
    """Give the smallest value that *percent* of all values do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        message = "no percentile of nothing"
        raise ValueError(message)
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]
