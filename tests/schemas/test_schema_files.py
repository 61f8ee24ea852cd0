"""The committed schemas are what catalogue and rules make them, and complete."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from qpp import library
from qpp.feeds import NAMES
from qppflow.runtime.contracts import version
from qppflow.runtime.reading import read_document
from qppflow.runtime.resources import data_root, read_json, schemas
from qppflow.runtime.schema_writer import measures_by_shape, year_files
from qppflow.runtime.schemas import feed_names, field_names, submission_schema
from tests.helpers.documents import body, measurement_set, mutated

YEARS = library.years()
FILES = sorted((schemas() / "mips").rglob("*.schema.json"))


def names_of(path: Path) -> str:
    """Name a schema file for people."""
    return f"{path.parent.name}/{path.name}"


def fields(schema: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Give every field of a schema with what is said of it."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for keyword, part in schema.items():
            if keyword not in ("if", "then", "else"):
                yield from fields(part)


@pytest.mark.parametrize("year", YEARS)
def test_the_committed_files_are_what_the_generator_writes(year: int) -> None:
    """A hand in a generated file would be gone after the next ``make generate``."""
    folder = schemas() / "mips" / f"py{year}"

    written = year_files(library.catalogue(year), library.rules(year).submission)

    committed = {path.name: path.read_bytes() for path in folder.glob("*.schema.json")}
    assert committed == written, "run: qppflow's schema generator wrote something else"


def test_the_generator_follows_the_catalogue() -> None:
    """Its twin: other measures give other files."""
    catalogue = library.catalogue(YEARS[-1])
    rules = library.rules(YEARS[-1]).submission
    smaller = replace(catalogue, activities={})

    assert year_files(catalogue, rules) != year_files(smaller, rules)


def test_every_year_with_rules_has_schemas_and_no_other() -> None:
    """A year that is scored and cannot be checked would let everything through."""
    folders = sorted(path.name for path in (schemas() / "mips").glob("py*"))

    assert folders == [f"py{year}" for year in YEARS]


@pytest.mark.parametrize("path", FILES, ids=names_of)
def test_a_schema_is_valid_and_says_which_version_it_is(path: Path) -> None:
    """Whoever keeps a copy can tell which one it is."""
    schema = read_json(path)

    Draft202012Validator.check_schema(schema)
    kind = path.name.removesuffix(".schema.json")
    family, _, number = schema["$id"].rpartition(":")
    assert family == f"urn:qppflow:schemas:mips:{path.parent.name}:{kind}"
    assert str(version(number)) == number
    assert jsonschema_rs.meta.is_valid(schema)


@pytest.mark.parametrize("path", FILES, ids=names_of)
def test_every_field_says_what_it_means(path: Path) -> None:
    """A registry reads the schema, not our code."""
    schema = read_json(path)
    definitions = schema["$defs"]

    silent = [
        name
        for name, field in fields({"properties": schema["properties"], **definitions})
        if "description" not in field
        and "description" not in definitions.get(str(field.get("$ref", ""))[8:], {})
    ]

    assert silent == []


@pytest.mark.parametrize("path", FILES, ids=names_of)
def test_every_field_may_be_named_in_a_finding(path: Path) -> None:
    """Other names could be identifiers and are masked, which helps nobody here."""
    assert {name for name, _ in fields(read_json(path))} <= field_names()


@pytest.mark.parametrize("year", YEARS)
def test_every_measure_that_clinicians_send_has_a_shape(year: int) -> None:
    """Without one a measure would be refused as unknown, although CMS takes it."""
    catalogue = library.catalogue(year)
    shapes = submission_schema(year).shapes

    without = {
        measure.metric_type
        for measure in catalogue.quality.values()
        if measure.measure_id not in shapes
    }
    assert without <= {"cahps", "costScore"}
    assert set(shapes) >= {*catalogue.interoperability, *catalogue.activities}
    assert sum(map(len, measures_by_shape(catalogue).values())) == len(shapes)


def test_there_is_a_schema_for_every_feed_that_the_law_reads() -> None:
    """A feed without schema would never be taken."""
    assert set(feed_names()) == set(NAMES)


@pytest.mark.parametrize("year", YEARS)
def test_both_forms_of_a_submission_are_judged_alike(year: int) -> None:
    """The set's own schema is for others to use; we judge the submission made of it."""
    path = schemas() / "mips" / f"py{year}" / "measurement-set.schema.json"
    own = jsonschema_rs.Draft202012Validator(read_json(path), validate_formats=True)
    right = measurement_set(year)
    verdicts = []
    for seed in range(150):
        document = mutated(copy.deepcopy(right), seed)
        reading = read_document(body(document))
        # Without its own marks it is not recognised; dropped fields change the form.
        if reading.kind == "measurementSet" and reading.document is not None:
            codes = {finding.code for finding in reading.findings}
            if not codes & {"MIPS-STR-008", "MIPS-NSV-001", "MIPS-YEA-001"}:
                verdicts.append((own.is_valid(document), not reading.findings))

    assert own.is_valid(right)
    assert all(mine == theirs for mine, theirs in verdicts)
    assert len(verdicts) > 50


def test_the_data_are_found_in_a_wheel_before_a_checkout(tmp_path: Path) -> None:
    """An installed program must not depend on what lies beside it."""
    package = tmp_path / "services" / "qppflow"
    (package / "_data" / "schemas").mkdir(parents=True)

    assert data_root(package) == package / "_data"


def test_the_data_are_found_beside_the_source(tmp_path: Path) -> None:
    """In a checkout nothing has to be built first."""
    package = tmp_path / "services" / "qppflow"
    package.mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="neither installed"):
        data_root(package)
    (tmp_path / "schemas").mkdir()

    assert data_root(package) == tmp_path
