"""Sentences with arithmetic, losses that add up, and the page that lists formulas."""

import gc
import importlib
import pkgutil
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import qpp
from qpp.catalogue import Benchmark
from qpp.deciles import Place
from qpp.losses import losses
from qpp.mips.adjustment import Factors
from qpp.mips.ladder_words import Stand, say_place
from qpp.mips.lower_bounds import bounds_points, place_on
from qpp.mips.payment import PAYMENT, adjust
from qpp.mips.quality_words import AT_LEAST, CAP, EMPTY, INSTEAD, SMALL
from qpp.parts import explanation, reason
from qpp.results import CategoryScore, MeasureScore
from qpp.sayings import Saying
from qpp.sums import Earned, say_percent
from qpp.trace import Silent, Step, Trace
from tests.helpers.law import benchmark, book
from tests.helpers.recompute import FINAL, PERCENTS, POINTS, recompute
from tests.helpers.recompute import PAYMENT as PAYMENTS

PAGE = (Path(__file__).parents[2] / "docs" / "explanations.md").read_text("utf-8")
RULES = book(2025).quality
RULE = RULES.measure_maximum
TEN = Decimal(10)


def told(trace: Trace) -> list[str]:
    """Give the sentences of a trace."""
    return [step.text() for step in trace.steps]


def test_a_saying_shows_some_figures_and_gives_all_numbers() -> None:
    """People read rounded numbers; machines get them exactly, without words."""
    saying = Saying("f", "name rate most year", "{name} has {rate:2} of {most} %")
    details = "A", Decimal("2.005"), Decimal("3.10"), 2023

    says, figures = saying.written(details)

    assert says == "A has 2.01 of 3.1 %"
    assert figures == {"rate": "2.005", "most": "3.1", "year": "2023"}
    assert Step(RULE, saying, details).text() == says


def test_a_saying_knows_what_its_rule_took() -> None:
    """From all there is, or from what stood before; others take nothing."""
    assert INSTEAD.taken((Decimal(3), TEN)) == 7
    assert CAP.taken((Decimal(9), Decimal(7), Decimal(7))) == 2
    assert EMPTY.taken((1, 6, TEN)) is None
    assert Saying("f", "points", "{points}").taken((TEN,)) is None


def row(*, inverse: bool = False, bounds: tuple[int, ...] = ()) -> Benchmark:
    """Make a flat ladder: by cut points, or by lower bounds as until 2022."""
    made = benchmark("M", is_inverse=inverse)
    return replace(
        made,
        percentiles=() if bounds else made.percentiles,
        deciles=tuple(map(Decimal, bounds)),
    )


UP = tuple(range(10, 100, 10))


@pytest.mark.parametrize(
    ("rate", "made", "says"),
    [
        ("35", row(), "35 is in decile 4 (30 to 40, benchmark of 2022): 4 + 5/10"),
        ("30", row(), "30 is in decile 4 (30 to 40, benchmark of 2022): 4 + 0/10"),
        ("95", row(), "95 is in decile 10 (90 or more, benchmark of 2022): 10"),
        ("0", row(), "0 is beyond the last cut point (1, benchmark of 2022): 1"),
        ("5", row(bounds=UP), "5 is beyond the last cut point (10, benchmark of"),
        ("15", row(bounds=UP), "15 is in decile 2 (10 to 20, benchmark of 2022): 2 +"),
        ("95", row(bounds=UP), "95 is in decile 10 (90 or more, benchmark of 2022)"),
        ("4", row(bounds=(5, *UP)), "4 is beyond the last cut point (5, benchmark"),
        ("7", row(bounds=(5, *UP)), "7 is in decile 1 (5 to 10, benchmark of 2022)"),
        (
            "85",
            row(inverse=True, bounds=UP[::-1]),
            "85 is in decile 2 (90 to 80, benchmark of 2022, less is better): 2 + 5/10",
        ),
        (
            "5",
            row(inverse=True, bounds=UP[::-1]),
            "5 is in decile 10 (10 or less, benchmark of 2022, less is better): 10",
        ),
    ],
)
def test_a_rate_is_told_with_the_ends_of_its_decile(
    rate: str, made: Benchmark, says: str
) -> None:
    """On each kind of ladder: inside, in the best decile, and beyond the worst."""
    trace, spot = Trace(), Decimal(rate)
    found = place_on(spot, made, floor=Decimal(1), maximum=TEN)

    say_place(Stand(spot, found, made, TEN), RULE, trace)

    (sentence,) = told(trace)
    assert sentence.startswith(says)
    assert trace.steps[0].details[-2] == found.points


