"""Who takes part, who elected what, and whom a score pays because of it."""

from typing import Any

import pytest

from tests.helpers.chain import Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.corpus_sheet import TIN
from tests.helpers.practice import (
    ABOVE,
    BELOW,
    CANDIDATES,
    ELIGIBILITY,
    HER,
    MAY_OPT_IN,
    OTHER,
    SHEET,
    VIRTUAL,
    Practice,
    apm,
    elects,
    herself,
    member,
    others,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    subgroup,
    virtual,
)

NEW = {**ABOVE, "medicareEnrollmentDate": "2025-01-01"}
QP = {**ABOVE, "qpStatus": "qp"}
PARTIAL = {**ABOVE, "qpStatus": "partialQp"}


def stands(told: Practice, who: Json) -> tuple[str, str]:
    """Give the outcome and reason that were said last of an entity."""
    last = told.events(ELIGIBILITY, of=told.token(who))[-1]
    return last["outcome"], last["reason"]


def kinds(told: Practice, npi: str = HER) -> list[str]:
    """Name what billing heard of a clinician, in order."""
    return [event["kind"].removesuffix(".v1") for event in told.payments(npi)]


def test_who_must_take_part_is_told_with_reasons() -> None:
    """Above each of the three thresholds in both segments."""
    told = Practice(profile(herself()))

    (event,) = told.events(ELIGIBILITY)

    assert stands(told, herself()) == ("required", "aboveLowVolume")
    assert event["explanation"] != []
    assert event["entity"]["nationalProviderIdentifier"] == HER
    assert event["revision"] == 1


def test_an_outcome_is_said_when_it_changes_and_only_then() -> None:
    """The same facts under another id, and a feed that has nothing to do with it."""
    told = Practice(profile(herself()), profile(herself()), reports(herself()))

    told.tell(profile(herself(), BELOW))

    said = [event["outcome"] for event in told.events(ELIGIBILITY)]
    assert said == ["required", "voluntary"]


def test_an_entity_that_nothing_is_known_of_is_not_spoken_of() -> None:
    """It is unknown, and everybody takes it for that without a word."""
    told = Practice(reports(herself()), profile(herself(), None))

    assert told.events(ELIGIBILITY) == []
    assert told.state(herself()).eligibility is None


def test_a_clinicians_payment_is_told_what_she_is() -> None:
    """Under her own key, as a group's score would be; nothing is paid by it alone."""
    told = Practice(profile(herself()))

    (event,) = told.events(CANDIDATES)

    assert event["kind"] == "clinician-eligibility.v1"
    assert (event["outcome"], event["reason"]) == ("required", "aboveLowVolume")
    assert event["candidate"] == told.token(herself())
    assert event["subject"] != event["candidate"]
    assert told.payments() == []


def test_a_group_is_no_news_for_a_payment() -> None:
    """The twin of the test above: it travels with the group's scores."""
    told = Practice(profile(practice()))

    assert told.events(CANDIDATES) == []
    assert stands(told, practice()) == ("required", "aboveLowVolume")


@pytest.mark.parametrize(
    ("facts", "outcome", "reason"),
    [
        (BELOW, "voluntary", "lowVolume"),
        (NEW, "excluded", "newlyEnrolled"),
        (QP, "excluded", "qp"),
        (PARTIAL, "excluded", "partialQpNotElected"),
    ],
)
def test_who_need_not_report_has_a_score_and_no_payment(
    facts: dict[str, Any], outcome: str, reason: str
) -> None:
    """Billing is told that there is none, and why."""
    told = Practice(profile(herself(), facts), reports(herself(), quality()))

    score, paid = told.score(herself()), told.paid()

    assert stands(told, herself()) == (outcome, reason)
    assert score["score"]["eligibility"] == outcome
    assert kinds(told) == ["score-retracted"]
    assert paid["reason"] == reason
    assert others(paid) == [("individual", "mips", reason)]
    assert paid["decidedBy"]["subject"] == told.token(herself())


def test_a_partial_qp_that_elects_to_take_part_is_paid() -> None:
    """Her election decides; the payment follows it."""
    told = Practice(profile(herself(), PARTIAL), reports(herself(), quality()))
    before = kinds(told)

    told.tell(elects(herself(), "participateAsPartialQp"))

    assert before == ["score-retracted"]
    assert stands(told, herself()) == ("required", "aboveLowVolume")
    assert kinds(told) == ["score-retracted", "payment-adjusted"]


