"""Submissions of 2017 at the front door: real measures, advancing care information."""

import pytest

from qpp import library
from qpp.checks import check_submission
from qpp.codes import Code
from qpp.findings import Finding
from qppflow.runtime.reading import read_document
from tests.helpers.documents import body
from tests.helpers.submissions import (
    finding_rules,
    measurement,
    measurement_set,
    pi_set,
    rate,
    submission,
)

YEAR = 2017
SHARE = {"numerator": 5, "denominator": 10}
ANSWERS: dict[str, object] = {
    "ACI_INFBLO_1": True,
    "ACI_ONCDIR_1": True,
    "ACI_PPHI_1": True,
    "ACI_EP_1": SHARE,
    "ACI_PEA_1": SHARE,
    "ACI_HIE_1": SHARE,
    "ACI_HIE_2": SHARE,
}
AT = "/measurementSets/0/measurements"


def check(answers: dict[str, object]) -> list[Finding]:
    """Check a set with these answers on the law of the year."""
    document = submission(
        pi_set(
            answers, performanceStart=f"{YEAR}-01-01", performanceEnd=f"{YEAR}-12-31"
        ),
        performanceYear=YEAR,
    )
    return check_submission(
        document, library.rules(YEAR), library.catalogue(YEAR), finding_rules()
    )


def without(name: str) -> dict[str, object]:
    """Leave one answer out."""
    return {key: value for key, value in ANSWERS.items() if key != name}


def test_a_right_submission_of_real_measures_has_no_findings() -> None:
    """Structure and law take six measures, a whole base and an activity."""
    names = ("001", "047", "130", "226", "236", "317")
    document = submission(
        measurement_set(
            "quality", [measurement(name, rate()) for name in names], year=YEAR
        ),
        pi_set(
            ANSWERS, performanceStart=f"{YEAR}-01-01", performanceEnd=f"{YEAR}-12-31"
        ),
        measurement_set("ia", [measurement("IA_BE_4", value=True)], year=YEAR),
        performanceYear=YEAR,
    )

    reading = read_document(body(document))
    found = check_submission(
        document, library.rules(YEAR), library.catalogue(YEAR), finding_rules()
    )

    assert (reading.findings, found) == ((), [])


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (without("ACI_HIE_2"), [(Code.PI_MEASURE_MISSING, AT)]),
        (without("ACI_HIE_2") | {"ACI_LVITC_1": True}, []),
        (without("ACI_ONCDIR_1"), [(Code.PI_MEASURE_MISSING, AT)]),
        (ANSWERS | {"ACI_PPHI_1": False}, [(Code.PI_ANSWERED_FALSE, f"{AT}/2/value")]),
        (
            ANSWERS | {"ACI_EP_1": {"numerator": 0, "denominator": 10}},
            [(Code.PI_NUMERATOR_ZERO, f"{AT}/3/value/numerator")],
        ),
        (
            ANSWERS | {"ACI_LVPP_1": True},
            [(Code.MEASURE_AND_SUBSTITUTE, f"{AT}/7/measureId")],
        ),
    ],
)
def test_what_a_base_lacks_is_told(
    answers: dict[str, object], found: list[tuple[Code, str]]
) -> None:
    """Nothing of the base may be missing, and nothing stands beside its exclusion."""
    assert [(item.code, item.pointer) for item in check(answers)] == found


def test_the_category_is_called_pi_as_cms_calls_it_since() -> None:
    """Who sends the old name is told the new one."""
    document = submission(pi_set(ANSWERS), performanceYear=YEAR)
    document["measurementSets"][0]["category"] = "aci"

    (finding,) = read_document(body(document)).findings

    assert finding.code == Code.NOT_IN_LIST
    assert finding.needed.endswith("what was aci in 2017 is pi")
