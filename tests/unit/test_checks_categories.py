"""Promoting Interoperability sets and improvement activities."""

import pytest

from qpp.checks import check_submission
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers.submissions import (
    PI_ANSWERS,
    catalogue_of,
    finding_rules,
    measurement,
    measurement_set,
    pi_set,
    places,
    rules_of,
    submission,
)

AT = "/measurementSets/0/measurements"
SHARE = {"numerator": 5, "denominator": 10}


def check(answers: dict[str, object], year: int = 2025) -> list[Finding]:
    """Check a Promoting Interoperability set with these answers."""
    item = pi_set(
        answers,
        performanceStart=f"{year}-01-01",
        performanceEnd=f"{year}-12-31",
    )
    return check_submission(
        submission(item, performanceYear=year),
        rules_of(year),
        catalogue_of(year),
        finding_rules(),
    )


def answers(*left_out: str, **more: object) -> dict[str, object]:
    """Give complete answers but for some."""
    kept = {name: value for name, value in PI_ANSWERS.items() if name not in left_out}
    return kept | more


REFERRALS = {"PI_HIE_1": SHARE, "PI_HIE_4": SHARE}


@pytest.mark.parametrize(
    "sent",
    [
        answers(),
        answers("PI_EP_1", PI_LVPP_1=True),
        answers("PI_HIE_5", **REFERRALS),
        answers("PI_HIE_5", PI_HIE_1=SHARE, PI_LVITC_2=True),
        answers("PI_HIE_5", PI_HIE_6=True),
        answers(PI_ONCACB_1=False),
        answers("PI_PHCDRR_1", "PI_PHCDRR_1_PROD", PI_PHCDRR_1_EX_2=True),
        # In 2025 case reporting is suppressed: any answer earns its points.
        answers("PI_PHCDRR_3_PROD", PI_PHCDRR_3=False),
        # What is not an answer at all is the schema's finding.
        answers(PI_EP_2="yes", PI_PEA_1={"numerator": 5}),
    ],
)
def test_a_complete_set_has_no_findings(sent: dict[str, object]) -> None:
    """There are many ways to be complete."""
    assert check(sent) == []


@pytest.mark.parametrize(
    ("sent", "code", "last"),
    [
        (answers(PI_LVPP_1=True), Code.MEASURE_AND_EXCLUSION, "PI_LVPP_1"),
        (answers(PI_LVPP_1=False), Code.MEASURE_AND_EXCLUSION, "PI_LVPP_1"),
        (answers(PI_HIE_6=True), Code.MEASURE_AND_SUBSTITUTE, "PI_HIE_6"),
        (answers(PI_HIE_1=SHARE), Code.MEASURE_AND_SUBSTITUTE, "PI_HIE_1"),
        (answers(PI_LVOTC_1=True), Code.MEASURE_AND_SUBSTITUTE, "PI_LVOTC_1"),
        (
            answers(PI_PHCDRR_1_PRE=True),
            Code.MEASURE_AND_SUBSTITUTE,
            "PI_PHCDRR_1_PRE",
        ),
    ],
)
def test_measures_that_replace_each_other_are_an_error(
    sent: dict[str, object], code: Code, last: str
) -> None:
    """Whatever was answered; the finding points to the later of the two."""
    place = f"{AT}/{list(sent).index(last)}/measureId"

    found = check(sent)

    assert places(found) == [(code, place)]
    assert rejects(found)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (answers("PI_PEA_1"), "PI_PEA_1;"),
        (answers("PI_PPHI_2"), "PI_PPHI_2;"),
        (answers("PI_EP_1"), "PI_EP_1 or PI_LVPP_1;"),
        (
            answers("PI_HIE_5", PI_HIE_1=SHARE),
            "PI_HIE_4 or PI_LVITC_2 or PI_HIE_5 or PI_HIE_6;",
        ),
        (
            answers("PI_PHCDRR_3", "PI_PHCDRR_3_PROD"),
            "PI_PHCDRR_3 or PI_PHCDRR_3_EX_1 or PI_PHCDRR_3_EX_2 or PI_PHCDRR_3_EX_3;",
        ),
    ],
)
def test_a_missing_required_measure_is_a_warning(
    sent: dict[str, object], words: str
) -> None:
    """It names every way to report, and says that the set scores 0."""
    (found,) = check(sent)

    assert (found.code, found.pointer) == (Code.PI_MEASURE_MISSING, AT)
    assert found.found.endswith("no exclusion of it") is (" or " in words)
    assert found.needed.startswith(words)
    assert "scores 0 in Promoting Interoperability" in found.needed
    assert not rejects([found])


