"""Qualifying APM participants: reasons, words of the rule file, and what must hold."""

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.advanced_apm import (
    NONE,
    PARTIAL_QP,
    QP,
    Facts,
    FactsError,
    Share,
    Snapshot,
    assessment,
    benefit,
    determine,
    in_mips,
    read_facts,
)
from qpp.advanced_apm.comparing import RANKS
from qpp.library import advanced_apm_rules, advanced_apm_years
from tests.helpers.advanced_apm import HUNDRED, YEAR, amended, facts, on, share

RULES = advanced_apm_rules(YEAR)
GOOD: dict[str, Any] = {
    "paymentsThroughAdvancedApm": "1",
    "paymentsTotal": "3",
    "patientsThroughAdvancedApm": 2,
    "patientsTotal": 7,
}
quick = settings(max_examples=150, deadline=None)
PERCENT = st.integers(0, 10_000).map(lambda number: Decimal(number) / HUNDRED)
SHARES = st.builds(share, PERCENT, PERCENT)
FACTS = st.builds(
    lambda year, medicare, everybody: facts(*medicare, all_payer=everybody, year=year),
    st.sampled_from(advanced_apm_years()),
    st.lists(SHARES, min_size=1, max_size=3),
    st.none() | SHARES,
)


def status(known: Facts) -> int:
    """Rank the status of some facts: 0 none, 1 partial QP, 2 QP."""
    rules = advanced_apm_rules(known.performance_year)
    return RANKS.index(determine(known, rules).status)


def document(**figures: object) -> dict[str, Any]:
    """Write a feed of one snapshot with changed figures of Medicare."""
    one = {"date": "2024-06-30", "medicare": GOOD | figures}
    return {"performanceYear": 2024, "entityType": "apm", "snapshots": [one]}


def raised(known: Facts, name: str, by: Decimal) -> Facts:
    """Let more come through Advanced APMs, by one method, in every snapshot."""

    def more(item: Share) -> Share:
        return item._replace(**{name: min(getattr(item, name) + by, HUNDRED)})

    return known._replace(
        snapshots=tuple(
            item._replace(
                medicare=more(item.medicare),
                all_payer=None if item.all_payer is None else more(item.all_payer),
            )
            for item in known.snapshots
        )
    )


@quick
@given(FACTS, st.sampled_from(["payments", "patients"]), PERCENT)
def test_more_through_advanced_apms_never_lowers_a_status(
    known: Facts, name: str, by: Decimal
) -> None:
    """In every year, by both methods and options."""
    assert status(raised(known, name, by)) >= status(known)


@quick
@given(FACTS)
def test_the_better_method_option_and_snapshot_win(known: Facts) -> None:
    """A status is the greatest that any comparison reached, and told by that one."""
    rules = advanced_apm_rules(known.performance_year)

    found = determine(known, rules)

    best = max(RANKS.index(item.status) for item in found.compared)
    assert found.status == RANKS[best]
    assert (found.reached_by is None) is (found.status == NONE)
    assert found.reached_by is None or found.reached_by.status == found.status


@quick
@given(FACTS, SHARES)
def test_another_snapshot_never_lowers_a_status(known: Facts, more: Share) -> None:
    """A QP at any snapshot is one."""
    days = advanced_apm_rules(known.performance_year).qualifying.snapshots.value
    free = days[len(known.snapshots) :]
    added = (*known.snapshots, *(Snapshot(day, more) for day in free[:1]))

    assert status(known._replace(snapshots=added)) >= status(known)


@quick
@given(FACTS)
def test_all_payers_never_lower_a_status(known: Facts) -> None:
    """The all-payer option only adds."""
    alone = [item._replace(all_payer=None) for item in known.snapshots]

    assert status(known) >= status(known._replace(snapshots=tuple(alone)))


@quick
@given(FACTS)
def test_each_step_has_its_rule_its_paragraph_and_its_status(known: Facts) -> None:
    """An assessment explains itself, whatever the facts."""
    made = assessment(known, advanced_apm_rules(known.performance_year))

    assert made["explanation"]
    for item in made["explanation"]:
        assert set(item) == {"category", "rule", "says", "citation", "status"}
        assert item["category"] == "advancedApm"
        assert item["rule"].startswith("qualifying.")
        assert "{}" not in item["says"]


