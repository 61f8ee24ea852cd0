"""CMS's benchmarks and exclusion reasons as the catalogue's, with their quirks."""

from decimal import Decimal

import pytest

from qpp.cms_record import CmsError
from tests.helpers.cms_checkout import (
    YEAR,
    Checkout,
    Row,
    benchmark,
    exclusion,
    lower_bounds,
    quality,
)

ASCENDING = "1 10 20 30 40 50 60 70 80 90 99"


def test_numbers_keep_the_digits_of_the_file() -> None:
    """A float would turn 60.125 into something near it."""
    row = Checkout().imported().catalogue.benchmarks["901", "registry"]

    assert row.percentiles[1] == Decimal("1.5")
    assert str(row.percentiles[6]) == "60.125"
    assert row.average == Decimal("55.50")
    assert row.benchmark_year == YEAR - 2


def test_an_average_may_be_missing() -> None:
    """CMS sends null, or leaves the key out."""
    checkout = Checkout()
    checkout.benchmarks = [
        benchmark(averagePerformanceRate=None),
        {
            key: value
            for key, value in benchmark("902").items()
            if key != "averagePerformanceRate"
        },
    ]

    rows = checkout.imported().catalogue.benchmarks.values()

    assert [row.average for row in rows] == [None, None]


@pytest.mark.parametrize(
    "ladder",
    [
        "100 100 100 100 100 100 100 100 100 100 100",
        "0 0 0 0 0 0 0 0 0 0 0",
        ASCENDING,
        "84 86 88 90 92 94 96 98 99 100 100",
    ],
)
def test_constant_flat_and_defined_ladders_are_ordinary_rows(ladder: str) -> None:
    """They carry no flag, and need none."""
    checkout = Checkout()
    checkout.benchmarks = [benchmark(ladder=ladder)]

    catalogue, warnings = checkout.imported()

    row = catalogue.benchmarks["901", "registry"]
    assert " ".join(map(str, row.percentiles)) == ladder
    assert warnings == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            benchmark("999"),
            "999 registry left out: measures-data has no such measure",
        ),
        (
            benchmark("901", "claims"),
            "901 claims left out: the measure does not allow this method",
        ),
        (
            benchmark("902", isInverse=True),
            "902 registry left out: its direction contradicts the measure's",
        ),
        (
            benchmark("902", ladder="1 10 20 30 40 50 60 70 80 93.55 92.24"),
            "902 registry left out: its percentiles do not ascend",
        ),
        (
            benchmark("902", ladder="99 90 80 70 60 50 40 30 20 10 1"),
            "902 registry left out: its percentiles do not ascend",
        ),
    ],
)
def test_an_unusable_benchmark_is_left_out_and_reported(row: Row, reason: str) -> None:
    """No benchmark is better than a wrong one, and nothing vanishes in silence."""
    checkout = Checkout()
    checkout.benchmarks.append(row)

    catalogue, warnings = checkout.imported()

    assert warnings == (f"benchmark {reason}",)
    assert len(catalogue.benchmarks) == len(checkout.benchmarks) - 1


def test_an_exclusion_reason_of_an_unknown_measure_is_reported() -> None:
    """It is left out like a benchmark of an unknown measure."""
    checkout = Checkout()
    checkout.exclusions.append(exclusion("999"))

    catalogue, warnings = checkout.imported()

    (warning,) = warnings
    assert warning.startswith("exclusion reason 999 electronicHealthRecord left out")
    assert len(catalogue.exclusion_reasons) == 1


def test_stand_ins_are_marked_by_the_method_named_and_by_nothing_else() -> None:
    """Which rows are stand-ins is the importer's decision, not a year's."""
    rows = Checkout().imported("administrativeClaims").catalogue.benchmarks.values()
    real = Checkout().imported().catalogue.benchmarks.values()

    assert [row.measure_id for row in rows if row.is_mock] == ["COST_X_1"]
    assert not any(row.is_mock for row in real)


