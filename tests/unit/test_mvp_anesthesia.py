"""The anesthesia MVP G0059 of 2024, 2025 and 2026, on the facts that ship."""

from decimal import Decimal

import pytest

from qpp.library import catalogue
from qpp.mips.scoring import PARTS, Law, activities_part, cost_part
from qpp.results import CategoryScore
from tests.helpers.law import YEARS, a_set, book, counts, entity

G0059 = "G0059"
ALWAYS = {"404", "430", "463", "477", "ABG44", "AQI48", "EPREOP31"}


def real(year: int) -> Law:
    """Pair the rule book of a year with the catalogue that ships."""
    return Law(book(year), catalogue(year))


def quality(year: int, **rates: str) -> CategoryScore:
    """Score registry measures in the MVP at these rates; ``m424="99.9"``."""
    values = {name[1:]: counts(Decimal(rate)) for name, rate in rates.items()}
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    sent = a_set("quality", values, **period)
    return PARTS["quality"](entity(year, [sent], programName=G0059), real(year))


def points(found: CategoryScore) -> dict[str, str]:
    """Give the points of each measure."""
    return {item.measure_id: f"{item.points:.4f}" for item in found.measures}


def attested(year: int, *names: str, statuses: tuple[str, ...] = ()) -> CategoryScore:
    """Score activities in the MVP."""
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    sent = a_set("ia", dict.fromkeys(names, True), **period)
    return activities_part(
        entity(year, [sent], statuses, programName=G0059), real(year)
    )


@pytest.mark.parametrize(
    ("year", "more"),
    [(2024, {"424", "487"}), (2025, {"424", "487"}), (2026, set())],
)
def test_its_measures_lose_two_in_2026(year: int, more: set[str]) -> None:
    """424 and 487 are gone; the seven others stay in all three years."""
    assert catalogue(year).mvps[G0059].quality == ALWAYS | more


@pytest.mark.parametrize("name", ["424", "487"])
def test_what_left_the_mvp_left_the_year(name: str) -> None:
    """No measure of that id exists in 2026."""
    assert name not in catalogue(2026).quality
    assert name in catalogue(2025).quality


@pytest.mark.parametrize(
    ("year", "earned"),
    [(2024, "4.1250"), (2025, "9.9000")],
)
def test_temperature_management_at_99_9_percent(year: int, earned: str) -> None:
    """Decile 4 of the ladder of 2024, decile 9 of the defined one of 2025."""
    assert points(quality(year, m424="99.9"))["424"] == earned


@pytest.mark.parametrize(
    ("year", "measure", "earned"),
    [
        # Topped out and capped at 7 in 2024; from 2025 on the defined ladder, no cap.
        *((2024, name, "7.0000") for name in ("424", "430", "463", "477")),
        *((2025, name, "10.0000") for name in ("424", "430", "463", "477")),
        *((2026, name, "10.0000") for name in ("430", "463", "477")),
    ],
)
def test_a_perfect_rate_of_a_topped_out_measure(
    year: int, measure: str, earned: str
) -> None:
    """The defined ladders let 100 percent earn ten points."""
    assert points(quality(year, **{f"m{measure}": "100"}))[measure] == earned


@pytest.mark.parametrize("measure", ["430", "463", "477"])
@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize(
    ("rate", "earned"), [("96.99", "7.4950"), ("97", "7.5000"), ("97.01", "7.5050")]
)
def test_the_defined_ladder_at_97_percent(
    year: int, measure: str, rate: str, earned: str
) -> None:
    """97 percent is a tenth of the performance threshold."""
    assert points(quality(year, **{f"m{measure}": rate}))[measure] == earned


def test_social_drivers_have_the_floor_of_their_second_year() -> None:
    """487 came in 2023, so in 2024 it earns at least 5 and in 2025 what it earns."""
    assert points(quality(2024, m487="3.17"))["487"] == "5.0000"
    assert points(quality(2025, m487="0.81"))["487"] == "4.0000"


