"""Anesthesiologists have fewer than six measures: each year on the facts that ship."""

from decimal import Decimal

import pytest

from qpp.library import catalogue
from qpp.mips.scoring import PARTS, Law
from qpp.results import CategoryScore
from tests.helpers.law import YEARS, a_set, book, counts, entity


def scored(year: int, *names: str) -> CategoryScore:
    """Score registry measures, each at 97 percent."""
    values = {name: counts(Decimal(97)) for name in names}
    sent = a_set("quality", values, start=f"{year}-01-01", end=f"{year}-12-31")
    law = Law(book(year), catalogue(year))
    return PARTS["quality"](entity(year, [sent]), law)


def last_word(found: CategoryScore) -> str:
    """Give what the applicability check says."""
    (said,) = [
        step.text() for step in found.steps if step.rule.path.startswith("quality.ema_")
    ]
    return said


@pytest.mark.parametrize(
    ("year", "names", "possible"),
    [
        # The clinical topic is 404, 424, 430, 463; 477 belongs to the set alone.
        (2024, ("404", "424", "430", "463"), 40),
        (2024, ("404", "424", "430", "463", "477"), 50),
        (2024, ("404", "430", "463"), 60),
        (2024, ("404", "430", "463", "477"), 60),
        (2025, ("404", "424", "430", "463"), 40),
        (2025, ("404", "424", "430", "463", "477"), 50),
        (2025, ("404", "430", "463", "477"), 60),
        # 424 is gone in 2026: the topic has three measures, the set four.
        (2026, ("404", "430", "463"), 30),
        (2026, ("404", "430", "463", "477"), 40),
        (2026, ("404", "430", "477"), 60),
        (2026, ("404", "430"), 60),
    ],
)
def test_the_denominator_of_an_anesthesiologist(
    year: int, names: tuple[str, ...], possible: int
) -> None:
    """A topic or set sent in full leaves ten points for each measure sent."""
    assert scored(year, *names).possible == possible


def test_the_explanation_says_why_it_applied() -> None:
    """Topic and number of measures stand in the reason."""
    assert last_word(scored(2026, "404", "430", "463", "477")) == (
        "no more applied: all of anesthesiology, anesthesiologyCare was sent, so 4"
        " measures are enough"
    )


def test_the_explanation_says_what_is_missing() -> None:
    """The measures that could have been sent are named."""
    assert last_word(scored(2025, "404", "430", "463", "477")) == (
        "of anesthesiology, anesthesiologyCare more could have been sent: 424"
    )


@pytest.mark.parametrize("year", YEARS)
def test_a_qcdr_measure_cancels_it(year: int) -> None:
    """ABG44 beside the whole set makes the denominator sixty again."""
    whole = sorted(
        next(
            group.measures
            for group in catalogue(year).clusters["404", "registry"]
            if group.kind == "specialtySet"
        )
    )
    found = scored(year, *whole, "ABG44")

    assert scored(year, *whole).possible == 10 * len(whole)
    assert found.possible == 60


def test_the_explanation_says_what_cancelled_it() -> None:
    """The QCDR measure is named."""
    found = scored(2026, "404", "430", "463", "477", "ABG44")

    assert last_word(found) == "QCDR measure ABG44: nothing is reduced"


@pytest.mark.parametrize("year", [2025, 2026])
def test_what_it_is_worth(year: int) -> None:
    """Defined ladders give 7.5 at 97 percent: three of them and 404's of 60 or less."""
    names = ("404", "430", "463", "477", *(("424",) if year == 2025 else ()))
    whole, without = scored(year, *names), scored(year, *names, "ABG44")

    assert whole.percent is not None
    assert without.percent is not None
    assert whole.points / whole.possible > without.points / without.possible
