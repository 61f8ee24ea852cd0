"""Bytes become a JSON value, or one reason why not; no reason shows their text."""

import json
from decimal import Decimal

import pytest

from qpp.codes import Code
from qppflow.runtime.decode import SIZE_LIMIT, Decoded, Undecodable, decode

TIN = "000123456"


def test_integers_stay_integers_and_all_other_numbers_are_exact() -> None:
    """Integers stay integers and all other numbers are exact."""
    decoded = decode(b'{"a": 18446744073709551615, "b": 0.1, "c": 1e2, "d": true}')

    expected = {"a": 2**64 - 1, "b": Decimal("0.1"), "c": Decimal("1E+2"), "d": True}
    assert decoded == Decoded(expected)


def test_a_byte_order_mark_is_ignored() -> None:
    """A byte order mark is ignored."""
    assert decode(b'\xef\xbb\xbf{"a": 1}') == Decoded({"a": 1})


def test_long_runs_and_exponents_in_texts_are_no_large_numbers() -> None:
    """Long runs and exponents in texts are no large numbers."""
    document = {"id": "1e999999", "more": "9" * 40}

    assert decode(json.dumps(document).encode()) == Decoded(document)


PARKED = [
    (None, Code.NULL_VALUE),
    (b"", Code.EMPTY),
    (b" \n\t", Code.EMPTY),
    (b'{"entityType": "group"', Code.NOT_JSON),
    (b'{"a": 1} trailing', Code.NOT_JSON),
    (b"{'a': 1}", Code.NOT_JSON),
    (b'{"a": 1,}', Code.NOT_JSON),
    (b'{"a": 01}', Code.NOT_JSON),
    (b'{"a": "\\ud800"}', Code.NOT_JSON),
    (b'{"a": "\\udc00"}', Code.NOT_JSON),
    (b'{"a": "\x01"}', Code.NOT_JSON),
    (b"<ClinicalDocument/>", Code.NOT_JSON),
    (b'{"a": NaN, "b": }', Code.NOT_JSON),
    (b'{"a": 1, "a": 2', Code.NOT_JSON),
    (b"\x00\x01\x02", Code.NOT_JSON),
    (b"\xff\xfe{\x00}\x00", Code.NOT_UTF8),
    (b'{"a": "\xe9"}', Code.NOT_UTF8),
]


@pytest.mark.parametrize(("body", "code"), PARKED)
def test_what_is_no_document_is_parked(body: bytes | None, code: Code) -> None:
    """What is no document is parked."""
    reason = decode(body)

    assert isinstance(reason, Undecodable)
    assert (reason.code, reason.parked) == (code, True)


REJECTED = [
    (b"[" * 300, Code.TOO_DEEP, " at line 1, column "),
    (b'{"a": ' * 201 + b"1" + b"}" * 201, Code.TOO_DEEP, " at line 1, column "),
    (b'{"a": NaN}', Code.NOT_A_NUMBER, " at line 1, column 7"),
    (b'{"a": -Infinity}', Code.NOT_A_NUMBER, " at line 1, column "),
    (b'{"a": 1,\n "a": 2}', Code.DUPLICATE_KEY, " at line 2, column "),
    (b'{"a": 18446744073709551616}', Code.NUMBER_TOO_LARGE, " at line 1, column 7"),
    (b'{"a":\n  -9223372036854775809}', Code.NUMBER_TOO_LARGE, "line 2, column 3"),
    (b'{"a": 1e999999}', Code.NUMBER_TOO_LARGE, " at line 1, column 7"),
    (b'{"a": 1E-999999}', Code.NUMBER_TOO_LARGE, " at line 1, column 7"),
    (b'{"a": 1e99999999999999999999}', Code.NUMBER_TOO_LARGE, " at line 1, column "),
    (b'{"a": ' + b"9" * 5000 + b"}", Code.NUMBER_TOO_LARGE, " at line 1, column "),
]


@pytest.mark.parametrize(("body", "code", "place"), REJECTED)
def test_json_that_readers_disagree_about_is_rejected_with_its_place(
    body: bytes, code: Code, place: str
) -> None:
    """JSON that readers disagree about is rejected with its place."""
    reason = decode(body)

    assert isinstance(reason, Undecodable)
    assert (reason.code, reason.parked) == (code, False)
    assert place in reason.found


def test_the_size_limit_itself_is_allowed_and_one_byte_more_is_not() -> None:
    """The size limit itself is allowed and one byte more is not."""
    longest = b'"' + b"x" * (SIZE_LIMIT - 2) + b'"'

    assert isinstance(decode(longest), Decoded)
    assert decode(longest + b" ") == Undecodable(
        Code.TOO_LARGE, f"{SIZE_LIMIT + 1} bytes, more than {SIZE_LIMIT}"
    )


def test_a_number_is_found_below_known_names() -> None:
    """A number is found below known names."""
    reason = decode(b'{"measurementSets": [{"measurements": [{"value": NaN}]}]}')

    assert isinstance(reason, Undecodable)
    assert reason.pointer == "/measurementSets/0/measurements/0/value"


def test_no_step_of_a_pointer_is_an_unknown_name() -> None:
    """No step of a pointer is an unknown name."""
    reason = decode(b'{"measurementSets": [{"%b": {"a": 1e999}}]}' % TIN.encode())

    assert isinstance(reason, Undecodable)
    assert reason.pointer == "/measurementSets/0"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("performanceMet", "performanceMet for the second time"),
        ("createdAt", "createdAt for the second time"),
        (TIN, "a name of 9 characters for the second time"),
        ("Jane Doe", "a name of 8 characters for the second time"),
        ("x at line 1 column 1", "a name of 20 characters for the second time"),
    ],
)
def test_a_name_that_stands_twice_is_told_only_if_it_is_a_field_of_ours(
    name: str, found: str
) -> None:
    """A name that stands twice is told only if it is a field of ours."""
    quoted = json.dumps(name)

    reason = decode(f"{{{quoted}: 1, {quoted}: 2}}".encode())

    assert isinstance(reason, Undecodable)
    assert reason.found.startswith(found)
