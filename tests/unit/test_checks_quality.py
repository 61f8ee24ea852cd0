"""Quality measurements: measures, counts, strata, and what costs points."""

from decimal import Decimal

import pytest

from qpp.checks import check_submission
from qpp.codes import Code
from qpp.findings import Finding, rejects
from tests.helpers.submissions import (
    CEHRT,
    Json,
    catalogue_of,
    finding_rules,
    measurement,
    measurement_set,
    places,
    rate,
    rules_of,
    six_measures,
    strata,
    stratum,
    submission,
)

AT = "/measurementSets/0/measurements/6"
EHR = "electronicHealthRecord"


def check(measure_id: str, value: object, method: str = "registry") -> list[Finding]:
    """Check a measurement sent beside six good ones."""
    item = measurement_set(
        "quality",
        [*six_measures(), measurement(measure_id, value)],
        method,
        cehrtId=CEHRT,
    )
    return check_all(item)


def check_of_qcdr(measure_id: str, value: object) -> list[Finding]:
    """Check a QCDR's measurement, leaving out what is said of whoever sends it."""
    found = check(measure_id, value)
    assert Code.QCDR_VENDOR_NOT_JUDGED in [finding.code for finding in found]
    return [item for item in found if item.code != Code.QCDR_VENDOR_NOT_JUDGED]


def check_all(*sets: Json, year: int = 2025) -> list[Finding]:
    """Check a submission of *sets*."""
    return check_submission(
        submission(*sets), rules_of(year), catalogue_of(year), finding_rules()
    )


@pytest.mark.parametrize(
    ("measure_id", "method", "code"),
    [
        ("1", "registry", Code.MEASURE_UNKNOWN),
        ("IA_BE_4", "registry", Code.MEASURE_WRONG_CATEGORY),
        ("PI_EP_1", "registry", Code.MEASURE_WRONG_CATEGORY),
        ("479", "registry", Code.MEASURE_FROM_CMS_ONLY),
        ("321", "registry", Code.MEASURE_FROM_CMS_ONLY),
        ("TPCC_1", "registry", Code.MEASURE_FROM_CMS_ONLY),
        ("001", "registry", Code.MEASURE_DUPLICATE),
        ("112", "registry", Code.MEASURE_PROGRAM),
        ("318", "registry", Code.MEASURE_METHOD),
        ("399", "registry", Code.NO_BENCHMARK),
        ("389", "registry", Code.SUPPRESSED_MEASURE),
        ("488", EHR, Code.SUPPRESSED_MEASURE),
    ],
)
def test_a_measure_is_looked_up(measure_id: str, method: str, code: Code) -> None:
    """The finding points to the measure's id."""
    found = check(measure_id, rate(), method)

    assert places(found) == [(code, f"{AT}/measureId")]


@pytest.mark.parametrize("value", [rate(1, 0), rate(0, 0), None])
def test_a_suppressed_measure_costs_nothing_else(value: object) -> None:
    """Its cases and completeness do not matter."""
    assert places(check("389", value)) == [(Code.SUPPRESSED_MEASURE, f"{AT}/measureId")]


@pytest.mark.parametrize(
    ("measure_id", "method"),
    [("130hp", "registry"), ("318", EHR), ("389", EHR), ("488", "registry")],
)
def test_a_measure_in_its_place_is_right(measure_id: str, method: str) -> None:
    """The twin of the test above: another method, another outcome."""
    assert check(measure_id, rate(), method) == []


def test_an_unknown_category_does_not_hide_an_unknown_measure() -> None:
    """Known measures are let through: the schema reports the category."""
    item = measurement_set("aci", [measurement("1", 5), measurement("001", 5)])

    found = check_all(item)

    assert places(found) == [
        (Code.MEASURE_UNKNOWN, "/measurementSets/0/measurements/0/measureId")
    ]


def test_a_program_that_does_not_exist_is_said_once() -> None:
    """Its measures are not judged by it."""
    item = measurement_set("quality", six_measures(), programName="cpc+")

    assert places(check_all(item)) == [
        (Code.PROGRAM_UNKNOWN, "/measurementSets/0/programName")
    ]


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        (rate(101, 0, eligiblePopulation=100), Code.MET_ABOVE_POPULATION, "Met"),
        (rate(80, 21, eligiblePopulation=100), Code.POPULATIONS_ABOVE_TOTAL, ""),
        (
            rate(80, 20, eligiblePopulationExclusion=1, eligiblePopulation=101),
            Code.EXCLUSION_NOT_ZERO,
            "Exclusion",
        ),
        (
            rate(eligiblePopulationExclusion=1, performanceNotMet="x"),
            Code.EXCLUSION_NOT_ZERO,
            "Exclusion",
        ),
    ],
)
def test_counts_of_a_mips_cqm_must_agree(value: Json, code: Code, field: str) -> None:
    """A contradiction is an error at the count that is easiest to correct."""
    name = f"performance{field}" if field == "Met" else f"eligiblePopulation{field}"

    found = check("130hp", value)

    assert places(found) == [(code, f"{AT}/value/{name}")]
    assert rejects(found)


