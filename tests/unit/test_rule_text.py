"""Values of the rules in words that a lawyer reads, and for programs."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

import pytest

from qpp import library
from qpp.mips.rules import PARTS
from qpp.rule_text import as_data, cells, provisions, with_unit, written
from qpp.rulebook import Provision

DAY = datetime(2026, 11, 24, tzinfo=UTC).date()


def of(value: object, unit: str = "point") -> Provision[object]:
    """Make a provision of some value."""
    return Provision(value, unit, "42 CFR 414.1380", "verified", DAY, "quality.x")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("75.0"), "75"),
        (20, "20"),
        ("half_up", "half_up"),
        (True, "yes"),
        (False, "no"),
        (date(2027, 3, 31), "2027-03-31"),
        (("b", "a"), "b, a"),
        ((("a", "b"), ("c",)), "a with b, c"),
        (frozenset({"b", "a"}), "a, b"),
        (frozenset(), "nothing"),
        ((), "nothing"),
        ({}, "nothing"),
        ({"pi": ("a", "b"), "ia": ("c",)}, "pi: a, b; ia: c"),
        ({"none": {"cost": Decimal(30), "pi": Decimal(25)}}, "none: cost 30, pi 25"),
    ],
)
def test_a_value_is_written_on_one_line(value: object, text: str) -> None:
    """Lists keep their order, sets are put in one, rows end with a semicolon."""
    assert written(value) == text


def test_a_table_has_a_row_a_name() -> None:
    """A cell that is a table itself is written in a row."""
    table = MappingProxyType({"a": Decimal(1), "b": {"x": Decimal(2)}})

    assert cells(table) == [("a", "1"), ("b", "x 2")]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal(7), "point", "7 points"),
        (Decimal(1), "point", "1 point"),
        (Decimal(1), "percentage point", "1 percentage point"),
        (Decimal(75), "percent", "75 percent"),
        (2, "activity", "2 activities"),
        (180, "day", "180 days"),
        (80840, "digits", "80840 digits"),
        (2, "divisor of the threshold", "2 divisors of the threshold"),
        (Decimal(10), "percentage point", "10 percentage points"),
        (2026, "year", "2026"),
        (True, "yes or no", "yes"),
        ("registry", "submission method", "registry"),
    ],
)
def test_a_number_takes_its_unit(value: object, unit: str, text: str) -> None:
    """In the singular for one alone; a word or a year says what it is."""
    assert with_unit(of(value, unit)) == text


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Decimal("7.50"), "7.5"),
        (20, "20"),
        (True, True),
        (date(2027, 3, 31), "2027-03-31"),
        ((("a", "b"), ("c",)), [["a", "b"], ["c"]]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"none": {"cost": Decimal(30)}}, {"none": {"cost": "30"}}),
    ],
)
def test_a_value_for_programs_has_no_numbers(value: object, data: object) -> None:
    """Numbers are text, as in the rule file, so that nothing rounds them."""
    assert as_data(value) == data


@pytest.mark.parametrize("year", library.years())
def test_every_provision_of_a_book_is_walked(year: int) -> None:
    """File by file in their order, each path once."""
    book = library.rules(year)

    paths = [item.path for item in provisions(book)]

    assert len(paths) == len(set(paths)) > 100
    assert list(dict.fromkeys(path.partition(".")[0] for path in paths)) == list(PARTS)
    assert [item.path for item in provisions(book.cost)] == [
        path for path in paths if path.startswith("cost.")
    ]
