"""Event schemas are closed and described, and their examples prove what they say."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from qppflow.runtime.contracts import (
    Validator,
    event_names,
    event_schema,
    event_type,
    event_versions,
    problems,
    version,
)

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "contracts" / "events"
SCHEMAS = sorted((ROOT / "contracts").glob("*/**/*.schema.json"))
OURS = [file for file in SCHEMAS if "partners" not in file.parts]
EXAMPLES = sorted(EVENTS.glob("*/examples/*.json"))
NAME = re.compile(
    r"(?P<version>\d+\.\d+\.\d+)\.(?P<slug>.+)\.(?P<kind>pass|fail)\.json"
)
TIN, NPI = re.compile(r"(?<!\d)\d{9}(?!\d)"), re.compile(r"(?<!\d)\d{10}(?!\d)")


def read(file: Path) -> Any:  # noqa: ANN401 - any JSON
    """Read one JSON file."""
    return json.loads(file.read_text("utf-8"))


def complaints(part: Any, at: str = "#") -> Iterator[str]:  # noqa: ANN401 - any part of a schema
    """Yield open objects and fields without a description.

    An object may be open where ``x-shape`` says which schemas describe it; a rule
    below if, then, else, not, contains or allOf only adds to a described object.
    """
    if "properties" in part or "object" in str(part.get("type")):
        if part.get("additionalProperties") is not False and "x-shape" not in part:
            yield f"{at} is open"
        for name, field in part.get("properties", {}).items():
            if not field.get("description") and "$ref" not in field:
                yield f"{at}/{name} has no description"
            yield from complaints(field, f"{at}/{name}")
    for name, definition in part.get("$defs", {}).items():
        if not definition.get("description"):
            yield f"{at}/$defs/{name} has no description"
        yield from complaints(definition, f"{at}/$defs/{name}")
    if "items" in part:
        yield from complaints(part["items"], f"{at}/items")


def expectations(event: str) -> dict[str, dict[str, str]]:
    """Read what each failing example of an event breaks."""
    return tomllib.loads((EVENTS / event / "examples" / "expect.toml").read_text())


def wrong(file: Path) -> list[tuple[str, str]]:
    """Give keyword and pointer of everything that is wrong with an example."""
    named = NAME.fullmatch(file.name)
    assert named is not None
    schema = event_schema(file.parts[-3], named["version"])
    compiled = jsonschema_rs.Draft202012Validator(schema)
    return [(item.keyword, item.pointer) for item in problems(compiled, read(file))]


@pytest.mark.parametrize("file", OURS, ids=lambda file: "/".join(file.parts[-2:]))
def test_a_schema_is_valid_and_named_like_its_file(file: Path) -> None:
    """A reader finds the file by the id, and the id by the file."""
    schema = read(file)
    number = file.name.removesuffix(".schema.json")

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:qppflow:")
    assert schema["$id"].endswith(f":{number}")


@pytest.mark.parametrize("file", sorted(EVENTS.rglob("*.schema.json")), ids=str)
def test_an_event_is_closed_and_every_field_is_described(file: Path) -> None:
    """A consumer learns from the schema alone what each figure means."""
    schema = read(file)

    assert schema["$id"].split(":")[-2] == file.parts[-2]
    assert list(complaints(schema)) == []


def test_an_open_object_and_a_field_without_words_are_complained_of() -> None:
    """The check above is seen to fail."""
    inner = {"type": "object", "properties": {"a": {"type": "string"}}}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"inner": inner | {"description": "open"}, "bare": {}},
        "$defs": {"nameless": {"type": "string"}},
    }

    assert list(complaints(schema)) == [
        "#/inner is open",
        "#/inner/a has no description",
        "#/bare has no description",
        "#/$defs/nameless has no description",
    ]


@pytest.mark.parametrize("event", event_names())
def test_every_version_has_an_example_that_passes_and_one_that_fails(
    event: str,
) -> None:
    """A schema without examples has never been tried."""
    found = {
        (named["version"], named["kind"])
        for file in (EVENTS / event / "examples").glob("*.json")
        if (named := NAME.fullmatch(file.name))
    }

    for number in event_versions(event):
        assert {(str(number), "pass"), (str(number), "fail")} <= found


def test_every_example_is_named_by_version_what_it_shows_and_how_it_ends() -> None:
    """A file with another name would never be read."""
    unnamed = [file.name for file in EXAMPLES if not NAME.fullmatch(file.name)]

    assert unnamed == []


@pytest.mark.parametrize(
    "file", [f for f in EXAMPLES if f.match("*.pass.json")], ids=lambda file: file.name
)
def test_a_passing_example_passes(file: Path) -> None:
    """What we show is what we send."""
    found = wrong(file)

    assert found == []


@pytest.mark.parametrize(
    "file", [f for f in EXAMPLES if f.match("*.fail.json")], ids=lambda file: file.name
)
def test_a_failing_example_breaks_exactly_what_it_says(file: Path) -> None:
    """One mistake a file, caught by the keyword and place it names."""
    expected = expectations(file.parts[-3])[file.name.removesuffix(".fail.json")]

    assert set(wrong(file)) == {(expected["keyword"], expected["pointer"])}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_a_second_validator_finds_the_same(file: Path) -> None:
    """The fast validator and the reference agree on every example."""
    schema = event_schema(file.parts[-3], file.name[: len("1.0.0")])
    referee = Draft202012Validator(schema)

    found = {
        (str(error.validator), "".join(f"/{step}" for step in error.absolute_path))
        for error in referee.iter_errors(read(file))
    }

    assert found == set(wrong(file))


@pytest.mark.parametrize("event", event_names())
def test_what_is_expected_to_fail_is_there(event: str) -> None:
    """No expectation without an example, and none the other way round."""
    files = (EVENTS / event / "examples").glob("*.fail.json")

    assert expectations(event).keys() == {
        file.name.removesuffix(".fail.json") for file in files
    }


def test_at_least_two_in_five_examples_fail() -> None:
    """A schema shows its worth by what it refuses."""
    failing = [file for file in EXAMPLES if file.match("*.fail.json")]

    assert len(failing) / len(EXAMPLES) >= 0.4


def test_identifiers_in_examples_belong_to_nobody() -> None:
    """Example TINs start with 000 and example NPIs with 0."""
    text = "\n".join(file.read_text("utf-8") for file in EXAMPLES)

    tins, npis = set(TIN.findall(text)), set(NPI.findall(text))

    # The one nine-digit text that starts otherwise is an NPI cut short.
    assert {tin[:3] for tin in tins} == {"000", "012"}
    assert {npi[0] for npi in npis} == {"0"}


def test_the_validator_takes_the_newest_version_of_a_major_one() -> None:
    """The type names the major version only."""
    folder = EVENTS / "score-retracted" / "examples"
    value = read(next(folder.glob("*.pass.json")))
    validator = Validator()

    found = validator.problems(event_type("score-retracted", 1), value)

    assert found == []
    assert validator.problems("qppflow.score-retracted.v1", value | {"more": 1}) != []


def test_a_problem_never_repeats_what_stands_in_the_value() -> None:
    """An identifier that is wrong is still an identifier."""
    value = read(
        EVENTS / "payment-adjusted/examples/1.0.0.npi-of-nine-digits.fail.json"
    )

    found = Validator().problems("qppflow.payment-adjusted.v1", value)

    assert [tuple(item) for item in found] == [
        ("/nationalProviderIdentifier", "pattern")
    ]


@pytest.mark.parametrize(
    "kind", ["000456789", "qppflow.score-retracted.v9", "qppflow.nothing.v1"]
)
def test_an_unknown_type_is_refused(kind: str) -> None:
    """A header may hold anything, so the error does not repeat it."""
    with pytest.raises(KeyError) as caught:
        Validator().problems(kind, {})

    assert kind not in str(caught.value)


def test_a_version_is_three_numbers() -> None:
    """Versions are ordered as numbers, not as text."""
    assert version("1.10.2") > version("1.9.0")
    with pytest.raises(ValueError, match="three numbers"):
        version("1.0")
