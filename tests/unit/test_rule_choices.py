"""Which other readings of a rule the program can compute, and a book that has one."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from qpp import library
from qpp.rule_choices import other_readings, with_value
from qpp.rule_text import provisions
from qpp.rulebook import Provision, RuleError, bind

DAY = datetime(2026, 11, 24, tzinfo=UTC).date()
BOOK = library.rules(2025)


@dataclass(frozen=True, slots=True)
class Small:
    """A rule book of one provision."""

    share: Provision[Decimal]


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("quality.completeness_on", ["rounded"]),
        ("quality.outcome_forced", [False]),
        ("quality.ties", ["as_sent"]),
        ("cost.unpublished_benchmark", []),
        ("quality.case_minimum", []),
        ("improvement_activities.suspended_from", []),
        (
            "quality.zero_population",
            [{"registry": "excluded", "other": "excluded"}],
        ),
    ],
)
def test_other_readings_of_a_provision(path: str, others: list[object]) -> None:
    """Other words of its kind, no for yes, what the rule file names; no number."""
    (rule,) = (item for item in provisions(BOOK) if item.path == path)

    assert other_readings(BOOK, rule) == others


def test_what_the_rule_file_names_goes_before_all_words() -> None:
    """Whoever wrote the note knows what was in doubt."""
    rule = replace(BOOK.quality.completeness_on, alternative="exact")

    assert other_readings(BOOK, rule) == ["exact"]


def test_a_book_with_another_value_leaves_the_old_one_alone() -> None:
    """All else is the same, to the object."""
    other = with_value(BOOK, "quality.data_completeness", Decimal(8))

    assert other.quality.data_completeness.value == Decimal(8)
    assert other.quality.data_completeness.citation == (
        BOOK.quality.data_completeness.citation
    )
    assert other.quality.case_minimum is BOOK.quality.case_minimum
    assert other.cost is BOOK.cost
    assert BOOK.quality.data_completeness.value == Decimal(75)


@pytest.mark.parametrize("year", library.years())
def test_a_named_alternative_is_another_value_of_an_unverified_rule(year: int) -> None:
    """Of what was read at its source there is no second reading."""
    named = [
        item for item in provisions(library.rules(year)) if item.alternative is not None
    ]

    assert named
    assert all(item.status == "unverified" for item in named)
    assert all(item.alternative != item.value for item in named)


def a_table(alternative: object) -> dict[str, object]:
    """Make the table of a number as TOML would give it."""
    return {
        "value": "75",
        "alternative": alternative,
        "unit": "percent",
        "citation": "42 CFR 414.1340",
        "status": "unverified",
        "last_checked": DAY,
    }


def test_an_alternative_is_read_as_the_value_is() -> None:
    """A number from its text; one of another shape is refused by name."""
    read = bind(Small, {"share": a_table("80")}, "small")

    assert read.share.alternative == Decimal(80)
    with pytest.raises(RuleError, match=r"small\.share: alternative: needs Decimal"):
        bind(Small, {"share": a_table(80)}, "small")