@pytest.mark.parametrize(
    "value",
    [
        rate(100, 0),
        rate(80, 20, eligiblePopulationExclusion=0),
        rate(80, 15, eligiblePopulationException=5, eligiblePopulation=100),
        rate(80, 15, eligiblePopulation=100),
        rate(performanceMet=Decimal("80.0")),
    ],
)
def test_counts_below_the_population_are_right_for_a_registry(value: Json) -> None:
    """A sum below the eligible population only lowers data completeness."""
    assert check("130hp", value) == []


@pytest.mark.parametrize("not_met", [19, 21])
def test_counts_of_an_ecqm_must_fill_the_population(not_met: int) -> None:
    """One more or one less is an error."""
    value = rate(80, not_met, eligiblePopulation=100)

    found = check("130hp", value, EHR)

    assert places(found) == [
        (Code.POPULATIONS_UNEQUAL, f"{AT}/value/eligiblePopulation")
    ]


def test_an_ecqm_may_exclude_patients() -> None:
    """Only registries have taken them out before."""
    value = rate(80, 15, eligiblePopulationExclusion=5, eligiblePopulation=100)

    assert check("130hp", value, EHR) == []


@pytest.mark.parametrize("field", ["performanceMet", "eligiblePopulation"])
@pytest.mark.parametrize("value", [None, "5", -1, True, 1.5, [], 10**30])
def test_a_count_that_is_none_is_left_to_the_schema(field: str, value: object) -> None:
    """Nothing can be compared with it."""
    assert check("130hp", rate() | {field: value}) == []


@pytest.mark.parametrize(
    "value", [{"performanceNotMet": "x"}, {"eligiblePopulationException": -1}]
)
def test_a_broken_optional_count_hides_no_other_contradiction(value: Json) -> None:
    """What was met is still compared with the population."""
    found = check("130hp", rate(11, 0, eligiblePopulation=10) | value)

    assert places(found) == [(Code.MET_ABOVE_POPULATION, f"{AT}/value/performanceMet")]
    assert check("130hp", rate() | value) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (rate(18749, 0, eligiblePopulation=25000), Code.COMPLETENESS_LOW),
        (rate(18750, 0, eligiblePopulation=25000), None),
        (rate(19, 0), Code.CASES_BELOW_MINIMUM),
        (rate(20, 0), None),
        (
            rate(0, 0, eligiblePopulationException=100, eligiblePopulation=100),
            Code.NO_PERFORMANCE_RATE,
        ),
        (rate(0, 0), None),
    ],
)
def test_what_costs_points_is_a_warning(value: Json, code: Code | None) -> None:
    """74.996 percent is not 75; 0 of 0 takes a MIPS CQM out of the count."""
    found = check("130hp", value)

    assert not rejects(found)
    assert places(found) == ([(code, f"{AT}/value")] if code else [])


def test_a_warning_gives_the_points_of_both_practices() -> None:
    """The document does not know which of the two it comes from."""
    (found,) = check("130hp", rate(18749, 0, eligiblePopulation=25000))

    assert found.found == "18749 of 25000 eligible patients reported: 74.99 percent"
    assert found.needed == (
        "75 percent; with less this measure earns 0 points of 10, 3 for a small "
        "practice"
    )
    assert found.citation == rules_of().quality.data_completeness.citation


@pytest.mark.parametrize(("measure_id", "points"), [("487", "7"), ("486", "5")])
def test_a_new_measure_keeps_its_floor_with_few_cases(
    measure_id: str, points: str
) -> None:
    """In its first year it earns 7 points, in its second 5, but not if incomplete."""
    (few,) = check(measure_id, rate(19, 0))
    (incomplete,) = check(measure_id, rate(20, 0, eligiblePopulation=100))

    assert f"earns {points} points of 10" in few.needed
    assert "earns 0 points of 10, 3 for a small practice" in incomplete.needed


def test_an_ecqm_without_patients_fails_completeness() -> None:
    """Only MIPS CQMs are taken out of the count."""
    (found,) = check("130hp", rate(0, 0), EHR)

    assert found.code == Code.COMPLETENESS_LOW
    assert found.found == "0 of 0 eligible patients reported"


