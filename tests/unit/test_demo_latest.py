"""The newest word about a score, a clinician or an entity is what stands."""

from typing import Any

from qppflow.demo.latest import Latest
from qppflow.runtime.events import encode
from qppflow.runtime.records import Record


def said(kind: str, revision: int, **more: Any) -> Record:  # noqa: ANN401 - any member of an event
    """Make the record of an event."""
    payload = {"subject": "s", "program": "mips", "revision": revision, **more}
    headers = (("ce_type", f"qppflow.{kind}".encode()),)
    return Record("topic", 0, revision, 1_000, b"s", encode(payload), headers)


def test_an_entity_has_a_score_for_each_program() -> None:
    """The newest revision of each counts, in whatever order they are read."""
    found = Latest()

    found.score(
        [
            said("final-score.v1", 3),
            said("final-score.v1", 2),
            said("final-score.v1", 2, program="G0059"),
        ]
    )

    revisions = {name: event["revision"] for name, event in found.scores.items()}
    assert revisions == {("s", "mips"): 3, ("s", "G0059"): 2}
    assert found.standing_scores() == found.scores


def test_a_score_that_was_taken_back_stands_no_more() -> None:
    """The other program's does; and a set that comes again makes a new score."""
    found = Latest()
    found.score([said("final-score.v1", 1), said("final-score.v1", 1, program="app1")])

    found.score([said("final-score-retracted.v1", 2)])

    assert found.standing_scores().keys() == {("s", "app1")}
    found.score([said("final-score.v1", 3)])
    assert found.standing_scores().keys() == {("s", "app1"), ("s", "mips")}


def test_a_hold_and_its_end_keep_what_was_paid() -> None:
    """Neither repeats the payment that stands in the meantime."""
    found = Latest()
    found.pay([said("payment-adjusted.v1", 1, score="80.00", others=[])])

    found.pay([said("score-held.v1", 2, reason="parked")])
    held = dict(found.payments["s"])
    found.pay([said("score-released.v1", 3, reason="complete")])

    assert (held["kind"], held["score"]) == ("score-held.v1", "80.00")
    released = found.payments["s"]
    assert (released["kind"], released["score"]) == ("score-released.v1", "80.00")
    assert released["reason"] == "complete"


def test_a_hold_may_be_the_first_word_and_an_old_one_counts_for_nothing() -> None:
    """A clinician may be held before she was ever paid."""
    found = Latest()

    found.pay([said("score-held.v1", 2), said("payment-adjusted.v1", 1)])

    assert found.payments["s"]["kind"] == "score-held.v1"


def test_a_retraction_leaves_nothing_of_the_payment() -> None:
    """Who is not paid has no score that pays."""
    found = Latest()

    found.pay([said("payment-adjusted.v1", 1, score="80.00")])
    found.pay([said("score-retracted.v1", 2, reason="qp")])

    assert "score" not in found.payments["s"]


def test_the_newest_eligibility_of_an_entity_counts() -> None:
    """Also where an older one is read later."""
    found = Latest()

    found.stand([said("eligibility-determined.v1", 5, outcome="excluded")])
    found.stand([said("eligibility-determined.v1", 4, outcome="required")])

    assert found.eligibility["s"]["outcome"] == "excluded"
