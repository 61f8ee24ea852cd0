"""Identifiers: their form, their check digit, and that nothing shows them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpp.identifiers import (
    IDENTIFIER_LIKE,
    cehrt_ok,
    described,
    looks_like_identifier,
    masked,
    npi_check_digit_ok,
    npi_ok,
    shown,
    tin_ok,
)
from tests.helpers.submissions import NPI, TIN, rules_of

FORMS = rules_of().submission


def test_a_tin_is_nine_digits_and_leading_zeros_count() -> None:
    """Eight digits, letters and the digits of other scripts are no TIN."""
    judged = [tin_ok(text, FORMS) for text in (TIN, TIN[1:], "00012345X", "\u0660" * 9)]

    assert judged == [True, False, False, False]


def test_an_npi_is_ten_digits() -> None:
    """The check digit is no part of its form."""
    judged = [npi_ok(text, FORMS) for text in (NPI, "1234567890", NPI[1:])]

    assert judged == [True, True, False]


@pytest.mark.parametrize("digit", "0123456789")
def test_one_check_digit_fits_the_first_nine(digit: str) -> None:
    """CMS's own example: 123456789 takes the check digit 3."""
    fits = npi_check_digit_ok(f"123456789{digit}", FORMS)

    assert fits is (digit == "3")


def test_two_digits_exchanged_are_noticed() -> None:
    """Typing errors of neighbours are what a check digit is for."""
    fits = npi_check_digit_ok("1243567893", FORMS)

    assert not fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2025CABCDEFGHIJ", True),
        ("XX15CABCDEFGH12", True),
        ("XX15EABCDEFGH12", False),
        ("2025Cabcdefghij", False),
        ("2025CABCDEFGHI", False),
        ("2025CABCDEFGHIJ\n", False),
    ],
)
def test_a_cehrt_id_has_one_of_two_forms(text: str, *, fits: bool) -> None:
    """Fifteen capital letters and digits, 2025C or 15C in front."""
    assert cehrt_ok(text, FORMS) is fits


@pytest.mark.parametrize(
    ("text", "like"),
    [
        (TIN, True),
        ("00-0123456", True),
        ("npi:1234567893", True),
        ("12345678", False),
        ("2025-01-01", False),
        ("IA_PSPA_35", False),
    ],
)
def test_nine_digits_in_a_row_look_like_an_identifier(text: str, *, like: bool) -> None:
    """Grouping does not hide them; dates and measure ids are no identifiers."""
    assert looks_like_identifier(text) is like


def test_masking_keeps_the_rest_of_a_text() -> None:
    """Only the digits go, and their number stays."""
    text = masked(f"clinician {NPI} of 00-0123456")

    assert text == "clinician <10 digits> of <9 digits>"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (12345678, "12345678"),
        (123456789, "a long number"),
        (-123456789, "a long number"),
        (Decimal("74.9"), "74.9"),
        (0.1, "0.1"),
        (Decimal("1.234567891"), "a long number"),
        ("001", '"001"'),
        (TIN, "text of 9 digits"),
        (f"X{NPI}", "text of 11 characters"),
        ("x" * 60, "text of 60 characters"),
        ("a\nb", "text of 3 characters"),
        ({"a": 1, "b": 2}, "an object of 2 fields"),
        ([1, 2, 3], "a list of 3"),
        (object(), "no JSON value"),
    ],
)
def test_values_are_shown_in_few_words(value: object, words: str) -> None:
    """Short and harmless values as they are, all others by kind and size."""
    assert shown(value) == words


def test_an_integer_too_long_to_write_out_is_not() -> None:
    """Python refuses to put more than 4300 digits into text."""
    assert shown(10**5000) == "a number over 64 bits"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("12345", "text of 5 digits"),
        ("1-2", "text of 3 characters"),
        (12345, "a number"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_an_identifier_field_is_described_and_never_shown(
    value: object, words: str
) -> None:
    """Even half an identifier stays out of a finding."""
    assert described(value) == words


@given(st.text(st.sampled_from("0123456789 .-ab"), max_size=40) | st.integers())
def test_nothing_that_is_shown_looks_like_an_identifier(value: object) -> None:
    """Whatever was sent, a finding holds no run of nine digits."""
    assert not IDENTIFIER_LIKE.search(shown(value))
