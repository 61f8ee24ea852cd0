"""Any JSON in any place: no exception, no identifier shown, sound pointers."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp import library
from qpp.checks import check_feed, check_submission
from qpp.checks.order import in_document_order
from qpp.checks.reading import count, number, written_number
from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding, Severity
from qpp.identifiers import IDENTIFIER_LIKE
from tests.helpers.submissions import (
    NPI,
    TIN,
    Json,
    catalogue_of,
    changed,
    feed,
    finding_rules,
    measurement,
    measurement_set,
    pi_set,
    rate,
    rules_of,
    six_measures,
    strata,
    submission,
)

OF_ALL_KINDS = submission(
    measurement_set(
        "quality",
        [
            *six_measures(),
            measurement("052", strata("spirometry", "bronchodilator")),
            measurement("AQI49", rate(performanceRate=Decimal("80.5"))),
            measurement("AQI48", strata("overall", "surveyed", performanceRate=80)),
            measurement(
                "ACRAD15",
                {"numerator": 5, "denominator": 100, "observationInstances": 90},
            ),
        ],
    ),
    pi_set(),
    measurement_set("ia", [measurement("IA_BE_4", value=True)]),
)
FEEDS = (
    feed(
        "profile",
        specialStatuses=["rural"],
        roster=[{"nationalProviderIdentifier": NPI}],
    ),
    feed("cost-attribution", measures=[{"measureId": "TPCC_1", "score": "5"}]),
    feed("administrative-claims", measures=[{"measureId": "479", "score": "5"}]),
    feed("cahps", measures=[{"measureId": "CAHPS_1", "score": "5"}]),
    feed("prior-scores", qualityAchievementPercent="5", costPercent="5"),
    feed("complex-patient-bonus", points="5"),
    feed(
        "complex-patient-bonus",
        indicators={"hcc": "1"},
        population={"hccStandardDeviation": "0"},
    ),
    feed(
        "facility-based",
        hospitalPercentile="5",
        hospitals=[{"medicarePatients": 5, "percentile": "6"}],
    ),
)

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**19, 10**400, -1, 0, 123456789, TIN, NPI, ""])
    | st.decimals()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["001", "PI_EP_1", "IA_MVP", "overall", "mips", "2025-02-30"])
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["measureId", "value", "strata", "stratum", "numerator"])
            | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def pointers(node: object, at: str = "") -> Iterator[str]:
    """Give the pointer of everything below a document."""
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for name, inner in items:
            yield f"{at}/{name}"
            yield from pointers(inner, f"{at}/{name}")


def resolves(document: object, pointer: str) -> bool:
    """Say whether something stands at a pointer."""
    return pointer == "" or pointer in set(pointers(document))


def check(document: Json) -> list[Finding]:
    """Check a submission by the rules of 2025 and the test catalogue."""
    return check_submission(document, rules_of(), catalogue_of(), finding_rules())


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(pointers(OF_ALL_KINDS))), anything)
def test_any_json_in_any_place_of_a_submission_is_judged(
    pointer: str, value: object
) -> None:
    """Nothing raises, each pointer leads somewhere, and no identifier is shown."""
    document = changed(OF_ALL_KINDS, pointer, value)

    found = check(document)

    assert all(resolves(document, finding.pointer) for finding in found)
    assert not any(IDENTIFIER_LIKE.search(finding.found) for finding in found)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(OF_ALL_KINDS)), anything))
def test_any_object_is_judged(document: Json) -> None:
    """However little of a submission it is."""
    found = check(document)

    assert all(resolves(document, finding.pointer) for finding in found)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [(item, pointer) for item in FEEDS for pointer in sorted(pointers(item))]
    ),
    anything,
)
def test_any_json_in_any_place_of_a_feed_is_judged(
    place: tuple[Json, str], value: object
) -> None:
    """As for submissions."""
    document = changed(*place, value)

    found = check_feed(document, rules_of(), catalogue_of(), finding_rules())

    assert all(resolves(document, finding.pointer) for finding in found)
    assert not any(IDENTIFIER_LIKE.search(finding.found) for finding in found)


@pytest.mark.parametrize("pointer", sorted(pointers(OF_ALL_KINDS)))
@pytest.mark.parametrize("planted", [TIN, NPI, int(NPI)])
def test_an_identifier_planted_anywhere_is_never_shown(
    pointer: str, planted: object
) -> None:
    """The canary: neither found nor needed nor pointer repeat it."""
    found = check(changed(OF_ALL_KINDS, pointer, planted))

    texts = [text for finding in found for text in finding.as_json().values()]
    assert [text for text in texts if IDENTIFIER_LIKE.search(text)] == []


def test_a_broken_neighbour_hides_no_finding() -> None:
    """Mistakes of structure in each set leave the other findings standing."""
    document = submission(
        measurement_set(
            "quality",
            [
                measurement("047", rate(30, 0, eligiblePopulation=20)),
                measurement("110", rate(performanceNotMet="x")),
                measurement("nope", value=None),
            ],
            performanceEnd=[],
        ),
        pi_set(performanceStart="2025-12-01"),
    )
    document["measurementSets"].insert(0, "no set")
    document["measurementSets"][1]["measurements"].insert(0, 5)

    found = {finding.code for finding in check(document)}

    assert found == {
        Code.MET_ABOVE_POPULATION,
        Code.MEASURE_UNKNOWN,
        Code.FEWER_MEASURES,
        Code.NO_OUTCOME_MEASURE,
        Code.PI_PERIOD_SHORT,
    }


@pytest.mark.parametrize("year", [year for year in library.years() if year > 2017])
def test_right_submissions_of_real_measures_have_no_findings(year: int) -> None:
    """The rules and the catalogue of each year agree with the checks."""
    catalogue, rules = library.catalogue(year), library.rules(year)
    names = ("001", "047", "130", "226", "236", "317")
    value = strata("reporting", "performance", "combinedPopulations")
    document = submission(
        measurement_set(
            "quality",
            [measurement(name, value if name == "226" else rate()) for name in names],
            year=year,
        ),
        pi_set(performanceStart=f"{year}-01-01", performanceEnd=f"{year}-12-31"),
        measurement_set("ia", [measurement("IA_BE_4", value=True)], year=year),
        performanceYear=year,
    )

    found = check_submission(document, rules, catalogue, finding_rules())

    assert found == []


def test_a_changed_rule_book_is_noticed_although_its_name_is_the_same() -> None:
    """What was prepared for one catalogue is not used for another."""
    document = submission(measurement_set("ia", [measurement("IA_EPA_2", value=True)]))
    test, real = catalogue_of(), library.catalogue(2025)

    codes = [
        [
            finding.code
            for finding in check_submission(document, rules_of(), one, finding_rules())
        ]
        for one in (test, real, test)
    ]

    assert codes == [[Code.MEASURE_UNKNOWN], [], [Code.MEASURE_UNKNOWN]]


def test_every_code_is_described_with_its_own_severity() -> None:
    """A code that no file describes could not be reported at all."""
    rules = finding_rules()

    assert set(rules) == {code.value for code in Code}
    assert rules[Code.SOURCE_MISSING].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (5, 5),
        (Decimal("5.0"), 5),
        (5.0, 5),
        (Decimal("5.5"), None),
        (-5, None),
        (Decimal(-5), None),
        (True, None),
        (10**19, None),
        ("5", None),
    ],
)
def test_a_count_is_a_whole_number_however_it_is_written(
    value: object, read: int | None
) -> None:
    """JSON Schema takes 5.0 for an integer, too."""
    assert count(value) == read


@pytest.mark.parametrize(
    "value", [Decimal("1E+99999"), Decimal("1E-99999"), Decimal("NaN"), float("inf")]
)
def test_a_number_that_breaks_arithmetic_is_none(value: object) -> None:
    """Its checks are skipped, none of them raises."""
    assert number(value) is None


@pytest.mark.parametrize(
    ("value", "read"), [("1.50", Decimal("1.5")), ("many", None), (2, Decimal(2))]
)
def test_feeds_write_numbers_as_text(value: object, read: Decimal | None) -> None:
    """Plain numbers are taken as well."""
    assert written_number(value) == read


def test_findings_of_any_origin_are_put_in_document_order() -> None:
    """Escaped names, missing fields and pointers to nowhere have a place, too."""
    document = {"b/c": [{"x": 1}], "a": 5}
    wanted = ["", "/b~1c", "/b~1c/0/x", "/b~1c/9/x/y", "/a", "/a/b", "/gone"]
    found = [report(finding_rules(), Code.WRONG_TYPE, at, "") for at in wanted[::-1]]

    ordered = in_document_order(document, found)

    assert [finding.pointer for finding in ordered] == wanted