def test_a_comparison_tells_its_arithmetic() -> None:
    """Part, total, percent and the threshold that decided, with its paragraph."""
    found = determine(facts(share(39.99, 25)), RULES)

    told = [(item["rule"], item["says"]) for item in found.reasons[1:3]]
    assert told == [
        (
            "qualifying.medicare.partial_qp.payment_amount",
            (
                "2024-03-31, Medicare: 39.99 of 100 dollars are 39.99 percent,"
                " below 40 percent, which a partial QP needs"
            ),
        ),
        (
            "qualifying.medicare.partial_qp.patient_count",
            (
                "2024-03-31, Medicare: 25 of 100 patients are 25 percent,"
                " at least 25 percent, for a partial QP"
            ),
        ),
    ]
    assert found.reasons[-1]["says"] == (
        "the best status counts: partial QP, by patients of Medicare, on 2024-03-31"
    )
    assert (found.method, found.option) == ("patientCount", "medicare")
    assert found.percent == 25


def test_no_status_is_reached_by_nothing() -> None:
    """Its method, option and percent are nobody's."""
    found = determine(facts(share()), RULES)

    assert (found.status, found.method, found.option, found.percent) == (
        NONE,
        None,
        None,
        None,
    )
    assert found.reasons[-1]["says"] == "no threshold is reached: no status"


def test_a_day_that_is_no_snapshot_is_told_and_not_counted() -> None:
    """It might be one of another year."""
    found = determine(on(date(2023, 6, 30), share(100, 100)), RULES)

    assert found.status == NONE
    assert found.compared == ()
    assert found.reasons[1]["says"] == (
        "2023-06-30 is no snapshot of 2024, and does not count"
    )


def test_why_all_payers_did_not_count_is_told() -> None:
    """Too early a year, a QP already, or a floor that Medicare missed."""
    everybody = share(100, 100)
    early = determine(
        facts(share(), all_payer=everybody, year=2018), advanced_apm_rules(2018)
    )
    already = determine(facts(share(50), all_payer=everybody), RULES)
    floor = determine(facts(share(19), all_payer=share(50)), RULES)

    assert any("has no all-payer option" in item["says"] for item in early.reasons)
    assert any("a QP by Medicare alone" in item["says"] for item in already.reasons)
    assert {item.option for item in already.compared} == {"medicare"}
    (missed,) = [
        item
        for item in floor.reasons
        if item["rule"] == "qualifying.medicare_floor.partial_qp.payment_amount"
    ]
    assert missed["says"] == (
        "Medicare alone, which a partial QP by all payers needs: 19 of 100 dollars are"
        " 19 percent, below 20 percent"
    )
    assert missed["citation"] == "42 CFR 414.1430(b)(2)(ii)"


@pytest.mark.parametrize(
    ("word", "value", "known", "was", "is_now"),
    [
        ("several_snapshots", "last", facts(share(50), share(0)), QP, NONE),
        ("percent_compared", "rounded", facts(share("49.99995")), PARTIAL_QP, QP),
        (
            "individual_level",
            "every_clinician",
            facts(share(50), entity_type="individual"),
            "qp-individual-grounds-not-judged",
            "",
        ),
        (
            "medicare_floor_method",
            "same",
            facts(share(0, 20), all_payer=share(50)),
            QP,
            NONE,
        ),
        ("all_payer_option", False, facts(share(25), all_payer=share(50)), QP, NONE),
    ],
)
def test_another_word_in_the_rule_file_gives_another_result(
    word: str, value: object, known: Facts, was: str, is_now: str
) -> None:
    """A lawyer edits a rule file and no Python."""
    results = [determine(known, book) for book in (RULES, amended(**{word: value}))]

    if is_now:
        assert [item.status for item in results] == [was, is_now]
    else:
        assert [was in item.assumptions for item in results] == [True, False]


