"""Each figure and list of a program's rules changes a score when it is changed.

Words with alternatives stand in ``test_law_choices``; these are the other values.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest

from qpp.mips.scoring import PARTS, Law
from qpp.numbers import plain, rounded
from tests.golden.quality_cases import quality_case
from tests.helpers.law import a_set, amended, entity, law, measure

NINES: Final = [{"id": name, "earns": "9"} for name in "BCDEFG"]
OUTCOME: Final = {"id": "A", "type": "outcome", "earns": "9"}
TOPIC: Final = {"name": "care", "kind": "clinicalTopic", "measures": ["B", "C"]}
SET: Final = {"name": "set", "kind": "specialtySet", "measures": ["B", "C"]}
APP: Final = [{"id": name, "earns": "9"} for name in ("001", "134", "236")]
ECQM: Final = {"method": "electronicHealthRecord", "earns": "5"}
GROUP: Final = {"479": {"score": "5", "caseCount": 200}}

# Path, the case, what the rule file gives, another value, what that gives.
VALUES: Final[list[tuple[str, dict[str, Any], str, object, str]]] = [
    (
        "quality__ema_programs",
        {"program": "G0059", "groups": [TOPIC], "measures": NINES[:2]},
        # Two nines of 40, one slot the outcome's; or of 20.
        "45",
        frozenset({"mips", "mvp"}),
        "90",
    ),
    (
        "quality__ema_methods",
        {"groups": [TOPIC], "measures": NINES[:2]},
        "90",
        frozenset({"claims"}),
        "30",
    ),
    (
        "quality__ema_specialty_set_below",
        {"groups": [SET], "measures": NINES[:2]},
        "90",
        2,
        "30",
    ),
    (
        "quality__coa_points",
        {"entity": "apm", "measures": [{**OUTCOME, **ECQM}]},
        # 5 and 1 of 60; or 5 and 2.
        "10",
        Decimal(2),
        "11.6667",
    ),
    (
        "quality__coa_entities",
        {"entity": "group", "measures": [{**OUTCOME, **ECQM}]},
        "8.3333",
        frozenset({"group"}),
        "10",
    ),
    (
        "quality__coa_methods",
        {"entity": "apm", "measures": [OUTCOME]},
        "15",
        frozenset({"registry"}),
        "16.6667",
    ),
    (
        "quality__coa_maximum",
        {"entity": "apm", "measures": [{**OUTCOME, **ECQM}]},
        "10",
        Decimal(1),
        # A hundredth of 60 is 0.6.
        "9.3333",
    ),
    (
        "quality__administrative_claims_entities",
        {
            "entity": "apm",
            "measures": [OUTCOME, *NINES[:5]],
            "administrative_claims": GROUP,
        },
        # 54 and 10 of 70; or 54 of 60.
        "91.4286",
        frozenset[str](),
        "90",
    ),
    (
        "programs__mvp_measures_required",
        {"program": "G0059", "measures": [OUTCOME, *NINES[:3]]},
        "90",
        5,
        "72",
    ),
    (
        "programs__mvp_admin_claims_unscored",
        {
            "program": "G0059",
            "registration": {"outcomesMeasure": "480"},
            "measures": NINES[:3],
        },
        # 27 of 40; or 30.
        "67.5",
        Decimal(3),
        "75",
    ),
    (
        "programs__app_slots",
        {"program": "app1", "measures": APP[:2]},
        # Two nines of 30; or of 20.
        "60",
        {"app1": {"001": ("001",), "134": ("134",)}},
        "90",
    ),
    (
        "programs__app_without_survey",
        {"program": "app1", "measures": APP},
        "90",
        frozenset[str](),
        "67.5",
    ),
]


def percent(given: Mapping[str, Any], changes: Mapping[str, object]) -> str:
    """Score quality with changed rules."""
    who, made = quality_case(given)
    found = PARTS["quality"](who, Law(amended(made.rules, **changes), made.catalogue))
    assert found.percent is not None
    return plain(rounded(found.percent, 4))


@pytest.mark.parametrize(
    ("path", "given", "here", "other", "there"), VALUES, ids=[row[0] for row in VALUES]
)
def test_another_value_gives_another_score(
    path: str, given: dict[str, Any], here: str, other: object, there: str
) -> None:
    """The value of the rule file and another one each do what they say."""
    assert (percent(given, {}), percent(given, {path: other})) == (here, there)


def test_fewer_claims_measures_of_the_app_count_for_less() -> None:
    """What CMS computes counts where the rule file lists it."""
    given = {
        "program": "app1",
        "entity": "apm",
        "measures": APP,
        "administrative_claims": GROUP,
    }

    # 27 and 10 of 50, the survey is missing; or 27 of 40.
    assert percent(given, {}) == "74"
    assert percent(given, {"programs__app_claims_measures": {"app1": ()}}) == "67.5"


@pytest.mark.parametrize(
    ("path", "year", "other", "here", "there"),
    [
        # One medium activity: 20 of 40; or 10.
        (
            "improvement_activities__mvp_weights",
            2024,
            {"medium": Decimal(10), "high": Decimal(20)},
            50,
            25,
        ),
        (
            "improvement_activities__mvp_special_status_factor",
            2024,
            Decimal(2),
            50,
            100,
        ),
        ("improvement_activities__mvp_activities_required", 2025, 2, 100, 50),
    ],
)
def test_another_value_gives_other_points_for_an_activity(
    path: str, year: int, other: object, here: int, there: int
) -> None:
    """Activities of an MVP are weighed and counted as the rule file says."""
    _, made = quality_case({"year": year})
    sent = a_set(
        "ia", {"IA_MEDIUM_1": True}, start=f"{year}-01-01", end=f"{year}-12-31"
    )
    who = entity(year, [sent], ["rural"], programName="G0059")
    changed = Law(amended(made.rules, **{path: other}), made.catalogue)

    assert PARTS["ia"](who, made).percent == here
    assert PARTS["ia"](who, changed).percent == there


def test_a_measure_changed_within_the_year_says_that_nine_months_count() -> None:
    """The points are those of its rate; the reason names the months."""
    item = measure("M", measure_type="outcome", truncated=["registry"])
    rules = law(2025, quality=[item])
    sent = a_set("quality", {"M": {"performanceMet": 1, "eligiblePopulation": 1}})
    (found,) = PARTS["quality"](entity(sets=[sent]), rules).measures

    assert (
        found.steps[0].text() == "changed within the year: 9 consecutive months count"
    )
