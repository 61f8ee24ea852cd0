"""The law on the catalogues that ship with it: what rule files name exists there."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from qpp.library import catalogue
from qpp.mips.scoring import Law, Scored, cost_part, score
from qpp.submission import ADMINISTRATIVE_CLAIMS, REGISTRY, SURVEY
from tests.helpers.law import (
    ATTESTATIONS,
    EXCLUSIONS,
    LADDERS,
    ROOT,
    YEARS,
    a_set,
    book,
    counts,
    cuts,
    entity,
    interoperability,
)

ANESTHESIA = ("404", "424", "430", "463", "477", "AQI48")


def real(year: int) -> Law:
    """Pair the rule book of a year with the catalogue that ships."""
    return Law(book(year), catalogue(year))


def measures_of(found: Scored, category: str) -> dict[str, Any]:
    """Give a category's measures by their id."""
    listed = found.score["categories"][category]["measures"]
    return {item["measureId"]: item for item in listed}


def one_rate(year: int, name: str, rate: str) -> dict[str, Any]:
    """Score one registry measure at a rate and give its line."""
    who = entity(year, [a_set("quality", {name: counts(Decimal(rate))})])
    line: dict[str, Any] = measures_of(score(who, real(year)), "quality")[name]
    return line


@pytest.mark.parametrize(
    ("year", "name", "rate", "points"),
    [
        # 424: 99.9 is in decile 4 of a ladder that ends in ties, below the cap of 7 …
        (2024, "424", "99.9", "4.1250"),
        (2024, "424", "100", "7.0000"),
        # … and on the defined ladder of 2025 9 + 0.9.
        (2025, "424", "99.9", "9.9000"),
        (2025, "424", "100", "10.0000"),
        # A tenth of the threshold at 97 percent.
        (2025, "430", "97", "7.5000"),
        (2026, "430", "97", "7.5000"),
        (2026, "463", "96.99", "7.4950"),
        (2026, "477", "97.01", "7.5050"),
        # 404: p10 41.38, p90 96.45 in 2024; p90 99.85 in 2025; p90 100 in 2026.
        (2024, "404", "41.38", "2.0000"),
        (2024, "404", "96.45", "10.0000"),
        (2025, "404", "99.85", "10.0000"),
        (2026, "404", "100", "10.0000"),
        # First in 2023, so of the second year in 2024; p40 11.95, p50 30.78: 5.0027.
        (2024, "487", "12", "5.0027"),
        (2024, "487", "3.17", "5.0000"),
    ],
)
def test_published_ladders_give_these_points(
    year: int, name: str, rate: str, points: str
) -> None:
    """Each figure follows from the ladder CMS published for the year."""
    assert one_rate(year, name, rate)["points"] == points


def test_total_cost_of_2024_has_the_ladder_of_the_golden_cases() -> None:
    """The cost cases are about CMS's own cut points."""
    row = catalogue(2024).benchmarks["TPCC_1", ADMINISTRATIVE_CLAIMS]

    assert row.percentiles == cuts("TPCC_1 of 2024")
    assert catalogue(2024).benchmarks["404", REGISTRY].percentiles == cuts(
        LADDERS["404 of 2024"]
    )
    assert catalogue(2024).benchmarks["424", REGISTRY].percentiles == cuts(
        LADDERS["424 of 2024"]
    )


def test_published_intervals_are_about_the_ladders_that_ship() -> None:
    """Golden intervals of 2026 have the cut points of the catalogue of 2026."""
    cases = yaml.safe_load((ROOT / "tests" / "golden" / "intervals.yaml").read_text())
    rows = catalogue(2026).benchmarks

    for case in cases:
        name, method = case["name"].split(" by ")
        assert rows[name, method].percentiles == cuts(case["given"]["ladder"])
        assert rows[name, method].is_inverse is case["given"]["inverse"]


@pytest.mark.parametrize("year", YEARS)
def test_every_cost_measure_has_a_case_minimum(year: int) -> None:
    """No cost measure of any year is without type, and its minimum decides."""
    law = real(year)
    results = [
        {"measureId": name, "score": "1", "caseCount": cases}
        for name in law.catalogue.cost
        for cases in (9, 35)
    ]
    found = cost_part(
        entity(year, entityType="group", costs={"measures": results}), law
    )
    outcomes = [item.outcome for item in found.measures]

    assert len(outcomes) == 2 * len(law.catalogue.cost)
    assert set(outcomes[::2]) == {"below case minimum"}
    assert "below case minimum" not in outcomes[1::2]


