"""What `payments` publishes for one clinician: only what changes what she is paid."""

from collections.abc import Callable
from typing import Any

import pytest

from qppflow.payments.choice import Clinician
from qppflow.payments.handlers import Payments
from qppflow.runtime.events import decode, emit, kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Record

SUBJECT = "k1." + "c" * 43
CAUSE = Record("qpp-score-parts", 0, 0, 1_800_000_000_000, None, b"", ())


# What a score was made by.
PINS: dict[str, Any] = {
    "ruleBook": "r",
    "catalogue": "c",
    "engine": "e",
    "explanationId": "x",
    "explanationHash": "h",
}


def paid(percent: str) -> dict[str, Any]:
    """Write the payment of a score."""
    return {
        "adjustmentPercent": percent,
        "range": None,
        "status": "final",
        "billable": True,
        "assumptions": [],
    }


class Told:
    """A clinician's history: tell it candidates, look at what was published."""

    def __init__(self) -> None:
        self.memory = Payments()
        self.stored = self.memory.dump(Clinician())
        self.published: list[tuple[str, dict[str, Any]]] = []

    def tell(self, kind: str, revision: int, candidate: str = "a", **more: Any) -> None:  # noqa: ANN401 - fields of an event
        """Take one event; the state goes through its bytes each time."""
        event = {
            "subject": SUBJECT,
            "program": "mips",
            "performanceYear": 2024,
            "paymentYear": 2026,
            "clinician": {
                "taxpayerIdentificationNumber": "000000001",
                "nationalProviderIdentifier": "0000000002",
            },
            "candidate": candidate,
            "entityType": "group",
            "revision": revision,
            "receivedAt": "2026-01-01T00:00:00.000Z",
            **more,
        }
        sent = emit(
            "final_scores",
            "qpp-payment-inputs",
            kind,
            event,
            event_id="e",
            subject=SUBJECT,
            cause=CAUSE,
        )
        record = Record(sent.topic, 0, 0, CAUSE.timestamp, *sent[1:])
        state = self.memory.load(self.stored)
        state, outputs = self.memory.decide(state, record)
        self.stored = self.memory.dump(state)
        for output in outputs:
            published = Record(output.topic, 0, 0, 0, *output[1:])
            self.published.append((kind_of(published), decode(output.value)))

    def scored(self, revision: int, final: str, candidate: str = "a") -> None:
        """Tell a score; its adjustment is its text, which is all that matters here."""
        self.tell(
            "payment-candidate.v1",
            revision,
            candidate,
            finalScore=final,
            payment=paid(final),
            **{**PINS, "explanationId": f"x{revision}"},
        )

    def held(self, revision: int) -> None:
        """Tell that a newer revision waits."""
        self.tell("payment-candidate-held.v1", revision, reason="x", deadLetter="d")

    def withdrawn(self, revision: int, candidate: str = "a") -> None:
        """Tell that a group no longer has her on its roster."""
        self.tell(
            "payment-candidate-withdrawn.v1",
            revision,
            candidate,
            reason="removed-from-roster",
        )

    @property
    def kinds(self) -> list[str]:
        """Name what was published, in order."""
        return [kind for kind, _ in self.published]

    @property
    def last(self) -> dict[str, Any]:
        """Give what was published last."""
        return self.published[-1][1]


def test_the_first_score_is_published() -> None:
    """Revision 1 supersedes nothing."""
    told = Told()

    told.scored(1, "80.00")

    assert told.kinds == ["payment-adjusted.v1"]
    assert (told.last["revision"], told.last["supersedes"]) == (1, None)
    assert told.last["reason"] == "first-score"


def test_the_same_worth_is_not_published_again() -> None:
    """A new revision with another explanation pays the same."""
    told = Told()

    told.scored(1, "80.00")
    told.scored(2, "80.00")

    assert told.kinds == ["payment-adjusted.v1"]


def test_a_correction_supersedes_the_payment_before() -> None:
    """The chain of payments can be followed by event ids."""
    told = Told()

    told.scored(1, "80.00")
    first = told.last["eventId"]
    told.scored(2, "90.00")

    assert told.last["supersedes"] == first
    assert told.last["reason"] == "corrected"


def test_an_older_revision_changes_nothing() -> None:
    """The higher revision wins even when its cause is older."""
    told = Told()

    told.scored(2, "80.00")
    told.scored(1, "95.00")

    assert [item["score"] for _, item in told.published] == ["80.00"]


def test_the_higher_of_two_scores_pays() -> None:
    """An individual's own score and a group's are never blended."""
    told = Told()

    told.scored(1, "80.00", "group")
    told.scored(1, "70.00", "alone")
    told.scored(1, "90.00", "other")

    published = [(item["score"], item["reason"]) for _, item in told.published]
    assert published == [
        ("80.00", "first-score"),
        ("80.00", "others-changed"),
        ("90.00", "other-entity-pays"),
    ]
    assert told.last["reason"] == "other-entity-pays"


