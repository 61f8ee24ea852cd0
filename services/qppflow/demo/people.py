"""Identifiers of people who do not exist: TINs begin with 000, NPIs with 0."""

from typing import Final

from qpp.library import rules, years

PLACES: Final = 64  # NPIs kept free for one office; the largest has fewer clinicians
_TINS: Final = 10**6
_NPIS: Final = 10**8
# Both steps share no factor with the numbers above, so nothing comes twice.
_TIN_STEP: Final = 611_953
_NPI_STEP: Final = 61_803_399
_PREFIX: Final = rules(years()[-1]).submission.npi_check_prefix.value
# What a doubled digit counts in Luhn's formula.
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def tin(office: int) -> str:
    """Give the TIN of an office; the first million offices all have their own."""
    return f"000{office * _TIN_STEP % _TINS:06d}"


def npi(office: int, place: int, *, sound: bool = True) -> str:
    """Give the NPI of a clinician of an office; unless *sound*, its check digit is off.

    *place* is below PLACES.
    """
    body = f"0{(office * PLACES + place) * _NPI_STEP % _NPIS:08d}"
    digit = _check_digit(body)
    return f"{body}{digit if sound else (digit + 1) % 10}"


def _check_digit(body: str) -> int:
    """Compute the last digit of an NPI from the nine before it, by Luhn's formula."""
    digits = [int(digit) for digit in reversed(_PREFIX + body)]
    return -(sum(_DOUBLED[digit] for digit in digits[::2]) + sum(digits[1::2])) % 10
