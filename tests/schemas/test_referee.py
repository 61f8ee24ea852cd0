"""The fast judge and the reference judge of JSON Schema agree on broken documents."""

import copy
import json
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from qpp import library
from qpp.codes import Code
from qppflow.runtime.reading import read_document
from qppflow.runtime.schemas import JudgingSchema, feed_schema, submission_schema
from tests.helpers.documents import Json, body, feeds, mutated, submission

Mistake = tuple[tuple[str | int, ...], str]
SEEDS = 120


def fast(judging: JudgingSchema, document: Any) -> set[Mistake]:  # noqa: ANN401 - any JSON
    """List the mistakes that the hot path finds."""
    return {
        (tuple(mistake.instance_path), mistake.kind.name)
        for mistake in judging.mistakes(document)
    }


def reference(judging: JudgingSchema, document: Any) -> set[Mistake]:  # noqa: ANN401 - any JSON
    """List the mistakes that the reference implementation finds."""
    judge = Draft202012Validator(
        judging.schema, format_checker=FormatChecker(("date",))
    )
    return {
        (tuple(mistake.absolute_path), str(mistake.validator))
        for mistake in judge.iter_errors(document)
    }


@pytest.mark.parametrize("year", library.years())
def test_both_judges_find_the_same_mistakes_in_submissions(year: int) -> None:
    """Registries check with other programs, and must see there what we answer."""
    judging = submission_schema(year)
    right = submission(year)
    broken = [mutated(copy.deepcopy(right), seed) for seed in range(SEEDS)]

    found = [fast(judging, document) for document in broken]

    assert found == [reference(judging, document) for document in broken]
    assert [not mistakes for mistakes in found] == [
        judging.accepts(document) for document in broken
    ]
    assert sum(map(bool, found)) > SEEDS // 2


@pytest.mark.parametrize("right", feeds(), ids=lambda item: str(item["feed"]))
def test_both_judges_find_the_same_mistakes_in_feeds(right: Json) -> None:
    """What CMS sends is judged by hand-written schemas, which use other keywords."""
    judging = feed_schema(right["feed"])
    broken = [mutated(copy.deepcopy(right), seed) for seed in range(40)]

    found = [fast(judging, document) for document in broken]

    assert found == [reference(judging, document) for document in broken]
    assert any(found)


def test_a_disagreement_of_the_judges_would_be_seen() -> None:
    """Their twin: one keyword less on one side is enough."""
    judging = submission_schema(library.years()[-1])
    laxer = copy.deepcopy(judging.schema)
    del laxer["$defs"]["count"]["minimum"]
    document = submission(library.years()[-1])
    document["measurementSets"][0]["measurements"][1]["value"]["performanceMet"] = -1
    validator = jsonschema_rs.Draft202012Validator(laxer, validate_formats=True)
    other = JudgingSchema(laxer, validator, judging.shapes)

    assert fast(other, document) != reference(judging, document)


@pytest.mark.parametrize("year", library.years())
def test_exact_decimals_are_judged_as_floats_are(year: int) -> None:
    """We read decimals digit for digit; most programs read floats."""
    judging = submission_schema(year)
    dropped = {Code.FIELD_DROPPED, Code.NOT_SCORED_BY_THIS_VERSION, Code.YEAR_UNKNOWN}
    verdicts = []
    for seed in range(SEEDS):
        document = mutated(submission(year), seed)
        reading = read_document(body(document))
        codes = {finding.code for finding in reading.findings}
        if reading.document is not None and not codes & dropped:
            floats = json.loads(body(document))
            verdicts.append((not codes, not reference(judging, floats)))

    assert all(ours == theirs for ours, theirs in verdicts)
    assert len(verdicts) > SEEDS // 4
