"""More details of the law that mutants showed untested: what travels, and rare ways."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qpp.advanced_apm import determine
from qpp.catalogue import Mvp
from qpp.eligibility.volume import level
from qpp.inputs import PriorScores
from qpp.library import advanced_apm_rules, catalogue
from qpp.mips.adjustment import exactly_so
from qpp.mips.completeness import AssessedMeasure, read_assessed, write_assessed
from qpp.mips.exceptional import add_exceptional, exceptional_of
from qpp.mips.payment import payment
from qpp.mips.prior_scores import is_comparable
from qpp.mips.programs.plan import plan_of
from qpp.mips.rates import Assessment
from qpp.mips.scoring import PARTS, Law, score
from qpp.mips.small_practice_bonus import small_practice_bonus
from qpp.parts import part, read_part
from qpp.promoting_interoperability.period import (
    AssessedPeriod,
    note_period,
    read_period,
    write_period,
)
from qpp.promoting_interoperability.words import SHORT, SHORT_TOO
from qpp.results import CategoryScore
from qpp.sayings import Saying
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from tests.golden.closing_kinds import exceptional_book
from tests.golden.early_kinds import ATTESTED, BASES
from tests.helpers.advanced_apm import YEAR, amended, facts, share
from tests.helpers.law import (
    a_set,
    benchmark,
    book,
    counts,
    earning,
    entity,
    interoperability,
    law,
    measure,
)
from tests.helpers.law import (
    amended as amended_book,
)
from tests.unit.test_law_details import unverified, used

HUNDRED = Decimal(100)
TENTH = {"numerator": 10, "denominator": 100}
BASE_OF_2017 = ATTESTED | {
    name: TENTH if value == "10/100" else value
    for name, value in BASES["current"].items()
}
ADVANCING_CARE = (
    "activity_bonus_measure attestations base_points base_sets category_maximum "
    "exclusions minimum_days performance_formula performance_points tenths "
    "transition_prefix"
)
PI_DATA = "promoting_interoperability.short_or_incomplete_cancels_reweighting"


def said(trace: Trace) -> list[str]:
    """Give the sentences of a trace."""
    return [step.text() for step in trace.steps]


@pytest.mark.parametrize("rate", [None, Decimal("82.31")])
def test_an_assessed_measure_travels_and_comes_back(rate: Decimal | None) -> None:
    """What one service writes another reads without a difference."""
    figures = Decimal(90), HUNDRED, Decimal(99), rate
    found = Assessment(*figures, complete=True, excluded=False)
    item = AssessedMeasure("M", "registry", found, frozenset({"one", "two"}))

    assert read_assessed(write_assessed(item)) == item


def test_an_assessed_period_travels_and_comes_back() -> None:
    """Days, whether they are enough, and what that rests on."""
    item = AssessedPeriod(180, long_enough=True, assumptions=frozenset({"one"}))

    assert read_period(write_period(item)) == item


def test_the_mean_of_an_apm_entity_s_members_is_its_score() -> None:
    """A mean of 62.5 over four members, one excepted, is 62.5 of 100 points."""
    mean = {"percent": "62.5", "counted": 4, "excepted": 1}
    found = PARTS["pi"](entity(2025, entityType="apm", piRollUp=mean), law(2025))

    assert (found.percent, found.points) == (Decimal("62.5"), Decimal("62.5"))
    assert found.possible == HUNDRED
    assert found.has_data
    assert found.cancels_reweighting
    assert len(found.steps) == 1


def test_a_set_of_its_own_goes_before_its_members() -> None:
    """An APM entity that submits is scored by what it sent."""
    mean = {"percent": "62.5", "counted": 4, "excepted": 1}
    who = entity(
        2025, [a_set("pi", interoperability())], entityType="apm", piRollUp=mean
    )

    assert PARTS["pi"](who, law(2025)).percent == HUNDRED


def test_each_interoperability_measure_names_the_rule_of_its_points() -> None:
    """An objective that is shared has a rule of its own; every measure is in use."""
    found = PARTS["pi"](entity(2025, [a_set("pi", interoperability())]), law(2025))
    rules = {item.measure_id: item.steps[-1].rule.path for item in found.measures}

    shared = "promoting_interoperability.shared_points"
    assert rules.pop("publicHealthAndClinicalDataExchange") == shared
    assert set(rules.values()) == {"promoting_interoperability.measure_points"}
    assert all(item.used for item in found.measures)


@pytest.mark.parametrize("category", ["ia", "pi"])
def test_what_earns_points_is_in_use(category: str) -> None:
    """Activities and measures that count say so."""
    sets = [a_set("ia", {"IA_MEDIUM_1": True}), a_set("pi", interoperability())]
    found = PARTS[category](entity(2025, sets), law(2025))

    assert found.measures
    assert all(item.used for item in found.measures)


def test_the_last_of_three_snapshots_is_the_last() -> None:
    """With the other reading neither the best nor the second counts."""
    known = facts(share(50), share(50), share(0))
    rules = amended(several_snapshots="last")

    assert determine(known, advanced_apm_rules(YEAR)).status == "qp"
    assert determine(known, rules).status == "none"


def test_every_clinician_judged_alone_is_told_so() -> None:
    """With the other reading nothing is taken as given."""
    rules = amended(individual_level="every_clinician")
    found = determine(facts(share(50), entity_type="individual"), rules)

    assert found.reasons[0]["says"] == "a clinician is judged alone, too"


def test_an_unknown_additional_factor_is_at_most_its_limit() -> None:
    """From nothing to the extra percent at the highest factor."""
    rules = exceptional_book()
    limit = rules.payment.additional_scaling_factor_maximum
    assert limit is not None
    half = replace(limit, value=Decimal("0.5"))
    payment = replace(rules.payment, additional_scaling_factor_maximum=half)
    book_of_year = exceptional_of(payment, HUNDRED)
    found = add_exceptional(
        exactly_so(Decimal(9)), HUNDRED, book_of_year, None, Trace()
    )

    assert found.percent is None
    assert (found.low, found.high) == (Decimal(9), Decimal(14))


@pytest.mark.parametrize(
    ("match", "told"),
    [
        (None, "have no identifier match"),
        ("none", "have no identifier match"),
        ("averageOfMembers", "match by averageOfMembers"),
    ],
)
def test_a_score_that_cannot_be_compared_says_why(match: str | None, told: str) -> None:
    """What is there is named beside what is needed."""
    prior = PriorScores(Decimal(60), quality_facility_based=False, cost=Decimal(60))
    trace = Trace()
    matches = book(2025).cost.improvement_identifier_match
    same = is_comparable(replace(prior, identifier_match=match), matches, trace)

    assert not same
    assert said(trace) == [
        f"no improvement: last year's scores {told}; it needs sameIdentifier"
    ]


def test_a_small_practice_of_2018_without_data_is_told_so() -> None:
    """Its five points need data of a category that is submitted."""
    parts = {
        name: read_part(
            part(CategoryScore(name, None, has_data=name == "cost"), explain=False)
        )
        for name in CATEGORIES
    }
    trace, who = Trace(), entity(2018, statuses=["smallPractice"])
    bonus = small_practice_bonus(parts, who, book(2018).final_score, trace)

    assert bonus == 0
    assert said(trace) == ["small practice without data: no bonus"]


def test_low_volume_without_an_opt_in_is_voluntary_in_both_segments() -> None:
    """Before there was an opt-in who stayed below could only report voluntarily."""
    rules = replace(book(2025).eligibility, opt_in_exceeded=None)
    below = {"allowedCharges": "1", "beneficiaries": 1, "coveredServices": 1}
    found = level({"1": below, "2": below}, rules, Trace())

    assert found == "voluntary"


def test_a_suspended_activity_is_told_as_begun_before() -> None:
    """A period from the day of the suspension on counts, and says on what ground."""
    sent = a_set("ia", {"IA_AHE_5": True}, start="2025-05-06")
    found = PARTS["ia"](entity(2025, [sent]), Law(book(2025), catalogue(2025)))

    assert found.steps[0].text() == (
        "IA_AHE_5 is suspended from 2025-05-06: counted as begun before"
    )


def test_a_survey_stands_beside_what_was_sent_in_years_with_bonuses() -> None:
    """It was not sent, so no line of its own stands beside it."""
    container = measure("321", measure_type="patientEngagementExperience")
    rows = [benchmark("A"), benchmark("CAHPS_1", method="certifiedSurveyVendor")]
    who = entity(
        2018,
        [a_set("quality", {"A": earning("8")})],
        entityType="group",
        cahps={"measures": [{"measureId": "CAHPS_1", "score": "50"}]},
    )
    found = PARTS["quality"](who, law(2018, [measure("A"), container], rows))

    outcomes = {item.measure_id: item.outcome for item in found.measures}
    assert outcomes == {"A": "scored", "321": "scored"}
    assert all(item.used for item in found.measures)


def test_where_a_facility_counts_no_measure_is_in_use() -> None:
    """Its quality and cost take the place of what was sent."""
    rows = [benchmark("A")]
    who = entity(
        2025,
        [a_set("quality", {"A": earning("2")}), a_set("ia", {"IA_MEDIUM_1": True})],
        ["facilityBased"],
        facility={"qualityScoreAtPercentile": "99", "costScoreAtPercentile": "99"},
    )
    made = score(who, law(2025, [measure("A")], rows)).score["categories"]

    assert made["quality"]["percent"] == "99.0000"
    assert [item["used"] for item in made["quality"]["measures"]] == [False]
    assert [item["used"] for item in made["ia"]["measures"]] == [True]


def test_an_estimate_says_that_no_factor_is_published() -> None:
    """Only above the threshold: a reduction needs no factor."""
    made = {
        final: payment({"finalScore": final, "assumptions": []}, book(2025))[0]
        for final in ("74.99", "75", "75.01")
    }
    estimated = {
        final: "scaling-factor-not-published" in paid["assumptions"]
        for final, paid in made.items()
    }

    assert estimated == {"74.99": False, "75": False, "75.01": True}


@pytest.mark.parametrize(("whole", "sentence"), [(True, SHORT), (False, SHORT_TOO)])
def test_a_short_period_costs_only_a_set_that_is_whole(
    whole: bool,  # noqa: FBT001 - pytest passes it by name
    sentence: Saying,
) -> None:
    """Of a set that lacks something the points are gone before."""
    period, trace = (
        AssessedPeriod(92, long_enough=False, assumptions=frozenset()),
        Trace(),
    )
    note_period(period, book(2025).promoting_interoperability, trace, whole=whole)

    assert [step.sentence for step in trace.steps] == [sentence]


def test_what_does_not_count_is_in_the_order_of_points_and_names() -> None:
    """Measures of nobody stand between displaced ones without points, by name."""
    empty = {"performanceMet": 0, "eligiblePopulation": 0}
    incomplete = {"performanceMet": 1, "eligiblePopulation": 100}
    answers: dict[str, object] = {name: earning("8") for name in "BCDEFG"}
    answers |= {"A": empty, "X": incomplete, "Y": empty, "Z": incomplete}
    made = [measure(name, measure_type="outcome") for name in answers]
    rows = [benchmark(name) for name in answers]
    who = entity(2025, [a_set("quality", answers)])
    found = PARTS["quality"](who, law(2025, made, rows))

    assert [item.measure_id for item in found.measures] == [*"BCDEFG", *"AXYZ"]
    assert [item.used for item in found.measures] == [True] * 6 + [False] * 4


@pytest.mark.parametrize(
    ("category", "rule", "used"),
    [
        ("ia", "reweighting.activities_data_is", True),
        ("pi", PI_DATA, False),
    ],
)
def test_what_ends_a_reweighting_rests_on_the_rule_for_its_data(
    category: str,
    rule: str,
    used: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """Promoting Interoperability has said itself what its sets rest on."""
    sets = [a_set("ia", {"IA_MEDIUM_1": True}), a_set("pi", interoperability())]
    decisions = [{"category": category, "reason": "extremeAndUncontrollable"}]
    who = entity(2025, sets, reweighting={"decisions": decisions})
    rules = replace(law(2025), rules=unverified(book(2025)))
    made = score(who, rules).score

    assert made["categories"][category]["withoutWeight"] is None
    assert (f"unverified:{rule}" in made["assumptions"]) is used


def test_a_no_that_does_not_cost_the_category_earns_nothing() -> None:
    """With the other reading of a no the measure has 0 points, and says why."""
    rules = amended_book(book(2024), promoting_interoperability__false_is_missing=False)
    answers = interoperability(2024) | {"PI_EP_2": False}
    found = PARTS["pi"](
        entity(2024, [a_set("pi", answers)]), replace(law(2024), rules=rules)
    )
    (one,) = [item for item in found.measures if item.measure_id == "PI_EP_2"]

    assert one.points == 0
    assert one.steps[-1].rule is rules.promoting_interoperability.false_is_missing


@pytest.mark.parametrize(
    ("days", "cancels", "sentence"), [("12-31", True, None), ("03-01", False, SHORT)]
)
def test_advancing_care_over_enough_days_qualifies(
    days: str,
    cancels: bool,  # noqa: FBT001 - pytest passes it by name
    sentence: Saying | None,
) -> None:
    """A base that is complete over 90 days ends a reweighting; measures are in use."""
    rules = amended_book(
        book(2017),
        promoting_interoperability__short_or_incomplete_cancels_reweighting=False,
    )
    sent = a_set("pi", BASE_OF_2017, start="2017-01-01", end=f"2017-{days}")
    found = PARTS["pi"](entity(2017, [sent]), replace(law(2017), rules=rules))

    assert found.cancels_reweighting is cancels
    assert all(item.used for item in found.measures)
    assert bool(found.measures) is cancels
    said_so = [
        step.sentence for step in found.steps if step.sentence in {SHORT, SHORT_TOO}
    ]
    assert said_so == ([] if sentence is None else [sentence])


def test_advancing_care_names_every_rule_that_it_used() -> None:
    """With one base set there is nothing to choose, and no rule for a choice."""
    sent = a_set("pi", BASE_OF_2017, start="2017-01-01", end="2017-12-31")

    assert used("pi", entity(2017, [sent]), law(2017)) == set(ADVANCING_CARE.split())


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ({"measure_type": "outcome"}, {}, True),
        ({}, {"is_high_priority": True}, True),
        ({}, {}, False),
    ],
)
def test_one_outcome_measure_on_claims_is_enough_for_an_mvp_to_have_one(
    first: dict[str, object], second: dict[str, object], *, outcome: bool
) -> None:
    """Of outcome or of high priority, whatever the other one is."""
    ways = {"submission_methods": frozenset({"claims"})}
    quality = [measure("A", **ways, **first), measure("B", **ways, **second)]
    facts = Mvp(
        mvp_id="G0059",
        title="An MVP",
        quality=frozenset("AB"),
        activities=frozenset(),
        cost=frozenset(),
        population_health=frozenset(),
        outcome_claims=frozenset(),
    )
    one = law(2025, quality)
    plan = plan_of(one.rules, replace(one.catalogue, mvps={"G0059": facts}), "G0059")

    assert plan.mvp is not None
    assert plan.mvp.by_claims == {"A", "B"}
    assert plan.mvp.claims_outcome is outcome


@pytest.mark.parametrize(("lacking", "sentence"), [(False, SHORT), (True, SHORT_TOO)])
def test_a_short_set_that_lacks_something_loses_nothing_more(
    lacking: bool,  # noqa: FBT001 - pytest passes it by name
    sentence: Saying,
) -> None:
    """What is missing has cost the category already."""
    answers = interoperability(2024)
    if lacking:
        del answers["PI_PEA_1"]
    sent = a_set("pi", answers, start="2024-10-01", end="2024-12-31")
    found = PARTS["pi"](entity(2024, [sent]), law(2024))
    short = {SHORT, SHORT_TOO}

    assert [step.sentence for step in found.steps if step.sentence in short] == [
        sentence
    ]


def test_of_two_lines_that_are_worth_the_same_the_first_is_kept() -> None:
    """Two sets by registry send a measure: 95 and 99 percent are both 10 points."""
    sets = [a_set("quality", {"A": counts(Decimal(rate))}) for rate in (95, 99)]
    rules = law(2025, [measure("A", measure_type="outcome")], [benchmark("A")])
    (found,) = PARTS["quality"](entity(2025, sets), rules).measures

    assert found.points == Decimal(10)
    assert found.performance_rate == Decimal(95)
