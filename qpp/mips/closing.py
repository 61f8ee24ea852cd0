"""Closing a year: the factor at which increases and reductions balance, § 414.1405."""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.mips.adjustment import Adjustment, Factors, exactly_so
from qpp.mips.exceptional import (
    add_exceptional,
    additional_factor,
    exceptional_of,
    exceptional_percent,
)
from qpp.mips.payment import adjust
from qpp.mips.rules import MipsRules
from qpp.mips.tally import NOBODY, At, Tally, added
from qpp.numbers import HUNDRED, ONE, ZERO, exactly
from qpp.trace import Silent, Trace

FULL_REDUCTION: Final = "full-reduction"
REDUCTION: Final = "reduction"
NEUTRAL: Final = "neutral"
INCREASE: Final = "increase"
EXCEPTIONAL: Final = "exceptional-increase"


class Band(NamedTuple):
    """How many clinicians scored in a band, and what they were paid in dollars."""

    name: str
    clinicians: int
    amount: Decimal


class Closing(NamedTuple):
    """A closed year: its factors and what they rest on, amounts in dollars.

    ``factor`` is None where nobody earns an increase; ``additional_factor`` where
    nobody earns an additional one, or the year has none.
    """

    factor: Decimal | None
    additional_factor: Decimal | None
    clinicians: int
    paid: Decimal
    reductions: Decimal
    increases_at_one: Decimal
    additional_at_one: Decimal
    digest: str

    @property
    def factors(self) -> Factors:
        """Give what an adjustment is scaled by."""
        return Factors(self.factor, self.additional_factor)


@exactly
def factor(tally: Tally, rules: MipsRules, trace: Trace) -> Closing:
    """Find the factor at which all increases come to what all reductions do."""
    book, highest = rules.payment, rules.final_score.final_score_maximum.value
    exceptional = exceptional_of(book, highest)
    reductions = increases = additional = paid = ZERO
    for score, at in tally:
        percent = _at_one(score, rules)
        paid = added(paid, at.amount)
        if percent < ZERO:
            reductions -= at.amount * percent / HUNDRED
        else:
            increases += at.amount * percent / HUNDRED
        if exceptional is not None:
            extra = exceptional_percent(score, exceptional)
            additional += at.amount * extra / HUNDRED
    return Closing(
        factor=_balance(reductions, increases, rules, trace),
        additional_factor=None
        if exceptional is None
        else additional_factor(additional, exceptional, trace),
        clinicians=tally.clinicians,
        paid=paid,
        reductions=reductions,
        increases_at_one=increases,
        additional_at_one=additional,
        digest=tally.digest(),
    )


def _at_one(score: Decimal, rules: MipsRules) -> Decimal:
    """Give the adjustment at a scaling factor of 1, without an additional one."""
    highest = rules.final_score.final_score_maximum.value
    found = adjust(score, rules.payment, highest, Factors(ONE, ZERO), Silent())
    return found.low


def _balance(
    reductions: Decimal, increases: Decimal, rules: MipsRules, trace: Trace
) -> Decimal | None:
    """Divide reductions by increases, up to the highest factor."""
    limit = rules.payment.scaling_factor_maximum
    if not increases:
        trace.say(limit, "nobody earns an increase: there is nothing to scale")
        return None
    found = min(limit.value, reductions / increases)
    trace.say(
        limit,
        "reductions of ${:.2f} over increases of ${:.2f} at a factor of 1: {:.6f}",
        reductions,
        increases,
        found,
    )
    return found


def closed_adjustment(
    final: Decimal, closing: Closing, rules: MipsRules, trace: Trace
) -> Adjustment:
    """Find the adjustment of a final score in a closed year, unrounded."""
    return adjusted_by(final, closing.factors, rules, trace)


@exactly
def adjusted_by(
    final: Decimal, factors: Factors, rules: MipsRules, trace: Trace
) -> Adjustment:
    """Find the adjustment of a final score by the factors of a closed year, unrounded.

    Raises:
        ScalingFactorError: a factor that this score needs is out of its range.
    """
    book, highest = rules.payment, rules.final_score.final_score_maximum.value
    if factors.scaling == ZERO and final > book.performance_threshold.value:
        trace.say(
            book.scaling_factor_maximum, "nobody is reduced, so nothing is raised"
        )
        exceptional = exceptional_of(book, highest)
        return add_exceptional(
            exactly_so(ZERO), final, exceptional, factors.additional, trace
        )
    return adjust(final, book, highest, factors, trace)


def distribution(tally: Tally, rules: MipsRules) -> tuple[Band, ...]:
    """Sort all clinicians into the bands of the law, the lowest first.

    A band without clinicians is there, too; ``exceptional-increase`` only in a year
    that has an additional threshold.
    """
    found = dict.fromkeys(_bands(rules), NOBODY)
    for score, at in tally:
        name = _band(score, rules)
        before = found[name]
        found[name] = At(
            before.clinicians + at.clinicians, added(before.amount, at.amount)
        )
    return tuple(Band(name, *at) for name, at in found.items())


def _bands(rules: MipsRules) -> tuple[str, ...]:
    """List the bands that a year has."""
    usual = (FULL_REDUCTION, REDUCTION, NEUTRAL, INCREASE)
    return (
        usual if rules.payment.additional_threshold is None else (*usual, EXCEPTIONAL)
    )


def _band(score: Decimal, rules: MipsRules) -> str:
    """Say which band a score lies in."""
    book = rules.payment
    threshold, additional = book.performance_threshold.value, book.additional_threshold
    if score <= threshold / book.lowest_band_divisor.value:
        return FULL_REDUCTION
    if additional is not None and score >= additional.value:
        return EXCEPTIONAL
    if score == threshold:
        return NEUTRAL
    return REDUCTION if score < threshold else INCREASE
