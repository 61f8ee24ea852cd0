"""Eligibility as a function: what a changed rule changes, and what travels."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qpp.eligibility import Eligibility, determine, pays, standing, united
from qpp.eligibility import outcome as words
from qpp.eligibility.rules import EligibilityRules
from tests.helpers.law import amended, book

Json = dict[str, Any]
YEAR = 2025
UNCHANGED: Mapping[str, object] = {}
ABOVE: Mapping[str, Any] = {
    "segment": 1,
    "allowedCharges": "90000.01",
    "beneficiaries": 201,
    "coveredServices": 201,
}
BELOW = {**ABOVE, "beneficiaries": 200}
SECOND = {**ABOVE, "segment": 2}
SECOND_BELOW = {**BELOW, "segment": 2}


def rules(**changes: object) -> EligibilityRules:
    """Give the rules of 2025 with some values changed."""
    made = {f"eligibility__{name}": value for name, value in changes.items()}
    return amended(book(YEAR), **made).eligibility


def facts(*segments: Mapping[str, Any], **more: object) -> Json:
    """Write a physician's facts."""
    return {
        "clinicianType": "physician",
        "segments": list(segments or (ABOVE,)),
        **more,
    }


def judged(
    given: Json | None,
    election: str | None = None,
    kind: str = "individual",
    changes: Mapping[str, object] = UNCHANGED,
) -> Eligibility:
    """Judge an entity by changed rules."""
    made = None if election is None else {"election": election}
    return determine(kind, given, made, rules(**changes), year=YEAR)


@pytest.mark.parametrize(
    ("given", "kind", "election", "change", "before", "after"),
    [
        (facts(clinicianType="other"), "individual", None,
         {"clinician_types": frozenset({"other"})}, "excluded", "required"),
        (facts(medicareEnrollmentDate="2025-01-01"), "individual", None,
         {"newly_enrolled_excluded": False}, "excluded", "required"),
        (facts(qpStatus="qp"), "individual", None,
         {"qp_statuses_excluded": frozenset()}, "excluded", "required"),
        (facts(qpStatus="partialQp"), "individual", "optIn",
         {"partial_qp_participates_by": frozenset({"optIn"})}, "excluded", "required"),
        (facts(BELOW), "individual", None,
         {"low_volume_exceeded": "any"}, "optInEligible", "required"),
        (facts(BELOW, SECOND), "individual", None,
         {"below_in_segment_1": "reviewed"}, "optInEligible", "required"),
        (facts(ABOVE, SECOND_BELOW), "individual", None,
         {"below_in_segment_2": "ignored"}, "optInEligible", "required"),
        (facts(BELOW), "individual", None,
         {"opt_in_exceeded": 3}, "optInEligible", "voluntary"),
        ({"segments": [BELOW]}, "virtualGroup", None,
         {"virtual_group_election": "changes_nothing"}, "optedIn", "optInEligible"),
        ({"segments": []}, "virtualGroup", None,
         {"virtual_group_election": "changes_nothing"}, "optedIn", "unknown"),
        (facts(BELOW), "individual", None,
         {"low_volume_thresholds": {"allowedCharges": Decimal(90000)}},
         "optInEligible", "required"),
    ],
)  # fmt: skip
def test_a_changed_rule_changes_the_outcome(  # noqa: PLR0913, PLR0917 - the columns of a table
    given: Json,
    kind: str,
    election: str | None,
    change: Mapping[str, object],
    before: str,
    after: str,
) -> None:
    """A lawyer edits the rule file and no Python."""
    assert judged(given, election, kind).outcome == before
    assert judged(given, election, kind, change).outcome == after


PLACED = {**ABOVE, "servicesByPlace": {"21": 150, "other": 50}}
GROUP = {**ABOVE, "members": 4, "hospitalBasedMembers": 3, "ruralMembers": 3}
ASC = {**ABOVE, "members": 4, "ascBasedMembers": 3, "facilityBasedMembers": 3}


