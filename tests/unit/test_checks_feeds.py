"""What CMS declares of an entity: profiles, measures, earlier scores."""

import pytest

from qpp.checks import check_feed
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers.submissions import (
    NPI,
    Json,
    catalogue_of,
    feed,
    finding_rules,
    places,
    rules_of,
)

# Another well-formed NPI with a right check digit, and one with a wrong one.
OTHER = "1234567802"
WRONG = "1234567890"

WARNINGS = {Code.NPI_CHECK_DIGIT, Code.PRIOR_WITHOUT_MATCH}


def check(document: Json) -> list[Finding]:
    """Check a feed by the rules of 2025 and the test catalogue."""
    return check_feed(document, rules_of(), catalogue_of(), finding_rules())


def individual(kind: str, **fields: object) -> Json:
    """Make a feed about an individual."""
    return feed(kind, entityType="individual", nationalProviderIdentifier=NPI) | fields


def members(*npis: object) -> list[Json]:
    """Make a roster."""
    return [{"nationalProviderIdentifier": npi} for npi in npis]


def measure(measure_id: str, score: object = "7.5") -> Json:
    """Make one measure of a feed."""
    return {"measureId": measure_id, "score": score, "caseCount": 40}


def hospital(patients: int, percentile: str) -> Json:
    """Make one hospital of an entity."""
    return {
        "certificationNumber": "050001",
        "medicarePatients": patients,
        "percentile": percentile,
    }