def test_a_part_of_a_measure_and_dollars_are_told_as_such() -> None:
    """A survey's measures have names, and cost has a unit."""
    trace = Trace()
    stand = Stand(Decimal(35), Place(4, Decimal("4.5")), row(), TEN)

    say_place(stand, RULE, trace, name="CAHPS_1")
    say_place(stand, RULE, trace, unit="$")

    first, second = told(trace)
    assert first.startswith("CAHPS_1: 35 is in decile 4 (30 to 40")
    assert second.startswith("$35 is in decile 4 ($30 to $40")


def test_nothing_is_told_where_nobody_asks() -> None:
    """Scoring without reasons makes no words."""
    silent = Silent()
    stand = Stand(Decimal(35), Place(4, Decimal("4.5")), row(), TEN)

    say_place(stand, RULE, silent)
    say_percent(Earned(TEN, TEN, TEN, TEN), TEN, RULE, silent)

    assert silent.steps == []


def test_points_of_early_years_say_their_floor_and_how_they_were_rounded() -> None:
    """A floor of 3, and two decimals."""
    rules = book(2017).quality
    low, third = Trace(), Trace()

    assert bounds_points(Decimal(12), row(bounds=UP), rules, low).points == 3
    thirds = row(bounds=(10, 20, 30, 33, 50, 60, 70, 80, 90))
    assert str(bounds_points(Decimal(31), thirds, rules, third).points) == "4.33"
    assert told(low)[1:] == ["at least 3 points"]
    assert told(third)[1:] == ["rounded to 2 decimals: 4.33 points"]


@pytest.mark.parametrize(
    ("earned", "says"),
    [
        (("45", "0", "60", "0"), "45.0000 / 60 x 100 = 75.0000 percent"),
        (("45", "6", "60", "0"), "(45.0000 + 6.0000) / 60 x 100 = 85.0000 percent"),
        (("45", "0", "60", "5"), "45.0000 / 60 x 100 + 5.0000 = 80.0000 percent"),
        (
            ("59", "6", "60", "5"),
            "(59.0000 + 6.0000) / 60 x 100 + 5.0000 more than 100, so 100.0000 percent",
        ),
    ],
)
def test_a_percent_is_told_with_what_there_is(
    earned: tuple[str, ...], says: str
) -> None:
    """No bonus and no improvement of 0 is spoken of."""
    trace = Trace()
    points, bonus, possible, more = map(Decimal, earned)
    total = min((points + bonus) * 100 / possible + more, Decimal(100))

    say_percent(Earned(points, bonus, possible, more), total, RULE, trace)

    assert told(trace) == [says]


def scored(percent: str | None, *, used: bool = True) -> CategoryScore:
    """Make a category of one measure, which lost 7 by its rule and got 1 back."""
    fixed = Step(RULES.points_below_case_minimum, INSTEAD, (Decimal(3), TEN))
    spoken = Step(RULES.case_minimum, "few cases", ())
    more = Step(RULES.measure_floor, AT_LEAST, (Decimal(3), Decimal(4), Decimal(4)))
    early = Step(RULES.measure_floor, AT_LEAST, (Decimal(1), Decimal(3), Decimal(3)))
    steps = (early, spoken, fixed, more)
    measure = MeasureScore(
        "M", "registry", Decimal(4), TEN, "scored", used=used, steps=steps
    )
    trace = Trace()
    trace.say(RULES.measures_required, EMPTY, 1, 2, TEN)
    trace.say(RULES.small_practice_bonus, SMALL, Decimal(6))
    trace.say(RULES.zero_denominator, "nothing else")
    if percent is not None:
        figures = Decimal(4), Decimal(6), Decimal(20), Decimal(0)
        say_percent(Earned(*figures), Decimal(percent), RULE, trace)
    return CategoryScore(
        "quality",
        None if percent is None else Decimal(percent),
        Decimal(4),
        Decimal(20),
        measures=(measure,),
        steps=tuple(trace.steps),
    )


