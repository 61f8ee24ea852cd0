"""What other MVPs show: no outcome measure, a suppressed cost measure, the survey."""

from decimal import Decimal

import pytest

from qpp.library import catalogue
from qpp.mips.programs.plan import TRADITIONAL, plan_of
from qpp.mips.scoring import PARTS, Law, cost_part, score
from tests.helpers.law import YEARS, a_set, book, counts, entity

OUTCOMES = {"outcome", "intermediateOutcome", "patientReportedOutcome"}


def real(year: int) -> Law:
    """Pair the rule book of a year with the catalogue that ships."""
    return Law(book(year), catalogue(year))


@pytest.mark.parametrize(
    ("year", "name"), [(2024, "M0004"), (2026, "M1500"), (2026, "M1501")]
)
def test_without_any_outcome_measure_a_high_priority_one_meets_the_rule(
    year: int, name: str
) -> None:
    """The MVP offers no outcome measure, so its four measures fill forty points."""
    law = real(year)
    facts = law.catalogue.mvps[name]
    offered = [law.catalogue.quality[item] for item in sorted(facts.quality)]
    high = next(
        item
        for item in offered
        if item.is_high_priority
        and item.metric_type == "singlePerformanceRate"
        and "registry" in item.submission_methods
    )
    sent = a_set("quality", {high.measure_id: counts(Decimal(100))})
    found = PARTS["quality"](entity(year, [sent], programName=name), law)

    assert not OUTCOMES & {item.measure_type for item in offered}
    assert "quality.outcome_required" not in [step.rule.path for step in found.steps]
    assert found.possible == 40


def test_every_other_mvp_offers_an_outcome_measure() -> None:
    """Three MVPs of three years are all that offer none."""
    without = {
        (year, name)
        for year in YEARS
        for name, facts in catalogue(year).mvps.items()
        if not any(
            catalogue(year).quality[item].measure_type in OUTCOMES
            for item in facts.quality
        )
    }

    assert without == {(2024, "M0004"), (2026, "M1500"), (2026, "M1501")}


@pytest.mark.parametrize("given", [True, False])
def test_emergency_medicine_of_2025_has_no_cost_score(*, given: bool) -> None:
    """Its only cost measure is suppressed, so what CMS attributed changes nothing."""
    measure = {"measureId": "COST_EDV_1", "score": "1", "caseCount": 20}
    costs = {"measures": [measure]} if given else None
    who = entity(2025, costs=costs, programName="G0057")
    found = cost_part(who, real(2025))

    assert found.percent is None
    assert [step.rule.path for step in found.steps] == ["cost.suppressed"]
    assert [item.outcome for item in found.measures] == ["no benchmark"] * given
    assert "no-costs-given" not in found.assumptions


def test_emergency_medicine_of_2024_has_no_suppressed_measure() -> None:
    """Without cost data nothing is known, and the score says so."""
    found = cost_part(entity(2024, programName="G0057"), real(2024))

    assert "no-costs-given" in found.assumptions


@pytest.mark.parametrize("year", YEARS)
def test_every_mvp_of_the_year_can_be_scored(year: int) -> None:
    """Each has a plan of its own, and an entity without data a score in it."""
    law = real(year)
    found = {
        name: score(entity(year, programName=name), law).score
        for name in law.catalogue.mvps
    }

    assert len(found) == len(law.catalogue.mvps) > 15
    assert {item["programName"] for item in found.values()} == set(law.catalogue.mvps)


def test_a_plan_is_made_once() -> None:
    """The plan of a year's program is the same object each time."""
    law = real(2025)

    first = plan_of(law.rules, law.catalogue, "G0059")
    again = plan_of(law.rules, law.catalogue, "G0059")

    assert first is again
    assert (first.kind, plan_of(law.rules, law.catalogue, "app1").kind) == (
        "mvp",
        "app",
    )
    assert TRADITIONAL.kind == "mips"


def test_a_program_of_another_year_has_no_plan() -> None:
    """APP Plus began in 2025; checks refuse it before a score is asked for."""
    law = real(2024)

    with pytest.raises(KeyError, match="appPlus"):
        plan_of(law.rules, law.catalogue, "appPlus")