@pytest.mark.parametrize(
    ("segments", "kind", "change", "lost", "won"),
    [
        ([PLACED], "individual", {"facility_based_hospital": "never_derived"},
         {"facilityBased"}, set()),
        ([ASC], "group", {"facility_based_hospital": "never_derived"},
         {"facilityBased"}, set()),
        ([PLACED], "individual", {"hospital_based_share": Decimal(76)},
         {"hospitalBased"}, set()),
        ([PLACED], "individual", {"hospital_based_places": frozenset({"19"})},
         {"hospitalBased"}, set()),
        ([PLACED], "individual", {"facility_based_needs_one_of": frozenset({"23"})},
         {"facilityBased"}, set()),
        ([GROUP], "group", {"group_share_exceeded": frozenset({"rural"})},
         set(), {"hospitalBased"}),
        ([GROUP], "group", {"location_group_shares": {"rural": Decimal(74)}},
         set(), {"rural"}),
        ([ASC], "group", {"asc_based_group_share": Decimal(75)}, set(), {"ascBased"}),
        ([{**ABOVE, "inHpsa": True}], "group", {"location_statuses": frozenset()},
         {"hpsa"}, set()),
        ([{**ABOVE, "clinicians": 15}, SECOND], "group",
         {"status_in_segment_1": "reviewed"}, {"smallPractice"}, set()),
        ([ABOVE, {**SECOND, "clinicians": 15}], "group",
         {"status_in_segment_2": "ignored"}, {"smallPractice"}, set()),
        ([ABOVE], "individual", {"statuses_of_types": {"physician": "rural"}},
         set(), {"rural"}),
    ],
)  # fmt: skip
def test_a_changed_rule_changes_the_statuses(
    segments: list[Json],
    kind: str,
    change: Mapping[str, object],
    lost: set[str],
    won: set[str],
) -> None:
    """Each word and share of the rule file has an effect."""
    before = judged(facts(*segments), kind=kind).statuses
    after = judged(facts(*segments), kind=kind, changes=change).statuses

    assert before - after == lost
    assert after - before == won


def test_a_year_without_opting_in_leaves_voluntary_reporting() -> None:
    """A rule file may have no provision for opting in."""
    without = replace(rules(), opt_in_exceeded=None)

    found = determine("individual", facts(BELOW), None, without, year=YEAR)

    assert (found.outcome, found.reason) == ("voluntary", "lowVolume")


@pytest.mark.parametrize("given", [None, {}, {"clinicianType": "physician"}])
@pytest.mark.parametrize("election", [None, "optIn", "voluntary"])
def test_without_figures_the_outcome_is_unknown(
    given: Json | None, election: str | None
) -> None:
    """An election is no figure."""
    found = judged(given, election)

    assert (found.outcome, found.reason) == ("unknown", "notDeclared")
    assert "eligibility-not-declared" in found.assumptions


def test_a_missing_type_of_clinician_is_an_assumption() -> None:
    """An eligible one is taken for granted, of individuals only."""
    given = {"segments": [ABOVE]}

    assert judged(given).assumptions == {"clinician-type-not-declared"}
    assert judged(given).outcome == "required"
    assert judged(given, kind="group").assumptions == set()


def test_what_is_written_is_read_again() -> None:
    """An event carries it as JSON."""
    found = judged(facts(PLACED, SECOND_BELOW))

    written = json.dumps(found.as_json())

    assert Eligibility.read(json.loads(written)) == found
    assert found.outcome in words.OUTCOMES


def test_each_reason_has_its_paragraph() -> None:
    """Reasons are written as those of scores."""
    found = judged(facts(BELOW, qpStatus="partialQp"), "participateAsPartialQp")

    assert [item["rule"] for item in found.reasons] == [
        "eligibility.clinician_types",
        "eligibility.partial_qp_participates_by",
        "eligibility.low_volume_thresholds",
    ]
    assert {item["category"] for item in found.reasons} == {"eligibility"}
    assert "200 patients do not exceed 200" in found.reasons[-1]["says"]


def made(word: str, on: str) -> Json:
    """Write an election."""
    return {"election": word, "electedOn": on}