def test_a_missing_benchmark_is_said_even_if_the_value_is_broken() -> None:
    """One mistake hides no other."""
    assert places(check("399", None)) == [(Code.NO_BENCHMARK, f"{AT}/measureId")]


@pytest.mark.parametrize(
    ("value", "method", "code", "pointer"),
    [
        (strata("spirometry"), "registry", Code.STRATUM_MISSING, ""),
        (
            strata("spirometry", "bronchodilator", "overall"),
            "registry",
            Code.STRATUM_UNKNOWN,
            "/2/stratum",
        ),
        (
            strata("spirometry", "bronchodilator", "spirometry"),
            "registry",
            Code.STRATUM_DUPLICATE,
            "/2/stratum",
        ),
        (
            {
                "strata": [
                    stratum("spirometry"),
                    stratum("bronchodilator", eligiblePopulationExclusion=1),
                ]
            },
            "registry",
            Code.EXCLUSION_NOT_ZERO,
            "/1/eligiblePopulationExclusion",
        ),
        (
            {
                "strata": [
                    stratum("spirometry", 101, 0, eligiblePopulation=100),
                    stratum("bronchodilator"),
                ]
            },
            "registry",
            Code.MET_ABOVE_POPULATION,
            "/0/performanceMet",
        ),
    ],
)
def test_strata_must_be_those_of_the_measure(
    value: Json, method: str, code: Code, pointer: str
) -> None:
    """Every one, no other, each once, and with sound counts."""
    found = places(check("052", value, method))

    assert (code, f"{AT}/value/strata{pointer}") in found


def test_strata_in_any_order_are_right() -> None:
    """The twin of the test above."""
    assert check("052", strata("bronchodilator", "spirometry")) == []


def test_completeness_of_several_rates_is_pooled() -> None:
    """100 of 100 and 10 of 40 make 78.6 percent, which is enough."""
    low = stratum("bronchodilator", 10, 0, eligiblePopulation=40)
    value = {"strata": [stratum("spirometry"), low]}
    lower = {"strata": [stratum("spirometry", 20, 0), low]}

    assert check("052", value) == []
    assert places(check("052", lower)) == [(Code.COMPLETENESS_LOW, f"{AT}/value")]


@pytest.mark.parametrize(
    ("names", "method", "codes"),
    [
        (("overall", "totalRate"), "registry", []),
        (("totalRate",), "registry", [Code.STRATUM_MISSING]),
        (("overall", "totalRate"), EHR, [Code.STRATUM_MISSING]),
        (("overall", "totalRate", "appropriateDiagnosis"), EHR, []),
    ],
)
def test_measure_238_may_lack_a_stratum_by_registry(
    names: tuple[str, ...], method: str, codes: list[Code]
) -> None:
    """Only the stratum it is scored on is needed there."""
    found = check("238", strata(*names), method)

    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"strata": []},
        {"strata": "all"},
        {"strata": [5, stratum("spirometry"), stratum("bronchodilator")]},
        {
            "strata": [
                stratum("spirometry"),
                stratum("bronchodilator", performanceMet=None),
            ]
        },
    ],
)
def test_broken_strata_are_left_to_the_schema(value: object) -> None:
    """Rates cannot be judged without them."""
    assert check("052", value) == []


@pytest.mark.parametrize(
    ("submitted", "codes"),
    [
        (Decimal("66.67"), []),
        (Decimal("66.66"), []),
        (Decimal("66.65"), [Code.RATE_DIFFERS]),
        (67, [Code.RATE_DIFFERS]),
        (None, []),
        ("66.67", []),
    ],
)
def test_a_qcdr_rate_is_compared_with_its_counts(
    submitted: object, codes: list[Code]
) -> None:
    """A hundredth of a percent is forgiven; the rate as sent is scored."""
    found = check_of_qcdr("AQI49", rate(40, 20, performanceRate=submitted))

    assert [finding.code for finding in found] == codes
    assert not rejects(found)


def test_a_qcdr_rate_of_several_strata_is_that_of_their_algorithm() -> None:
    """AQI48 is scored on its stratum called overall."""
    value = {"strata": [stratum("overall", 30, 70), stratum("surveyed")]}

    right = check_of_qcdr("AQI48", value | {"performanceRate": 30})
    wrong = check_of_qcdr("AQI48", value | {"performanceRate": 55})

    assert right == []
    assert places(wrong) == [(Code.RATE_DIFFERS, f"{AT}/value/performanceRate")]