def test_a_stand_in_method_without_rows_is_reported() -> None:
    """A misspelt method would mark nothing."""
    _, warnings = Checkout().imported("adminClaims")

    assert warnings == (
        "no benchmark of method adminClaims is there to be marked as a stand-in",
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (benchmark(), "submissionMethod: needs one row for each measure and method"),
        (benchmark("902", performanceYear=YEAR - 1), f"performanceYear: needs {YEAR}"),
        (benchmark("902", percentiles=None), r"percentiles: needs exactly 1, 10, 20,"),
        (
            benchmark("902", percentiles={"1": 1, "50": 2}),
            r"\(902\): percentiles: needs exactly 1, 10, 20,",
        ),
        (
            benchmark("902", averagePerformanceRate=55.5),
            r"averagePerformanceRate: needs a number, read without floats",
        ),
        (
            benchmark("902", percentiles=dict.fromkeys(ASCENDING.split(), True)),
            r"percentiles: needs a number, read without floats",
        ),
    ],
)
def test_a_benchmark_that_says_too_little_stops_the_import(
    row: Row, message: str
) -> None:
    """A row of another year or with half a ladder is a broken file."""
    checkout = Checkout()
    checkout.benchmarks.append(row)

    with pytest.raises(CmsError, match=message):
        checkout.imported()


def test_an_exclusion_reason_without_a_code_stops_the_import() -> None:
    """Without its code nobody knows whether the measure is suppressed."""
    checkout = Checkout()
    checkout.exclusions = [exclusion(reasonCodes=[])]

    with pytest.raises(CmsError, match="reasonCodes: needs at least one code"):
        checkout.imported()


@pytest.mark.parametrize(
    "bounds", ["0 10 20 30 40 50 60 70 80", "1 2 3 4 5 6 7 8 9 9.125"]
)
def test_lower_bounds_of_nine_or_ten_deciles_are_kept_as_they_are(bounds: str) -> None:
    """Until 2022 CMS published no percentiles; nine start with the second decile."""
    checkout = Checkout(benchmarks=[lower_bounds("901", bounds)])

    catalogue, warnings = checkout.imported()

    row = catalogue.benchmarks["901", "registry"]
    assert " ".join(map(str, row.deciles)) == bounds
    assert row.percentiles == ()
    assert (row.is_inverse, row.is_topped_out, row.average) == (False, False, None)
    assert warnings == ()


def test_lower_bounds_take_their_direction_from_the_measure() -> None:
    """The rows of those years do not say it; an inverse ladder descends."""
    checkout = Checkout(
        measures=[quality("901", isInverse=True)],
        benchmarks=[lower_bounds("901", "100 35 20 10 5 4 3 2 0")],
        exclusions=[],
    )

    row = checkout.imported().catalogue.benchmarks["901", "registry"]

    assert row.is_inverse


@pytest.mark.parametrize(
    ("inverse", "bounds", "reason"),
    [
        (True, "0 91 94 98 99 100 100 100 100", "its deciles do not descend"),
        (False, "0 91 94 93.9 99 100 100 100 100", "its deciles do not ascend"),
    ],
)
def test_lower_bounds_that_turn_are_no_ladder(
    inverse: bool,  # noqa: FBT001 - a parameter of the table
    bounds: str,
    reason: str,
) -> None:
    """AQI18 of 2017 is inverse and ascends: no benchmark is better than a wrong one."""
    checkout = Checkout(
        measures=[quality("901", isInverse=inverse)],
        benchmarks=[lower_bounds("901", bounds)],
        exclusions=[],
    )

    catalogue, warnings = checkout.imported()

    assert not catalogue.benchmarks
    assert f"benchmark 901 registry left out: {reason}" in warnings


@pytest.mark.parametrize(
    "row",
    [
        lower_bounds("901", "0 10 20"),
        lower_bounds("901", "1 2 3 4 5 6 7 8 9 10 11"),
        benchmark("901", deciles=[0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_lower_bounds_are_nine_or_ten_and_the_only_ladder(row: Row) -> None:
    """Fewer, more, or a second ladder beside them could be read in two ways."""
    with pytest.raises(CmsError, match="deciles: needs 9 or 10 numbers, and no perc"):
        Checkout(benchmarks=[row]).imported()


def test_a_year_without_a_file_of_exclusion_reasons_has_none() -> None:
    """CMS publishes them since 2023."""
    checkout = Checkout()

    catalogue, _ = checkout.imported(exclusion_reasons=None)

    assert catalogue.exclusion_reasons == {}
