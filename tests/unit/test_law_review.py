"""A targeted review's decision, and the payment of a closed year."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from qpp.mips.adjustment import Factors, ScalingFactorError
from qpp.mips.closed_payment import closed_payment
from qpp.mips.payment import payment
from qpp.mips.review import review
from qpp.trace import Trace
from tests.helpers.law import book

RULES = book(2026)
SCORE: dict[str, Any] = {"finalScore": "60.00", "assumptions": [], "eligibility": "x"}
CHANGED = {"decision": "82.50", "decidedOn": "2027-10-01", "reference": "TR-1"}
UNVERIFIED = "unverified:payment.targeted_review"


def test_a_decided_score_takes_the_place_of_the_final_score() -> None:
    """Its reason names day and both scores, and the score says what it assumes."""
    trace = Trace()

    found = review(SCORE, CHANGED, RULES.payment, trace)

    assert found == {**SCORE, "finalScore": "82.50", "assumptions": [UNVERIFIED]}
    (step,) = trace.steps
    assert (
        step.text() == "a targeted review of 2027-10-01 decided 82.50 instead of 60.00"
    )
    assert step.rule.citation.startswith("42 CFR 414.1385")


@pytest.mark.parametrize("decision", [None, {**CHANGED, "decision": "upheld"}])
def test_without_another_score_the_final_score_stands(
    decision: dict[str, str] | None,
) -> None:
    """Neither a reason nor an assumption is left behind."""
    trace = Trace()

    found = review(SCORE, decision, RULES.payment, trace)

    assert found is SCORE
    assert (trace.steps, trace.assumptions) == ([], set())


def test_a_rule_file_may_say_that_reviews_have_no_effect() -> None:
    """The word decides, not Python."""
    word = replace(RULES.payment.targeted_review, value="no_effect")
    rules = replace(RULES.payment, targeted_review=word)
    trace = Trace()

    found = review(SCORE, CHANGED, rules, trace)

    assert found is SCORE
    assert trace.assumptions == {UNVERIFIED}


def paid(final: str, *assumptions: str) -> dict[str, Any]:
    """Give the payment of a final score before its year is closed."""
    score = {**SCORE, "finalScore": final, "assumptions": list(assumptions)}
    found, _ = payment(score, RULES)
    return found


@pytest.mark.parametrize(
    ("final", "percent"),
    [("75.01", "0.0018"), ("87.50", "2.2500"), ("100.00", "4.5000")],
)
def test_an_estimate_becomes_final_by_the_factor(final: str, percent: str) -> None:
    """Nine percent at 100 points, half of it by a factor of 0.5."""
    before = paid(final)

    found = closed_payment(before, Decimal(final), Factors(Decimal("0.5")), RULES)

    assert before["status"] == "estimate"
    assert (found["adjustmentPercent"], found["status"]) == (percent, "final")
    assert (found["range"], found["billable"]) == (None, True)
    assert "scaling-factor-not-published" not in found["assumptions"]


@pytest.mark.parametrize("final", ["18.75", "74.99", "75.00"])
def test_what_was_final_stays_as_it_was(final: str) -> None:
    """No factor changes a reduction."""
    before = paid(final)

    found = closed_payment(before, Decimal(final), Factors(Decimal("0.5")), RULES)

    assert found is before


def test_a_factor_of_nobody_leaves_an_estimate() -> None:
    """Nobody earned an increase when the year was closed."""
    before = paid("90.00")

    assert closed_payment(before, Decimal("90.00"), Factors(None), RULES) is before


def test_a_factor_of_0_raises_nobody() -> None:
    """Nobody was reduced, so there is nothing to share."""
    found = closed_payment(paid("90.00"), Decimal("90.00"), Factors(Decimal(0)), RULES)

    assert found["adjustmentPercent"] == "0.0000"


def test_a_closing_makes_nothing_billable_that_rests_on_no_profile() -> None:
    """The factor is known; whether she is paid at all is not."""
    before = paid("90.00", "no-profile")

    found = closed_payment(before, Decimal("90.00"), Factors(Decimal("0.5")), RULES)

    assert (found["status"], found["billable"]) == ("final", False)


def test_a_factor_above_the_highest_is_refused() -> None:
    """A wrong closing parks instead of paying."""
    with pytest.raises(ScalingFactorError):
        closed_payment(paid("90.00"), Decimal("90.00"), Factors(Decimal("3.01")), RULES)
