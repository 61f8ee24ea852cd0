"""MVPs: what ships of each year, and what an import does with broken records."""

import pytest

from qpp import library
from qpp.catalog_format import read_catalogue, write_catalogue
from qpp.cms_record import CmsError
from tests.helpers.cms_checkout import (
    YEAR,
    Checkout,
    Row,
    activity,
    cost,
    interoperability,
    mvp,
    quality,
)

ANESTHESIA = "G0059"


def ids(words: str, prefix: str = "") -> frozenset[str]:
    """Read ids as a lawyer would list them."""
    return frozenset(f"{prefix}{word}" for word in words.split())


@pytest.mark.parametrize(
    ("year", "count"), [(2017, 0), (2024, 16), (2025, 21), (2026, 27)]
)
def test_each_year_has_its_mvps(year: int, count: int) -> None:
    """The first came in 2023."""
    assert len(library.catalogue(year).mvps) == count


@pytest.mark.parametrize(
    ("year", "quality_ids", "activity_ids"),
    [
        (
            2024,
            "404 424 430 463 477 487 ABG44 AQI48 EPREOP31",
            "BE_6 BE_22 BMH_2 CC_2 CC_15 CC_19 EPA_1 MVP PCMH PSPA_1 PSPA_7 PSPA_16",
        ),
        (
            2025,
            "404 424 430 463 477 487 ABG44 AQI48 EPREOP31",
            "BE_6 BE_22 BMH_2 CC_2 CC_15 CC_19 PM_26 MVP PCMH PSPA_1 PSPA_7 PSPA_16",
        ),
        (
            2026,
            "404 430 463 477 ABG44 AQI48 EPREOP31",
            "BE_6 BE_22 BMH_2 CC_15 CC_19 MVP PCMH PSPA_1 PSPA_7 PSPA_16",
        ),
    ],
)
def test_the_anesthesia_mvp_of_each_year(
    year: int, quality_ids: str, activity_ids: str
) -> None:
    """It lost 424, 487, IA_CC_2 and IA_PM_26 for 2026."""
    found = library.catalogue(year).mvps[ANESTHESIA]

    assert found.quality == ids(quality_ids)
    assert found.activities == ids(activity_ids, "IA_")
    assert found.cost == {"MSPB_1"}
    assert found.population_health == {"479", "484"}
    assert found.outcome_claims == frozenset()
    assert found.title == (
        "Patient Safety and Support of Positive Experiences with Anesthesia"
    )


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_two_mvps_have_an_outcomes_based_claims_measure(year: int) -> None:
    """Heart disease and lower-extremity repair."""
    mvps = library.catalogue(year).mvps.values()

    found = {item.mvp_id: item.outcome_claims for item in mvps if item.outcome_claims}

    assert found == {"G0055": {"492"}, "G0058": {"480"}}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_members_of_mvps_are_measures_that_allow_them(year: int) -> None:
    """The two ways in which CMS states membership agree in what ships."""
    found = library.catalogue(year)

    for item in found.mvps.values():
        for name in item.quality | item.population_health | item.outcome_claims:
            assert item.mvp_id in found.quality[name].allowed_programs
        for name in item.activities:
            assert item.mvp_id in found.activities[name].allowed_programs
        for name in item.cost:
            assert item.mvp_id in found.cost[name].allowed_programs


def a_whole_mvp(**changes: object) -> Checkout:
    """Give a checkout whose one MVP has a measure of every kind."""
    programs = ["mips", "G0099"]
    measures = [
        quality("901"),
        quality("902"),
        quality("903", submissionMethods=["administrativeClaims"]),
        quality("904", metricType="cahps"),
        activity(allowedPrograms=programs),
        cost(allowedPrograms=programs),
        cost("MSPB_9", description="It names no type."),
        interoperability(allowedPrograms=programs),
    ]
    row: Row = mvp(
        qualityMeasureIds=["901", "904"],
        iaMeasureIds=["IA_X_1"],
        costMeasureIds=["COST_X_1"],
        foundationPiMeasureIds=["PI_X_1"],
        foundationQualityMeasureIds=["902"],
        administrativeClaimsMeasureIds=["903"],
        hasCahps=True,
        hasOutcomeAdminClaims=True,
    )
    return Checkout(measures=measures, mvps=[row | changes])


