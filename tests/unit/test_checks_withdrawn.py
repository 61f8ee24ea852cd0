"""Sets that are withdrawn, and documents that arrive late."""

from datetime import date

import pytest

from qpp import library
from qpp.checks.window import check_window
from qpp.codes import Code
from qpp.findings import Severity
from qppflow.runtime.judging import (
    ACCEPTED,
    REJECTED,
    STRICT_WINDOW,
    Judged,
    judge_submission,
)
from tests.helpers.cli import accepted
from tests.helpers.documents import body
from tests.helpers.submissions import Json, finding_rules, places

WITHDRAWN: Json = {
    "category": "ia",
    "submissionMethod": "registry",
    "withdrawn": True,
}


def sent(*sets: Json) -> Judged:
    """Judge a submission of these sets."""
    return judge_submission(body(accepted() | {"measurementSets": list(sets)}))


def alone(item: Json) -> Judged:
    """Judge a measurement set with its submission inside."""
    about = {k: v for k, v in accepted().items() if k != "measurementSets"}
    return judge_submission(body({"submission": about, **item}))


def test_a_set_is_withdrawn_without_content_in_both_shapes() -> None:
    """The category, the method and, if it is not the default, the program."""
    for judged in (sent(WITHDRAWN), alone(WITHDRAWN)):
        assert judged.findings == ()
        assert judged.fate == ACCEPTED
        assert judged.document is not None
        assert judged.document["measurementSets"] == [WITHDRAWN]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("measurements", [{"measureId": "IA_BE_6", "value": True}]),
        ("performanceStart", "2025-01-01"),
        ("performanceEnd", "2025-12-31"),
        ("cehrtId", "2025CABCDEFGHIJ"),
        ("practiceDetails", {}),
    ],
)
def test_a_withdrawn_set_says_nothing_else(name: str, value: object) -> None:
    """Whoever sends both may mean either."""
    judged = sent(WITHDRAWN | {name: value})

    assert judged.fate == REJECTED
    assert places(judged.findings) == [
        (Code.WITHDRAWN_WITH_CONTENT, f"/measurementSets/0/{name}")
    ]
    assert alone(WITHDRAWN | {name: value}).findings[0].pointer == f"/{name}"


def test_an_unknown_field_of_a_withdrawn_set_is_told_once_and_not_shown() -> None:
    """Its name may be anything."""
    judged = sent(WITHDRAWN | {"0001112223": 1})

    assert judged.fate == REJECTED
    assert "0001112223" not in str(judged.findings)


@pytest.mark.parametrize("value", [False, "true", 1])
def test_a_set_is_withdrawn_by_true_alone(value: object) -> None:
    """Anything else beside a whole set is one mistake."""
    whole = accepted()["measurementSets"][0]

    judged = sent(whole | {"withdrawn": value})

    assert [item.pointer for item in judged.findings] == [
        "/measurementSets/0/withdrawn"
    ]
    assert judged.fate == REJECTED


def test_a_set_cannot_be_withdrawn_and_sent_at_once() -> None:
    """Which of the two counts would hang on their order."""
    whole = accepted()["measurementSets"][0]
    gone = WITHDRAWN | {"category": whole["category"]}

    judged = sent(whole, gone)

    assert (Code.SET_DUPLICATE, "/measurementSets/1") in places(judged.findings)


def test_program_and_method_of_a_withdrawn_set_are_checked() -> None:
    """A slot that no set can be in cannot be emptied."""
    judged = sent(WITHDRAWN | {"programName": "mipss", "submissionMethod": "claims"})

    assert {item.code for item in judged.findings} == {
        Code.PROGRAM_UNKNOWN,
        Code.CLAIMS_FROM_REGISTRY,
    }


@pytest.mark.parametrize("year", library.years())
@pytest.mark.parametrize(("days", "late"), [(-60, False), (0, False), (1, True)])
def test_a_document_is_late_the_day_after_the_window_closed(
    year: int,
    days: int,
    late: bool,  # noqa: FBT001 - a parameter of pytest's
) -> None:
    """The last day counts whole, and an early document is a preview."""
    rules = library.rules(year)
    closes = rules.submission.window_closes.value
    received = date.fromordinal(closes.toordinal() + days)

    found = check_window(received, rules, finding_rules())

    assert [item.code for item in found] == [Code.ARRIVED_LATE] * late
    assert all(str(received) in item.found for item in found)
    assert all(str(closes) in item.needed for item in found)


def test_the_windows_are_those_that_cms_announced() -> None:
    """April follows the year of the data."""
    closes = [library.rules(y).submission.window_closes for y in (2024, 2025, 2026)]

    assert [str(item.value) for item in closes] == [
        "2025-03-31",
        "2026-03-31",
        "2027-03-31",
    ]
    assert [item.status for item in closes] == ["verified", "verified", "unverified"]


def test_lateness_is_a_warning_until_a_site_refuses_it() -> None:
    """Beside it stand the findings of the document."""
    document = body(accepted() | {"measurementSets": [WITHDRAWN]})
    late = date(2027, 4, 1)

    taken = judge_submission(document, received=late)
    refused = judge_submission(document, received=late, strict=STRICT_WINDOW)

    assert (taken.fate, refused.fate) == (ACCEPTED, REJECTED)
    assert [item.severity for item in taken.findings] == [Severity.WARNING]
    assert places(refused.findings) == [(Code.ARRIVED_LATE, "")]


def test_the_day_is_not_judged_where_nobody_knows_it() -> None:
    """Nor for a year without rules."""
    unknown = body(accepted() | {"performanceYear": 2019})

    found = judge_submission(unknown, received=date(2999, 1, 1)).findings

    assert Code.ARRIVED_LATE not in [item.code for item in found]
    assert judge_submission(body(accepted())).findings == ()