def test_the_last_election_stands() -> None:
    """By the day it was made, not by the order in which it came."""
    later, earlier = made("optIn", "2026-02-02"), made("voluntary", "2026-02-01")

    found = standing([later, earlier], rules())

    assert found.election == later
    assert found.assumptions == set()


def test_opting_in_cannot_be_taken_back() -> None:
    """A later election changes nothing; that is unverified."""
    elections = [made("optIn", "2026-02-01"), made("voluntary", "2026-02-02")]

    found = standing(elections, rules())
    free = standing(elections, rules(irrevocable_elections=frozenset()))

    assert found.election == elections[0]
    assert found.assumptions == {"unverified:eligibility.irrevocable_elections"}
    assert free.election == elections[1]
    assert free.assumptions == set()


def test_opting_in_again_is_no_change() -> None:
    """The same word twice rests on nothing."""
    twice = [made("optIn", "2026-02-01"), made("optIn", "2026-02-02")]

    found = standing(twice, rules())

    assert found.election == twice[1]
    assert found.assumptions == set()
    assert standing([], rules()).election is None


@pytest.mark.parametrize(
    ("way", "names", "assumed"),
    [
        ("united", {"rural", "smallPractice"}, True),
        ("given_alone", {"rural"}, False),
        ("derived_alone", {"smallPractice"}, True),
    ],
)
def test_statuses_given_and_shown_are_joined_as_the_rules_say(
    way: str, names: set[str], *, assumed: bool
) -> None:
    """An assumption stands where others count than CMS gave."""
    found = united(["rural"], {"smallPractice"}, rules(given_statuses=way))

    assert found.names == names
    assert bool(found.assumptions) is assumed


class Clinician:
    """Something that has an outcome and a reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason


BELOW_ALONE = Clinician("voluntary", "lowVolume")


@pytest.mark.parametrize(
    ("kind", "change", "before", "after"),
    [
        ("group", {"group_brings_in_low_volume": False}, True, False),
        ("virtualGroup", {"virtual_group_election": "changes_nothing"}, True, False),
        ("group", {"paid_outcomes": frozenset({"optedIn"})}, True, False),
        ("group", {"unpaid_reasons": frozenset({"lowVolume"})}, True, False),
        ("apm", {"apm_low_volume": "not_judged"}, None, True),
    ],
)
def test_a_changed_rule_changes_who_is_paid(
    kind: str,
    change: Mapping[str, object],
    *,
    before: bool | None,
    after: bool,
) -> None:
    """Each word of the rule file has an effect."""
    assert pays(kind, "required", BELOW_ALONE, rules()).pays is before
    assert pays(kind, "required", BELOW_ALONE, rules(**change)).pays is after


def test_an_individual_is_unpaid_for_her_own_reason() -> None:
    """With her eligibility at hand its reason is told, else her outcome."""
    new = Clinician("excluded", "newlyEnrolled")

    told = pays("individual", "excluded", new, rules())
    untold = pays("individual", "excluded", None, rules())

    assert (told.pays, told.reason) == (False, "newlyEnrolled")
    assert (untold.pays, untold.reason) == (False, "excluded")
    assert told.citation == rules().paid_outcomes.citation


def test_an_unknown_clinician_is_paid_as_one_of_whom_nothing_is_declared() -> None:
    """Both are taken as paid, and both say so."""
    unknown = pays("group", "required", Clinician("unknown", "notDeclared"), rules())

    assert unknown == pays("group", "required", None, rules())
    assert unknown.assumptions == {"clinician-eligibility-not-declared"}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_segments_and_elections_surround_their_year(year: int) -> None:
    """Each segment is a year, one follows the other, elections end with the window."""
    law = book(year).eligibility
    segments = law.determination_segments.value

    assert segments["1"] == {
        "start": date(year - 2, 10, 1), "end": date(year - 1, 9, 30)
    }  # fmt: skip
    assert segments["2"] == {
        "start": date(year - 1, 10, 1), "end": date(year, 9, 30)
    }  # fmt: skip
    assert law.election_from.value == date(year, 1, 1)
    assert law.election_until.value == date(year + 1, 3, 31)