def test_an_mvp_arrives_whole_and_is_read_again() -> None:
    """Every part of it, without a warning."""
    catalogue, warnings = a_whole_mvp().imported()

    found = catalogue.mvps["G0099"]
    assert found.quality == {"901", "904"}
    assert found.activities == {"IA_X_1"}
    assert found.cost == {"COST_X_1"}
    assert found.population_health == {"902"}
    assert found.outcome_claims == {"903"}
    assert warnings == ()
    assert read_catalogue(f"py{YEAR}", write_catalogue(catalogue)) == catalogue


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        (
            {"qualityMeasureIds": ["901", "904", "999"]},
            "MVP G0099: left out, no quality measures: 999",
        ),
        (
            {"iaMeasureIds": ["IA_X_1", "901"]},
            "MVP G0099: left out, no activity measures: 901",
        ),
        (
            {"costMeasureIds": ["COST_X_1", "MSPB_9"]},
            "MVP G0099 lists what does not allow it: MSPB_9",
        ),
        (
            {"qualityMeasureIds": ["904"]},
            "MVP G0099 does not list what allows it: 901",
        ),
        (
            {"foundationPiMeasureIds": []},
            "MVP G0099 does not list what allows it: PI_X_1",
        ),
        ({"hasCahps": False}, "MVP G0099: hasCahps contradicts its measures"),
        (
            {"hasOutcomeAdminClaims": False},
            "MVP G0099: hasOutcomeAdminClaims contradicts its measures",
        ),
    ],
)
def test_a_contradicting_mvp_is_imported_with_a_warning(
    changes: Row, warning: str
) -> None:
    """What is wrong is named, and the rest is used."""
    catalogue, warnings = a_whole_mvp(**changes).imported()

    assert warnings == (warning,)
    assert "999" not in catalogue.mvps["G0099"].quality
    assert "901" not in catalogue.mvps["G0099"].activities


@pytest.mark.parametrize("mvps", [None, []])
def test_an_mvp_that_only_measures_know_is_reported(mvps: list[Row] | None) -> None:
    """A forgotten file would leave a year without MVPs, and nobody would notice."""
    catalogue, warnings = a_whole_mvp().imported(mvps=mvps)

    assert catalogue.mvps == {}
    assert warnings == ("measures are allowed in MVPs without a record: G0099",)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "mvp: needs a list of records"),
        ([mvp(), mvp()], r"mvp record 2 \(G0099\): mvpId: needs an id of its own"),
        ([mvp(mvpId=None)], "mvp record 1: mvpId: needs a text"),
        ([mvp(title="")], r"\(G0099\): title: needs a text"),
        ([mvp(qualityMeasureIds=[])], "qualityMeasureIds: needs at least one measure"),
        ([mvp(qualityMeasureIds=["999"])], "qualityMeasureIds: needs at least one"),
        ([mvp(iaMeasureIds=[7])], "iaMeasureIds: needs a list of texts"),
        ([mvp(hasCahps="no")], "hasCahps: needs a value of kind bool"),
    ],
)
def test_a_broken_mvp_stops_the_import(rows: object, message: str) -> None:
    """The message names record and field."""
    with pytest.raises(CmsError, match=message):
        Checkout().imported(mvps=rows)


@pytest.mark.parametrize(
    ("year", "without"), [(2024, {"M0004"}), (2025, set()), (2026, {"M1500", "M1501"})]
)
def test_some_mvps_have_no_outcome_measure(year: int, without: set[str]) -> None:
    """Their clinicians owe a high-priority measure instead."""
    found = library.catalogue(year)
    outcomes = {"outcome", "intermediateOutcome", "patientReportedOutcome"}

    none = {
        item.mvp_id
        for item in found.mvps.values()
        if not any(
            found.quality[name].measure_type in outcomes for name in item.quality
        )
    }

    assert none == without
