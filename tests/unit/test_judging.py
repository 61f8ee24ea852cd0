"""A document's fate follows from its findings, and its findings from its bytes."""

import json

import pytest

from qpp.codes import Code
from qpp.findings import Severity
from qppflow.runtime.judging import (
    ACCEPTED,
    LENIENT,
    PARKED,
    REJECTED,
    STRICT_NPI,
    STRICT_WINDOW,
    judge_feed,
    judge_submission,
)
from tests.helpers.cli import accepted, costs, profile, rejected
from tests.helpers.submissions import NPI, Json, places

# Ten digits that start as an NPI does, with a wrong check digit.
WRONG_NPI = NPI[:-1] + "4"


def body(document: object) -> bytes:
    """Write a document as it travels."""
    return json.dumps(document).encode()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_right_submission_is_accepted_whole(year: int) -> None:
    """It comes back as a document, with its year and nothing to say."""
    judged = judge_submission(body(accepted(year)))

    assert (judged.fate, judged.kind, judged.year) == (ACCEPTED, "submission", year)
    assert judged.findings == ()
    assert judged.parked is None
    assert judged.document is not None
    assert len(judged.document["measurementSets"]) == 3


def test_errors_of_structure_and_of_meaning_are_told_at_once() -> None:
    """A registry mends its document in one round."""
    document = rejected() | {"entityType": "nobody"}

    judged = judge_submission(body(document))

    assert judged.fate == REJECTED
    assert {pointer for _, pointer in places(judged.findings)} >= {
        "/entityType",
        "/measurementSets/0/measurements/1/measureId",
        "/measurementSets/2/performanceEnd",
    }


def test_a_measurement_set_is_told_in_its_own_places() -> None:
    """Findings point into what was sent, not into what was made of it."""
    whole = rejected()
    sets = whole.pop("measurementSets")

    judged = judge_submission(body({"submission": whole, **sets[2]}))

    assert places(judged.findings) == [(Code.PERIOD_OUTSIDE_YEAR, "/performanceEnd")]


def test_warnings_reject_nothing() -> None:
    """They say what something costs."""
    document = accepted()
    del document["measurementSets"][0]["measurements"][-1]

    judged = judge_submission(body(document))

    assert judged.fate == ACCEPTED
    assert [item.severity for item in judged.findings] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("strict", "fate", "severity"),
    [(False, ACCEPTED, Severity.WARNING), (True, REJECTED, Severity.ERROR)],
)
def test_a_wrong_check_digit_rejects_only_where_that_was_asked_for(
    strict: bool,  # noqa: FBT001 - a parameter of pytest's has no name at the call
    fate: str,
    severity: Severity,
) -> None:
    """CMS looks at an NPI's ten digits and no further."""
    document = accepted() | {"nationalProviderIdentifier": WRONG_NPI}

    judged = judge_submission(body(document), strict=STRICT_NPI if strict else LENIENT)

    assert judged.fate == fate
    assert [(item.code, item.severity) for item in judged.findings] == [
        (Code.NPI_CHECK_DIGIT, severity)
    ]


def test_strictness_leaves_other_warnings_what_they_are() -> None:
    """Only the check digit is meant."""
    document = accepted()
    del document["measurementSets"][0]["measurements"][-1]

    judged = judge_submission(body(document), strict=STRICT_NPI | STRICT_WINDOW)

    assert judged == judge_submission(body(document))
    assert judged.findings


@pytest.mark.parametrize("sent", [None, b"", b"{", b"\xff\xfe"])
def test_what_is_no_json_is_parked(sent: bytes | None) -> None:
    """Nothing can be said of a document that is not there."""
    for judged in (judge_submission(sent), judge_feed(sent)):
        assert judged.fate == PARKED
        assert judged.parked == judged.findings[0].code
        assert (judged.document, judged.year) == (None, None)


def test_a_document_above_the_limit_is_not_accepted() -> None:
    """The limit is the caller's to set."""
    sent = body(accepted())

    assert judge_submission(sent, len(sent)).fate == ACCEPTED
    assert judge_submission(sent, len(sent) - 1).fate != ACCEPTED
    assert judge_feed(body(profile()), 5).fate != ACCEPTED


@pytest.mark.parametrize(
    "document", [[], {"a": 1}, accepted() | {"performanceYear": 9}]
)
def test_other_json_is_rejected(document: object) -> None:
    """It can be read, so it can be answered."""
    judged = judge_submission(body(document))

    assert (judged.fate, judged.year, judged.parked) == (REJECTED, None, None)


@pytest.mark.parametrize("document", [profile(), costs()])
def test_a_right_feed_is_accepted(document: Json) -> None:
    """A feed is judged as a feed, and a submission is none."""
    judged = judge_feed(body(document))

    assert (judged.fate, judged.findings, judged.year) == (ACCEPTED, (), 2025)
    assert judged.document == document
    assert judge_feed(body(accepted())).fate == REJECTED


def test_a_feed_is_judged_by_the_years_catalogue() -> None:
    """A cost measure that the year does not know is an error."""
    judged = judge_feed(body(costs(measure="NO_SUCH_1")))

    assert judged.fate == REJECTED
    assert [place for _, place in places(judged.findings)] == ["/measures/0/measureId"]
