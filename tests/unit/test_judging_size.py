"""However much is wrong with a document, the answer to it stays small."""

import orjson

from qpp.codes import Code
from qpp.findings import Severity
from qppflow.runtime.judging import REJECTED, judge_submission
from qppflow.runtime.schemas import MOST_MISTAKES
from tests.helpers.documents import NPI, TIN


def body_of(count: int) -> bytes:
    """Write a document with so many measurements of no known measure."""
    measurements = [
        {"measureId": f"NONE_{number}", "value": True} for number in range(count)
    ]
    return orjson.dumps(
        {
            "entityType": "individual",
            "taxpayerIdentificationNumber": TIN,
            "nationalProviderIdentifier": NPI,
            "performanceYear": 2025,
            "measurementSets": [
                {
                    "category": "ia",
                    "submissionMethod": "registry",
                    "programName": "mips",
                    "performanceStart": "2025-01-01",
                    "performanceEnd": "2025-12-31",
                    "measurements": measurements,
                }
            ],
        }
    )


def test_an_answer_lists_no_more_findings_than_fit() -> None:
    """It says first that there are more, and the document is rejected all the same."""
    judged = judge_submission(body_of(MOST_MISTAKES + 100))

    assert judged.fate == REJECTED
    assert len(judged.findings) == MOST_MISTAKES + 1
    assert judged.findings[0].code == Code.TOO_MANY
    assert all(item.severity == Severity.ERROR for item in judged.findings)


def test_what_fits_is_told_whole() -> None:
    """No finding is left out as long as there is room."""
    judged = judge_submission(body_of(MOST_MISTAKES))

    assert len(judged.findings) == MOST_MISTAKES
    assert Code.TOO_MANY not in {item.code for item in judged.findings}
