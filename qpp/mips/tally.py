"""What a year's clinicians were paid, by final score: in flat memory, in any order.

Final scores have two decimals, so that a year has some ten thousand of them at most:
a tally keeps what was paid at each, however many clinicians there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Context, Decimal, Inexact, InvalidOperation
from hashlib import sha256
from typing import Final, NamedTuple

from qpp.mips.rules import MipsRules
from qpp.numbers import CONTEXT, ZERO, plain, rounded

# A sum that lost a digit would depend on the order of what was added.
_EXACT: Final = Context(prec=CONTEXT.prec, traps=[Inexact, InvalidOperation])


class TallyError(ValueError):
    """A score or an amount cannot be part of a year's closing; says why."""


class At(NamedTuple):
    """How many clinicians have a score, and what they were paid in dollars."""

    clinicians: int
    amount: Decimal


NOBODY: Final = At(0, ZERO)


def added(one: Decimal, another: Decimal) -> Decimal:
    """Add two amounts without losing a digit.

    Raises:
        TallyError: the sum has more digits than can be kept.
    """
    try:
        return _EXACT.add(one, another)
    except Inexact as error:
        message = "a paid amount has more digits than a sum can keep"
        raise TallyError(message) from error


@dataclass(slots=True)
class Tally:
    """What a year's clinicians were paid, by final score.

    Tallies of parts of a year, merged in any order, are the tally of the whole.
    """

    rules: MipsRules
    by_score: dict[Decimal, At] = field(default_factory=dict)

    def add(self, score: Decimal, amount: Decimal) -> None:
        """Add one clinician: a final score, and the paid *amount* in dollars.

        Raises:
            TallyError: the score is none of the year's, or the amount is negative, no
                number, or has more digits than a sum can keep.
        """
        book = self.rules.final_score
        highest = book.final_score_maximum.value
        if not (score.is_finite() and ZERO <= score <= highest):
            message = f"a final score is 0 to {plain(highest)}"
            raise TallyError(message)
        decimals = book.final_score_decimals.value
        if score != rounded(score, decimals):
            message = f"a final score has {decimals} decimals"
            raise TallyError(message)
        if not amount.is_finite() or amount < ZERO:
            message = "a paid amount is 0 or more"
            raise TallyError(message)
        self._put(score, At(1, amount))

    def merge(self, other: "Tally") -> None:
        """Add all that *other* has.

        Raises:
            TallyError: the other one follows another rule book, or a sum has more
                digits than can be kept.
        """
        if other.rules.id != self.rules.id:
            message = f"a tally by {other.rules.id} is none by {self.rules.id}"
            raise TallyError(message)
        for score, more in other.by_score.items():
            self._put(score, more)

    def _put(self, score: Decimal, more: At) -> None:
        """Add clinicians at one score."""
        before = self.by_score.get(score, NOBODY)
        amount = added(before.amount, more.amount)
        self.by_score[score] = At(before.clinicians + more.clinicians, amount)

    def __iter__(self) -> Iterator[tuple[Decimal, At]]:
        """Yield what there is, from the lowest score to the highest."""
        for score in sorted(self.by_score):
            yield score, self.by_score[score]

    @property
    def clinicians(self) -> int:
        """How many clinicians were added."""
        return sum(at.clinicians for at in self.by_score.values())

    def digest(self) -> str:
        """Hash all scores with their clinicians and amounts: SHA-256 in hexadecimal."""
        total = sha256()
        for score, at in self:
            line = f"{plain(score)} {at.clinicians} {plain(at.amount)}\n"
            total.update(line.encode())
        return total.hexdigest()

    def median(self) -> Decimal | None:
        """Give the lowest score that half of the clinicians do not exceed, if any."""
        total, reached = self.clinicians, 0
        for score, at in self:
            reached += at.clinicians
            if reached + reached >= total:
                return score
        return None
