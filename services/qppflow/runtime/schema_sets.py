"""The part of a submission's JSON Schema that describes one measurement set."""

from typing import Final

from qpp import submission as law
from qpp.mips.submission_rules import SubmissionRules
from qppflow.runtime.schema_shapes import (
    MOST_MEASUREMENTS,
    Schema,
    closed,
    name,
    ref,
    some,
    words,
)

# Which methods a category takes is a rule of its own; these are the known words.
METHODS: Final = (
    law.REGISTRY,
    law.ELECTRONIC,
    law.CLAIMS,
    "cmsWebInterface",
    law.SURVEY,
    law.ADMINISTRATIVE_CLAIMS,
)
# What a set is withdrawn with has no content; any other set has all of it.
WITHDRAWN_OR_WHOLE: Final[Schema] = {
    "if": {"required": ["withdrawn"], "properties": {"withdrawn": {"const": True}}},
    "else": {"required": ["performanceStart", "performanceEnd", "measurements"]},
}


def set_schema(rules: SubmissionRules) -> Schema:
    """Describe the measurements of one category by one method over one period."""
    categories = rules.categories.value
    body = closed(
        "a measurement set",
        "The measurements of one category by one method over one period, or word that "
        "such a set is withdrawn.",
        {
            "category": words(
                f"one of {', '.join(categories)}",
                "The performance category. Cost is never sent: CMS computes it.",
                categories,
            ),
            "submissionMethod": words(
                f"one of {', '.join(METHODS)}",
                "How the data were collected; each category allows some of these.",
                METHODS,
            ),
            "programName": name(
                "the name of a program",
                f"The program the set is for; {rules.default_program.value} if absent.",
            ),
            "performanceStart": ref("day")
            | {"description": "The first day of the performance period."},
            "performanceEnd": ref("day")
            | {"description": "The last day of the performance period, included."},
            "cehrtId": name(
                "a CMS EHR certification id", "The certified technology that was used."
            ),
            "practiceDetails": ref("practiceDetails"),
            "withdrawn": {
                "title": "true, or no such field",
                "description": "That the sender's earlier set of this category, method "
                "and program counts no more. Nothing else stands beside it.",
                "type": "boolean",
                "const": True,
            },
            "measurements": some(
                "a list of measurements",
                "One entry for each measure, attestation or activity.",
                ref("measurement"),
                MOST_MEASUREMENTS,
            ),
        },
        ("category", "submissionMethod"),
    )
    return body | WITHDRAWN_OR_WHOLE
