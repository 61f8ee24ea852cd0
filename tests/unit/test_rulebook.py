"""Reading rule files: what binds, what is refused, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from qpp.rulebook import Provision, RuleError, bind, digest, parse_files


@dataclass(frozen=True, slots=True)
class Inner:
    """A group of provisions inside another."""

    figure: Provision[Decimal]


@dataclass(frozen=True, slots=True)
class Book:
    """One field for each shape that a rule may have."""

    count: Provision[int]
    figure: Provision[Decimal]
    word: Provision[Literal["one", "other"]]
    flag: Provision[bool]
    day: Provision[date]
    words: Provision[tuple[str, ...]]
    ways: Provision[tuple[tuple[str, ...], ...]]
    names: Provision[frozenset[str]]
    rows: Provision[Mapping[str, Mapping[str, Decimal]]]
    text: Provision[str] | None
    group: Inner
    spare: Inner | None


def a_provision(value: object, **changes: object) -> dict[str, object]:
    """Make a provision as TOML would give it."""
    return {
        "value": value,
        "unit": "percent",
        "citation": "42 CFR 414.1340",
        "status": "verified",
        "last_checked": date(2026, 11, 24),
        **changes,
    }


def a_book(**changes: object) -> dict[str, Any]:
    """Make the tables of a book; a change to None leaves the table out."""
    tables: dict[str, Any] = {
        "count": a_provision("20"),
        "figure": a_provision("0.1"),
        "word": a_provision("one"),
        "flag": a_provision(value=True),
        "day": a_provision(date(2025, 5, 6)),
        "words": a_provision(["b", "a"]),
        "ways": a_provision([["a", "b"], ["c"]]),
        "names": a_provision(["b", "a"]),
        "rows": a_provision({"none": {"quality": "30"}}),
        "text": a_provision("any"),
        "group": {"figure": a_provision("1")},
        "spare": {"figure": a_provision("2")},
        **changes,
    }
    return {name: table for name, table in tables.items() if table is not None}


def refusal(**changes: object) -> str:
    """Bind a book that must be refused, and give the words of the refusal."""
    with pytest.raises(RuleError) as caught:
        bind(Book, a_book(**changes), "book")
    return str(caught.value)


def test_each_shape_becomes_a_typed_value() -> None:
    """Strings become numbers, lists tuples and sets, tables mappings."""
    book = bind(Book, a_book(), "book")

    assert book.count.value == 20
    assert book.figure.value == Decimal("0.1")
    assert book.word.value == "one"
    assert book.flag.value is True
    assert book.day.value == date(2025, 5, 6)
    assert book.words.value == ("b", "a")
    assert book.ways.value == (("a", "b"), ("c",))
    assert book.names.value == frozenset("ab")
    assert book.rows.value["none"]["quality"] == Decimal(30)
    assert book.text is not None
    assert book.text.value == "any"
    assert book.group.figure.value == Decimal(1)
    assert book.spare is not None
    assert book.spare.figure.value == Decimal(2)


def test_a_provision_carries_where_it_comes_from() -> None:
    """Unit, citation, day, path and note are read; ``effective`` is for people."""
    table = a_provision("20", note="Why.", effective=date(2024, 1, 1))

    count = bind(Book, a_book(count=table), "book").count

    assert count.unit == "percent"
    assert count.citation == "42 CFR 414.1340"
    assert count.last_checked == date(2026, 11, 24)
    assert count.path == "book.count"
    assert count.note == "Why."


def test_only_an_unverified_provision_is_an_assumption() -> None:
    """Its name is that of the file and the rule."""
    guess = a_provision("20", status="unverified")

    book = bind(Book, a_book(count=guess), "book")

    assert book.count.assumption == "unverified:book.count"
    assert book.figure.assumption is None
    assert bind(Inner, {"figure": a_provision("1")}, "in").figure.note == ""


def test_an_optional_provision_or_group_may_be_absent() -> None:
    """What CMS has not published yet is no table at all."""
    book = bind(Book, a_book(text=None, spare=None), "book")

    assert book.text is None
    assert book.spare is None


def test_a_mapping_cannot_be_changed() -> None:
    """Rules are shared by all scores, so nobody may write into them."""
    rows: Any = bind(Book, a_book(), "book").rows.value

    with pytest.raises(TypeError):
        rows["none"] = {}


def test_a_missing_rule_is_named() -> None:
    """The law cannot be applied without it."""
    assert refusal(count=None) == "book.count: missing"


def test_a_missing_group_is_named() -> None:
    """A group is as necessary as a provision."""
    assert refusal(group=None) == "book.group: missing"


def test_a_bare_value_is_no_provision() -> None:
    """A value without citation is not accepted for the sake of brevity."""
    assert refusal(count="20") == "book.count: missing"


def test_unknown_rules_are_named() -> None:
    """A misspelt rule would otherwise be silently ignored."""
    found = refusal(cuont=a_provision("1"), aim=a_provision("1"))

    assert found == "book: no rule is called aim, cuont"


def test_an_unknown_rule_in_a_group_is_named_with_its_path() -> None:
    """The path leads to the table."""
    group = {"figure": a_provision("1"), "other": a_provision("1")}

    assert refusal(group=group) == "book.group: no rule is called other"


def test_missing_fields_are_named() -> None:
    """Where a value comes from is not optional."""
    table = {"value": "20", "status": "verified", "last_checked": date(2026, 1, 1)}

    assert refusal(count=table) == "book.count: lacks citation, unit"


def test_unknown_fields_are_named() -> None:
    """Fields that nobody reads would look as if they counted."""
    table = a_provision("20", remark="", author="")

    assert refusal(count=table) == "book.count: unknown author, remark"


def test_a_status_is_one_of_three() -> None:
    """There is nothing between verified, second-hand and unverified."""
    found = refusal(count=a_provision("20", status="likely"))

    assert found == "book.count: status is one of verified, secondary, unverified"


def test_the_day_of_the_last_check_is_a_date() -> None:
    """Text could not be compared."""
    found = refusal(count=a_provision("20", last_checked="2026-11-24"))

    assert found == "book.count: last_checked is a date"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("count", "twenty", "book.count: 'twenty' is not a plain number"),
        ("count", "0.5", "book.count: '0.5' is not of kind int"),
        ("figure", "much", "book.figure: 'much' is not a plain number"),
        ("count", 20, "book.count: needs int, numbers as strings"),
        ("figure", 0.5, "book.figure: needs Decimal, numbers as strings"),
        ("flag", "true", "book.flag: needs bool, numbers as strings"),
        ("day", "2025-05-06", "book.day: needs date, numbers as strings"),
        (
            "day",
            datetime(2025, 5, 6, tzinfo=UTC),
            "book.day: needs date, numbers as strings",
        ),
        ("text", ["any"], "book.text: needs str, numbers as strings"),
        ("count", "1.5", "book.count: '1.5' is not of kind int"),
        ("count", "1_0", "book.count: '1_0' is not a plain number"),
        ("figure", "NaN", "book.figure: 'NaN' is not a plain number"),
        ("words", "a", "book.words: needs tuple, numbers as strings"),
        ("names", "a", "book.names: needs frozenset, numbers as strings"),
        ("rows", ["a"], "book.rows: needs Mapping, numbers as strings"),
        ("word", "third", "book.word: 'third' is none of one, other"),
        ("words", ["a", 1], "book.words[1]: needs str, numbers as strings"),
        ("names", [1], "book.names[0]: needs str, numbers as strings"),
        ("ways", [["a"], "b"], "book.ways[1]: needs tuple, numbers as strings"),
        (
            "rows",
            {"none": {"quality": 30}},
            "book.rows.none.quality: needs Decimal, numbers as strings",
        ),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused(
    name: str, value: object, words: str
) -> None:
    """The refusal leads to the place and says what is needed."""
    assert refusal(**{name: a_provision(value)}) == words


def test_files_are_parsed_by_name() -> None:
    """The name of the file without its ending is the name of the tables."""
    parsed = parse_files({"quality.toml": b"[a]\nvalue = '1'\n"})

    assert parsed == {"quality": {"a": {"value": "1"}}}


@pytest.mark.parametrize("content", [b"[a", b"\xff"], ids=["not TOML", "not UTF-8"])
def test_a_file_that_is_not_toml_is_named(content: bytes) -> None:
    """Neither broken TOML nor broken text is read in part."""
    with pytest.raises(RuleError, match=r"^quality\.toml: not a TOML file: "):
        parse_files({"quality.toml": content})


def test_the_hash_depends_on_names_and_content_only() -> None:
    """The same files in another order are the same book; any byte makes another."""
    book = digest({"a": b"1", "b": b"2"})

    assert book == digest({"b": b"2", "a": b"1"})
    assert book != digest({"a": b"2", "b": b"1"})
    assert book != digest({"a": b"1", "c": b"2"})
    assert book != digest({"a": b"1"})
