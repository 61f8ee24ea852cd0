"""Who a submission is about, its sets, periods and CEHRT ids."""

from dataclasses import replace

import pytest

from qpp.checks import check_submission
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers.submissions import (
    CEHRT,
    NPI,
    TIN,
    Json,
    catalogue_of,
    changed,
    finding_rules,
    measurement,
    measurement_set,
    pi_set,
    places,
    rules_of,
    six_measures,
    submission,
    without,
)

QUALITY, PI, IA = (f"/measurementSets/{number}" for number in range(3))


def check(document: Json, year: int = 2025) -> list[Finding]:
    """Check a document by the rules of a year and the test catalogue."""
    return check_submission(
        document, rules_of(year), catalogue_of(year), finding_rules()
    )


def a_group(**more: object) -> Json:
    """Make a group's submission."""
    return submission(entityType="group", nationalProviderIdentifier=None) | more


def test_a_submission_without_mistakes_has_no_findings() -> None:
    """All tests of mistakes start from this document."""
    assert check(submission()) == []


def test_a_group_is_known_by_its_tin_alone() -> None:
    """Null, "" and nothing at all say that there is no NPI."""
    documents = [
        a_group(),
        a_group(nationalProviderIdentifier="", entityId=""),
        without(a_group(), "/nationalProviderIdentifier"),
    ]

    assert [check(document) for document in documents] == [[], [], []]


@pytest.mark.parametrize(
    ("document", "code", "pointer"),
    [
        (
            without(submission(), "/nationalProviderIdentifier"),
            Code.IDENTIFIER_MISSING,
            "",
        ),
        (
            submission(taxpayerIdentificationNumber=None),
            Code.IDENTIFIER_MISSING,
            "/taxpayerIdentificationNumber",
        ),
        (
            a_group(taxpayerIdentificationNumber=""),
            Code.IDENTIFIER_MISSING,
            "/taxpayerIdentificationNumber",
        ),
        (
            a_group(nationalProviderIdentifier=NPI),
            Code.IDENTIFIER_NOT_ALLOWED,
            "/nationalProviderIdentifier",
        ),
        (submission(entityId="T1"), Code.IDENTIFIER_NOT_ALLOWED, "/entityId"),
        (
            submission(nationalProviderIdentifier="1234567890"),
            Code.NPI_CHECK_DIGIT,
            "/nationalProviderIdentifier",
        ),
    ],
)
def test_identity_is_checked(document: Json, code: Code, pointer: str) -> None:
    """Each kind of entity has its own identifiers."""
    assert places(check(document)) == [(code, pointer)]


def test_a_wrong_check_digit_is_a_warning_only() -> None:
    """CMS itself checks ten digits and no more."""
    found = check(submission(nationalProviderIdentifier="1234567890"))

    assert not rejects(found)


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        (f"{QUALITY}/programName", "ssp", Code.NOT_SCORED_BY_THIS_VERSION),
        (f"{QUALITY}/programName", "cpc+", Code.PROGRAM_UNKNOWN),
        (f"{QUALITY}/submissionMethod", "claims", Code.CLAIMS_FROM_REGISTRY),
        (f"{IA}/submissionMethod", "cmsWebInterface", Code.METHOD_NOT_ALLOWED),
        (f"{PI}/cehrtId", "", Code.CEHRT_MISSING),
        (f"{PI}/cehrtId", None, Code.CEHRT_MISSING),
        (f"{PI}/cehrtId", "XX15EABCDEFGHIJ", Code.CEHRT_MALFORMED),
        (f"{IA}/cehrtId", "XX15EABCDEFGHIJ", Code.CEHRT_MALFORMED),
        (f"{IA}/performanceStart", "2025-02-30", Code.DATE_IMPOSSIBLE),
        (f"{IA}/performanceStart", "2024-12-31", Code.PERIOD_OUTSIDE_YEAR),
        (f"{IA}/performanceEnd", "2026-01-01", Code.PERIOD_OUTSIDE_YEAR),
    ],
)
def test_a_set_is_checked(pointer: str, value: object, code: Code) -> None:
    """The finding points to the field that is wrong."""
    found = places(check(changed(submission(), pointer, value)))

    assert (code, pointer) in found


@pytest.mark.parametrize(
    "value", ["2025-1-1", "20250101", "2025-W01-1", 20250101, None, "soon"]
)
def test_a_date_in_another_form_is_left_to_the_schema(value: object) -> None:
    """Such a period has no length either."""
    document = changed(submission(), f"{PI}/performanceStart", value)

    assert check(document) == []


def test_a_program_may_be_left_out_or_named() -> None:
    """Traditional MIPS is what a set is for unless it says something else."""
    documents = [
        changed(submission(), f"{QUALITY}/programName", name)
        for name in ("mips", "", None, 5)
    ]

    assert [check(document) for document in documents] == [[], [], [], []]