def test_a_voluntary_reporter_has_a_score_and_is_told_why_it_pays_nothing() -> None:
    """She elected to report; that is no election to be paid."""
    told = Practice(profile(herself(), MAY_OPT_IN), elects(herself(), "voluntary"))

    told.tell(reports(herself(), quality()))

    assert stands(told, herself())[0] == "voluntaryReporter"
    assert told.score(herself())["kind"] == "final-score.v1"
    assert kinds(told) == ["score-retracted"]
    assert told.paid()["reason"] == stands(told, herself())[1]


def test_a_change_of_status_decides_again_and_supersedes() -> None:
    """Paid, then a qualifying participant, then not one after all."""
    told = Practice(profile(herself()), reports(herself(), quality()))

    told.tell(profile(herself(), QP), profile(herself()))

    events = told.payments()
    first, retracted, again = events
    assert kinds(told) == ["payment-adjusted", "score-retracted", "payment-adjusted"]
    assert retracted["reason"] == "qp"
    assert [event["supersedes"] for event in events] == [
        None,
        first["eventId"],
        retracted["eventId"],
    ]
    assert (again["score"], again["reason"]) == (first["score"], "first-score")


def test_a_change_of_status_retracts_what_a_group_pays() -> None:
    """The group's score stays what it is; she is a qualifying participant herself."""
    told = Practice(profile(practice()), roster(practice()), profile(herself()))
    told.tell(reports(practice(), quality()))
    scores = told.scores(practice())

    told.tell(profile(herself(), QP))

    assert kinds(told) == ["payment-adjusted", "score-retracted"]
    assert told.paid()["reason"] == "qp"
    assert "decidedBy" not in told.paid()
    assert told.scores(practice()) == scores


def test_a_change_of_status_never_pays_another_score_in_between() -> None:
    """Her group's score and her own are refused at once, though her own comes later."""
    told = Practice(profile(practice()), roster(practice()), profile(herself()))
    told.tell(reports(herself(), quality(5)), reports(practice(), quality(95)))
    before = kinds(told)

    told.tell(profile(herself(), QP))

    assert kinds(told) == [*before, "score-retracted"]
    assert {reason for _, _, reason in others(told.paid())} == {"qp"}


def test_the_same_refusal_is_told_once() -> None:
    """A better score of hers changes nothing of why she is not paid."""
    told = Practice(profile(herself(), QP), reports(herself(), quality(50)))

    told.tell(reports(herself(), quality(95)))

    assert kinds(told) == ["score-retracted"]
    assert len(told.scores(herself())) == 2


def test_a_refusal_for_another_reason_is_told_again() -> None:
    """The twin of the test above: billing shows the reason of today."""
    told = Practice(profile(herself(), QP), reports(herself(), quality()))

    told.tell(profile(herself(), BELOW))

    assert [event["reason"] for event in told.payments()] == ["qp", "lowVolume"]


def test_a_group_brings_in_one_below_the_threshold_alone() -> None:
    """Her own score does not pay her, and the group's does."""
    told = Practice(profile(herself(), BELOW), reports(herself(), quality()))

    told.tell(profile(practice()), roster(practice()), reports(practice(), quality(50)))

    assert kinds(told) == ["score-retracted", "payment-adjusted"]
    assert told.paid()["decidedBy"]["entityType"] == "group"
    assert others(told.paid()) == [("individual", "mips", "lowVolume")]


def test_a_payment_of_nobody_known_is_not_billable() -> None:
    """What is paid would rest on an assumption; the figures are told all the same."""
    told = Practice(reports(herself(), quality(5)))
    unknown = told.paid()

    told.tell(profile(herself()))

    assert unknown["billable"] is False
    assert "eligibility-not-declared" in unknown["assumptions"]
    assert unknown["adjustmentPercent"] is not None
    assert told.paid()["billable"] is True
    assert "eligibility-not-declared" not in told.paid()["assumptions"]


