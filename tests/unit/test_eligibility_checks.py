"""What is wrong with eligibility facts and elections."""

import pytest

from qpp.checks import check_feed
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers import documents
from tests.helpers.submissions import (
    Json,
    catalogue_of,
    feed,
    finding_rules,
    places,
    rules_of,
)

PLACE = "/eligibility/segments/0"


def check(document: Json) -> list[Finding]:
    """Check a feed by the rules of 2025."""
    return check_feed(document, rules_of(), catalogue_of(), finding_rules())


def profile(*segments: object, kind: str = "group", **facts: object) -> Json:
    """Make a profile with facts."""
    npi = {"nationalProviderIdentifier": documents.NPI} if kind == "individual" else {}
    return feed(
        "profile",
        entityType=kind,
        specialStatuses=[],
        **npi,
        eligibility={"segments": list(segments), **facts},
    )


def election(on: object) -> Json:
    """Make an election of a day."""
    return feed("election", election="optIn", electedOn=on)


@pytest.mark.parametrize(
    "document",
    [
        feed("profile", specialStatuses=[], eligibility=5),
        profile(5, {}, {"segment": "1"}, {"segment": None}),
        profile({"segment": 1}, {"segment": 2}),
        profile({"members": 12, "ruralMembers": 12}),
        profile({"members": "many", "ruralMembers": 12}),
        profile({"members": 12, "ruralMembers": "all"}),
        profile({"servicesByPlace": {"21": 9, "24": "x"}, "coveredServices": 9},
                kind="individual"),
        profile({"servicesByPlace": {}}, kind="individual"),
        profile({"allowedCharges": "0"}, clinicianType="other", kind="individual"),
        profile({"allowedCharges": "much"}),
        profile(medicareEnrollmentDate="2025-05-05", kind="individual"),
        election("2025-01-01"),
        election("2026-03-31"),
        election("soon"),
        election(20250101),
        {"feed": "election"},
    ],
)  # fmt: skip
def test_what_is_right_or_left_to_the_schema_has_no_findings(document: Json) -> None:
    """Wrong types are none of these checks' business."""
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (profile({"segment": 1}, {"segment": 1}), Code.SEGMENT_TWICE,
         "/eligibility/segments/1/segment"),
        (profile({"members": 12, "hpsaMembers": 13}), Code.PART_ABOVE_WHOLE,
         f"{PLACE}/hpsaMembers"),
        (profile({"ruralMembers": 0}), Code.PART_ABOVE_WHOLE, f"{PLACE}/ruralMembers"),
        (profile({"servicesByPlace": {"21": 9, "24": 1}, "coveredServices": 9},
                 kind="individual"), Code.PART_ABOVE_WHOLE, f"{PLACE}/servicesByPlace"),
        (profile({"allowedCharges": "-0.01"}), Code.FEED_FIGURE_IMPOSSIBLE,
         f"{PLACE}/allowedCharges"),
        (profile(clinicianType="physician"), Code.FACT_OF_ANOTHER_KIND,
         "/eligibility/clinicianType"),
        (profile(medicareEnrollmentDate="2025-01-01"), Code.FACT_OF_ANOTHER_KIND,
         "/eligibility/medicareEnrollmentDate"),
        (profile({"patientFacingEncounters": 1}), Code.FACT_OF_ANOTHER_KIND,
         f"{PLACE}/patientFacingEncounters"),
        (profile({"members": 1}, kind="individual"), Code.FACT_OF_ANOTHER_KIND,
         f"{PLACE}/members"),
        (election("2024-12-31"), Code.ELECTION_OUTSIDE_YEAR, "/electedOn"),
        (election("2026-04-01"), Code.ELECTION_OUTSIDE_YEAR, "/electedOn"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_error(document: Json, code: Code, pointer: str) -> None:
    """The finding points to the field that is wrong, and rejects the feed."""
    found = check(document)

    assert places(found) == [(code, pointer)]
    assert rejects(found)


def test_a_finding_says_what_is_needed() -> None:
    """In words that do not ask the reader to look anything up."""
    twice, wrong_kind = (
        check(document)[0]
        for document in (
            profile({"segment": 2}, {"segment": 2}),
            profile({"members": 1}, kind="individual"),
        )
    )

    assert twice.needed == "each segment once; the first is /eligibility/segments/0"
    assert wrong_kind.found == "members of an individual"
    assert wrong_kind.needed == "no members: only groups have it"