def test_a_rounded_comparison_uses_the_decimals_of_the_rule_file() -> None:
    """At 4 decimals 49.999949 stays below 50, at 2 it does not."""
    known = facts(share("49.999949"))
    word = {"percent_compared": "rounded"}

    four = determine(known, amended(**word))
    two = determine(known, amended(**word, percent_decimals=2))

    assert (four.status, two.status) == (PARTIAL_QP, QP)
    assert "unverified:qualifying.percent_decimals" in two.assumptions


def test_a_partial_qp_without_an_election_takes_part_if_the_rule_says_so() -> None:
    """The word of the rule file decides, and is given as the reason."""
    other = amended(partial_qp_without_election="participates")

    found = [in_mips(PARTIAL_QP, book) for book in (RULES, other)]

    assert [item.excluded for item in found] == [True, False]
    assert [item.reasons[0]["says"] for item in found] == [
        "a partial QP without an election takes no part in MIPS",
        "a partial QP without an election takes part in MIPS",
    ]
    assert in_mips(NONE, RULES).reasons == []


def test_a_benefit_follows_its_rule() -> None:
    """Figures are percent, of the payment year."""
    other = amended(incentive_percent=Decimal("2.5"))

    found = benefit(QP, other)

    assert (found.payment_year, found.incentive_percent) == (2026, Decimal("2.5"))
    assert found.conversion_factor_update == Decimal("0.75")
    assert [item["says"] for item in found.reasons] == [
        "the incentive of a QP in 2026 is 2.5 percent",
        "the conversion factor of 2026 rises by 0.75 percent for a QP",
    ]
    assert benefit(NONE, RULES).reasons[0]["says"] == (
        "only a QP has an incentive in 2026"
    )


def test_the_callers_decimal_settings_change_nothing() -> None:
    """A third is as exact as ever."""
    known = read_facts(document())
    usual = assessment(known, RULES)

    with localcontext(prec=2):
        odd = assessment(known, RULES)

    assert odd == usual
    assert usual["comparisons"][0]["percent"] == "33.33333333333333333333333333"


def test_a_feed_becomes_facts() -> None:
    """Dollars and patients as they are, an election, and all payers if there are."""
    written = document() | {"electsMips": False}
    written["snapshots"][0]["allPayer"] = GOOD | {"patientsTotal": 9}

    found = read_facts(written)

    medicare = Share(Decimal(1), Decimal(3), Decimal(2), Decimal(7))
    everybody = medicare._replace(patients_total=Decimal(9))
    snapshots = (Snapshot(date(2024, 6, 30), medicare, everybody),)
    assert found == Facts(2024, "apm", snapshots, elects_mips=False)
    assert read_facts(document()).elects_mips is None


@pytest.mark.parametrize(
    ("figures", "which"),
    [
        ({"paymentsTotal": "0", "paymentsThroughAdvancedApm": "0"}, "payments"),
        ({"patientsTotal": 0, "patientsThroughAdvancedApm": 0}, "patients"),
        ({"paymentsThroughAdvancedApm": "3.01"}, "payments"),
        ({"patientsThroughAdvancedApm": 8}, "patients"),
        ({"paymentsThroughAdvancedApm": "-1"}, "payments"),
        ({"patientsThroughAdvancedApm": -1}, "patients"),
        ({"paymentsTotal": "many"}, "payments"),
        ({"patientsTotal": "7"}, "patients"),
        ({"paymentsThroughAdvancedApm": None}, "payments"),
    ],
)
def test_facts_without_a_percentage_are_refused(
    figures: dict[str, object], which: str
) -> None:
    """Who skips the checks gets an error, not a wrong status."""
    with pytest.raises(FactsError) as caught:
        read_facts(document(**figures))

    assert str(caught.value) == (
        f"{which}: needs a part from 0 to its total, and a total above 0"
    )


def test_the_exact_boundary_counts() -> None:
    """A total just large enough that a quotient of 28 digits would round to 50."""
    total = Decimal("99999999999999.99")
    below = Share(total / 2 - Decimal("0.005"), total, Decimal(0), Decimal(1))

    found = determine(on(date(2024, 6, 30), below), RULES)

    assert found.status == PARTIAL_QP
