"""Closing a year: sums that no order changes, factors that balance, two factors."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.library import rules as rules_of
from qpp.library import years
from qpp.mips.adjustment import (
    Adjustment,
    Factors,
    ScalingFactorError,
    exactly_so,
)
from qpp.mips.closing import closed_adjustment, distribution, factor
from qpp.mips.exceptional import (
    add_exceptional,
    exceptional_of,
)
from qpp.mips.payment import adjust
from qpp.mips.tally import Tally, TallyError
from qpp.numbers import HUNDRED
from qpp.trace import Trace
from tests.golden.closing_kinds import EXCEPTIONAL, exceptional_book
from tests.helpers.law import book

SCORES = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)
AMOUNTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
CLINICIANS = st.lists(st.tuples(SCORES, AMOUNTS), max_size=30)
quick = settings(max_examples=60, deadline=None)


def tally_of(clinicians: list[tuple[Decimal, Decimal]]) -> Tally:
    """Add clinicians one after the other."""
    tally = Tally(book(2025))
    for score, amount in clinicians:
        tally.add(score, amount)
    return tally


def figures(tally: Tally) -> tuple[object, ...]:
    """Give all that closing a year says."""
    rules = book(2025)
    return (*factor(tally, rules, Trace()), distribution(tally, rules), tally.median())


@quick
@given(CLINICIANS, st.randoms())
def test_neither_order_nor_partition_changes_a_closing(
    clinicians: list[tuple[Decimal, Decimal]], chance: Random
) -> None:
    """Parts merged in any order are the whole, to the last digit of the hash."""
    shuffled = list(clinicians)
    chance.shuffle(shuffled)
    cut = len(shuffled) // 3
    parts = [tally_of(shuffled[:cut]), tally_of(shuffled[cut:])]

    for order in permutations(parts):
        merged = Tally(book(2025))
        for piece in order:
            merged.merge(piece)

        assert figures(merged) == figures(tally_of(clinicians))


@quick
@given(CLINICIANS)
def test_a_factor_balances_or_is_at_its_limit(
    clinicians: list[tuple[Decimal, Decimal]],
) -> None:
    """What is paid more never exceeds what is paid less, but for the last digit."""
    rules = book(2025)
    closed = factor(tally_of(clinicians), rules, Trace())
    if closed.factor is None:
        assert closed.increases_at_one == 0
        return
    changed = Decimal(0)
    for score, amount in clinicians:
        percent = closed_adjustment(score, closed, rules, Trace()).percent
        assert percent is not None
        changed += amount * percent

    assert 0 <= closed.factor <= 3
    if closed.factor == 3:
        assert changed / HUNDRED <= Decimal("1E-9")
    else:
        assert abs(changed) < Decimal("1E-9")


def test_a_tally_stays_flat() -> None:
    """However many clinicians there are, there is one entry for each score."""
    tally = Tally(book(2025))
    for number in range(30_000):
        tally.add(Decimal(number % 100), Decimal("1.10"))

    assert len(tally.by_score) == 100
    assert tally.clinicians == 30_000
    assert factor(tally, book(2025), Trace()).paid == Decimal(33_000)


def test_one_cent_more_is_another_hash() -> None:
    """The hash names scores and amounts; how a figure is written is moot."""
    one = tally_of([(Decimal(50), Decimal(10))])

    assert one.digest() == tally_of([(Decimal("50.00"), Decimal("10.0"))]).digest()
    assert one.digest() != tally_of([(Decimal(50), Decimal("10.01"))]).digest()
    assert one.digest() != tally_of([(Decimal("50.01"), Decimal(10))]).digest()


def test_tallies_of_two_books_are_not_merged() -> None:
    """Their scores mean different things."""
    with pytest.raises(TallyError, match="a tally by mips/py2024@"):
        Tally(book(2025)).merge(Tally(book(2024)))


@pytest.mark.parametrize("score", ["NaN", "sNaN", "Infinity"])
def test_a_score_that_is_no_number_is_refused(score: str) -> None:
    """It would never be found again among the others."""
    with pytest.raises(TallyError, match="a final score is 0 to 100"):
        Tally(book(2025)).add(Decimal(score), Decimal(1))


def exceptional(score: str, factors: Factors, trace: Trace | None = None) -> Adjustment:
    """Adjust a score in a year that rewards exceptional performance."""
    rules = exceptional_book(2025).payment
    return adjust(Decimal(score), rules, HUNDRED, factors, trace or Trace())


def test_without_its_own_factor_an_exceptional_increase_is_a_range() -> None:
    """It lies between the usual increase and ten percent more."""
    trace = Trace()

    found = exceptional("100", Factors(Decimal(1)), trace)

    assert found == Adjustment(None, Decimal(9), Decimal(19))
    assert "scaling-factor-not-published" in trace.assumptions


def test_without_the_usual_factor_the_range_is_moved() -> None:
    """What is known of the additional part is added to both ends."""
    found = exceptional("100", Factors(None, Decimal("0.5")))

    assert found == Adjustment(None, Decimal(5), Decimal(32))


def test_with_both_factors_an_exceptional_increase_is_known() -> None:
    """9 times 0.5 and 10 times 0.1."""
    assert exceptional("100", Factors(Decimal("0.5"), Decimal("0.1"))) == exactly_so(
        Decimal("5.5")
    )


@pytest.mark.parametrize("wrong", ["-0.01", "1.01"])
def test_an_additional_factor_out_of_range_is_refused(wrong: str) -> None:
    """The pool is shared by a factor from 0 to 1."""
    with pytest.raises(ScalingFactorError, match="factor is 0 to 1"):
        exceptional("100", Factors(Decimal(1), Decimal(wrong)))


@pytest.mark.parametrize("right", ["0", "1"])
def test_both_ends_of_an_additional_factor_are_taken(right: str) -> None:
    """Nothing, or all of the ten percent."""
    found = exceptional("100", Factors(Decimal(1), Decimal(right)))

    assert found.percent == 9 + 10 * Decimal(right)


def test_a_published_adjustment_does_not_stand_for_two_factors() -> None:
    """In a year with two of them the highest adjustment is the sum of two lines."""
    rules = exceptional_book(2024).payment
    assert rules.published_highest_adjustment is not None

    found = adjust(Decimal(80), rules, HUNDRED, Factors(None), Trace())

    assert found.percent is None


def test_a_year_without_an_additional_threshold_adds_nothing() -> None:
    """The increase stays as it is, whatever the score."""
    increase = exactly_so(Decimal(9))

    assert add_exceptional(increase, HUNDRED, None, None, Trace()) is increase


@pytest.mark.parametrize("missing", EXCEPTIONAL)
def test_the_additional_rules_are_taken_together_only(missing: str) -> None:
    """A year that lacks one of them has no additional adjustment."""
    gone: dict[str, Any] = {missing: None}
    rules = replace(exceptional_book(2025).payment, **gone)

    assert exceptional_of(rules, HUNDRED) is None
    assert exceptional_of(exceptional_book(2025).payment, HUNDRED) is not None


@pytest.mark.parametrize("year", years())
def test_a_year_has_all_additional_rules_or_none(year: int) -> None:
    """Half a provision would be a threshold without effect."""
    payment = rules_of(year).payment
    there = {getattr(payment, name) is not None for name in EXCEPTIONAL}

    assert len(there) == 1


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_no_year_since_2023_rewards_exceptional_performance(year: int) -> None:
    """The pool ended with performance year 2022."""
    assert rules_of(year).payment.additional_threshold is None
