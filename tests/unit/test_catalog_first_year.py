"""The catalogue of 2017, the first year, with the traps that its files hold."""

from collections import Counter
from decimal import Decimal

import pytest

from qpp import library
from qpp.catalogue import Catalogue

YEAR = 2017


@pytest.fixture(scope="module")
def facts() -> Catalogue:
    """Give what ships."""
    return library.catalogue(YEAR)


def test_it_holds_what_cms_published(facts: Catalogue) -> None:
    """Benchmarks: 572 rows, less 23 of nothing that can be sent, less AQI18."""
    counts = (
        len(facts.quality),
        len(facts.interoperability),
        len(facts.activities),
        len(facts.cost),
        len(facts.benchmarks),
        len(facts.exclusion_reasons),
    )

    assert counts == (894, 35, 93, 2, 548, 0)


def test_activities_have_weights(facts: Catalogue) -> None:
    """All but the medical home; 18 could earn the bonus for certified technology."""
    weights = Counter(item.weight for item in facts.activities.values())

    assert weights == {"high": 14, "medium": 78, "": 1}
    assert facts.activities["IA_PCMH"].weight == ""
    assert sum(item.cehrt_eligible for item in facts.activities.values()) == 18


@pytest.mark.parametrize(
    ("measure", "category", "weight", "required"),
    [
        ("ACI_PPHI_1", "base", 0, True),
        ("ACI_EP_1", "base", 0, True),
        ("ACI_PEA_1", "base", 10, True),
        ("ACI_TRANS_PEA_1", "base", 20, True),
        ("ACI_TRANS_HIE_1", "base", 20, True),
        ("ACI_LVPP_1", "base", 0, False),
        ("ACI_PEA_2", "performanceBonus", 10, False),
        ("ACI_PHCDRR_1", "performanceBonus", 10, False),
        ("ACI_PHCDRR_2", "registryBonus", 5, False),
        ("ACI_IACEHRT_1", "cehrtBonus", 10, False),
        ("ACI_ONCDIR_1", "preAttestation", 0, True),
    ],
)
def test_advancing_care_information_says_what_is_worth_what(
    facts: Catalogue,
    measure: str,
    category: str,
    weight: int,
    required: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """Base, performance and bonus, with the points of each."""
    found = facts.interoperability[measure]

    assert found.reporting_category == category
    assert found.weight == Decimal(weight)
    assert found.is_required is required


def test_the_two_sets_of_required_base_measures(facts: Catalogue) -> None:
    """Five measures of the year's own set, four of the transition set."""
    base = {True: set[str](), False: set[str]()}
    for item in facts.interoperability.values():
        if item.reporting_category == "base" and item.is_required:
            base["transition" in item.measure_sets].add(item.measure_id)

    own = "ACI_PPHI_1 ACI_EP_1 ACI_PEA_1 ACI_HIE_1 ACI_HIE_2"
    transition = "ACI_TRANS_PPHI_1 ACI_TRANS_EP_1 ACI_TRANS_PEA_1 ACI_TRANS_HIE_1"
    assert base[False] == set(own.split())
    assert base[True] == set(transition.split())


def test_benchmarks_are_lower_bounds(facts: Catalogue) -> None:
    """Nine for all but the two cost measures, and no percentiles anywhere."""
    lengths = Counter(len(row.deciles) for row in facts.benchmarks.values())

    assert lengths == {9: 546, 10: 2}
    assert not any(row.percentiles for row in facts.benchmarks.values())
    assert len(facts.benchmarks["MSPB_1", "administrativeClaims"].deciles) == 10


def test_an_inverse_ladder_descends(facts: Catalogue) -> None:
    """Its rows do not say so; the measure does."""
    row = facts.benchmarks["001", "claims"]

    assert row.is_inverse
    assert " ".join(map(str, row.deciles)) == "100 35 25.71 20.31 16.22 13.04 10 7.41 4"


def test_an_inverse_measure_with_an_ascending_ladder_has_no_benchmark(
    facts: Catalogue,
) -> None:
    """AQI18: CMS's row contradicts CMS's measure."""
    assert facts.quality["AQI18"].is_inverse
    assert ("AQI18", "registry") not in facts.benchmarks


@pytest.mark.parametrize(
    "key",
    [("002", "registry"), ("381", "electronicHealthRecord"), ("044", "claims")],
)
def test_benchmarks_of_what_cannot_be_sent_are_not_there(
    facts: Catalogue, key: tuple[str, str]
) -> None:
    """Measures the year does not have, and methods a measure does not allow."""
    assert key not in facts.benchmarks


def test_rows_can_be_told_by_the_year_they_were_made_from(facts: Catalogue) -> None:
    """A replay of early 2018 takes the rows of 2015: 415 and 419 had none yet."""
    years = Counter(row.benchmark_year for row in facts.benchmarks.values())

    assert set(years) == {2015, 2017}
    assert facts.benchmarks["415", "registry"].benchmark_year == 2017
    assert facts.benchmarks["419", "registry"].benchmark_year == 2017
    assert facts.benchmarks["317", "registry"].benchmark_year == 2015


def test_no_row_is_topped_out(facts: Catalogue) -> None:
    """CMS flags topped-out benchmarks since 2018."""
    assert not any(row.is_topped_out or row.capped for row in facts.benchmarks.values())


def test_every_measure_is_for_mips(facts: Catalogue) -> None:
    """The data list programs since 2022."""
    homes = (facts.quality, facts.interoperability, facts.activities, facts.cost)

    programs = {item.allowed_programs for home in homes for item in home.values()}

    assert programs == {frozenset({"mips"})}