@pytest.mark.parametrize(
    "document",
    [
        feed("profile", specialStatuses=["smallPractice"], roster=members(NPI, OTHER)),
        individual("profile", specialStatuses=[]),
        feed("profile", specialStatuses=[5], roster=[5, {}, *members(None, 5)]),
        individual("profile", roster=[]),
        feed("cost-attribution", measures=[measure("TPCC_1")]),
        feed("administrative-claims", measures=[measure("479")]),
        feed("cahps", measures=[measure("CAHPS_1", "100")]),
        feed("cahps", measures=[5, {}, {"measureId": 5, "score": "many"}]),
        feed(
            "prior-scores",
            qualityAchievementPercent="100",
            costPercent="0",
            identifierMatch="sameIdentifier",
        ),
        feed("prior-scores", identifierMatch="none"),
        feed("prior-scores", costPercent=None),
        feed("complex-patient-bonus", points="10"),
        feed("complex-patient-bonus", indicators={}, population={}),
        feed("facility-based", hospitalPercentile="80"),
        feed("facility-based", hospitals=[hospital(40, "80")]),
        feed("facility-based", hospitalPercentile="80", hospitals=[5]),
        feed(
            "facility-based",
            hospitalPercentile="80.0",
            hospitals=[hospital(40, "80"), hospital(40, "60"), hospital(39, "90")],
        ),
        feed("reweighting", decisions=[]),
        individual("paid-amount", allowedAmount="0"),
        feed("weather"),
        {},
    ],
)
def test_what_is_right_or_left_to_the_schema_has_no_findings(document: Json) -> None:
    """Wrong types are none of these checks' business."""
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (
            feed("profile", specialStatuses=["rural", "small"]),
            Code.STATUS_UNKNOWN,
            "/specialStatuses/1",
        ),
        (
            individual("profile", roster=members(NPI)),
            Code.ROSTER_NOT_FOR_INDIVIDUAL,
            "/roster",
        ),
        (
            feed("profile", roster=members(NPI, OTHER, NPI)),
            Code.ROSTER_DUPLICATE,
            "/roster/2/nationalProviderIdentifier",
        ),
        (
            feed("profile", roster=members(NPI, WRONG)),
            Code.NPI_CHECK_DIGIT,
            "/roster/1/nationalProviderIdentifier",
        ),
        (
            individual("reweighting", nationalProviderIdentifier=WRONG),
            Code.NPI_CHECK_DIGIT,
            "/nationalProviderIdentifier",
        ),
        (
            feed("profile", nationalProviderIdentifier=NPI),
            Code.IDENTIFIER_NOT_ALLOWED,
            "/nationalProviderIdentifier",
        ),
        (feed("profile", entityType="individual"), Code.IDENTIFIER_MISSING, ""),
        (
            individual("paid-amount", allowedAmount="-0.01"),
            Code.FEED_FIGURE_IMPOSSIBLE,
            "/allowedAmount",
        ),
        (
            feed("cost-attribution", measures=[measure("479")]),
            Code.FEED_MEASURE_UNKNOWN,
            "/measures/0/measureId",
        ),
        (
            feed("administrative-claims", measures=[measure("TPCC_1")]),
            Code.FEED_MEASURE_UNKNOWN,
            "/measures/0/measureId",
        ),
        (
            # The container holds the summary measures and has no score of its own.
            feed("cahps", measures=[measure("321")]),
            Code.FEED_MEASURE_UNKNOWN,
            "/measures/0/measureId",
        ),
        (
            feed("cost-attribution", measures=[measure("TPCC_1")] * 2),
            Code.FEED_MEASURE_DUPLICATE,
            "/measures/1/measureId",
        ),
        (
            feed("cost-attribution", measures=[measure("TPCC_1", "-1")]),
            Code.FEED_FIGURE_IMPOSSIBLE,
            "/measures/0/score",
        ),
        (
            feed("cahps", measures=[measure("CAHPS_1", "100.01")]),
            Code.FEED_FIGURE_IMPOSSIBLE,
            "/measures/0/score",
        ),
        (
            feed(
                "prior-scores",
                qualityAchievementPercent="100.5",
                identifierMatch="averageOfMembers",
            ),
            Code.FEED_FIGURE_IMPOSSIBLE,
            "/qualityAchievementPercent",
        ),
        (
            feed("complex-patient-bonus", points=11),
            Code.FEED_FIGURE_IMPOSSIBLE,
            "/points",
        ),
        (feed("complex-patient-bonus"), Code.BONUS_UNCLEAR, ""),
        (feed("complex-patient-bonus", indicators={}), Code.BONUS_UNCLEAR, ""),
        (
            feed("complex-patient-bonus", points="3", indicators={}, population={}),
            Code.BONUS_UNCLEAR,
            "",
        ),
        (
            feed(
                "complex-patient-bonus",
                indicators={},
                population={"hccStandardDeviation": "0.00"},
            ),
            Code.NO_SPREAD,
            "/population/hccStandardDeviation",
        ),
        (feed("prior-scores", costPercent="5"), Code.PRIOR_WITHOUT_MATCH, ""),
        (
            feed("prior-scores", costPercent="5", identifierMatch="none"),
            Code.PRIOR_WITHOUT_MATCH,
            "/identifierMatch",
        ),
        (
            feed(
                "facility-based",
                hospitalPercentile="60",
                hospitals=[hospital(40, "80"), hospital(40, "60")],
            ),
            Code.HOSPITAL_DIFFERS,
            "/hospitalPercentile",
        ),
    ],
)
def test_a_feed_is_checked(document: Json, code: Code, pointer: str) -> None:
    """The finding points to the field that is wrong."""
    found = check(document)

    assert places(found) == [(code, pointer)]
    assert rejects(found) is (code not in WARNINGS)


def test_a_finding_about_a_roster_shows_no_npi() -> None:
    """It says where the other one stands instead."""
    found = check(feed("profile", roster=members(WRONG, WRONG)))

    texts = [text for item in found for text in item.as_json().values()]
    assert [text for text in texts if WRONG in text] == []
    assert found[-1].found == "the NPI of /roster/0/nationalProviderIdentifier again"


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("cost-attribution", "the id of a cost measure of 2025"),
        ("administrative-claims", "the id of an administrative-claims measure of 2025"),
        ("cahps", "the id of a CAHPS summary measure of 2025"),
    ],
)
def test_an_unknown_measure_is_told_which_kind_is_needed(
    kind: str, needed: str
) -> None:
    """Each feed has measures of its own kind."""
    (found,) = check(feed(kind, measures=[measure("NO_SUCH_1")]))

    assert found.needed == needed
