"""Every kind of bytes gets one fate, and findings that point into what was sent."""

from collections.abc import Callable

import pytest

from qpp import library
from qpp.codes import Code
from qpp.findings import Finding, Severity, rejects
from qppflow.runtime.reading import Reading, read_document, read_feed
from tests.helpers.documents import (
    NPI,
    YEAR,
    Json,
    body,
    broken,
    feed,
    feeds,
    measurement,
    measurement_set,
    pointer_of,
    submission,
)

YEARS = library.years()
NEXT = YEARS[-1] + 1


def read(document: object) -> Reading:
    """Read a document as a registry sends it."""
    return read_document(body(document))


def told(reading: Reading) -> list[tuple[str, str]]:
    """Give code and pointer of each finding."""
    return [(item.code, item.pointer) for item in reading.findings]


def warning(pointer: str, needed: str = "nothing") -> Finding:
    """Make a finding as a check of the law gives it."""
    return Finding(pointer, Code.NO_BENCHMARK, Severity.WARNING, "x", needed, "y")


@pytest.mark.parametrize("year", YEARS)
def test_a_right_submission_is_read_as_it_is(year: int) -> None:
    """The same object comes out: nothing is changed where nothing is wrong."""
    reading = read(submission(year))

    assert (reading.kind, reading.year) == ("submission", year)
    assert (reading.findings, reading.parked) == ((), None)
    assert reading.document is reading.sent


