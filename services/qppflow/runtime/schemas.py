"""The JSON Schemas of what comes from outside, compiled once and asked very often."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, ValidationError

from qpp.library import years
from qppflow.runtime.resources import read_json, schemas
from qppflow.runtime.schema_shapes import Schema

# One answer lists no more mistakes than this; a hostile document could have millions.
MOST_MISTAKES: Final = 500
# The validator makes all mistakes at once, some 30 microseconds each, so that a wrong
# document of more values is not taken apart. All measures of a year make some 5,000.
MOST_VALUES: Final = 30_000

# Fields that CMS's API answers with and nobody sends, by the level they stand on.
READ_ONLY: Final[Mapping[str, frozenset[str]]] = {
    "submission": frozenset({"id", "createdAt", "updatedAt", "version"}),
    "measurement set": frozenset(
        {
            "id",
            "submissionId",
            "createdAt",
            "updatedAt",
            "version",
            "submitterId",
            "submitterType",
            "suppressed",
            "source",
            "measureSet",
            "practiceId",
        }
    ),
    "measurement": frozenset({"id", "measurementSetId", "version"}),
    "value": frozenset(
        {
            "reportingRate",
            "caseCount",
            "performanceRateNumerator",
            "performanceRateDenominator",
        }
    ),
}
# Fields that older documents send as "" to say that there is none.
EMPTY_IS_ABSENT: Final[Mapping[str, frozenset[str]]] = {
    "submission": frozenset(
        {"entityId", "nationalProviderIdentifier", "taxpayerIdentificationNumber"}
    ),
    "measurement set": frozenset({"cehrtId", "programName"}),
}


@dataclass(frozen=True, slots=True)
class JudgingSchema:
    """A schema, ready to judge.

    ``shapes`` names the shape of each measure's value, as the schema itself has it.
    """

    schema: Schema
    validator: Draft202012Validator
    shapes: Mapping[str, str]

    def accepts(self, document: object) -> bool:
        """Say whether *document* is valid; stops at the first mistake."""
        return self.validator.is_valid(document)

    def mistakes(self, document: object) -> list[ValidationError]:
        """Give the mistakes in *document*, one more than an answer lists at most."""
        return list(islice(self.validator.iter_errors(document), MOST_MISTAKES + 1))

    def part(self, path: Sequence[str | int]) -> Schema:
        """Give the schema at *path*, such as ``["$defs", "stratum"]``.

        Raises:
            LookupError: the schema has no such part.
        """
        found: Any = self.schema
        for step in path:
            found = found[step]
        return found if isinstance(found, dict) else {}


def has_too_many_values(document: object) -> bool:
    """Say whether a document is too big to be told all that is wrong with it."""
    count = 0
    waiting: list[object] = [document]
    while waiting and count <= MOST_VALUES:
        found = waiting.pop()
        if isinstance(found, dict):
            count += len(found)
            waiting.extend(found.values())
        elif isinstance(found, list):
            count += len(found)
            waiting.extend(found)
    return count > MOST_VALUES


@cache
def submission_schema(year: int) -> JudgingSchema:
    """Give the schema of whole submissions of *year*, compiled at the first call.

    Raises:
        FileNotFoundError: the year has no schema.
    """
    path = schemas() / "mips" / f"py{year}" / "submission.schema.json"
    return _judging(read_json(path))


@cache
def any_year_schema(newest: int) -> JudgingSchema:
    """Give the schema of the *newest* year without its year and its measures.

    It judges documents of years that have no schema: everything but measures.
    """
    schema = deepcopy(submission_schema(newest).schema)
    del schema["properties"]["performanceYear"]["const"]
    schema["properties"]["performanceYear"]["title"] = "the performance year, a number"
    for keyword in ("if", "then", "else"):
        del schema["$defs"]["measurement"][keyword]
    return _judging(schema)


@cache
def feed_schema(feed: str) -> JudgingSchema:
    """Give the schema of a CMS feed by the word in its field ``feed``.

    Raises:
        KeyError: no feed has this name.
    """
    return _feeds()[feed]


@cache
def feed_names() -> tuple[str, ...]:
    """List the CMS feeds that have a schema."""
    return tuple(sorted(_feeds()))


@cache
def _feeds() -> Mapping[str, JudgingSchema]:
    """Compile the schemas of all feeds."""
    found = [
        _judging(read_json(path))
        for path in sorted((schemas() / "mips" / "feeds").glob("*.schema.json"))
    ]
    return {item.schema["properties"]["feed"]["const"]: item for item in found}


def _judging(schema: Schema) -> JudgingSchema:
    """Compile a schema."""
    return JudgingSchema(
        schema=schema,
        validator=Draft202012Validator(schema, validate_formats=True),
        shapes=_shapes(schema),
    )


def _shapes(schema: Schema) -> dict[str, str]:
    """Read from a schema which measure has a value of which shape."""
    shapes: dict[str, str] = {}
    rule = schema["$defs"].get("measurement", {})
    while "if" in rule:
        shape = rule["then"]["properties"]["value"]["$ref"].rpartition("/")[2]
        for measure in rule["if"]["properties"]["measureId"]["enum"]:
            shapes[measure] = shape
        rule = rule.get("else", {})
    return shapes


@cache
def field_names() -> frozenset[str]:
    """List the names of all fields of all schemas; a finding may repeat these."""
    newest = submission_schema(years()[-1])
    return frozenset({"submission"}).union(
        *READ_ONLY.values(),
        *(_names(item.schema) for item in (newest, *_feeds().values())),
    )


def _names(schema: object) -> frozenset[str]:
    """Collect the field names of a schema and everything in it."""
    if isinstance(schema, dict):
        own = frozenset(schema.get("properties", ()))
        return own.union(*(_names(part) for part in schema.values()))
    return frozenset()
