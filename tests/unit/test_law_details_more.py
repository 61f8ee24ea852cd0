"""More details of the law that mutants showed untested: what travels, and rare ways."""

from dataclasses import replace
from decimal import Decimal

import pytest

from qpp.advanced_apm import determine
from qpp.eligibility.volume import level
from qpp.inputs import PriorScores
from qpp.library import advanced_apm_rules, catalogue
from qpp.mips.adjustment import exactly_so
from qpp.mips.completeness import AssessedMeasure, read_assessed, write_assessed
from qpp.mips.exceptional import add_exceptional, exceptional_of
from qpp.mips.payment import payment
from qpp.mips.prior_scores import is_comparable
from qpp.mips.rates import Assessment
from qpp.mips.scoring import PARTS, Law, score
from qpp.mips.small_practice_bonus import small_practice_bonus
from qpp.parts import part, read_part
from qpp.promoting_interoperability.period import (
    AssessedPeriod,
    read_period,
    write_period,
)
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from tests.golden.closing_kinds import exceptional_book
from tests.helpers.advanced_apm import YEAR, amended, facts, share
from tests.helpers.law import (
    a_set,
    benchmark,
    book,
    earning,
    entity,
    interoperability,
    law,
    measure,
)

HUNDRED = Decimal(100)


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

    assert {item.measure_id for item in found.measures} == {"A", "321"}
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
