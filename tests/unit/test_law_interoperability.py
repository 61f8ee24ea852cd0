"""Promoting Interoperability: every combination of exclusions, § 414.1380(b)(4)."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest

from qpp.mips.scoring import PARTS, Law
from qpp.results import CategoryScore
from tests.helpers.law import (
    EXCLUSIONS,
    YEARS,
    a_set,
    amended,
    entity,
    interoperability,
    law,
)

REFERRALS = ("PI_HIE_1", "PI_HIE_4")
COMMON = ("PI_EP_1", "PI_EP_2", "PI_PHCDRR_1", "PI_PHCDRR_3")


def combinations(*measures: str) -> Iterator[tuple[str, ...]]:
    """Yield every way to report or exclude *measures*, by each exclusion."""
    yield from product(*(("", *EXCLUSIONS[name]) for name in measures))


def score(
    year: int, excluded: dict[str, str], more: dict[str, object], rules: Law
) -> CategoryScore:
    """Score a full set in which some measures are excluded."""
    answers = interoperability(year) | more
    for name, exclusion in excluded.items():
        if exclusion:
            answers |= {exclusion: True}
            del answers[name]
    start, end = f"{year}-01-01", f"{year}-12-31"
    who = entity(year, [a_set("pi", answers, start=start, end=end)])
    return PARTS["pi"](who, rules)


@pytest.mark.parametrize("year", YEARS)
def test_all_384_combinations_of_exclusions_add_up_to_100(year: int) -> None:
    """Whatever is excluded, the points that are left to earn are 100 in all."""
    measures, rules = (*COMMON, *REFERRALS), law(year)
    found = [
        score(year, dict(zip(measures, chosen, strict=True)), {}, rules)
        for chosen in combinations(*measures)
    ]

    assert len(found) == 384
    assert {sum(item.possible for item in one.measures) for one in found} == {100}
    assert {one.percent for one in found} == {100}


@pytest.mark.parametrize("way", ["PI_HIE_5", "PI_HIE_6"])
def test_combinations_with_another_way_to_exchange_add_up_to_100(way: str) -> None:
    """The 30 points of one yes move as those of the referral loop do."""
    rules = law(2026)
    found = []
    for chosen in combinations(*COMMON):
        excluded = dict(zip(COMMON, chosen, strict=True))
        # The referral loop is neither reported nor excluded: the other way stands.
        answers = interoperability(2026) | {way: True}
        for name in REFERRALS:
            del answers[name]
        for name, exclusion in excluded.items():
            if exclusion:
                answers |= {exclusion: True}
                del answers[name]
        who = entity(2026, [a_set("pi", answers, start="2026-01-01", end="2026-12-31")])
        found.append(PARTS["pi"](who, rules))

    assert len(found) == 96
    assert {sum(item.possible for item in one.measures) for one in found} == {100}
    assert {one.percent for one in found} == {100}


def test_points_that_no_one_takes_are_an_error_of_the_rule_file() -> None:
    """A redistribution must end at a measure that is left; losing points is a bug."""
    rules = law(2025)
    book = amended(
        rules.rules,
        promoting_interoperability__redistribution={"PI_EP_1": ("PI_EP_2",)},
    )
    excluded = {"PI_EP_1": "PI_LVPP_1"}
    stands = score(2025, excluded, {}, Law(book, rules.catalogue))
    excluded["PI_EP_2"] = "PI_EP_2_EX_1"

    assert stands.percent == 100
    with pytest.raises(ValueError, match="ends nowhere"):
        score(2025, excluded, {}, Law(book, rules.catalogue))


def test_a_shared_objective_answered_no_is_0_where_a_no_may_stand() -> None:
    """With the other reading of a no, immunization alone does not earn the 25."""
    rules = law(2024)
    book = amended(rules.rules, promoting_interoperability__false_is_missing=False)
    found = score(2024, {}, {"PI_PHCDRR_1": False}, Law(book, rules.catalogue))

    assert found.percent == 75


def test_a_no_beside_its_exclusion_is_an_exclusion() -> None:
    """The exclusion of case reporting counts; the no beside it refuses nothing."""
    rules = law(2024)
    book = amended(rules.rules, promoting_interoperability__false_is_missing=False)
    answers: dict[str, object] = {"PI_PHCDRR_3": False, "PI_PHCDRR_3_EX_1": True}
    found = score(2024, {}, answers, Law(book, rules.catalogue))

    assert found.percent == 100


def test_of_two_sets_without_points_the_qualifying_one_is_kept() -> None:
    """A complete set that earns nothing still says what it reported."""
    rules = law(2025)
    book = amended(
        rules.rules,
        promoting_interoperability__measure_points=dict.fromkeys(
            rules.rules.promoting_interoperability.measure_points.value, Decimal(0)
        ),
        promoting_interoperability__shared_points={
            "publicHealthAndClinicalDataExchange": Decimal(0)
        },
        promoting_interoperability__minimum_measure_points=Decimal(0),
    )
    incomplete = interoperability()
    del incomplete["PI_EP_1"]
    sets = [a_set("pi", incomplete), a_set("pi", interoperability())]
    found = PARTS["pi"](entity(sets=sets), Law(book, rules.catalogue))

    assert found.percent == 0
    assert found.measures


def test_each_set_is_judged_by_its_own_period() -> None:
    """Assessed periods belong to sets by their order; one too few is a bug."""
    rules = law(2025)
    who = entity(sets=[a_set("pi", interoperability())])
    none = who._replace(sets=())

    assert PARTS["pi"](who, rules).percent == 100
    assert PARTS["pi"](none, rules).percent == 0
