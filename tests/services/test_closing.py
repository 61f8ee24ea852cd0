"""Paid amounts, reviews and closings through the services, without Kafka."""

from decimal import Decimal
from typing import Any

import pytest

from qppflow.cli.closing_events import applied_record
from qppflow.cli.closing_paid import Who
from qppflow.runtime.events import kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import timestamp
from tests.contracts.carrying import broken
from tests.helpers.chain import START, TOKENS, Chain, record_of
from tests.helpers.documents import NPI, TIN, body, feed

YEAR = 2026
SOURCE = (("ce_source", b"urn:registry:one"),)
PAYMENTS, SCORES = "qpp-payment-adjustments", "qpp-final-scores"
INPUTS, FEEDS = "qpp-payment-inputs", "qpp-cms-feeds"
CLINICIAN = TOKENS.clinician(YEAR, TIN, NPI)
AMOUNT = "clinician-paid-amount.v1"


def individual(**more: object) -> dict[str, Any]:
    """Give members of a document about the clinician herself."""
    who = {"entityType": "individual", "nationalProviderIdentifier": NPI}
    return {**who, "taxpayerIdentificationNumber": TIN, "performanceYear": YEAR, **more}


def activities() -> dict[str, Any]:
    """Give a submission of activities; with PI and quality missing it scores low."""
    return individual(
        measurementSets=[
            {
                "category": "ia",
                "submissionMethod": "registry",
                "programName": "mips",
                "performanceStart": f"{YEAR}-01-01",
                "performanceEnd": f"{YEAR}-12-31",
                "measurements": [{"measureId": "IA_BE_4", "value": True}],
            }
        ]
    )


def review(decision: str, day: int = 1, **more: object) -> dict[str, Any]:
    """Give a targeted review's decision."""
    decided = {"decision": decision, "decidedOn": f"{YEAR + 1}-10-{day:02}"}
    return individual(feed="targeted-review", reference=f"TR-{day}", **decided, **more)


def amount(dollars: str) -> dict[str, Any]:
    """Give what she was paid."""
    return individual(feed="paid-amount", allowedAmount=dollars)


class Stream(Chain):
    """Documents through all services."""

    def told(self, *documents: dict[str, Any]) -> "Stream":
        """Send documents, each when the one before is done."""
        for document in documents:
            topic = FEEDS if "feed" in document else "qpp-submissions"
            self.send(topic, body(document), SOURCE)
        return self

    @property
    def payment(self) -> dict[str, Any]:
        """Give what was published of her last."""
        return self.latest(PAYMENTS)[CLINICIAN]

    def count(self, topic: str) -> int:
        """Count the records of a topic."""
        return len(self.log.get(topic, ()))

    def close(self, factor: str | None, number: int = 1, *assumed: str) -> None:
        """Tell her payment that her year is closed."""
        closing = {
            "program": "mips",
            "performanceYear": YEAR,
            "paymentYear": YEAR + 2,
            "number": number,
            "closingId": "39641d3f-5263-563c-bf2f-0e2bec3956da",
            "factor": factor,
            "additionalFactor": None,
            "ruleBook": "mips/py2026@3f9c1a07be52",
            "assumptions": list(assumed),
            "receivedAt": timestamp(START),
        }
        who = Who(CLINICIAN, TIN, NPI)
        self._through([applied_record(closing, who, START)])


def profile() -> dict[str, Any]:
    """Give a profile that says she must take part."""
    segment = {
        "segment": 1,
        "allowedCharges": "120000",
        "beneficiaries": 300,
        "coveredServices": 900,
    }
    facts = {"qpStatus": "none", "segments": [segment]}
    facts |= {"clinicianType": "physician"}
    return individual(feed="profile", specialStatuses=[], eligibility=facts)


def test_a_paid_amount_is_carried_by_the_payment_and_scores_nothing_again() -> None:
    """The score stays; billing's topic says what the adjustment applies to."""
    stream = Stream().told(profile(), activities())
    scored = stream.count(SCORES)

    stream.told(amount("1200.50"))

    assert stream.count(SCORES) == scored
    assert stream.payment["allowedAmount"] == "1200.50"
    assert stream.payment["reason"] == "paid-amount-changed"
    assert stream.parked == []


def test_an_amount_that_came_before_the_score_is_published_with_it() -> None:
    """One event, not two."""
    stream = Stream().told(amount("1200.50"), profile(), activities())

    assert stream.count(PAYMENTS) == 1
    assert stream.payment["allowedAmount"] == "1200.50"


def test_the_newest_amount_counts_whatever_comes_late() -> None:
    """`payments` orders by revision."""
    stream = Stream().told(profile(), activities(), amount("10"), amount("20"))
    old, new = [r for r in stream.log[INPUTS] if kind_of(r) == AMOUNT]
    decide, _ = stream.services["payments"]

    assert list(decide(old)) == []
    assert list(decide(new)) == []
    assert stream.payment["allowedAmount"] == "20"


def test_a_review_replaces_the_score_that_pays() -> None:
    """Both scores and the decision stand in the payment; the computed one is kept."""
    stream = Stream().told(profile(), activities())
    computed = stream.payment["score"]

    stream.told(review("80.00"))

    paid, scored = stream.payment, next(iter(stream.latest(SCORES).values()))
    assert (paid["score"], paid["status"], paid["reason"]) == (
        "80.00",
        "estimate",
        "reviewed",
    )
    assert paid["review"] == {
        "decision": "80.00",
        "decidedOn": "2027-10-01",
        "reference": "TR-1",
        "computedScore": computed,
    }
    assert paid["previous"]["score"] == computed
    assert scored["score"]["finalScore"] == computed
    assert scored["review"]["decision"] == "80.00"
    reasons = [one["rule"] for one in scored["explanation"]]
    assert "payment.targeted_review" in reasons