def test_equal_scores_are_paid_by_one_entity_in_a_fixed_order() -> None:
    """A tie must not depend on who was heard first."""
    one, other = Told(), Told()

    one.scored(1, "80.00", "a")
    one.scored(1, "80.00", "b")
    other.scored(1, "80.00", "b")
    other.scored(1, "80.00", "a")

    assert one.last["decidedBy"]["subject"] == "a"
    assert other.last["decidedBy"]["subject"] == "a"


def test_a_hold_is_said_once() -> None:
    """Two parked revisions are one hold for told."""
    told = Told()

    told.scored(1, "80.00")
    told.held(2)
    told.held(3)

    assert told.kinds == ["payment-adjusted.v1", "score-held.v1"]
    assert told.last["decidedBy"]["revision"] == 2


def test_a_hold_that_changed_nothing_is_released() -> None:
    """The payment that counts again is named."""
    told = Told()

    told.scored(1, "80.00")
    paid = told.last["eventId"]
    told.held(2)
    told.scored(3, "80.00")

    assert told.kinds[-1] == "score-released.v1"
    assert told.last["standing"] == paid


def test_a_hold_that_changed_the_figures_ends_with_the_new_payment() -> None:
    """Old figures never become payable in between."""
    told = Told()

    told.scored(1, "80.00")
    told.held(2)
    told.scored(3, "85.00")

    assert told.kinds == ["payment-adjusted.v1", "score-held.v1", "payment-adjusted.v1"]
    assert told.last["reason"] == "released"


@pytest.mark.parametrize(
    "decided",
    [lambda told: told.scored(2, "85.00"), lambda told: told.withdrawn(2)],
    ids=["scored", "withdrawn"],
)
def test_a_hold_that_is_said_again_after_its_end_holds_nothing(
    decided: Callable[[Told], None],
) -> None:
    """A crash may repeat the hold of a revision that was decided meanwhile."""
    told = Told()
    told.scored(1, "80.00")
    told.held(2)
    decided(told)
    before = list(told.kinds)

    told.held(2)

    assert told.kinds == before


def test_a_clinician_removed_from_the_roster_is_no_longer_paid() -> None:
    """Nobody else scores her: the payment is retracted, once."""
    told = Told()

    told.scored(1, "80.00")
    told.withdrawn(2)
    told.withdrawn(3)

    assert told.kinds == ["payment-adjusted.v1", "score-retracted.v1"]


def test_a_withdrawal_before_any_score_says_nothing() -> None:
    """Billing never heard of her."""
    told = Told()

    told.withdrawn(1)

    assert told.kinds == []


def test_a_retracted_clinician_can_be_paid_again() -> None:
    """Her own score comes later."""
    told = Told()

    told.scored(1, "80.00", "group")
    told.withdrawn(2, "group")
    told.scored(1, "60.00", "alone")

    assert told.last["score"] == "60.00"
    assert told.last["reason"] == "first-score"


def test_what_a_clinician_was_before_changes_nothing() -> None:
    """A replay says again what her own facts said at an older revision."""
    told = Told()
    told.scored(1, "80.00", "group")
    told.tell("clinician-eligibility.v1", 2, outcome="excluded", reason="qp")
    before = list(told.kinds)

    told.tell(
        "clinician-eligibility.v1", 1, outcome="required", reason="aboveLowVolume"
    )
    told.tell("clinician-eligibility.v1", 2, outcome="excluded", reason="qp")

    assert before == ["payment-adjusted.v1", "score-retracted.v1"]
    assert told.kinds == before
    state = told.memory.load(told.stored)
    assert state.eligibility == {
        "a": {"revision": 2, "outcome": "excluded", "reason": "qp"}
    }


@pytest.mark.parametrize("outcome", ["required", "excluded"])
def test_her_own_score_knows_more_than_an_older_word_of_what_she_is(
    outcome: str,
) -> None:
    """The score was made after it; the newer word may still be on its way."""
    told = Told()
    told.tell("clinician-eligibility.v1", 1, "herself", outcome="excluded", reason="qp")

    told.tell(
        "payment-candidate.v1",
        2,
        "herself",
        entityType="individual",
        eligibility={"outcome": outcome, "reason": "aboveLowVolume"},
        finalScore="50.00",
        payment=paid("-3.0"),
        **PINS,
    )

    is_paid = outcome == "required"
    assert told.kinds == ["payment-adjusted.v1" if is_paid else "score-retracted.v1"]
    assert is_paid or told.last["reason"] == "aboveLowVolume"


def test_an_unknown_event_is_parked() -> None:
    """A later version's event must not be taken for one of ours."""
    told = Told()

    with pytest.raises(ParkError, match="unknown-event"):
        told.tell("payment-candidate.v9", 1)