def test_losses_are_shares_of_what_the_category_could_earn() -> None:
    """A reason that settles the points answers for those before it."""
    found = losses(scored("50"), 4)

    said = [None if item is None else str(item) for item in found]
    assert said[:4] == [None, None, "35.0000", "-5.0000"]
    assert said[4:7] == ["50.0000", "-30.0000", None]
    assert not found[7]


def test_the_sum_answers_for_what_no_other_reason_does() -> None:
    """A percent that was cut is lost by the rule that cut it."""
    lost = [item.get("lost") for item in explanation(scored("45"))]

    assert lost[-1] == "5.0000"
    assert sum(Decimal(item) for item in lost if item) == 55


def test_a_measure_that_does_not_count_loses_nothing() -> None:
    """What it lacks is nobody's loss."""
    assert losses(scored("50", used=False), 4)[:4] == [None] * 4


def test_a_category_without_percent_loses_nothing() -> None:
    """There is nothing to add up to."""
    assert losses(scored(None), 4) == [None] * 7


def test_what_rounding_leaves_goes_to_the_largest() -> None:
    """Thirds of a percent still add up to the whole."""
    made = scored("50")
    third = Decimal(10) / 3
    measure = made.measures[0]._replace(
        steps=(Step(RULE, INSTEAD, (third, TEN)), Step(RULE, INSTEAD, (third, TEN)))
    )

    found = losses(made._replace(measures=(measure,)), 4)

    assert sum([item for item in found if item], Decimal(0)) == 50


def formulas() -> dict[str, set[str]]:
    """Give each formula that the law uses, with the figures it may have."""
    for module in pkgutil.walk_packages(qpp.__path__, "qpp."):
        importlib.import_module(module.name)
    found: dict[str, set[str]] = {}
    for item in gc.get_objects():
        if type(item) is Saying and item.formula != "f":
            found.setdefault(item.formula, set()).update(item.names)
    return found


def test_the_page_lists_every_formula() -> None:
    """And none that the law does not use."""
    cells = re.findall(
        r"^\| (`[^|]*) \|", PAGE.partition("## The formulas")[2], re.MULTILINE
    )

    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(
        formulas()
    )


def test_every_formula_that_makes_a_number_is_computed_again() -> None:
    """What is left only tells why, or adds and takes by itself."""
    again = {*POINTS, *PERCENTS, *FINAL, *PAYMENTS}
    others = {"aside", "completeness", "cases", "moved", "note"}
    others |= {"empty", "empty_places", "bonus", "bonus_over"}
    others |= {"improvement", "improvement_from_zero"}

    assert set(formulas()) == again | others


@pytest.mark.parametrize("factor", ["0.5", None])
@pytest.mark.parametrize("additional", ["0.25", None])
def test_an_exceptional_adjustment_follows_from_its_explanation(
    factor: str | None, additional: str | None
) -> None:
    """With both factors, with one, and with none."""
    rules, trace = book(2018).payment, Trace()
    scale = None if factor is None else Decimal(factor)
    more = None if additional is None else Decimal(additional)

    found = adjust(Decimal(85), rules, Decimal(100), Factors(scale, more), trace)

    made = recompute([reason(step, PAYMENT) for step in trace.steps])
    assert made.percent == found.percent
    if found.percent is None:
        assert (made.low, made.high) == (found.low, found.high)
