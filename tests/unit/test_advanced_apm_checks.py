"""What may be wrong with figures of an Advanced APM, and how the feed is judged."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.advanced_apm import check_facts
from qpp.codes import Code
from qpp.findings import Finding
from qpp.library import advanced_apm_rules
from qppflow.cli.qp import assess
from qppflow.runtime.judging import (
    ACCEPTED,
    PARKED,
    REJECTED,
    judge_advanced_apm,
    judge_feed,
)
from tests.helpers.documents import mutated
from tests.helpers.submissions import NPI, TIN, finding_rules, rules_of
from tests.schemas.feed_cases_apm import entity, share, snapshot

WRONG_NPI = "1234567890"


def check(document: dict[str, Any]) -> list[Finding]:
    """Check a document by the rules of 2025."""
    return check_facts(
        document, advanced_apm_rules(2025), rules_of().submission, finding_rules()
    )


def told(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Give codes and pointers of what is found."""
    return [(item.code, item.pointer) for item in check(document)]


def body(document: object) -> bytes:
    """Write a document as it travels."""
    return json.dumps(document).encode()


def clinician(**changed: object) -> dict[str, Any]:
    """Write the feed of a clinician."""
    made = entity(snapshot(), entityType="individual")
    del made["entityId"]
    return {
        **made,
        "taxpayerIdentificationNumber": TIN,
        "nationalProviderIdentifier": NPI,
        **changed,
    }


@pytest.mark.parametrize(
    "document",
    [
        entity(snapshot("03-31"), snapshot("06-30"), snapshot("08-31")),
        clinician(),
        entity(snapshot(allPayer=share("1000.00", 200))),
        {},
        {"snapshots": [5, {}, {"date": 5}, {"date": "someday", "medicare": 5}]},
        {"snapshots": [{"medicare": {"paymentsTotal": 5}, "allPayer": {}}]},
        entity({"date": "2025-06-30", "allPayer": share("1.00", 1)}),
    ],
)
def test_what_is_right_or_left_to_the_schema_has_no_findings(
    document: dict[str, Any],
) -> None:
    """Wrong types are none of these checks' business."""
    assert check(document) == []


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (
            entity(snapshot(medicare=share("1000.01", 0))),
            Code.PART_ABOVE_TOTAL,
            "/snapshots/0/medicare/paymentsThroughAdvancedApm",
        ),
        (
            entity(snapshot("03-31"), snapshot(allPayer=share("1000.00", 201))),
            Code.PART_ABOVE_TOTAL,
            "/snapshots/1/allPayer/patientsThroughAdvancedApm",
        ),
        (
            entity(snapshot(medicare=share("600.00", 0, patientsTotal=0))),
            Code.TOTAL_ZERO,
            "/snapshots/0/medicare/patientsTotal",
        ),
        (
            entity(snapshot(medicare=share("5.00", 0, paymentsTotal="0.00"))),
            Code.TOTAL_ZERO,
            "/snapshots/0/medicare/paymentsTotal",
        ),
        (entity(snapshot("12-31")), Code.SNAPSHOT_UNKNOWN, "/snapshots/0/date"),
        (
            entity(snapshot(), snapshot("03-31"), snapshot()),
            Code.SNAPSHOT_DUPLICATE,
            "/snapshots/2/date",
        ),
        (
            entity(snapshot(allPayer=share("599.99", 90))),
            Code.ALL_PAYER_BELOW_MEDICARE,
            "/snapshots/0/allPayer/paymentsThroughAdvancedApm",
        ),
        (clinician(nationalProviderIdentifier=None), Code.IDENTIFIER_MISSING, ""),
        (entity(snapshot(), entityId=None), Code.IDENTIFIER_MISSING, ""),
        (
            entity(snapshot(), taxpayerIdentificationNumber=TIN),
            Code.IDENTIFIER_NOT_ALLOWED,
            "/taxpayerIdentificationNumber",
        ),
        (clinician(entityId="A1"), Code.IDENTIFIER_NOT_ALLOWED, "/entityId"),
        (
            clinician(nationalProviderIdentifier=WRONG_NPI),
            Code.NPI_CHECK_DIGIT,
            "/nationalProviderIdentifier",
        ),
    ],
)
def test_each_mistake_has_its_code_at_its_place(
    document: dict[str, Any], code: Code, pointer: str
) -> None:
    """One mistake, one finding."""
    assert told(document) == [(code, pointer)]


