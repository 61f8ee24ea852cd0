"""The one place where numbers are rounded: ties, places, text, and foreign contexts."""

from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest

from qpp.numbers import CONTEXT, clamp, fixed, percent, plain, rounded


@pytest.mark.parametrize(
    ("value", "half_even", "half_up"),
    [
        ("65.624", "65.62", "65.62"),
        ("65.625", "65.62", "65.63"),
        ("65.626", "65.63", "65.63"),
        ("71.875", "71.88", "71.88"),
        ("-0.005", "-0.00", "-0.01"),
        ("7", "7.00", "7.00"),
    ],
)
def test_ties_go_to_the_even_digit_or_up(
    value: str, half_even: str, half_up: str
) -> None:
    """Only an exact tie tells the two ways of rounding apart."""
    assert str(rounded(Decimal(value), 2, "half_even")) == half_even
    assert str(rounded(Decimal(value), 2, "half_up")) == half_up


def test_rounding_is_half_up_unless_told_otherwise() -> None:
    """Whole points are rounded as people do."""
    assert rounded(Decimal("4.5"), 0) == 5


def test_an_unknown_way_of_rounding_is_an_error() -> None:
    """A word that no rule file may hold is not silently something else."""
    with pytest.raises(KeyError):
        rounded(Decimal(1), 0, "down")


@pytest.mark.parametrize(
    ("value", "text"),
    [("7.5", "7.5000"), ("8.95846", "8.9585"), ("0", "0.0000"), ("1E+2", "100.0000")],
)
def test_fixed_text_keeps_its_zeros(value: str, text: str) -> None:
    """Figures on the wire have as many places as the contract says."""
    assert fixed(Decimal(value), 4) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("7.500", "7.5"), ("7.0", "7"), ("100", "100"), ("1E+2", "100"), ("0.00", "0")],
)
def test_plain_text_has_no_exponent_and_no_needless_zeros(
    value: str, text: str
) -> None:
    """Figures for people end with their last digit; a whole hundred keeps its zeros."""
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "kept"), [("-0.01", 0), ("0", 0), ("5", 5), ("10", 10), ("10.01", 10)]
)
def test_a_clamped_value_stays_between_its_bounds(value: str, kept: int) -> None:
    """Both bounds belong to what is allowed."""
    assert clamp(Decimal(value), Decimal(0), Decimal(10)) == kept


def test_a_percentage_is_not_rounded() -> None:
    """18,749 of 25,000 stays below 75."""
    assert percent(Decimal(18749), Decimal(25000)) == Decimal("74.996")


def test_the_context_of_the_law_does_not_depend_on_a_caller_s() -> None:
    """It keeps 28 digits, whatever context is active where it is used."""
    with localcontext(Context(prec=2, rounding=ROUND_UP)), localcontext(CONTEXT):
        third = percent(Decimal(1), Decimal(3))

        assert str(rounded(third, 4)) == "33.3333"
        assert len(str(third)) == 29
