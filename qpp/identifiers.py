"""TIN, NPI and CEHRT ids: their form, and how to speak of a value without showing one.

A finding, log line or exception never carries an identifier. Whatever was sent is
put into words by ``shown``, which gives type and length instead of long digit runs.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import cycle
from operator import getitem
from sys import maxsize
from typing import Final

from qpp.mips.submission_rules import SubmissionRules

# A TIN has nine digits and an NPI ten; people also write them in groups.
IDENTIFIER_LIKE: Final = re.compile(r"\d(?:[ .\-]?\d){8,}")
# Room for measure ids, dates, programs and names of strata.
LONGEST_SHOWN: Final = 48

_DIGITS: Final = "0123456789"
# Luhn: a doubled digit counts as the sum of its own digits.
_PLAIN: Final = {digit: int(digit) for digit in _DIGITS}
_DOUBLED: Final = {
    digit: int(value) for digit, value in zip(_DIGITS, "0246813579", strict=True)
}


def tin_ok(text: str, rules: SubmissionRules) -> bool:
    """Say whether *text* has the form of a TIN; leading zeros count."""
    return _all_digits(text, rules.tin_digits.value)


def npi_ok(text: str, rules: SubmissionRules) -> bool:
    """Say whether *text* has the form of an NPI; its check digit is not judged."""
    return _all_digits(text, rules.npi_digits.value)


def npi_check_digit_ok(npi: str, rules: SubmissionRules) -> bool:
    """Judge the check digit of a well-formed NPI, as ISO 7812 has it.

    The Luhn sum runs over the prefix of health-care issuers and the whole number.
    """
    digits = reversed(rules.npi_check_prefix.value + npi)
    total = sum(map(getitem, cycle((_PLAIN, _DOUBLED)), digits))
    return str(total).endswith("0")


def cehrt_ok(text: str, rules: SubmissionRules) -> bool:
    """Say whether *text* has the form of a CMS EHR certification id."""
    return _compiled(rules.cehrt_id_pattern.value).fullmatch(text) is not None


def entity_id_ok(text: str, rules: SubmissionRules) -> bool:
    """Say whether *text* may be the id of an entity that has neither TIN nor NPI."""
    return _compiled(rules.entity_id_pattern.value).fullmatch(text) is not None


def looks_like_identifier(text: str) -> bool:
    """Say whether *text* holds nine or more digits in a row, grouped or not."""
    return IDENTIFIER_LIKE.search(text) is not None


def masked(text: str) -> str:
    """Replace everything in *text* that looks like an identifier by its length."""
    return IDENTIFIER_LIKE.sub(_length, text)


def shown(value: object) -> str:
    """Put a JSON value into words for a finding: short and without identifiers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _shown_number(value)
    if isinstance(value, str):
        hidden = (
            len(value) > LONGEST_SHOWN
            or not value.isprintable()
            or looks_like_identifier(value)
        )
        return described(value) if hidden else f'"{value}"'
    if isinstance(value, Mapping):
        return f"an object of {len(value)} fields"
    return f"a list of {len(value)}" if isinstance(value, list) else "no JSON value"


def _shown_number(value: float | Decimal) -> str:
    """Write a number unless its digits could be an identifier's."""
    if isinstance(value, int) and abs(value) > maxsize:
        # Python refuses to write out very long integers.
        return "a number over 64 bits"
    text = str(value)
    return "a long number" if looks_like_identifier(text) else text


def described(value: object) -> str:
    """Describe what stands in an identifier field: never its text, only its size."""
    if isinstance(value, str):
        kind = "digits" if value.isdecimal() else "characters"
        return f"text of {len(value)} {kind}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return "a number"
    return shown(value)


def _all_digits(text: str, length: int) -> bool:
    """Say whether *text* is exactly *length* digits from 0 to 9."""
    return len(text) == length and text.isascii() and text.isdecimal()


def _length(found: re.Match[str]) -> str:
    """Name the length of a digit run in place of the run."""
    digits = sum(character.isdecimal() for character in found.group())
    return f"<{digits} digits>"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a rule file's pattern once."""
    return re.compile(pattern)
