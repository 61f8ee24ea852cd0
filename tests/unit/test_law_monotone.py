"""Better never scores worse: rates, measures and ladders."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.deciles import place
from qpp.inputs import Decision, FacilityScore, Indicator
from qpp.mips.complex_patients import complex_patient_bonus
from qpp.mips.final_score import final_score
from qpp.mips.scoring import (
    PARTS,
)
from qpp.parts import part
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from tests.golden.quality_cases import quality_case
from tests.helpers.law import (
    LADDERS,
    book,
    cuts,
    entity,
)

quick = settings(max_examples=40, deadline=None)

TENTHS = st.integers(20, 100).map(lambda tenths: str(Decimal(tenths) / 10))
LINE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["outcome", "process"]),
        "high_priority": st.booleans(),
        "earns": TENTHS,
    }
)
LINES = st.lists(LINE, max_size=8)


def quality_percent(lines: list[dict[str, Any]], **given_: object) -> Decimal:
    """Score quality lines and give the percent."""
    named = [line | {"id": f"M{n}"} for n, line in enumerate(lines)]
    who, law = quality_case({"measures": named} | given_)
    found = PARTS["quality"](who, law).percent
    assert found is not None
    return found


@quick
@given(LINES, st.integers(0, 7), TENTHS, st.sampled_from([[], ["smallPractice"]]))
def test_a_better_rate_never_lowers_the_percent(
    lines: list[dict[str, Any]], which: int, points: str, statuses: list[str]
) -> None:
    """Quality climbs, or stays, when one direct measure's rate rises."""
    raised = [
        line | {"earns": max(line["earns"], points, key=Decimal)}
        if n == which
        else line
        for n, line in enumerate(lines)
    ]

    assert quality_percent(raised, statuses=statuses) >= quality_percent(
        lines, statuses=statuses
    )


@quick
@given(LINES, LINE)
def test_one_more_measure_never_lowers_the_percent(
    lines: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    """Except an outcome measure, which may have to take the required slot."""
    more = more | {"type": "process"}

    assert quality_percent([*lines, more]) >= quality_percent(lines)


def test_one_more_outcome_measure_may_lower_the_percent() -> None:
    """The exception above is real: the outcome rule forces a weak measure in."""
    six = [{"type": "process", "high_priority": True, "earns": "10"}] * 6

    assert quality_percent(six) == 100
    assert quality_percent([*six, {"type": "outcome", "earns": "4"}]) == 90


@pytest.mark.parametrize("inverse", [False, True])
def test_points_never_fall_on_the_way_to_better(*, inverse: bool) -> None:
    """A quarter of a percent better never earns less, on any ladder."""
    for name in LADDERS:
        ladder = cuts(name)
        worst_first = sorted(
            {Decimal(n) / 4 for n in range(401)} | set(ladder), reverse=inverse
        )
        found = [
            place(
                rate, ladder, inverse=inverse, floor=Decimal(1), maximum=Decimal(10)
            ).points
            for rate in worst_first
        ]

        assert found == sorted(found)
        assert 1 <= found[0] <= found[-1] == 10


@quick
@given(LINES, st.integers(0, 7), TENTHS, st.integers(0, 100))
def test_a_better_rate_never_lowers_the_percent_with_improvement(
    lines: list[dict[str, Any]], which: int, points: str, before: int
) -> None:
    """Improvement grows with this year's achievement, so it cannot turn the tide."""
    raised = [
        line | {"earns": max(line["earns"], points, key=Decimal)}
        if n == which
        else line
        for n, line in enumerate(lines)
    ]
    prior = {"qualityAchievementPercent": str(before)}

    assert quality_percent(raised, prior=prior) >= quality_percent(lines, prior=prior)


PERCENTS = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)
WHOLE = st.fixed_dictionaries(
    {name: PERCENTS | st.none() for name in ("quality", "cost")}
    | dict.fromkeys(("ia", "pi"), PERCENTS)
)
KNOWN = st.fixed_dictionaries(
    {
        "statuses": st.lists(
            st.sampled_from(["smallPractice", "facilityBased"]), unique=True
        ),
        "facility": st.none() | st.builds(FacilityScore, PERCENTS, PERCENTS),
        "bonus": st.none() | st.integers(0, 10).map(Decimal),
        "approved": st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True),
    }
)


def final_of(percents: dict[str, Decimal | None], known: dict[str, Any]) -> Decimal:
    """Make the final score of four categories."""
    who = entity(statuses=known["statuses"])._replace(
        facility=known["facility"],
        complex_patient_bonus=known["bonus"],
        reweighted=tuple(
            Decision(name, "extremeAndUncontrollable") for name in known["approved"]
        ),
    )
    parts = {
        name: part(CategoryScore(name, percents[name], has_data=True), explain=False)
        for name in CATEGORIES
    }
    return Decimal(final_score(parts, who, book(2025), "by hand")[0]["finalScore"])


@quick
@given(WHOLE, KNOWN, st.sampled_from(CATEGORIES), PERCENTS)
def test_a_better_category_never_lowers_the_final_score(
    percents: dict[str, Decimal | None],
    known: dict[str, Any],
    which: str,
    percent: Decimal,
) -> None:
    """Weights hang on which categories are scored, not on how well.

    So each final score rises with each percent, and the higher of two rising scores
    rises. The exceptions, a category that was not scored before, follow below.
    """
    before = percents[which]
    if before is None:
        return
    raised = percents | {which: max(before, percent)}

    assert 100 >= final_of(raised, known) >= final_of(percents, known) >= 0


NOTHING_KNOWN: dict[str, Any] = {
    "statuses": [],
    "facility": None,
    "bonus": None,
    "approved": [],
}


def test_a_category_that_begins_to_be_scored_may_lower_the_final_score() -> None:
    """The first exception is real: weight moves to a weak category, (c)(2)."""
    strong: dict[str, Decimal | None] = dict.fromkeys(CATEGORIES, Decimal(90))

    assert final_of(strong | {"cost": None}, NOTHING_KNOWN) == 90
    assert final_of(strong | {"cost": Decimal(10)}, NOTHING_KNOWN) == 66


def test_a_second_category_with_weight_may_lower_the_final_score() -> None:
    """The second exception is real: with one alone the score is the threshold, (c)."""
    known = NOTHING_KNOWN | {"approved": ["ia", "pi"]}
    alone: dict[str, Decimal | None] = dict.fromkeys(CATEGORIES, Decimal(0))

    assert final_of(alone | {"cost": None}, known) == 75
    assert final_of(alone, known) == 0


FIGURES = st.integers(0, 400).map(lambda cents: Decimal(cents) / 100)


@quick
@given(FIGURES, FIGURES, FIGURES, FIGURES, st.integers(1, 200), FIGURES)
def test_riskier_patients_never_lower_the_bonus(  # noqa: PLR0913, PLR0917 - one figure each
    hcc: Decimal,
    more: Decimal,
    mean: Decimal,
    median: Decimal,
    deviation: int,
    dual: Decimal,
) -> None:
    """Each component rises with its indicator, and so does reaching a median."""
    spread = Decimal(deviation) / 100
    social = Indicator(dual, Decimal(1), Decimal(1), Decimal(1))

    def bonus(value: Decimal) -> Decimal:
        """Give the bonus at a medical indicator."""
        medical = Indicator(value, mean, spread, median)
        who = entity()._replace(patient_risk=(medical, social))
        rules = book(2025).final_score
        return complex_patient_bonus(who, rules, Trace(), has_data=True)

    assert 0 <= bonus(hcc) <= bonus(hcc + more) <= 10
