"""Chance that repeats itself: every draw of the population starts from a seed."""

from collections.abc import Sequence
from random import Random
from typing import Final, TypeAlias

Draw: TypeAlias = Random

_SHARPNESS: Final = 9.0


def draw(*seeds: object) -> Draw:
    """Start a sequence of draws; equal *seeds* give equal draws on every machine."""
    text = ":".join(str(seed) for seed in seeds)
    return Random(text)  # noqa: S311 - the population must repeat itself, nothing is secret


def happens(chance: Draw, share: float) -> bool:
    """Say yes in about *share* of all cases, a number from 0 to 1."""
    return chance.random() < share


def around(chance: Draw, mean: float, sharpness: float = _SHARPNESS) -> float:
    """Draw a number from 0 to 1 around *mean*; the sharper, the closer to it."""
    inside = min(max(mean, 0.02), 0.98)
    return chance.betavariate(inside * sharpness, (1 - inside) * sharpness)


def some(chance: Draw, items: Sequence[str], most: int) -> list[str]:
    """Draw up to *most* different items, in the order of *items*."""
    picked = set(chance.sample(range(len(items)), min(most, len(items))))
    return [item for place, item in enumerate(items) if place in picked]