def test_a_qcdr_rate_without_counts_is_not_compared() -> None:
    """Nobody in the denominator: there is no rate to differ from."""
    value = rate(0, 0, eligiblePopulationException=100, eligiblePopulation=100)

    found = check_of_qcdr("AQI49", value | {"performanceRate": 50})

    assert [finding.code for finding in found] == [Code.NO_PERFORMANCE_RATE]


def test_a_qcdr_measure_may_exclude_patients() -> None:
    """Its cases are counted without them."""
    value = rate(10, 9, eligiblePopulationExclusion=5, eligiblePopulation=24)

    found = check_of_qcdr("AQI49", value)

    assert [finding.code for finding in found] == [Code.CASES_BELOW_MINIMUM]
    assert found[0].found == "19 cases"


def minutes(**more: object) -> Json:
    """Make the value of a measure in raw units."""
    return {
        "isEndToEndReported": False,
        "numerator": Decimal("12.5"),
        "denominator": 100,
        "observationInstances": 100,
    } | more


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        (minutes(), []),
        (minutes(numerator=5000), []),
        (minutes(observationInstances=75), []),
        (minutes(observationInstances=74), [Code.COMPLETENESS_LOW]),
        (minutes(denominator=-1), [Code.COMPLETENESS_LOW, Code.CASES_BELOW_MINIMUM]),
        (minutes(numerator="12.5"), []),
        (minutes(denominator=None), []),
        (minutes(observationInstances=None), []),
        (minutes(numeratorExclusion="x"), []),
        (minutes(denominatorException="x"), []),
        (minutes(numeratorExclusion=5), []),
    ],
)
def test_raw_units_stand_in_any_relation(value: Json, codes: list[Code]) -> None:
    """Only completeness and cases are judged."""
    found = check_of_qcdr("ACRAD15", value)

    assert [finding.code for finding in found] == codes


def test_five_measures_are_one_too_few() -> None:
    """The same measure by two methods counts once."""
    few = six_measures()[:5]
    registry = measurement_set("quality", few)
    ehr = measurement_set("quality", few, EHR, cehrtId=CEHRT)

    found = check_all(registry, ehr)

    assert places(found) == [(Code.FEWER_MEASURES, "/measurementSets/0/measurements")]
    assert found[0].found == "5 of 6 quality measures"


def test_measures_of_two_methods_add_up() -> None:
    """Six measures in all are enough."""
    sent = six_measures()
    registry = measurement_set("quality", sent[:3])
    ehr = measurement_set("quality", sent[3:], EHR, cehrtId=CEHRT)

    assert check_all(registry, ehr) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("001", []),
        ("130hp", []),
        ("318x", [Code.MEASURE_UNKNOWN, Code.FEWER_MEASURES, Code.NO_OUTCOME_MEASURE]),
        ("AQI49", [Code.NO_OUTCOME_MEASURE, Code.QCDR_VENDOR_NOT_JUDGED]),
    ],
)
def test_one_measure_is_of_an_outcome_or_of_high_priority(
    name: str, codes: list[Code]
) -> None:
    """Five process measures need a sixth of another kind."""
    item = measurement_set("quality", [*six_measures()[1:], measurement(name, rate())])

    found = check_all(item)

    assert sorted(finding.code for finding in found) == sorted(codes)


def test_measures_of_a_program_not_scored_are_not_counted() -> None:
    """Nothing is scored of them, so nothing is said of their number."""
    item = measurement_set("quality", six_measures()[:1], programName="ssp")

    found = check_all(item)

    assert [finding.code for finding in found] == [Code.NOT_SCORED_BY_THIS_VERSION]


VENDOR = (Code.QCDR_VENDOR_NOT_JUDGED, "/measurementSets/0/measurements")


def test_a_qcdr_measure_is_taken_from_anybody_with_a_warning() -> None:
    """Whom its steward has approved, no document tells."""
    found = check("AQI49", rate(performanceRate=80))

    assert places(found) == [VENDOR]
    assert found[0].found == 'the QCDR measure "AQI49"'
    assert not rejects(found)


def test_several_qcdr_measures_of_a_set_have_one_warning() -> None:
    """All of them come from the same sender."""
    sent = [*six_measures(), measurement("ACRAD15", minutes())]
    item = measurement_set(
        "quality", [*sent, measurement("AQI49", rate(performanceRate=80))]
    )

    found = check_all(item)

    assert places(found) == [VENDOR]
    assert found[0].found == 'the QCDR measure "ACRAD15" and 1 more'


def test_measures_that_everybody_may_send_have_no_such_warning() -> None:
    """The twin of the tests above."""
    assert check_all(measurement_set("quality", six_measures())) == []
