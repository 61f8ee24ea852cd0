"""2017 on the catalogue that ships: what is particular to its measures."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from qpp.library import catalogue, rules
from qpp.mips.rates import ALGORITHMS, assess
from qpp.mips.scoring import PARTS, Law, cost_part, score
from qpp.numbers import plain
from qpp.results import CategoryScore
from qpp.submission import Strata, read_set, read_value
from qpp.trace import Trace
from tests.helpers.law import ROOT, a_set, counts, entity

YEAR = 2017
LAW = Law(rules(YEAR), catalogue(YEAR))
START, END = "2017-01-01", "2017-12-31"


def quality(measures: dict[str, object], **more: Any) -> CategoryScore:  # noqa: ANN401 - feeds of any shape
    """Score a quality set of 2017."""
    sets = [a_set("quality", measures, start=START, end=END)] if measures else []
    return PARTS["quality"](entity(YEAR, sets, **more), LAW)


def points_of(found: CategoryScore) -> dict[str, str]:
    """Give the points of each measure."""
    return {item.measure_id: str(item.points) for item in found.measures}


def test_rows_of_the_performance_year_change_what_the_engine_gave_before_them() -> None:
    """415 and 419 had no benchmark in March 2018; the file has one of each since."""
    (case, *_) = yaml.safe_load((ROOT / "tests/golden/published.yaml").read_text())

    found = PARTS["quality"](entity(YEAR, case["given"]["sets"]), LAW)

    assert points_of(found) == {
        "331": "3",
        "317": "9.12",
        "326": "5.46",
        "332": "3",
        # 65.62 percent of 57.03, 64.65, 70.83 …: 3 + 0.97 / 6.18.
        "415": "3.16",
        # 90.00 of 68.18, 74.71, 83.33, 91.04 …: 4 + 6.67 / 7.71.
        "419": "4.87",
    }
    # With them 419 is the best one, and 415 alone earns a bonus.
    assert found.bonus == 1


def test_a_survey_earns_the_bonus_of_patient_experience() -> None:
    """It is a measure that CMS computed, so nothing was sent to look at."""
    cahps = {"measures": [{"measureId": "CAHPS_1", "score": "84.97"}]}

    found = quality(
        {"110": counts(Decimal(50)), "001": counts(Decimal(10))}, cahps=cahps
    )

    survey = next(item for item in found.measures if item.measure_id == "321")
    assert survey.points == 10
    # 001 is the outcome; nothing was sent end to end but these two.
    assert found.bonus == 2 + 2


def test_a_survey_that_cannot_be_scored_earns_no_bonus() -> None:
    """Masked answers are no high priority measure."""
    cahps = {"measures": [{"measureId": "CAHPS_1", "score": "84.97", "mask": True}]}

    found = quality({"001": counts(Decimal(10))}, cahps=cahps)

    assert found.bonus == 1


@pytest.mark.parametrize(
    ("cases", "rate", "points"),
    [
        (199, "14.5", None),
        (200, "14.5", "7.75"),
        (201, "13.82", "10"),
        (200, "99", "3"),
    ],
)
def test_readmissions_of_a_large_group(
    cases: int, rate: str, points: str | None
) -> None:
    """Lower bounds descend: 14.65 of decile 7 and 14.45 of decile 8 around 14.5."""
    claims = {"measures": [{"measureId": "458", "score": rate, "caseCount": cases}]}

    found = quality(
        {"110": counts(Decimal(50))}, entityType="group", administrativeClaims=claims
    )

    line = next(item for item in found.measures if item.measure_id == "458")
    assert (plain(line.points) if line.used else None) == points
    assert found.possible == (60 if points is None else 70)


def test_cost_has_lower_bounds_and_no_weight() -> None:
    """MSPB at the bound of decile 9 is scored for information."""
    costs = {"measures": [{"measureId": "MSPB_1", "score": "18562", "caseCount": 35}]}
    who = entity(YEAR, costs=costs)

    found = cost_part(who, LAW)

    assert found.points == 9
    whole = score(who, LAW).score
    assert whole["categories"]["cost"]["weight"] == "0"
    assert whole["finalScore"] == "0.00"


def test_two_measures_add_up_their_numerators() -> None:
    """PP1 of a QCDR: 3 + 4 + 5, where the registry sent no rate of its own."""
    strata = [
        {
            "stratum": name,
            "performanceMet": met,
            "performanceNotMet": 5,
            "eligiblePopulation": met + 5,
        }
        for name, met in (("ace", 3), ("digoxin", 4), ("diuretics", 5))
    ]
    value = read_value({"strata": strata, "isEndToEndReported": False})
    assert isinstance(value, Strata)

    found = assess(
        value, LAW.catalogue.quality["PP1"], LAW.rules.quality, "registry", Trace()
    )

    assert found.performance_rate == 12
    assert found.reported == found.population == 27


def test_every_measure_of_the_year_has_an_algorithm() -> None:
    """A measure by an algorithm that nobody wrote would stop a scorer."""
    used = {item.overall_algorithm for item in LAW.catalogue.quality.values()}

    assert used - {""} <= set(ALGORITHMS)


def test_a_set_by_its_old_name_is_read_as_what_it_is_called_since() -> None:
    """CMS's first documents say aci."""
    document = a_set("aci", {"ACI_PPHI_1": True}, start=START, end=END)

    assert read_set(document, "mips").category == "pi"


def test_the_medical_home_earns_all_of_the_activities() -> None:
    """40 of 40 points, 15 percent."""
    who = entity(YEAR, [a_set("ia", {"IA_PCMH": True}, start=START, end=END)])

    assert score(who, LAW).score["finalScore"] == "15.00"


@pytest.mark.parametrize(
    ("status", "percent"),
    [("rural", "50.0000"), ("hpsa", "50.0000"), ("hospitalBased", "25.0000")],
)
def test_activities_count_double_for_some(status: str, percent: str) -> None:
    """One medium activity is 20 of 40 points there."""
    who = entity(
        YEAR, [a_set("ia", {"IA_EPA_4": True}, start=START, end=END)], [status]
    )

    assert score(who, LAW).score["categories"]["ia"]["percent"] == percent
