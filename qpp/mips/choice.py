"""STUB until the real module is merged."""

from decimal import Decimal
from typing import Any, NamedTuple


class Candidate(NamedTuple):
    name: str
    entity_type: str
    program: str
    score: Decimal
    since: int


class Choice(NamedTuple):
    winner: Candidate
    losers: list[tuple[Candidate, str]]
    assumptions: frozenset[str] = frozenset()


def pays(candidates: list[Candidate], rules: Any) -> Choice:
    ordered = sorted(
        candidates,
        key=lambda c: (
            c.entity_type != "virtualGroup",
            -c.score,
            c.entity_type,
            c.name,
        ),
    )
    return Choice(ordered[0], [(c, "lower-score") for c in ordered[1:]])
