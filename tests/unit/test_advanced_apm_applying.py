"""What a determination on an Advanced APM does to a clinician's standing in MIPS."""

from typing import Any, TypeAlias

import pytest

from qpp import library
from qpp.advanced_apm import Participation, participation, with_status

Json: TypeAlias = dict[str, Any]

RULES = library.advanced_apm_rules(2025)
PROFILE: Json = {"specialStatuses": [], "eligibility": {"clinicianType": "physician"}}


def shares(percent: int, **more: object) -> Json:
    """Give a feed of an APM entity with a share of payments; of patients, none."""
    medicare = {
        "paymentsThroughAdvancedApm": str(percent),
        "paymentsTotal": "100",
        "patientsThroughAdvancedApm": 0,
        "patientsTotal": 100,
    }
    return {
        "feed": "advanced-apm",
        "performanceYear": 2025,
        "entityType": "apm",
        "entityId": "A1",
        "snapshots": [{"date": "2025-03-31", "medicare": medicare}],
        **more,
    }


@pytest.mark.parametrize(
    ("document", "status", "why"),
    [
        (shares(75), "qp", "qp"),
        (shares(74), "partialQp", "partialQpNotElected"),
        (shares(74, electsMips=False), "partialQp", "partialQpDeclined"),
        (shares(74, electsMips=True), "partialQp", ""),
        (shares(49), "none", ""),
    ],
)
def test_a_status_says_why_it_takes_its_bearer_out(
    document: Json, status: str, why: str
) -> None:
    """A QP always, a partial QP unless it elected to take part (414.1310(b))."""
    found = participation(document, RULES)

    assert found == Participation(status, why)


def test_a_determination_takes_the_place_of_the_profiles_status() -> None:
    """What else the profile says stays."""
    told = {"profile": PROFILE, "advanced-apm": shares(75)}

    found = with_status(told, RULES)

    assert found["profile"]["eligibility"] == {
        "clinicianType": "physician",
        "qpStatus": "qp",
    }
    assert "election" not in found
    assert told["profile"] is PROFILE


def test_an_election_in_the_feed_counts_where_none_was_made_otherwise() -> None:
    """The election feed goes before it."""
    told = {"profile": PROFILE, "advanced-apm": shares(74, electsMips=True)}
    declines = {"election": "declineAsPartialQp"}

    alone = with_status(told, RULES)
    beside = with_status({**told, "election": declines}, RULES)

    assert alone["election"] == {"election": "participateAsPartialQp"}
    assert beside["election"] == declines


@pytest.mark.parametrize("missing", ["profile", "advanced-apm"])
def test_without_profile_or_determination_nothing_is_added(missing: str) -> None:
    """A status needs somebody to bear it."""
    told = {"profile": PROFILE, "advanced-apm": shares(75)}
    del told[missing]

    found = with_status(told, RULES)

    assert found == told