def test_an_apm_entity_pays_one_whose_group_is_above_the_threshold() -> None:
    """Alone she is below it; while nothing is known of her group nobody can tell."""
    told = Practice(profile(apm()), roster(apm()), profile(herself(), BELOW))
    told.tell(reports(apm(), quality(5)))
    unknown = told.paid()

    told.tell(profile(practice()), roster(practice()))
    told.tell(reports(practice(), quality(1)))

    assert unknown["billable"] is False
    assert "group-eligibility-not-declared" in unknown["assumptions"]
    reasons = {other["entityType"] for other in told.paid()["others"]}
    assert {*reasons, told.paid()["decidedBy"]["entityType"]} == {"apm", "group"}
    assert told.paid()["billable"] is True


def test_a_virtual_group_pays_its_members_whatever_else_is_higher() -> None:
    """The others stand in the payment with that reason."""
    told = Practice(
        profile(herself()), profile(practice()), profile(virtual()), roster(practice())
    )
    told.tell(reports(herself(), quality(90)), reports(practice(), quality(80)))

    told.tell(roster(virtual()), reports(virtual(), quality(1)))

    paid = told.paid()
    assert paid["decidedBy"]["entityType"] == "virtualGroup"
    assert sorted(others(paid)) == [
        ("group", "mips", "virtual-group-pays"),
        ("individual", "mips", "virtual-group-pays"),
    ]
    assert stands(told, virtual()) == ("required", "aboveLowVolume")


def test_of_two_virtual_groups_the_first_stays() -> None:
    """Nobody may be in two; that one was taken is an assumption of the payment."""
    second = virtual("VIRTUAL-2")
    told = Practice(
        profile(virtual()), roster(virtual()), reports(virtual(), quality(1))
    )
    alone = told.paid()

    told.tell(profile(second), roster(second), reports(second, quality(95)))

    paid = told.paid()
    assert paid["decidedBy"] == alone["decidedBy"]
    assert others(paid) == [("virtualGroup", "mips", "another-virtual-group")]
    assert "two-virtual-groups" in paid["assumptions"]
    assert "two-virtual-groups" not in alone["assumptions"]
    assert paid["reason"] == "corrected"


def test_the_second_virtual_group_pays_when_the_first_lets_her_go() -> None:
    """Then there is no conflict left."""
    second = virtual("VIRTUAL-2")
    told = Practice(
        profile(virtual()), roster(virtual()), reports(virtual(), quality(1))
    )
    told.tell(profile(second), roster(second), reports(second, quality(95)))

    told.tell(roster(virtual(), member(OTHER), name="r2"))

    assert told.paid()["decidedBy"]["subject"] == told.token(second)
    assert "two-virtual-groups" not in told.paid()["assumptions"]


def test_a_virtual_group_opts_in_by_existing() -> None:
    """Below every threshold its members are paid all the same."""
    told = Practice(profile(virtual(), BELOW), roster(virtual()))

    told.tell(reports(virtual(), quality(5)))

    assert stands(told, virtual()) == ("optedIn", "virtualGroup")
    assert kinds(told) == ["payment-adjusted"]
    assert VIRTUAL not in repr(told.payments())


def test_the_highest_of_four_entities_pays() -> None:
    """Each is scored for itself, and nothing is blended."""
    told = Practice(*[profile(who) for who in (herself(), practice(), apm())])
    told.tell(roster(practice()), roster(apm()), roster(subgroup()))
    told.tell(registered(subgroup()), reports(subgroup(), pathway(met=1)))
    told.tell(reports(apm(), quality(95)), reports(practice(), quality(50)))

    told.tell(reports(herself(), quality(20)))

    scores = {
        who["entityType"]: float(told.score(who, program)["score"]["finalScore"])
        for who, program in (
            (herself(), "mips"),
            (practice(), "mips"),
            (apm(), "mips"),
            (subgroup(), MVP),
        )
    }
    paid = told.paid()
    assert len(set(scores.values())) == 4
    assert float(paid["score"]) == max(scores.values())
    assert scores[paid["decidedBy"]["entityType"]] == max(scores.values())
    assert {kind for kind, _, _ in others(paid)} == set(scores) - {
        paid["decidedBy"]["entityType"]
    }
    assert {reason for _, _, reason in others(paid)} == {
        "lower-score",
        "lower-score-of-another-program",
    }
    assert paid[TIN] == SHEET.tin
