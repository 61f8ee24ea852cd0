"""What one rule book says differently from another, in plain words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qpp import library
from qpp.mips.rules import MipsRules
from qpp.rule_choices import with_value
from qpp.rule_compare import compare_rules, value_words


@pytest.fixture
def book() -> MipsRules:
    """Take one real rule book."""
    return library.rules(2026)


def test_a_book_says_the_same_as_itself(book: MipsRules) -> None:
    """Nothing is said where nothing changed."""
    assert compare_rules(book, book) == []


def test_a_changed_number_is_told_with_its_unit(book: MipsRules) -> None:
    """The new value first, as a reader of the new year asks for it."""
    (change,) = compare_rules(
        book, with_value(book, "quality.topped_out_cap", Decimal(8))
    )

    assert change.path == "quality.topped_out_cap"
    assert change.words == ("8 points, was 7 points",)


def test_a_citation_or_status_alone_is_a_change_without_words(
    book: MipsRules,
) -> None:
    """The value stays, so there is nothing to say of it."""
    rule = replace(book.quality.case_minimum, status="verified", note="Read.")
    changed = replace(book, quality=replace(book.quality, case_minimum=rule))

    (change,) = compare_rules(book, changed)

    assert change.words == ()
    assert (change.old, change.new) == (book.quality.case_minimum, rule)


def test_notes_and_days_of_checking_are_no_change(book: MipsRules) -> None:
    """They are about the law and not of it."""
    rule = replace(book.quality.case_minimum, note="Looked at again.")
    changed = replace(book, quality=replace(book.quality, case_minimum=rule))

    assert compare_rules(book, changed) == []


def test_what_came_and_what_went_stand_within_their_file() -> None:
    """Suspended activities were of 2025 alone; cost comes after them."""
    going = compare_rules(library.rules(2025), library.rules(2026))
    coming = compare_rules(library.rules(2024), library.rules(2025))

    gone = {item.path for item in going if item.new is None}
    came = {item.path for item in coming if item.old is None}
    paths = [item.path for item in going]
    assert (
        gone
        == came
        == {
            "improvement_activities.suspended_activities",
            "improvement_activities.suspended_from",
        }
    )
    assert paths.index("improvement_activities.suspended_from") < paths.index(
        "cost.unpublished_benchmark"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (True, False, ["no, was yes"]),
        (("a", "b"), ("b", "c"), ["gained c", "lost a"]),
        (("a", "b"), ("a", "b", "c"), ["gained c"]),
        (
            ("a", "b"),
            ("b", "a"),
            ["the same members in another order: b, a; was a, b"],
        ),
        (frozenset("ab"), frozenset("a"), ["lost b"]),
        (
            {"a": "1", "b": "2", "c": "3"},
            {"a": "1", "b": "5", "d": "4"},
            ["row b: 5, was 2", "row d added: 4", "row c removed, was 3"],
        ),
        (
            {"pi": {"cost": "30", "ia": "15"}},
            {"pi": {"cost": "20", "ia": "15"}},
            ["row pi: row cost: 20, was 30"],
        ),
        ({"pi": ("a",)}, {"pi": ("a", "b")}, ["row pi: gained b"]),
    ],
)
def test_each_kind_of_value_says_what_is_different(
    old: object, new: object, words: list[str]
) -> None:
    """Which row of a table, which member of a list."""
    assert list(value_words(old, new)) == words
