"""One mistake gives one finding: right code, right place, a registry's words."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qpp.codes import Code
from qpp.findings import Finding
from qppflow.runtime.schemas import (
    MOST_MISTAKES,
    MOST_VALUES,
    feed_schema,
    submission_schema,
)
from qppflow.runtime.structure import structure_findings
from tests.helpers.documents import (
    TIN,
    YEAR,
    Json,
    broken,
    feed,
    feeds,
    measurement,
    pointer_of,
    submission,
)

SINGLE = "singlePerformanceRate"
SET = "/measurementSets/0"


def judge(document: object, year: int = YEAR) -> list[Finding]:
    """Judge the structure of a submission."""
    return structure_findings(document, submission_schema(year))


def value(document: Json, shape: str = SINGLE) -> Json:
    """Give the value of the measurement of a shape."""
    found: Json = measurement(document, shape)["value"]
    return found


def set_of(document: Json) -> Json:
    """Give the measurement set."""
    found: Json = document["measurementSets"][0]
    return found


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_right_submission_has_no_findings(year: int) -> None:
    """A right submission has no findings."""
    document = submission(year)

    assert judge(document, year) == []


FIELDS: list[tuple[Callable[[Json], Any], Code, str]] = [
    (lambda d: d.pop("entityType"), Code.FIELD_MISSING, ""),
    (lambda d: d.pop("measurementSets"), Code.FIELD_MISSING, ""),
    (lambda d: d.update(entityType="Group"), Code.NOT_IN_LIST, "/entityType"),
    (lambda d: d.update(entityType=5), Code.WRONG_TYPE, "/entityType"),
    (lambda d: d.update(entityId=5), Code.ENTITY_ID_MALFORMED, "/entityId"),
    (lambda d: d.update(performanceYear="2025"), Code.WRONG_TYPE, "/performanceYear"),
    (lambda d: d.update(measurementSets=[]), Code.TOO_FEW, "/measurementSets"),
    (
        lambda d: d.update(measurementSets=d["measurementSets"] * 101),
        Code.TOO_MANY,
        "/measurementSets",
    ),
    (lambda d: d.update(measurementSets={}), Code.WRONG_TYPE, "/measurementSets"),
    (
        lambda d: d.update(taxpayerIdentificationNumber="12345678"),
        Code.TIN_MALFORMED,
        "/taxpayerIdentificationNumber",
    ),
    (
        lambda d: d.update(taxpayerIdentificationNumber=123456789),
        Code.TIN_MALFORMED,
        "/taxpayerIdentificationNumber",
    ),
    (
        lambda d: d.update(nationalProviderIdentifier="12345678901"),
        Code.NPI_MALFORMED,
        "/nationalProviderIdentifier",
    ),
    (lambda d: d.update(programName="mips"), Code.FIELD_UNKNOWN, "/programName"),
    (lambda d: set_of(d).pop("category"), Code.FIELD_MISSING, SET),
    (lambda d: set_of(d).update(category="cost"), Code.NOT_IN_LIST, f"{SET}/category"),
    (lambda d: set_of(d).update(category="aci"), Code.NOT_IN_LIST, f"{SET}/category"),
    (
        lambda d: set_of(d).update(submissionMethod="provider"),
        Code.NOT_IN_LIST,
        f"{SET}/submissionMethod",
    ),
    (
        lambda d: set_of(d).update(programName="x" * 101),
        Code.WRONG_FORM,
        f"{SET}/programName",
    ),
    (
        lambda d: set_of(d).update(performanceStart="1/1/2025"),
        Code.WRONG_FORM,
        f"{SET}/performanceStart",
    ),
    (
        lambda d: set_of(d).update(performanceEnd="2025-02-30"),
        Code.DATE_IMPOSSIBLE,
        f"{SET}/performanceEnd",
    ),
    (lambda d: set_of(d).update(extra=1), Code.FIELD_UNKNOWN, f"{SET}/extra"),
    (lambda d: set_of(d).update({"a/b~c": 1}), Code.FIELD_UNKNOWN, SET),
    (
        lambda d: set_of(d)["measurements"].append("IA_EPA_1"),
        Code.WRONG_TYPE,
        f"{SET}/measurements/7",
    ),
    (
        lambda d: set_of(d).update(practiceDetails="x"),
        Code.WRONG_TYPE,
        f"{SET}/practiceDetails",
    ),
]


@pytest.mark.parametrize(("change", "code", "pointer"), FIELDS)
def test_a_mistake_in_a_field_is_one_finding(
    change: Callable[[Json], Any], code: Code, pointer: str
) -> None:
    """A mistake in a field is one finding."""
    document = broken(change)

    found = judge(document)

    assert [(item.code, item.pointer) for item in found] == [(code, pointer)]


VALUES: list[tuple[str, Callable[[Json], Any], Code, str]] = [
    (SINGLE, lambda v: v.pop("performanceMet"), Code.FIELD_MISSING, ""),
    (
        SINGLE,
        lambda v: v.update(performanceMet="80"),
        Code.WRONG_TYPE,
        "/performanceMet",
    ),
    (
        SINGLE,
        lambda v: v.update(performanceMet=True),
        Code.WRONG_TYPE,
        "/performanceMet",
    ),
    (
        SINGLE,
        lambda v: v.update(performanceMet=Decimal("1.5")),
        Code.WRONG_TYPE,
        "/performanceMet",
    ),
    (
        SINGLE,
        lambda v: v.update(performanceNotMet=-1200),
        Code.OUT_OF_RANGE,
        "/performanceNotMet",
    ),
    (
        SINGLE,
        lambda v: v.update(eligiblePopulation=2**53),
        Code.OUT_OF_RANGE,
        "/eligiblePopulation",
    ),
    (
        SINGLE,
        lambda v: v.update(performanceMett=1),
        Code.FIELD_UNKNOWN,
        "/performanceMett",
    ),
    (
        SINGLE,
        lambda v: v.update(performanceRate=80),
        Code.FIELD_UNKNOWN,
        "/performanceRate",
    ),
    (SINGLE, lambda v: v.update(strata=[]), Code.WRONG_VALUE_SHAPE, ""),
    ("proportion", lambda v: v.update(numerator=None), Code.WRONG_TYPE, "/numerator"),
    ("proportion", lambda v: v.pop("numerator"), Code.FIELD_MISSING, ""),
    (
        "registrySinglePerformanceRate",
        lambda v: v.pop("performanceRate"),
        Code.FIELD_MISSING,
        "",
    ),
    (
        "registrySinglePerformanceRate",
        lambda v: v.update(performanceRate=Decimal("100.01")),
        Code.OUT_OF_RANGE,
        "/performanceRate",
    ),
    ("multiPerformanceRate", lambda v: v.update(strata=[]), Code.TOO_FEW, "/strata"),
    (
        "multiPerformanceRate",
        lambda v: v["strata"][1].pop("stratum"),
        Code.FIELD_MISSING,
        "/strata/1",
    ),
    (
        "registryMultiPerformanceRate",
        lambda v: v["strata"][0].update(performanceMet="8"),
        Code.WRONG_TYPE,
        "/strata/0/performanceMet",
    ),
    ("nonProportion", lambda v: v.pop("denominator"), Code.FIELD_MISSING, ""),
    (
        "nonProportion",
        lambda v: v.update(numerator="31.5"),
        Code.WRONG_TYPE,
        "/numerator",
    ),
]


@pytest.mark.parametrize(("shape", "change", "code", "below"), VALUES)
def test_a_mistake_in_a_value_is_one_finding(
    shape: str, change: Callable[[Json], Any], code: Code, below: str
) -> None:
    """A mistake in a value is one finding."""
    document = submission()
    change(value(document, shape))

    found = judge(document)

    place = pointer_of(document, shape) + below
    assert [(item.code, item.pointer) for item in found] == [(code, place)]


SHAPES = sorted(set(submission_schema(YEAR).shapes.values()))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("other", SHAPES)
def test_a_value_of_another_shape_is_one_finding_and_says_what_is_needed(
    shape: str, other: str
) -> None:
    """A value of another shape is one finding and says what is needed."""
    document = submission()
    wrong = measurement(document, shape)
    wrong["value"] = measurement(document, other)["value"]

    found = judge(document)

    codes = [item.code for item in found]
    # A QCDR's shape differs from CMS's own by single fields, which are named then.
    if shape.lower().removeprefix("registry") == other.lower().removeprefix("registry"):
        assert Code.WRONG_VALUE_SHAPE not in codes
    else:
        assert codes == [Code.WRONG_VALUE_SHAPE]
        assert found[0].pointer == pointer_of(document, shape)


@pytest.mark.parametrize("wrong", ["true", 1, [], None])
def test_a_value_of_no_shape_at_all_is_a_wrong_type(wrong: object) -> None:
    """A value of no shape at all is a wrong type."""
    document = submission()
    measurement(document, "boolean")["value"] = wrong

    (found,) = judge(document)

    assert (found.code, found.needed) == (Code.WRONG_TYPE, "true or false")


def test_a_measure_that_is_not_known_may_have_any_shape() -> None:
    """A measure that is not known may have any shape."""
    document = submission()
    measurement(document, SINGLE)["measureId"] = "no such measure"

    assert judge(document) == []


def test_needed_is_said_in_the_words_of_the_schema() -> None:
    """Needed is said in the words of the schema."""
    document = broken(
        lambda d: d.pop("entityType"),
        lambda d: set_of(d).update(category="aci"),
        lambda d: value(d).update(performanceMett=1, performanceNotMet=-3),
        lambda d: d.update(taxpayerIdentificationNumber="1234"),
    )

    said = {item.needed for item in judge(document)}

    assert said == {
        "entityType: one of individual, group, subgroup, virtualGroup, apm",
        "one of quality, pi, ia; what was aci in 2017 is pi",
        "performanceMet, if that was meant; otherwise leave the field out",
        "a whole number of at least 0",
        "9 digits, as text",
    }


def test_found_tells_numbers_and_words_but_no_text_of_an_identifier() -> None:
    """Found tells numbers and words but no text of an identifier."""
    document = broken(
        lambda d: d.update(entityType="Group", taxpayerIdentificationNumber="12-34"),
        lambda d: set_of(d).update(category=TIN),
        lambda d: value(d).update(performanceNotMet=-3, eligiblePopulation=-123456789),
    )

    said = {item.found for item in judge(document)}

    assert said == {
        '"Group"',
        "text of 5 characters",
        "text of 9 digits",
        "-3",
        "a long number",
    }


def test_an_answer_lists_no_more_than_so_many_mistakes() -> None:
    """An answer lists no more than so many mistakes."""
    document = submission()
    wrong = {"measureId": "x", "value": True, "more": 1}
    set_of(document)["measurements"] = [wrong] * (MOST_MISTAKES + 1)

    found = judge(document)

    assert len(found) == MOST_MISTAKES + 1
    assert (found[-1].code, found[-1].pointer) == (Code.TOO_MANY, "")


def test_unknown_fields_are_listed_up_to_the_same_number() -> None:
    """Unknown fields are listed up to the same number."""
    document = submission() | {f"f{number}": 1 for number in range(MOST_MISTAKES + 9)}

    found = judge(document)

    assert len(found) == MOST_MISTAKES + 1
    assert found[-1].code == Code.TOO_MANY


def test_a_wrong_document_of_very_many_values_is_not_taken_apart() -> None:
    """A wrong document of very many values is not taken apart."""
    wrong = [{"measureId": "x", "value": True, "more": 1}] * MOST_VALUES

    found = judge(broken(lambda d: set_of(d).update(measurements=wrong)))

    assert [(item.code, item.pointer) for item in found] == [(Code.TOO_MANY, "")]


@pytest.mark.parametrize("document", feeds(), ids=lambda item: str(item["feed"]))
def test_a_right_feed_has_no_findings(document: Json) -> None:
    """A right feed has no findings."""
    assert structure_findings(document, feed_schema(document["feed"])) == []


DECISION = {"category": "pi", "reason": "hardship", "approved": True}
CLAIMS = {"measureId": "TPCC_1", "score": "1", "caseCount": 1}
FEEDS: list[tuple[Json, Code, str]] = [
    (feed("profile"), Code.FIELD_MISSING, ""),
    (
        feed("prior-scores", entityType="apm", entityId="A 1"),
        Code.ENTITY_ID_MALFORMED,
        "/entityId",
    ),
    (
        feed(
            "profile", specialStatuses=[], roster=[{"nationalProviderIdentifier": "1"}]
        ),
        Code.NPI_MALFORMED,
        "/roster/0/nationalProviderIdentifier",
    ),
    (feed("complex-patient-bonus", points=3.5), Code.WRONG_TYPE, "/points"),
    (feed("complex-patient-bonus", points="10.5"), Code.WRONG_FORM, "/points"),
    (feed("prior-scores", costPercent="100.1"), Code.WRONG_FORM, "/costPercent"),
    (
        feed("reweighting", decisions=[DECISION | {"category": "aci"}]),
        Code.NOT_IN_LIST,
        "/decisions/0/category",
    ),
    (
        feed("reweighting", decisions=[DECISION | {"approved": False}]),
        Code.NOT_IN_LIST,
        "/decisions/0/approved",
    ),
    (
        feed("cost-attribution", measures=[CLAIMS | {"score": "-1"}]),
        Code.WRONG_FORM,
        "/measures/0/score",
    ),
]


@pytest.mark.parametrize(("document", "code", "pointer"), FEEDS)
def test_a_mistake_in_a_feed_is_one_finding(
    document: Json, code: Code, pointer: str
) -> None:
    """A mistake in a feed is one finding."""
    found = structure_findings(document, feed_schema(document["feed"]))

    assert [(item.code, item.pointer) for item in found] == [(code, pointer)]


def test_a_field_whose_name_is_a_number_has_its_finding() -> None:
    """A place of service is named by its code; validators read it as an index."""
    segment = {"segment": 1, "allowedCharges": "1.00", "beneficiaries": 1}
    places = {"coveredServices": 1, "servicesByPlace": {"21": "many"}}
    facts = {"segments": [{**segment, **places}]}
    document = feed("profile", specialStatuses=[], eligibility=facts)

    (finding,) = structure_findings(document, feed_schema("profile"))

    assert finding.code == Code.WRONG_TYPE
    assert finding.pointer == "/eligibility/segments/0/servicesByPlace/21"