@pytest.mark.parametrize("year", YEARS)
def test_a_measurement_set_becomes_a_submission_of_one_set(year: int) -> None:
    """Everything behind the reader then knows one form only."""
    reading = read(measurement_set(year))

    assert (reading.kind, reading.findings) == ("measurementSet", ())
    assert reading.document == read(submission(year)).document


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, Code.NULL_VALUE),
        (b"", Code.EMPTY),
        (b"no JSON", Code.NOT_JSON),
        (b'"\xff"', Code.NOT_UTF8),
    ],
)
@pytest.mark.parametrize("reader", [read_document, read_feed])
def test_what_is_no_document_is_parked_with_its_reason(
    reader: Callable[[bytes | None], Reading], sent: bytes | None, code: Code
) -> None:
    """Nobody can be answered about bytes that name no document."""
    reading = reader(sent)

    assert (reading.parked, reading.document) == (code, None)
    assert told(reading) == [(code, "")]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"[" * 300, Code.TOO_DEEP),
        (b'{"entityType": NaN}', Code.NOT_A_NUMBER),
        (b'{"entityType": 1, "entityType": 2}', Code.DUPLICATE_KEY),
        (b"[18446744073709551616]", Code.NUMBER_TOO_LARGE),
        (b" " * 101, Code.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("reader", [read_document, read_feed])
def test_json_that_readers_disagree_about_is_rejected(
    reader: Callable[..., Reading], sent: bytes, code: Code
) -> None:
    """A lenient reader would score something else than what the sender meant."""
    reading = reader(sent, 1000 if code is not Code.TOO_LARGE else 100)

    assert (reading.parked, reading.document) == (None, None)
    assert [item.code for item in reading.findings] == [code]
    assert rejects(reading.findings)


OTHERS: list[tuple[object, str]] = [
    ({"data": {"measurementSet": {}}}, "an API response (data.measurementSet)"),
    ({"data": {"submission": submission()}}, "an API response (data.submission)"),
    ({"data": {NPI: 1}}, "an API response (data)"),
    ({"error": {"type": "ValidationError"}}, "an error response"),
    ({"errors": []}, "an error response"),
    ({"qpp": submission()}, "a converter's response (qpp)"),
    ([submission()] * 3, "a JSON array of 3 objects"),
    ([1, 2], "a JSON array of 2 values"),
    ({"measureId": "001", "value": {}}, "a measurement without its set"),
    (
        {"category": "ia", "measurements": []},
        "a measurement set without its submission",
    ),
    (
        {"measurements": [], "submission": None},
        "a measurement set whose submission is no object",
    ),
    ({"submission": submission()}, "a submission inside a field submission"),
    (feeds()[0], "a CMS feed event"),
    (
        {"specversion": "1.0", "type": "x"},
        "a CloudEvents envelope in structured mode",
    ),
    ({"ClinicalDocument": {}}, "a QRDA document written as JSON"),
    ({}, "an empty object"),
    ({"hello": "world"}, "an object with none of a submission's fields"),
    ("text", "the JSON value a text"),
    (True, "the JSON value true or false"),
    (None, "the JSON value null"),
    (5, "the JSON value of a number"),
]


@pytest.mark.parametrize(("document", "looks"), OTHERS)
def test_other_json_is_rejected_and_told_what_it_looks_like(
    document: object, looks: str
) -> None:
    """Who sent the wrong file sees from the answer which one it was."""
    reading = read(document)

    (found,) = reading.findings
    assert (found.code, found.pointer, found.found) == (
        Code.NOT_A_SUBMISSION,
        "",
        looks,
    )
    assert (reading.parked, reading.document) == (None, None)


def test_fields_of_answers_are_left_out_with_one_warning_a_kind() -> None:
    """Registries send back what CMS's API answered; it decides nothing."""
    document = submission()
    document |= {"id": "x", "entityId": "", "nationalProviderIdentifier": None}
    (inner,) = document["measurementSets"]
    inner |= {"source": "qrda3", "measureSet": None, "practiceId": "", "cehrtId": ""}
    for item in inner["measurements"]:
        item["measurementSetId"] = "x"
    for shape in ("singlePerformanceRate", "multiPerformanceRate", "nonProportion"):
        measurement(document, shape)["value"] |= {
            "performanceRate": 80.1,
            "reportingRate": 100,
        }
    measurement(document, "multiPerformanceRate")["value"]["strata"][0]["caseCount"] = 1

    reading = read(document)

    assert reading.document == read(submission()).document
    assert {item.code for item in reading.findings} == {Code.FIELD_DROPPED}
    assert not rejects(reading.findings)
    assert [item.found for item in reading.findings] == [
        "measurementSetId of a measurement, only in answers, 7 times",
        "performanceRate of a value, only in answers, 3 times",
        "reportingRate of a value, only in answers, 3 times",
        "caseCount of a value, only in answers, once",
        "source of a measurement set, only in answers, once",
        "measureSet of a measurement set, null, once",
        "practiceId of a measurement set, only in answers, once",
        "cehrtId of a measurement set, empty text, once",
        "id of a submission, only in answers, once",
        "entityId of a submission, empty text, once",
        "nationalProviderIdentifier of a submission, null, once",
    ]


def test_many_kinds_of_nulls_are_told_together() -> None:
    """Fifty findings can be read; a thousand would bury the one that matters."""
    nulls: Json = {f"f{number}": None for number in range(80)}

    reading = read(submission() | nulls)

    assert len(reading.findings) == 51
    others = [item for item in reading.findings if "other fields" in item.found]
    assert [(item.pointer, item.found) for item in others] == [
        ("", "other fields of a submission, null, 30 times")
    ]


def test_only_the_parts_that_lose_something_are_copied() -> None:
    """Documents are large, and what was sent must stay as it was for the pointers."""
    document = submission()
    document["id"] = "x"

    reading = read(document)

    assert isinstance(reading.sent, dict)
    assert reading.document is not None
    assert reading.document["measurementSets"] is reading.sent["measurementSets"]
    assert reading.sent["id"] == "x"


def test_the_rate_of_a_qcdr_measure_is_kept() -> None:
    """Only this form sends its own rate; in others the field is CMS's answer."""
    reading = read(submission())

    assert reading.document is not None
    kept = measurement(reading.document, "registrySinglePerformanceRate")["value"]
    assert str(kept["performanceRate"]) == "84.21"


def test_a_null_where_a_value_is_needed_is_a_missing_field_and_nothing_else() -> None:
    """One mistake is one finding, not a warning and an error of the same field."""
    document = submission()
    measurement(document, "singlePerformanceRate")["value"]["performanceMet"] = None

    reading = read(document)

    place = pointer_of(document, "singlePerformanceRate")
    assert told(reading) == [(Code.FIELD_MISSING, place)]


def test_findings_on_a_measurement_set_point_into_it_as_sent() -> None:
    """The sender knows that form, not the one that we made of it."""
    document = measurement_set()
    document["submission"] |= {"entityType": "Group", "id": 1}
    document["performanceStart"] = "2025-02-30"
    document["measurements"].append(1)
    del document["category"]

    reading = read(document)

    assert told(reading) == [
        (Code.FIELD_MISSING, ""),
        (Code.NOT_IN_LIST, "/submission/entityType"),
        (Code.FIELD_DROPPED, "/submission/id"),
        (Code.DATE_IMPOSSIBLE, "/performanceStart"),
        (Code.WRONG_TYPE, "/measurements/7"),
    ]


def test_a_submission_inside_a_set_has_no_sets_of_its_own() -> None:
    """Otherwise nobody could say which of the two sets of sets counts."""
    document = measurement_set()
    document["submission"]["measurementSets"] = []

    reading = read(document)

    place = "/submission/measurementSets"
    assert told(reading) == [(Code.FIELD_UNKNOWN, place)]


@pytest.mark.parametrize("year", [YEARS[0] + 1, YEARS[1] - 1, NEXT, NEXT + 1])
def test_a_year_that_cms_has_but_this_version_has_not_is_told_apart(year: int) -> None:
    """The document may be right, so the sender has nothing to mend."""
    reading = read(submission() | {"performanceYear": year})

    assert told(reading) == [(Code.NOT_SCORED_BY_THIS_VERSION, "/performanceYear")]
    assert (reading.year, reading.findings[0].found) == (None, str(year))


@pytest.mark.parametrize("year", [2016, NEXT + 2, 0, -1, 123456789])
def test_a_year_that_nobody_has_is_unknown(year: int) -> None:
    """There the sender has something to mend."""
    reading = read(submission() | {"performanceYear": year})

    assert told(reading) == [(Code.YEAR_UNKNOWN, "/performanceYear")]


@pytest.mark.parametrize("year", ["2025", True, 2025.5, [2025]])
def test_a_year_that_is_no_whole_number_has_the_wrong_type(year: object) -> None:
    """Text and truth values pass for years in some languages."""
    reading = read(submission() | {"performanceYear": year})

    assert told(reading) == [(Code.WRONG_TYPE, "/performanceYear")]


def test_a_year_written_with_a_decimal_point_is_that_year() -> None:
    """JSON has one kind of number, and rules are looked up by a whole one."""
    reading = read(submission() | {"performanceYear": 2025.0})

    assert (reading.year, reading.findings) == (2025, ())
    assert reading.document is not None
    assert type(reading.document["performanceYear"]) is int


def test_without_a_year_that_is_known_the_rest_is_judged_all_the_same() -> None:
    """All mistakes are told at once, also those that no year's rules decide."""
    document = broken(lambda d: d.update(performanceYear=2019, entityType="Group"))
    measurement(document | {"performanceYear": YEAR}, "boolean")["value"] = "yes"

    reading = read(document)

    assert {item.code for item in reading.findings} == {
        Code.NOT_IN_LIST,
        Code.NOT_SCORED_BY_THIS_VERSION,
        Code.WRONG_TYPE,
    }


def test_findings_of_the_law_are_added_in_the_order_of_the_document() -> None:
    """Structure is judged first, but people read from top to bottom."""
    document = broken(lambda d: d.update(entityType="Group", more=1))
    reading = read(document)

    merged = reading.findings_with(
        [warning("/measurementSets/0"), warning("/entityType")]
    )

    assert [(item.code, item.pointer) for item in merged] == [
        (Code.NOT_IN_LIST, "/entityType"),
        (Code.NO_BENCHMARK, "/measurementSets/0"),
        (Code.FIELD_UNKNOWN, "/more"),
    ]


def test_a_masked_field_name_hides_nothing_else_of_its_object() -> None:
    """Its finding points to the object, where findings of other kinds may stand."""
    reading = read(broken(lambda d: d["measurementSets"][0].update({NPI: 1})))

    merged = reading.findings_with([warning("/measurementSets/0")])

    assert [item.code for item in merged] == [Code.FIELD_UNKNOWN, Code.NO_BENCHMARK]


def test_a_missing_field_hides_nothing_else_of_its_object() -> None:
    """It, too, points to the object that lacks it, and to nothing inside."""
    reading = read(broken(lambda d: d.pop("entityType")))

    merged = reading.findings_with([warning("")])

    assert [item.code for item in merged] == [Code.FIELD_MISSING, Code.NO_BENCHMARK]


def test_findings_of_the_law_on_a_set_are_moved_with_the_places_they_mention() -> None:
    """The law saw a submission; words such as *the first is* name places as well."""
    reading = read(measurement_set())
    where = "/measurementSets/0/measurements/1/measureId"

    merged = reading.findings_with(
        [
            warning(where, "the first is /measurementSets/0/measurements/0"),
            warning("/taxpayerIdentificationNumber"),
            warning("/measurementSets/0"),
            warning(""),
        ]
    )

    assert [item.pointer for item in merged] == [
        "",
        "/submission",
        "/submission/taxpayerIdentificationNumber",
        "/measurements/1/measureId",
    ]
    assert merged[-1].needed == "the first is /measurements/0"


@pytest.mark.parametrize("document", feeds(), ids=lambda item: str(item["feed"]))
def test_a_right_feed_is_read_as_it_is(document: Json) -> None:
    """The same object comes out, as with submissions."""
    reading = read_feed(body(document))

    assert (reading.kind, reading.year, reading.findings) == ("feed", YEAR, ())
    assert reading.document is reading.sent


def test_nulls_of_a_feed_are_left_out_with_a_warning() -> None:
    """Programs write null for what they do not know, and mean that it is absent."""
    measures = [{"measureId": "CAHPS_1", "score": "87.5", "mask": None}]
    document = feed("cahps", nationalProviderIdentifier=None, measures=measures)

    reading = read_feed(body(document))

    assert told(reading) == [
        (Code.FIELD_DROPPED, "/nationalProviderIdentifier"),
        (Code.FIELD_DROPPED, "/measures/0/mask"),
    ]
    assert reading.document == feed(
        "cahps", measures=[{"measureId": "CAHPS_1", "score": "87.5"}]
    )


@pytest.mark.parametrize(
    ("document", "looks"),
    [
        (feed("no such feed"), "a feed of no known name"),
        ({"feed": [1]}, "a feed of no known name"),
        (submission(), "a submission"),
        ([1], "a JSON array of 1 values"),
    ],
)
def test_what_is_no_feed_is_told_what_it_looks_like(
    document: object, looks: str
) -> None:
    """A submission on the topic of the feeds is a mistake that its sender can see."""
    (found,) = read_feed(body(document)).findings

    assert (found.code, found.found) == (Code.NOT_A_SUBMISSION, looks)


@pytest.mark.parametrize(
    ("year", "code"),
    [(2019, Code.NOT_SCORED_BY_THIS_VERSION), (NEXT + 5, Code.YEAR_UNKNOWN)],
)
def test_the_year_of_a_feed_is_judged_as_that_of_a_submission(
    year: int, code: Code
) -> None:
    """A feed of a year without rules could never be used."""
    reading = read_feed(body(feed("prior-scores", year)))

    assert told(reading) == [(code, "/performanceYear")]
    assert reading.year is None