def test_no_health_information_exchange_is_two_measures_missing() -> None:
    """Without any sign of another way the two referral measures are asked for."""
    found = check(answers("PI_HIE_5"))

    assert places(found) == [(Code.PI_MEASURE_MISSING, AT)] * 2


@pytest.mark.parametrize("name", ["PI_PPHI_1", "PI_EP_2", "PI_HIE_5"])
def test_a_required_answer_of_no_is_a_warning(name: str) -> None:
    """It counts as missing, and is reported once."""
    sent = answers() | {name: False}

    found = check(sent)

    assert places(found) == [
        (Code.PI_ANSWERED_FALSE, f"{AT}/{list(sent).index(name)}/value")
    ]


def test_an_exclusion_answered_no_claims_nothing() -> None:
    """The measure it would replace is missing."""
    found = check(answers("PI_EP_1", PI_LVPP_1=False))

    assert places(found) == [(Code.PI_MEASURE_MISSING, AT)]


def test_case_reporting_needs_a_yes_and_its_level_in_2024() -> None:
    """The suppression is a rule of 2025 alone."""
    no = check(answers("PI_PHCDRR_3_PROD", PI_PHCDRR_3=False), 2024)
    unnamed = check(answers("PI_PHCDRR_3_PROD"), 2024)

    assert [finding.code for finding in no] == [Code.PI_ANSWERED_FALSE]
    assert [finding.code for finding in unnamed] == [Code.ENGAGEMENT_LEVEL_MISSING]


@pytest.mark.parametrize("level", [{}, {"PI_PHCDRR_1_PROD": False}])
def test_a_registry_report_without_its_level_is_a_warning(
    level: dict[str, object],
) -> None:
    """A level answered no is none."""
    sent = answers("PI_PHCDRR_1_PROD", **level)

    (found,) = check(sent)

    place = f"{AT}/{list(sent).index('PI_PHCDRR_1')}/measureId"
    assert (found.code, found.pointer) == (Code.ENGAGEMENT_LEVEL_MISSING, place)
    assert found.needed.startswith("PI_PHCDRR_1_PRE or PI_PHCDRR_1_PROD answered true")


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ({"numerator": 11, "denominator": 10}, [Code.NUMERATOR_ABOVE_DENOMINATOR]),
        ({"numerator": 10, "denominator": 10}, []),
        ({"numerator": 1, "denominator": 0}, [Code.NUMERATOR_ABOVE_DENOMINATOR]),
        ({"numerator": 0, "denominator": 10}, [Code.PI_NUMERATOR_ZERO]),
        ({"numerator": 0, "denominator": 0}, [Code.PI_NUMERATOR_ZERO]),
        ({"numerator": 1, "denominator": 10}, []),
    ],
)
def test_numerator_and_denominator_are_compared(
    value: dict[str, int], codes: list[Code]
) -> None:
    """A required measure needs at least one; no numerator exceeds its denominator."""
    sent = answers(PI_PEA_1=value)
    place = f"{AT}/{list(sent).index('PI_PEA_1')}/value/numerator"

    assert places(check(sent)) == [(code, place) for code in codes]


def test_the_first_of_two_answers_is_judged() -> None:
    """The second is an error of its own."""
    sent = [measurement(name, value) for name, value in answers().items()]
    item = pi_set() | {"measurements": [*sent, measurement("PI_PPHI_1", value=False)]}

    found = check_submission(
        submission(item), rules_of(), catalogue_of(), finding_rules()
    )

    assert places(found) == [(Code.MEASURE_DUPLICATE, f"{AT}/{len(sent)}/measureId")]


@pytest.mark.parametrize("measurements", [[], None, "all"])
def test_a_set_without_measures_is_left_to_the_schema(measurements: object) -> None:
    """Eight warnings about one empty list would help nobody."""
    item = pi_set() | {"measurements": measurements}

    found = check_submission(
        submission(item), rules_of(), catalogue_of(), finding_rules()
    )

    assert found == []


@pytest.mark.parametrize(
    ("name", "value", "code", "field"),
    [
        ("IA_BE_4", True, None, ""),
        ("IA_BE_4", False, Code.ACTIVITY_NOT_PERFORMED, "value"),
        ("IA_MVP", True, Code.ACTIVITY_NOT_IN_PROGRAM, "measureId"),
        ("IA_EPA_99", True, Code.MEASURE_UNKNOWN, "measureId"),
    ],
)
def test_activities_are_checked(
    name: str, value: object, code: Code | None, field: str
) -> None:
    """What was not performed, or belongs into an MVP, is not counted."""
    item = measurement_set("ia", [measurement(name, value)])

    found = check_submission(
        submission(item), rules_of(), catalogue_of(), finding_rules()
    )

    assert places(found) == ([(code, f"{AT}/0/{field}")] if code else [])
