"""Sentences that carry arithmetic: their places have names, so numbers can be redone.

A saying names the formula it shows; ``docs/explanations.md`` says what each formula
does with its figures, so that whoever reads an explanation can compute it again.
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
# The figures of a category's reasons that move it, and whether they take or give: in
# points, but improvement is gained in percentage points.
GAINED: Final = "gained"
SIGNS: Final = {"missed": 1, "over": 1, "bonus": -1, GAINED: -1}


class Saying:
    """A sentence with named places, and the formula that its figures belong to.

    ``names`` are those of a step's details, in their order; the text shows some of
    them: ``{rate}`` as it is, ``{points:4}`` with four decimals. ``absolute`` says
    that it settles points whatever was said before; ``start`` and ``points`` are the
    places of what it starts from and what it leaves, None where it moves no points;
    ``moves`` names the figure that moves a whole category, with its place.
    """

    __slots__ = (
        "_shown",
        "_text",
        "absolute",
        "formula",
        "moves",
        "names",
        "points",
        "start",
    )

    def __init__(self, formula: str, names: str, text: str) -> None:
        """Read *text* once; *names* are parted by spaces."""
        self.formula = formula
        self.names = tuple(names.split())
        said, shown = [], []
        for literal, name, decimals, _ in Formatter().parse(text):
            said.append(literal.replace("%", "%%"))
            if name is not None:
                said.append("%s")
                shown.append((self.names.index(name), int(decimals or 0)))
        self._text, self._shown = "".join(said), tuple(shown)
        self.absolute = _WHOLE in self.names
        self.start = self._place(_WHOLE if self.absolute else _BEFORE)
        self.points = self._place(_POINTS)
        moving = [(name, at) for at, name in enumerate(self.names) if name in SIGNS]
        self.moves = moving[0] if moving else None

    def _place(self, name: str) -> int | None:
        """Find the place of a name, None where it has none."""
        return self.names.index(name) if name in self.names else None

    def written(self, details: Sequence[object]) -> tuple[str, dict[str, str]]:
        """Say the sentence, and give the numbers among the details by name, exactly.

        Each number is put into text once: explanations are written for each score.
        """
        words = [
            plain(value)
            if type(value) is Decimal
            else (value if type(value) is str else str(value))
            for value in details
        ]
        shown = [
            fixed(value, decimals)
            if decimals and type(value := details[place]) is Decimal
            else words[place]
            for place, decimals in self._shown
        ]
        figures = {
            name: word
            for name, word, value in zip(self.names, words, details, strict=True)
            if type(value) is not str
        }
        return self._text % tuple(shown), figures

    def taken(self, details: Sequence[object]) -> Decimal | None:
        """Say how many points a step took from a measure; None if it moves none."""
        if self.start is None or self.points is None:
            return None
        before, after = details[self.start], details[self.points]
        assert isinstance(before, Decimal)
        assert isinstance(after, Decimal)
        return before - after
