"""The examples of eligibility facts in a profile, and of elections."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_sheet import TIN
from tests.helpers.corpus_values import Json
from tests.schemas.feed_cases import bad, good, group, one

FIGURES: Final = {
    "allowedCharges": "90000.01",
    "beneficiaries": 201,
    "coveredServices": 201,
}


def segment(number: int = 1, **more: object) -> Json:
    """Write a segment just above each threshold."""
    return {"segment": number, **FIGURES, **more}


def facts(*segments: Json, **more: object) -> Json:
    """Write the members of a profile that are about eligibility."""
    return {
        "specialStatuses": [],
        "eligibility": {**more, "segments": list(segments) or [segment()]},
    }


def election(word: str, on: str = "2026-02-10") -> Json:
    """Write the members of an election."""
    return {"election": word, "electedOn": on}


def other(kind: str, entity_id: str, **more: object) -> Json:
    """Write an election of an entity that has an id of its own."""
    written = group("election", entity_id, **{**election("voluntary"), **more})
    del written[TIN]
    return {**written, "entityType": kind, "entityId": entity_id}


CASES: Final = (
    good(
        "eligibility-of-an-individual",
        one(
            "profile",
            "own facts",
            **facts(
                segment(
                    clinicians=15,
                    patientFacingEncounters=100,
                    servicesByPlace={"21": 150, "other": 51},
                    inRuralArea=True,
                ),
                segment(2),
                clinicianType="certifiedRegisteredNurseAnesthetist",
                medicareEnrollmentDate="2019-07-01",
                qpStatus="none",
            ),
        ),
    ),
    good(
        "eligibility-of-a-group",
        group(
            "profile",
            "group facts",
            **facts(
                segment(
                    clinicians=16,
                    members=16,
                    hospitalBasedMembers=13,
                    nonPatientFacingMembers=12,
                    ruralMembers=16,
                )
            ),
        ),
    ),
    bad(
        "segment-twice",
        group("profile", "segment", **facts(segment(), segment())),
        Code.SEGMENT_TWICE,
    ),
    bad(
        "more-hospital-based-members-than-members",
        group("profile", "part", **facts(segment(members=12, hospitalBasedMembers=13))),
        Code.PART_ABOVE_WHOLE,
    ),
    bad(
        "more-services-by-place-than-services",
        one("profile", "places", **facts(segment(servicesByPlace={"21": 202}))),
        Code.PART_ABOVE_WHOLE,
    ),
    bad(
        "clinician-type-of-a-group",
        group("profile", "type", **facts(clinicianType="physician")),
        Code.FACT_OF_ANOTHER_KIND,
    ),
    bad(
        "negative-allowed-charges",
        group("profile", "negative", **facts(segment(allowedCharges="-1"))),
        Code.WRONG_FORM,
    ),
    bad(
        "third-segment",
        group("profile", "third", **facts(segment(3))),
        Code.NOT_IN_LIST,
    ),
    bad(
        "enrolled-on-a-day-that-does-not-exist",
        one("profile", "day", **facts(medicareEnrollmentDate="2025-02-30")),
        Code.DATE_IMPOSSIBLE,
    ),
    good("opting-in", one("election", "opts", **election("optIn"))),
    good("group-reports-voluntarily", group("election", "v", **election("voluntary"))),
    good(
        "partial-qps-take-part",
        other("apm", "A1001", election="participateAsPartialQp"),
    ),
    bad(
        "made-the-year-before",
        one("election", "before", **election("optIn", "2024-12-31")),
        Code.ELECTION_OUTSIDE_YEAR,
    ),
    bad(
        "made-after-the-submission-window",
        one("election", "after", **election("optIn", "2026-04-01")),
        Code.ELECTION_OUTSIDE_YEAR,
    ),
    bad(
        "of-no-known-word",
        one("election", "word", **election("optOut")),
        Code.NOT_IN_LIST,
    ),
    bad(
        "group-with-npi",
        {**one("election", "npi", **election("optIn")), "entityType": "group"},
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    bad(
        "individual-without-npi",
        {
            **group("election", "no npi", **election("optIn")),
            "entityType": "individual",
        },
        Code.IDENTIFIER_MISSING,
    ),
    bad(
        "virtual-group-with-tin",
        {
            **group("election", "tin", **election("optIn")),
            "entityType": "virtualGroup",
            "entityId": "x12345",
        },
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    bad(
        "entity-id-with-a-space",
        other("subgroup", "SG 00000001"),
        Code.ENTITY_ID_MALFORMED,
    ),
    bad(
        "without-a-day",
        {
            key: text
            for key, text in other("apm", "A1002").items()
            if key != "electedOn"
        },
        Code.FIELD_MISSING,
    ),
)
