"""Sentences that carry arithmetic: their places have names, so numbers can be redone.

A saying names the formula it shows. ``FORMULAS`` in the contract's page says what each
does with its figures; whoever reads an explanation can compute it again.
"""

from collections.abc import Sequence
from decimal import Decimal
from string import Formatter
from typing import Final

from qpp.numbers import fixed, plain

# What a step starts from: all that can be earned, or what stood before it.
_WHOLE: Final = "maximum"
_BEFORE: Final = "before"
_POINTS: Final = "points"


class Saying:
    """A sentence with named places, and the formula that its figures belong to.

    ``names`` are those of a step's details, in their order; the text shows some of
    them: ``{rate}`` as it is, ``{points:4}`` with four decimals. ``absolute`` says
    that it settles points whatever was said before; ``start`` and ``points`` are the
    places of what it starts from and what it leaves, None where it moves no points.
    """

    __slots__ = ("_pieces", "absolute", "formula", "names", "points", "start")

    def __init__(self, formula: str, names: str, text: str) -> None:
        """Read *text* once; *names* are parted by spaces."""
        self.formula = formula
        self.names = tuple(names.split())
        self._pieces = [
            (
                literal,
                None if name is None else self.names.index(name),
                int(decimals) if decimals else None,
            )
            for literal, name, decimals, _ in Formatter().parse(text)
        ]
        self.absolute = _WHOLE in self.names
        self.start = self._place(_WHOLE if self.absolute else _BEFORE)
        self.points = self._place(_POINTS)

    def _place(self, name: str) -> int | None:
        """Find the place of a name, None where it has none."""
        return self.names.index(name) if name in self.names else None

    def text(self, details: Sequence[object]) -> str:
        """Say the sentence."""
        told = []
        for literal, place, decimals in self._pieces:
            told.append(literal)
            if place is not None:
                told.append(_word(details[place], decimals))
        return "".join(told)

    def figures(self, details: Sequence[object]) -> dict[str, str]:
        """Give the numbers among the details by name, exactly."""
        return {
            name: plain(value) if type(value) is Decimal else str(value)
            for name, value in zip(self.names, details, strict=True)
            if type(value) is Decimal or type(value) is int
        }

    def taken(self, details: Sequence[object]) -> Decimal | None:
        """Say how many points a step took from a measure; None if it moves none."""
        if self.start is None or self.points is None:
            return None
        before, after = details[self.start], details[self.points]
        assert isinstance(before, Decimal)
        assert isinstance(after, Decimal)
        return before - after


def _word(value: object, decimals: int | None) -> str:
    """Write one detail for people."""
    if type(value) is Decimal:
        return plain(value) if decimals is None else fixed(value, decimals)
    return str(value)