def test_a_review_that_upholds_a_score_changes_no_figure() -> None:
    """It is told all the same."""
    stream = Stream().told(profile(), activities())
    before = stream.payment["score"]

    stream.told(review("upheld"))

    assert stream.payment["score"] == before
    assert stream.payment["review"]["decision"] == "upheld"


def test_a_review_of_another_program_leaves_this_score_alone() -> None:
    """An MVP's score was reviewed, which she has none of."""
    stream = Stream().told(profile(), activities())
    before = stream.count(SCORES)

    stream.told(review("80.00", programName="G0059"))

    assert stream.count(SCORES) == before
    assert "review" not in stream.payment


def test_a_later_decision_takes_the_place_of_the_first() -> None:
    """The slot of the feed has one decision."""
    stream = Stream().told(profile(), activities(), review("80.00"), review("90.00", 2))

    assert stream.payment["score"] == "90.00"


def test_a_closing_makes_an_estimate_final_and_a_later_score_uses_it() -> None:
    """Until a re-close the factor stays."""
    stream = Stream().told(profile(), activities(), review("100.00"))

    stream.close("0.5", 1, "paid-amounts-unknown")
    closed = stream.payment
    stream.told(review("87.50", 2))
    later = stream.payment

    assert (closed["adjustmentPercent"], closed["reason"]) == ("4.5000", "year-closed")
    assert "paid-amounts-unknown" in closed["assumptions"]
    assert closed["previous"]["status"] == "estimate"
    assert (later["adjustmentPercent"], later["reason"]) == ("2.2500", "reviewed")
    assert later["supersedes"] == closed["eventId"]


def test_a_closing_says_nothing_where_it_changes_nothing() -> None:
    """A reduction is final from the first."""
    stream = Stream().told(profile(), activities())
    before = stream.count(PAYMENTS)

    stream.close("0.5")

    assert stream.count(PAYMENTS) == before
    assert "closing" not in stream.payment


def test_the_closing_with_the_higher_number_counts() -> None:
    """The first one told again, after a crash, changes nothing."""
    stream = Stream().told(profile(), activities(), review("100.00"))
    stream.close("0.5")
    stream.close("0.25", 2)
    before = stream.count(PAYMENTS)

    stream.close("0.5")
    stream.close("0.3", 2)

    assert stream.count(PAYMENTS) == before
    assert (stream.payment["adjustmentPercent"], stream.payment["closing"]) == (
        "2.2500",
        2,
    )


def test_a_closing_before_any_score_is_kept() -> None:
    """Her first score is final at once."""
    stream = Stream()
    stream.close("0.5")

    stream.told(profile(), activities(), review("100.00"))

    assert stream.payment["adjustmentPercent"] == "4.5000"


def test_an_unlawful_factor_is_parked() -> None:
    """Nobody is paid by a factor above the highest."""
    stream = Stream().told(profile(), activities(), review("100.00"))
    decide, _ = stream.services["payments"]
    who = Who(CLINICIAN, TIN, NPI)
    closing = {"program": "mips", "performanceYear": YEAR, "paymentYear": YEAR + 2}
    closing |= {
        "number": 1,
        "closingId": "x",
        "factor": "3.5",
        "additionalFactor": None,
    }
    closing |= {"ruleBook": "r", "assumptions": [], "receivedAt": timestamp(START)}

    with pytest.raises(ValueError, match="scaling factor"):
        list(decide(record_of(applied_record(closing, who, START))))


def test_a_superseding_score_shows_the_one_before() -> None:
    """Old and new values stand side by side."""
    stream = Stream().told(profile(), activities())
    first = next(iter(stream.latest(SCORES).values()))

    stream.told(feed("cahps", YEAR, measures=[]) | individual())
    stream.told(individual(feed="complex-patient-bonus", points="3.00"))
    second = next(iter(stream.latest(SCORES).values()))

    assert "previous" not in first
    assert second["previous"]["finalScore"] == first["score"]["finalScore"]
    assert second["previous"]["ruleBook"] == first["ruleBook"]
    assert Decimal(second["score"]["finalScore"]) >= Decimal(
        second["previous"]["finalScore"]
    )


def test_events_with_reviews_amounts_and_closings_keep_their_contracts() -> None:
    """All that is said, by the published schemas."""
    stream = Stream().told(profile(), activities(), amount("12.5"), review("100.00"))
    stream.close("0.5")
    ours = [
        record
        for topic in ("qpp-score-parts", SCORES, INPUTS, PAYMENTS)
        for record in stream.log[topic]
    ]

    faults = [fault for one in ours for fault in broken(one)]  # type: ignore[arg-type]  # has value and headers

    assert len(ours) > 10
    assert faults == []


def test_an_unknown_event_is_parked() -> None:
    """Another major version of a closing means who knows what."""
    stream = Stream()
    stream.close("0.5")
    (record,) = stream.log[INPUTS]
    newer = [
        (name, b"qppflow.closing-applied.v2" if name == "ce_type" else value)
        for name, value in record.headers
    ]
    decide, _ = stream.services["payments"]

    with pytest.raises(ParkError, match="unknown-event"):
        list(decide(record._replace(headers=tuple(newer))))