@pytest.mark.parametrize("year", YEARS)
def test_four_measures_fill_it(year: int) -> None:
    """404 is the outcome measure, and with three more there are forty points."""
    found = quality(year, m404="100", m430="100", m463="100", m477="100")

    assert found.possible == 40
    assert found.points == (31 if year == 2024 else 40)


@pytest.mark.parametrize("year", [2024, 2025])
def test_an_activity_that_left_in_2026_counts_before(year: int) -> None:
    """IA_CC_2 was listed, IA_PM_26 in 2025 only; neither exists in 2026."""
    assert [item.measure_id for item in attested(year, "IA_CC_2").measures] == [
        "IA_CC_2"
    ]
    assert ("IA_PM_26" in catalogue(year).mvps[G0059].activities) is (year == 2025)
    assert ("IA_EPA_1" in catalogue(year).mvps[G0059].activities) is (year == 2024)
    assert not {"IA_CC_2", "IA_PM_26"} & set(catalogue(2026).activities)


@pytest.mark.parametrize(
    ("names", "percent"),
    [
        ((), 0),
        (("IA_BMH_2",), 50),
        (("IA_BMH_2", "IA_CC_2"), 100),
        (("IA_BE_6",), 100),
        (("IA_PCMH",), 100),
        (("IA_MVP",), 100),
    ],
)
@pytest.mark.parametrize("statuses", [(), ("smallPractice",)])
def test_activities_of_2024(
    names: tuple[str, ...], percent: int, statuses: tuple[str, ...]
) -> None:
    """Two medium activities, a high one, or the medical home; nobody's count double."""
    assert attested(2024, *names, statuses=statuses).percent == percent


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize(
    ("names", "percent"),
    [((), 0), (("IA_BMH_2",), 100), (("IA_BMH_2", "IA_MVP"), 100), (("IA_PCMH",), 100)],
)
def test_activities_from_2025(year: int, names: tuple[str, ...], percent: int) -> None:
    """One activity is enough for a practice of any size."""
    found = attested(year, *names)

    assert found.percent == percent
    assert found.points <= found.possible


@pytest.mark.parametrize(
    ("begun", "declared"),
    [("2025-05-05", False), ("2025-05-06", True), ("2025-05-07", True)],
)
def test_the_suspended_activity_counts_as_begun_before(
    begun: str, *, declared: bool
) -> None:
    """IA_PM_26 is suspended from 2025-05-06; a later period leaves an assumption."""
    sent = a_set("ia", {"IA_PM_26": True}, start=begun)
    found = activities_part(entity(2025, [sent], programName=G0059), real(2025))

    assert found.percent == 100
    assert ("suspended-activity-begun-before" in found.assumptions) is declared


def test_an_activity_outside_the_mvp_does_not_count() -> None:
    """IA_EPA_1 was listed in 2024 and no longer in 2025."""
    found = attested(2025, "IA_EPA_1")

    assert found.percent == 0
    assert found.measures == ()
    assert "IA_EPA_1 is not listed: not counted" in [s.text() for s in found.steps]


def test_the_mvp_activity_counts_in_an_mvp_only() -> None:
    """In traditional MIPS IA_MVP earns nothing."""
    sent = a_set("ia", {"IA_MVP": True})
    outside = activities_part(entity(2025, [sent]), real(2025))

    assert outside.percent == 0
    assert attested(2025, "IA_MVP").percent == 100


@pytest.mark.parametrize("year", [2024, 2025])
def test_its_only_cost_measure_is_spending_per_beneficiary(year: int) -> None:
    """Total cost per capita is attributed to the practice, and does not count."""
    costs = {
        "measures": [
            {"measureId": "MSPB_1", "score": "1", "caseCount": 35},
            {"measureId": "TPCC_1", "score": "999999", "caseCount": 20},
        ]
    }
    who = entity(year, costs=costs, programName=G0059)
    found = cost_part(who, real(year))

    assert [item.measure_id for item in found.measures] == ["MSPB_1"]
    assert found.percent == 100
    assert found.possible == 10
    assert cost_part(who._replace(program_name="mips"), real(year)).possible == 20