def test_a_pi_set_without_cehrt_id_points_to_the_set() -> None:
    """There is no field to point to."""
    found = check(without(submission(), f"{PI}/cehrtId"))

    assert places(found) == [(Code.CEHRT_MISSING, PI)]


@pytest.mark.parametrize(("year", "codes"), [(2024, []), (2025, ["MIPS-CEH-001"])])
def test_ecqm_sets_need_a_cehrt_id_from_2025_on(year: int, codes: list[str]) -> None:
    """The rule file of each year says which sets need one."""
    item = measurement_set("quality", six_measures(), "electronicHealthRecord", year)

    found = check(submission(item, performanceYear=year), year)

    assert [finding.code for finding in found] == codes


def test_an_ecqm_set_with_a_cehrt_id_is_right() -> None:
    """The twin of the test above."""
    item = measurement_set(
        "quality", six_measures(), "electronicHealthRecord", cehrtId=CEHRT
    )

    assert check(submission(item)) == []


def test_a_second_set_of_its_kind_is_reported() -> None:
    """Category, method and program make the kind; another method is another kind."""
    activity = [measurement("IA_BE_4", value=True)]
    first = measurement_set("ia", activity)
    second = measurement_set("ia", activity, programName="mips")
    third = measurement_set("ia", activity, "electronicHealthRecord")

    found = check(submission(first, second, third))

    assert places(found) == [(Code.SET_DUPLICATE, "/measurementSets/1")]
    assert found[0].needed.endswith("the first is /measurementSets/0")


def test_a_reversed_period_is_an_error_and_has_no_length() -> None:
    """One mistake, one finding."""
    document = changed(submission(), f"{PI}/performanceStart", "2025-07-01")
    document = changed(document, f"{PI}/performanceEnd", "2025-01-01")

    assert places(check(document)) == [(Code.PERIOD_REVERSED, f"{PI}/performanceEnd")]


@pytest.mark.parametrize(
    ("at", "start", "code"),
    [
        # 180 days end on the last day of the year if they start on July 5.
        (PI, "2025-07-05", None),
        (PI, "2025-07-06", Code.PI_PERIOD_SHORT),
        (IA, "2025-10-03", None),
        (IA, "2025-10-04", Code.IA_PERIOD_SHORT),
        (QUALITY, "2025-01-01", None),
        (QUALITY, "2025-01-02", Code.QUALITY_PERIOD_SHORT),
    ],
)
def test_a_short_period_is_a_warning(at: str, start: str, code: Code | None) -> None:
    """Both end days count."""
    found = check(changed(submission(), f"{at}/performanceStart", start))

    assert not rejects(found)
    assert places(found) == ([(code, f"{at}/performanceEnd")] if code else [])


@pytest.mark.parametrize(
    ("year", "words"),
    [(2024, "so does a small practice"), (2025, "a small practice keeps")],
)
def test_a_short_pi_period_says_what_it_costs(year: int, words: str) -> None:
    """A small practice loses its reweighting in 2024 and keeps it from 2025 on."""
    item = pi_set(performanceStart=f"{year}-01-01", performanceEnd=f"{year}-03-31")

    found = check(submission(item, performanceYear=year), year)

    assert [finding.code for finding in found] == [Code.PI_PERIOD_SHORT]
    assert "scores 0 in Promoting Interoperability" in found[0].needed
    assert words in found[0].needed


def test_a_year_without_a_full_quality_period_asks_for_none() -> None:
    """The rule file decides whether quality is measured over the whole year."""
    rules = rules_of()
    full = replace(rules.quality.minimum_days_is_full_year, value=False)
    rules = replace(
        rules, quality=replace(rules.quality, minimum_days_is_full_year=full)
    )
    document = changed(submission(), f"{QUALITY}/performanceStart", "2025-04-01")

    found = check_submission(document, rules, catalogue_of(), finding_rules())

    assert found == []


def test_findings_come_in_document_order() -> None:
    """The order of the document's own fields decides, not that of the checks."""
    document = submission(entityId="T1")
    document = changed(document, f"{PI}/cehrtId", "")
    document = changed(document, f"{QUALITY}/programName", "cpc+")
    document = {
        "measurementSets": document["measurementSets"],
        **without(document, "/measurementSets"),
    }

    found = [finding.pointer for finding in check(document)]

    assert found == [f"{QUALITY}/programName", f"{PI}/cehrtId", "/entityId"]


def test_no_finding_shows_an_identifier() -> None:
    """Identifiers in the wrong fields are described by their length."""
    document = a_group(nationalProviderIdentifier="1234567890", entityId=TIN)
    for pointer in (
        f"{QUALITY}/programName",
        f"{PI}/cehrtId",
        f"{QUALITY}/submissionMethod",
        f"{QUALITY}/measurements/0/measureId",
    ):
        document = changed(document, pointer, NPI)

    texts = [text for finding in check(document) for text in finding.as_json().values()]

    assert len(texts) > 6 * 6
    assert [text for text in texts if TIN in text or NPI[:-1] in text] == []
