"""Write a year's submission schemas from its catalogue and rules; pure.

The files under ``schemas/mips/py<year>/`` are what this module gives, committed, so
that other languages can use them; a test compares the two.
"""

import json
from collections.abc import Mapping
from typing import Final

from qpp.catalogue import Catalogue
from qpp.mips.submission_rules import SubmissionRules
from qppflow.runtime.schema_sets import set_schema
from qppflow.runtime.schema_shapes import (
    MOST_SETS,
    PRACTICE_DETAILS,
    PRIMITIVES,
    SHAPES,
    STRATUM,
    Schema,
    closed,
    digits,
    name,
    ref,
    some,
    words,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
VERSION: Final = "1.1.0"
SUBMISSION: Final = "submission"
MEASUREMENT_SET: Final = "measurement-set"


def year_files(catalogue: Catalogue, rules: SubmissionRules) -> dict[str, bytes]:
    """Give the schema files of one year by file name."""
    return {
        f"{kind}.schema.json": written(schema)
        for kind, schema in (
            (SUBMISSION, submission_schema(catalogue, rules)),
            (MEASUREMENT_SET, measurement_set_schema(catalogue, rules)),
        )
    }


def written(schema: Schema) -> bytes:
    """Write a schema as it is committed: readable, one list item or field a line."""
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def submission_schema(catalogue: Catalogue, rules: SubmissionRules) -> Schema:
    """Describe a whole submission: an entity, a year and its measurement sets."""
    sets = some(
        "a list of measurement sets",
        "The data of the entity, one set for each category, method and program.",
        ref("measurementSet"),
        MOST_SETS,
    )
    body = closed(
        "a submission",
        "What one entity reports for one performance year. Which identifiers it needs "
        "depends on its type and is judged after this schema.",
        _entity(rules) | {"measurementSets": sets},
        ("entityType", "performanceYear", "measurementSets"),
    )
    return _file(SUBMISSION, body, catalogue, rules)


def measurement_set_schema(catalogue: Catalogue, rules: SubmissionRules) -> Schema:
    """Describe one measurement set that carries its submission inside."""
    submission = closed(
        "the submission of a measurement set",
        "Whom and which year the set is for.",
        _entity(rules),
        ("entityType", "performanceYear"),
    )
    body = set_schema(rules)
    body["properties"] = {"submission": submission} | body["properties"]
    body["required"].insert(0, "submission")
    return _file(MEASUREMENT_SET, body, catalogue, rules)


def _file(
    kind: str, body: Schema, catalogue: Catalogue, rules: SubmissionRules
) -> Schema:
    """Put a body and all definitions into one self-contained file."""
    identity = f"urn:qppflow:schemas:mips:py{catalogue.year}:{kind}:{VERSION}"
    definitions = _definitions(catalogue, rules)
    if kind == MEASUREMENT_SET:
        del definitions["measurementSet"]
    return {"$schema": DIALECT, "$id": identity} | body | {"$defs": definitions}


def _definitions(catalogue: Catalogue, rules: SubmissionRules) -> Schema:
    """Give everything that the two files refer to."""
    return {
        "measurementSet": set_schema(rules),
        "measurement": _measurement(catalogue),
        "value": {
            "title": "true, false or an object of counts",
            "description": "Which of them depends on the measure.",
            "type": ["boolean", "object"],
        },
        **SHAPES,
        "stratum": STRATUM,
        "practiceDetails": PRACTICE_DETAILS,
        "taxpayerIdentificationNumber": digits(
            f"{rules.tin_digits.value} digits, as text",
            "The taxpayer identification number; leading zeros count.",
            rules.tin_digits.value,
        ),
        "nationalProviderIdentifier": digits(
            f"{rules.npi_digits.value} digits, as text",
            "The national provider identifier of a clinician.",
            rules.npi_digits.value,
        ),
        **PRIMITIVES,
    }


def _entity(rules: SubmissionRules) -> Schema:
    """Describe the fields that say whom and which year a submission is for."""
    year = rules.performance_year.value
    types = rules.entity_types.value
    return {
        "entityType": words(
            f"one of {', '.join(types)}",
            "The kind of entity, which decides what it is known by.",
            types,
        ),
        "entityId": name(
            "the id of an APM Entity, virtual group or subgroup",
            "How CMS names an entity that has neither TIN nor NPI: at most 64 "
            "printable characters, no space.",
        ),
        "taxpayerIdentificationNumber": ref("taxpayerIdentificationNumber"),
        "nationalProviderIdentifier": ref("nationalProviderIdentifier"),
        "performanceYear": {
            "title": f"the performance year as a number, {year}",
            "description": "The calendar year in which the care was given.",
            "type": "integer",
            "const": year,
        },
    }


def _measurement(catalogue: Catalogue) -> Schema:
    """Describe one measurement; its measure decides the shape of its value.

    A measure that is not in these lists is judged after the schema.
    """
    body = closed(
        "a measurement",
        "The value reported for one measure.",
        {
            "measureId": name("the id of a measure", "As CMS's measure data have it."),
            "value": ref("value"),
        },
        ("measureId", "value"),
    )
    return body | _shape_rules(list(measures_by_shape(catalogue).items()))


def _shape_rules(shapes: list[tuple[str, tuple[str, ...]]]) -> Schema:
    """Choose the shape of a value by the measure: if, then, and else the next shape.

    One after another is twice as fast as all side by side, since most measures are
    of the first shapes.
    """
    if not shapes:
        return {}
    (shape, ids), *rest = shapes
    if not ids:
        return _shape_rules(rest)
    rule: Schema = {
        "if": {
            "required": ["measureId"],
            "properties": {"measureId": {"enum": list(ids)}},
        },
        "then": {"properties": {"value": ref(shape)}},
    }
    others = _shape_rules(rest)
    return rule | {"else": others} if others else rule


def measures_by_shape(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """List the measures of each shape; CMS's own measures have none of these."""
    shapes: dict[str, list[str]] = {shape: [] for shape in SHAPES}
    for measures in (catalogue.quality, catalogue.interoperability):
        for measure in measures.values():
            if measure.metric_type in shapes:
                shapes[measure.metric_type].append(measure.measure_id)
    shapes["boolean"].extend(catalogue.activities)
    return {shape: tuple(sorted(ids)) for shape, ids in shapes.items()}
