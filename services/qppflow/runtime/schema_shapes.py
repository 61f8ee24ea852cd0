"""The parts of a submission's JSON Schema that no year and no measure changes.

``title`` is how a finding names what belongs in a place; ``description`` is for
people who read the schema.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

# The greatest integer that every JSON reader keeps exact (RFC 8259, section 6).
GREATEST_COUNT: Final = 2**53 - 1
MOST_SETS: Final = 100
MOST_MEASUREMENTS: Final = 2000
MOST_STRATA: Final = 100
LONGEST_NAME: Final = 100


def ref(name: str) -> Schema:
    """Refer to a definition of the same file."""
    return {"$ref": f"#/$defs/{name}"}


def closed(
    title: str, description: str, properties: Schema, required: tuple[str, ...]
) -> Schema:
    """Describe an object that has no other fields than *properties*."""
    return {
        "title": title,
        "description": description,
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


def some(title: str, description: str, items: Schema, most: int) -> Schema:
    """Describe a list of one to *most* items."""
    return {
        "title": title,
        "description": description,
        "type": "array",
        "minItems": 1,
        "maxItems": most,
        "items": items,
    }


def words(title: str, description: str, allowed: tuple[str, ...]) -> Schema:
    """Describe a text that is one of *allowed*."""
    return {
        "title": title,
        "description": description,
        "type": "string",
        "enum": list(allowed),
    }


def name(title: str, description: str) -> Schema:
    """Describe a text that the schema cannot judge beyond its length."""
    return {
        "title": title,
        "description": description,
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_NAME,
    }


def digits(title: str, description: str, length: int) -> Schema:
    """Describe an identifier of exactly *length* digits, leading zeros included."""
    return {
        "title": title,
        "description": description,
        "type": "string",
        "pattern": f"^[0-9]{{{length}}}$",
    }


def _count(description: str) -> Schema:
    """Describe a number of patients or instances."""
    return ref("count") | {"description": description}


def _amount(description: str) -> Schema:
    """Describe a number in the measure's own unit."""
    return ref("amount") | {"description": description}


_END_TO_END: Final[Schema] = {
    "title": "true or false",
    "description": "Whether the data went from the EHR to CMS without manual work.",
    "type": "boolean",
}
_COUNTS: Final[Schema] = {
    "performanceMet": _count("Patients for whom the quality action was performed."),
    "performanceNotMet": _count("Patients for whom it was not. Absent means 0."),
    "eligiblePopulationExclusion": _count(
        "Patients left out before the rate is taken; 0 for MIPS CQMs of a registry."
    ),
    "eligiblePopulationException": _count(
        "Patients left out for a documented reason. Absent means 0."
    ),
    "eligiblePopulation": _count("All patients the measure applies to."),
}
_QCDR_COUNTS: Final[Schema] = {
    "numeratorExclusion": _count("Patients that the QCDR left out of the numerator.")
}
_QCDR_RATE: Final[Schema] = {
    "performanceRate": ref("percent")
    | {"description": "The performance rate as the QCDR computed it."}
}
_STRATA: Final[Schema] = {
    "isEndToEndReported": _END_TO_END,
    "strata": some(
        "a list of strata",
        "One entry for each stratum that the measure defines.",
        ref("stratum"),
        MOST_STRATA,
    ),
}
_SINGLE: Final = ("isEndToEndReported", "performanceMet", "eligiblePopulation")
_MULTI: Final = ("isEndToEndReported", "strata")

PRIMITIVES: Final[Mapping[str, Schema]] = {
    "count": {
        "title": "a whole number of at least 0",
        "type": "integer",
        "minimum": 0,
        "maximum": GREATEST_COUNT,
    },
    "amount": {
        "title": "a number",
        "type": "number",
        "minimum": -GREATEST_COUNT,
        "maximum": GREATEST_COUNT,
    },
    "percent": {
        "title": "a percentage from 0 to 100",
        "type": "number",
        "minimum": 0,
        "maximum": 100,
    },
    "day": {
        "title": "a day, written YYYY-MM-DD",
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    },
}

# The most frequent first: a judge tries them in this order.
SHAPES: Final[Mapping[str, Schema]] = {
    "boolean": {
        "title": "true or false",
        "description": "The answer to an attestation, or an activity performed.",
        "type": "boolean",
    },
    "singlePerformanceRate": closed(
        "the counts of a single rate",
        "A MIPS CQM or eCQM with one performance rate.",
        {"isEndToEndReported": _END_TO_END, **_COUNTS},
        _SINGLE,
    ),
    "registrySinglePerformanceRate": closed(
        "the counts and the rate of a QCDR measure",
        "A QCDR measure with one performance rate, which the QCDR computes.",
        {"isEndToEndReported": _END_TO_END, **_COUNTS, **_QCDR_COUNTS, **_QCDR_RATE},
        (*_SINGLE, "performanceRate"),
    ),
    "proportion": closed(
        "numerator and denominator",
        "A Promoting Interoperability measure that counts actions.",
        {
            "numerator": _count("Actions performed, at most the denominator."),
            "denominator": _count("All actions the measure counts."),
        },
        ("numerator", "denominator"),
    ),
    "multiPerformanceRate": closed(
        "a list of strata",
        "A MIPS CQM or eCQM with several performance rates.",
        _STRATA,
        _MULTI,
    ),
    "registryMultiPerformanceRate": closed(
        "a list of strata and the rate of a QCDR measure",
        "A QCDR measure with several rates, and the overall rate the QCDR computes.",
        _STRATA | _QCDR_RATE,
        (*_MULTI, "performanceRate"),
    ),
    "nonProportion": closed(
        "numerator, denominator and observationInstances",
        "A measure that is no rate: minutes, scores, ratios.",
        {
            "isEndToEndReported": _END_TO_END,
            "numerator": _amount("The measured value in the measure's own unit."),
            "denominator": _amount("What the value is related to; often patients."),
            "observationInstances": _count("How many observations were measured."),
            "numeratorExclusion": _amount("Left out of the numerator."),
            "denominatorException": _amount("Left out of the denominator."),
        },
        ("isEndToEndReported", "numerator", "denominator", "observationInstances"),
    ),
}

STRATUM: Final[Schema] = closed(
    "the counts of one stratum",
    "The counts of one rate of a measure with several.",
    {
        "stratum": name("the name of a stratum", "As CMS's measure data name it."),
        **_COUNTS,
    },
    ("stratum", "performanceMet", "eligiblePopulation"),
)

PRACTICE_DETAILS: Final[Schema] = {
    "title": "a TIN and an NPI",
    "description": (
        "The part of an entity that the data are for. Only a programme that ended "
        "with 2024 read it; it is checked for its form and not used."
    ),
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "taxpayerIdentificationNumber": ref("taxpayerIdentificationNumber"),
        "nationalProviderIdentifier": ref("nationalProviderIdentifier"),
    },
}