def test_a_share_at_its_total_is_no_mistake() -> None:
    """100 percent is allowed, a cent more is not."""
    assert told(entity(snapshot(medicare=share("1000.00", 200)))) == []
    assert told(entity(snapshot(medicare=share("1000.01", 201)))) == [
        (Code.PART_ABOVE_TOTAL, "/snapshots/0/medicare/paymentsThroughAdvancedApm"),
        (Code.PART_ABOVE_TOTAL, "/snapshots/0/medicare/patientsThroughAdvancedApm"),
    ]


def test_a_finding_says_what_was_found_and_needed_and_no_identifier() -> None:
    """Figures are shown, identifiers are described."""
    (above,) = check(entity(snapshot(medicare=share("1000.01", 0))))
    (refused,) = check(entity(snapshot(), taxpayerIdentificationNumber=TIN))
    (day,) = check(entity(snapshot("12-31")))

    assert above.found == '"1000.01", more than 100 percent'
    assert above.needed == 'at most paymentsTotal, "1000.00"'
    assert above.citation == "42 CFR 414.1435 and 414.1440"
    assert TIN not in f"{refused.found} {refused.needed}"
    assert day.needed == "one of 2025-03-31, 2025-06-30, 2025-08-31"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6))
def test_a_document_that_is_broken_anywhere_is_checked(seed: int) -> None:
    """Nothing that is sent raises, neither here nor with the schema before it."""
    document = mutated(clinician(), seed)

    judged = judge_advanced_apm(body(document))

    found = {item.code for item in check(document)}
    assert judged.fate == ACCEPTED or judged.findings
    if judged.fate == ACCEPTED:
        assert assess(judged)["explanation"]
        assert found <= {item.code for item in judged.findings}


@pytest.mark.parametrize("year", [2017, 2020, 2024, 2027])
def test_every_year_with_rules_is_judged(year: int) -> None:
    """Also those that MIPS is not scored for."""
    document = entity({**snapshot(), "date": f"{year}-06-30"}, performanceYear=year)

    judged = judge_advanced_apm(body(document))

    assert (judged.fate, judged.findings, judged.year) == (ACCEPTED, (), year)


@pytest.mark.parametrize(
    ("year", "code"),
    [(2016, Code.YEAR_UNKNOWN), (2150, Code.YEAR_UNKNOWN)],
)
def test_a_year_without_rules_is_told_with_those_that_have_some(
    year: int, code: Code
) -> None:
    """2017 to 2027, not the years of MIPS."""
    judged = judge_advanced_apm(body(entity(snapshot(), performanceYear=year)))

    (found,) = [item for item in judged.findings if item.code == code]
    assert judged.fate == REJECTED
    assert found.needed.startswith("one of 2017, ")
    assert found.needed.endswith(" 2027")


def test_the_stream_takes_the_feed_in_years_that_mips_is_scored_for() -> None:
    """Its semantic checks run there, too."""
    above = entity(snapshot(medicare=share("1000.01", 0)))

    assert judge_feed(body(entity(snapshot()))).fate == ACCEPTED
    assert [item.code for item in judge_feed(body(above)).findings] == [
        Code.PART_ABOVE_TOTAL
    ]


def test_another_feed_and_no_feed_are_no_figures_of_an_advanced_apm() -> None:
    """Rejected with what was found, or parked where nobody can read it."""
    other = {"feed": "profile", "performanceYear": 2025, "specialStatuses": []}

    judged = judge_advanced_apm(body(other))
    unread = judge_advanced_apm(b"{")

    (found,) = judged.findings
    assert (judged.fate, judged.document) == (REJECTED, None)
    assert (found.found, found.needed) == (
        "the feed profile",
        "the feed advanced-apm",
    )
    assert unread.fate == PARKED


def test_a_null_among_the_snapshots_is_dropped_with_a_warning() -> None:
    """Who has no figures of all payers may say so."""
    judged = judge_advanced_apm(body(entity(snapshot(allPayer=None))))

    assert judged.fate == ACCEPTED
    assert [item.code for item in judged.findings] == [Code.FIELD_DROPPED]
    assert judged.document is not None
    assert "allPayer" not in judged.document["snapshots"][0]