@pytest.mark.parametrize("year", YEARS)
def test_cost_counts_where_its_rows_are_real(year: int) -> None:
    """All rows of 2026 are stand-ins until the year is over; the others are not."""
    law = real(year)
    costs = {"measures": [{"measureId": "TPCC_1", "score": "1", "caseCount": 20}]}
    found = cost_part(entity(year, costs=costs), law)
    waits = "benchmark-not-published" in found.assumptions

    assert (found.percent, waits) == ((None, True) if year == 2026 else (100, False))


@pytest.mark.parametrize("year", YEARS)
def test_every_measure_a_rule_file_names_exists(year: int) -> None:
    """A misspelt id in a rule file would silently require the impossible."""
    rules, facts = book(year), catalogue(year)
    pi = rules.promoting_interoperability
    named = {*pi.attestations.value, *pi.measure_points.value, *pi.bonus_measures.value}
    named |= {name for names in pi.objectives.value.values() for name in names}
    named |= {name for way in pi.alternatives.value for name in way}
    named |= {
        name + suffix
        for name in pi.engagement_measures.value
        for suffix in pi.engagement_suffixes.value
    }

    assert named <= set(facts.interoperability)
    activities = rules.improvement_activities
    assert activities.medical_home_activities.value <= set(facts.activities)
    assert activities.not_outside_an_mvp.value <= set(facts.activities)
    quality = rules.quality
    assert quality.administrative_claims_large_groups_only.value <= set(facts.quality)
    assert set(quality.administrative_claims_case_minimum.value) == {
        name
        for name, item in facts.quality.items()
        if ADMINISTRATIVE_CLAIMS in item.submission_methods
    }
    assert SURVEY in facts.quality[quality.cahps_container.value].submission_methods


@pytest.mark.parametrize("year", YEARS)
def test_interoperability_is_as_the_small_catalogue_has_it(year: int) -> None:
    """Required measures, exclusions and attestations are CMS's of each year."""
    facts = catalogue(year).interoperability
    bonus = {name for name, item in facts.items() if item.is_bonus}
    levels = {name for name in facts if name.endswith(("_PRE", "_PROD"))}

    assert {
        name: item.exclusions
        for name, item in facts.items()
        if item.is_required and name not in levels and name not in ATTESTATIONS
    } == dict(EXCLUSIONS)
    assert set(book(year).promoting_interoperability.bonus_measures.value) == (
        bonus - levels
    )


def test_activities_of_2024_have_weights_that_score() -> None:
    """Only the medical home has none, and it never needs one."""
    rules = book(2024).improvement_activities
    scoreless = {
        name
        for name, item in catalogue(2024).activities.items()
        if item.weight not in rules.weights.value
    }

    assert scoreless <= rules.medical_home_activities.value


@pytest.mark.parametrize("year", YEARS)
def test_an_anesthesiologist_is_scored_from_set_to_payment(year: int) -> None:
    """A whole real submission of each year ends in a score with its explanation."""
    names = [name for name in ANESTHESIA if name in catalogue(year).quality]
    quality = {name: counts(Decimal(95)) for name in names}
    quality["AQI48"] = {
        "performanceRate": 95,
        "strata": [counts(Decimal(95)) | {"stratum": "overall"}],
    }
    activity = min(
        name for name in catalogue(year).activities if name not in {"IA_PCMH", "IA_MVP"}
    )
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    sets = [
        a_set("quality", quality, **period),
        a_set("pi", interoperability(year), **period),
        a_set("ia", {activity: True}, **period),
    ]
    found = score(entity(year, sets), real(year))
    categories = found.score["categories"]

    assert categories["pi"]["percent"] == "100.0000"
    assert set(measures_of(found, "quality")) == set(names)
    assert Decimal(categories["quality"]["percent"]) > 0
    assert Decimal(found.score["finalScore"]) > 0
    assert {item["measureId"] for item in found.explanation if "measureId" in item} >= {
        *names,
        activity,
        "PI_EP_1",
    }
