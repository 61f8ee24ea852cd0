"""Details of the law that other tests passed over, which mutants of it showed."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

import pytest

from qpp.catalogue import Mvp
from qpp.inputs import ScoreInput
from qpp.mips.complex_patients import complex_patient_bonus
from qpp.mips.cost import score_cost
from qpp.mips.final_score import final_score
from qpp.mips.programs.plan import MvpPlan, Plan
from qpp.mips.scoring import PARTS, Law, score
from qpp.parts import part
from qpp.results import CategoryScore
from qpp.rulebook import Provision
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from tests.helpers.law import (
    a_set,
    benchmark,
    book,
    catalogue,
    earning,
    entity,
    interoperability,
    law,
    measure,
)

Book = TypeVar("Book")
PI_RULES: Final = (
    "attestations bonus_measures bonus_points category_maximum measure_decimals "
    "measure_points measure_rounding minimum_days minimum_measure_points "
    "shared_points"
)
SHORT_RULES: Final = (
    "attestations category_maximum minimum_days short_or_incomplete_cancels_reweighting"
)
QUALITY_RULES: Final = (
    "benchmark_rows case_minimum completeness_on data_completeness "
    "improvement_full_participation improvement_maximum improvement_prior_floor "
    "measure_maximum performance_rate_decimals performance_rate_rounding "
    "small_practice_bonus small_practice_bonus_on"
)


def said(found: CategoryScore) -> list[str]:
    """Give the sentences of a category."""
    return [step.text() for step in found.steps]


def costs(**measures: tuple[str, int]) -> Mapping[str, object]:
    """Write what CMS attributed: dollars and cases of each measure."""
    return {
        "measures": [
            {"measureId": name, "score": dollars, "caseCount": cases}
            for name, (dollars, cases) in measures.items()
        ]
    }


def an_mvp(year: int, *cost: str) -> Plan:
    """Make an MVP with these cost measures and nothing else."""
    facts = Mvp(
        mvp_id="G0059",
        title="An MVP",
        quality=frozenset(),
        activities=frozenset(),
        cost=frozenset(cost),
        population_health=frozenset(),
        outcome_claims=frozenset(),
    )
    plan = MvpPlan(book(year).programs, facts, frozenset(), claims_outcome=False)
    return Plan(mvp=plan)


def test_an_mvp_with_every_suppressed_cost_measure_has_no_cost() -> None:
    """That they are all that CMS suppressed changes nothing."""
    plan = an_mvp(2025, *book(2025).cost.suppressed.value)
    found = score_cost(entity(2025), catalogue(2025), book(2025).cost, plan)

    assert said(found)[0] == "every cost measure of the MVP is suppressed"
    assert found.percent is None


def test_an_mvp_names_the_cost_measures_it_does_not_list() -> None:
    """What is attributed beside the list is not counted, and said to be so."""
    who = entity(2025, costs=costs(TPCC_1=("1361.27", 20), MSPB_1=("1361.27", 35)))
    found = score_cost(who, catalogue(2025), book(2025).cost, an_mvp(2025, "TPCC_1"))

    assert said(found)[0] == "not listed, so not counted: MSPB_1"
    assert [item.measure_id for item in found.measures] == ["TPCC_1"]


def test_without_costs_a_year_without_benchmarks_says_so() -> None:
    """Nobody needs costs to hear that nothing is published; stand-ins hush it."""
    facts, rules = catalogue(2026, mock_costs=True), book(2026).cost
    told = score_cost(entity(2026), facts, rules)
    hushed = score_cost(entity(2026, withMockBenchmarks=True), facts, rules)

    assert said(told) == ["no cost benchmark of this year is published"]
    assert {"no-costs-given", "benchmark-not-published"} <= told.assumptions
    assert said(hushed) == []
    assert hushed.assumptions == {"no-costs-given"}


def test_one_published_cost_benchmark_is_enough_to_await_none() -> None:
    """Only where every row is a stand-in the year awaits its benchmarks."""
    facts = catalogue(2026, mock_costs=True)
    key = ("TPCC_1", "administrativeClaims")
    real = replace(facts.benchmarks[key], is_mock=False)
    mixed = replace(facts, benchmarks={**facts.benchmarks, key: real})

    assert said(score_cost(entity(2026), mixed, book(2026).cost)) == []


def test_a_cost_measure_for_groups_says_so_and_weighs_nothing() -> None:
    """An individual has neither points nor possible points of it."""
    who = entity(2025, costs=costs(COST_LGH_1=("1361.27", 20)))
    (found,) = score_cost(who, catalogue(2025), book(2025).cost).measures

    assert found.steps[-1].text() == "for groups only"
    assert (found.points, found.possible) == (Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("dollars", "told"),
    [
        ("2001", ["beyond the last cut point", "at least 1 points"]),
        ("1999", ["is in decile 2"]),
    ],
)
def test_cost_on_lower_bounds_says_what_the_floor_adds(
    dollars: str, told: list[str]
) -> None:
    """Beyond the last bound costs stand at 0 points, which the floor raises."""
    facts = catalogue(2025)
    key = ("TPCC_1", "administrativeClaims")
    bounds = tuple(Decimal(2000 - 100 * step) for step in range(9))
    row = replace(facts.benchmarks[key], percentiles=(), deciles=bounds)
    facts = replace(facts, benchmarks={**facts.benchmarks, key: row})
    who = entity(2025, costs=costs(TPCC_1=(dollars, 20)))
    (found,) = score_cost(who, facts, book(2025).cost).measures

    steps = [step.text() for step in found.steps][1:]
    assert len(steps) == len(told)
    assert all(words in step for words, step in zip(told, steps, strict=True))


def test_points_of_a_bonus_go_before_its_indicators() -> None:
    """Where CMS gives the bonus itself nothing is computed."""
    who = entity(
        2025,
        complexPatientBonus={
            "indicators": {"hcc": "3", "dualRatio": "0.8"},
            "population": {
                "hccMean": "1.5",
                "hccStandardDeviation": "1",
                "hccMedian": "1.5",
                "dualMean": "0.4",
                "dualStandardDeviation": "0.2",
                "dualMedian": "0.4",
            },
        },
    )
    both, trace = who._replace(complex_patient_bonus=Decimal(2)), Trace()
    bonus = complex_patient_bonus(both, book(2025).final_score, trace, has_data=True)

    assert bonus == 2
    assert [step.text() for step in trace.steps] == [
        "complex patients: 2.0000, 0 at least and 10 at most: 2.0000"
    ]


def test_a_final_score_says_its_sum_and_its_rounding() -> None:
    """Categories without weight are left out of the words, as is a bonus of 0."""
    percents = {"quality": "50", "cost": None, "ia": "99", "pi": "90"}
    parts = {
        name: part(
            CategoryScore(
                name, None if value is None else Decimal(value), has_data=True
            ),
            explain=False,
        )
        for name, value in percents.items()
    }
    who = entity(2025, complexPatientBonus={"points": "5"})
    told = {}
    for name, given in (("with", who), ("without", entity(2025))):
        _, reasons = final_score(parts, given, book(2025), "by hand")
        told[name] = [item["says"] for item in reasons][-2:]

    assert told == {
        "with": [
            "50.0000 x 55 % + 99.0000 x 15 % + 90.0000 x 30 % + 5.0000 bonus = 74.3500",
            "rounded to 2 decimals: 74.35",
        ],
        "without": [
            "50.0000 x 55 % + 99.0000 x 15 % + 90.0000 x 30 % = 69.3500",
            "rounded to 2 decimals: 69.35",
        ],
    }


def test_what_was_assumed_of_an_entity_is_assumed_of_its_score() -> None:
    """Whoever made the input may have assumed something that no rule names."""
    who = entity(2025)._replace(assumptions=frozenset({"made-by-hand"}))
    made = score(who, law(2025))

    assert "made-by-hand" in made.score["assumptions"]


def test_activities_refused_first_leave_the_performed_their_place() -> None:
    """A no is passed over; what follows it is still read."""
    answers = {"IA_MEDIUM_1": False, "IA_MEDIUM_2": True}
    found = PARTS["ia"](entity(2025, [a_set("ia", answers)]), law(2025))

    assert [item.measure_id for item in found.measures] == ["IA_MEDIUM_2"]


def unverified(rules: Book) -> Book:
    """Give a rule book in which nothing is verified, so that all use of it shows."""
    changed: dict[str, Any] = {}
    for field in fields(rules):  # type: ignore[arg-type] # books are dataclasses
        value = getattr(rules, field.name)
        if isinstance(value, Provision):
            changed[field.name] = replace(value, status="unverified")
        elif is_dataclass(value):
            changed[field.name] = unverified(value)
    return replace(rules, **changed)  # type: ignore[type-var] # books are dataclasses


def used(category: str, who: ScoreInput, rules: Law) -> set[str]:
    """Name the rules of a category that a score rests on."""
    found = PARTS[category](who, replace(rules, rules=unverified(rules.rules)))
    return {name.rpartition(".")[2] for name in found.assumptions if "." in name}


def test_interoperability_names_every_rule_that_it_used() -> None:
    """Were one of them not verified, the score would say that it rests on it."""
    answers = interoperability(2024) | {"PI_PHCDRR_4": True, "PI_PHCDRR_4_PROD": True}
    whole = a_set("pi", answers, start="2024-01-01", end="2024-12-31")
    short = a_set("pi", answers, start="2024-10-01", end="2024-12-31")

    assert used("pi", entity(2024, [whole]), law(2024)) == set(PI_RULES.split())
    assert used("pi", entity(2024, [short]), law(2024)) == set(SHORT_RULES.split())
    assert used("pi", entity(2024, [], ["hospitalBased"]), law(2024)) == {
        "category_maximum",
        "reweighted_statuses",
    }


def test_improvement_of_quality_names_every_rule_that_it_used() -> None:
    """A small practice with improvement, in traditional MIPS."""
    six = [measure("A", measure_type="outcome"), *map(measure, "BCDEF")]
    rows = [benchmark(item.measure_id) for item in six]
    one = a_set("quality", {item.measure_id: earning("8") for item in six})
    who = entity(
        2025,
        [one],
        ["smallPractice"],
        priorScores={
            "qualityAchievementPercent": "60",
            "identifierMatch": "sameIdentifier",
        },
    )

    assert used("quality", who, law(2025, six, rows)) == set(QUALITY_RULES.split())


def test_every_category_without_data_has_its_whole_trace() -> None:
    """The rules of the table of weights are named with the score."""
    rules = replace(law(2025), rules=unverified(book(2025)))
    assumed = score(entity(2025), rules).score["assumptions"]

    assert "unverified:final_score.redistribution" in assumed
    assert set(score(entity(2025), rules).score["categories"]) == set(CATEGORIES)
