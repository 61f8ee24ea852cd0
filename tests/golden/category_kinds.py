"""Golden cases about one category: from words to the law and back."""

from qpp.mips.cost import score_cost
from qpp.mips.scoring import PARTS, activities_part, cost_part
from qpp.numbers import fixed, plain
from qpp.parts import points_text
from qpp.results import CategoryScore
from tests.golden.given import Given, Made, is_sum, prior_scores
from tests.golden.quality_cases import quality_case
from tests.helpers.law import (
    a_set,
    amended,
    entity,
    interoperability,
    law,
)

# What every measure with enough data assumes; cases speak of the rest.
EVERYWHERE = {"unverified:quality.completeness_on"}


def quality(given: Given) -> Made:
    """Score the quality category."""
    who, rules = quality_case(given)
    found = PARTS["quality"](who, rules)
    return _category(found) | {
        "used": [item.measure_id for item in found.measures if item.used],
        "methods": {
            item.measure_id: item.submission_method
            for item in found.measures
            if item.used
        },
        "judged": [rule for rule in _rules(found) if rule.startswith("quality.ema_")],
        "assumes": sorted(found.assumptions - EVERYWHERE),
    }


def interoperability_score(given: Given) -> Made:
    """Score Promoting Interoperability; a set answers all unless told otherwise."""
    year = given.get("year", 2025)
    sets = []
    for item in given.get("sets", [given]):
        answers = interoperability(year) | _answers(item.get("with", {}))
        for name in item.get("without", ()):
            del answers[name]
        start, end = item.get("period", (f"{year}-01-01", f"{year}-12-31"))
        sets.append(a_set("pi", answers, start=str(start), end=str(end)))
    who = entity(
        year,
        sets,
        given.get("statuses", ()),
        entityType=given.get("entity", "individual"),
    )
    found = PARTS["pi"](who, law(year))
    return _category(found) | {
        "earned": {item.measure_id: plain(item.points) for item in found.measures},
        "maximum": {item.measure_id: plain(item.possible) for item in found.measures},
        "automatic": found.automatic_reweighting,
        # Of every set of 2025 it is said that any answer to case reporting counts.
        "says": [name for name in _rules(found) if not name.endswith("earns_full")],
    }


def _answers(given: Given) -> Made:
    """Read answers: yes, no, or a numerator and denominator as ``49/115``."""
    return {
        name: value
        if isinstance(value, bool)
        else dict(
            zip(("numerator", "denominator"), map(int, value.split("/")), strict=True)
        )
        for name, value in given.items()
    }


def activities(given: Given) -> Made:
    """Score improvement activities; a set lists what was performed and refused."""
    year = given.get("year", 2025)
    sets = []
    for item in given.get("sets", [given]):
        answers = dict.fromkeys(item.get("performed", ()), True)
        answers |= dict.fromkeys(item.get("refused", ()), False)
        start, end = item.get("period", (f"{year}-01-01", f"{year}-12-31"))
        sets.append(a_set("ia", answers, start=str(start), end=str(end)))
    found = activities_part(entity(year, sets, given.get("statuses", ())), law(year))
    return _category(found) | {
        "counted": sorted(item.measure_id for item in found.measures)
    }


def cost(given: Given) -> Made:
    """Score cost; every measure has CMS's ladder of TPCC_1 of 2024."""
    year = given.get("year", 2025)
    who = entity(
        year,
        entityType=given.get("entity", "individual"),
        costs={
            "measures": [
                {"measureId": name, "score": score, "caseCount": cases}
                for name, (score, cases) in given["costs"].items()
            ]
        },
        priorScores=prior_scores(given),
        withMockBenchmarks=given.get("with_mock_benchmarks", False),
    )
    rules = law(year, mock_costs=given.get("mock_costs", False))
    if "instead" in given:
        changed = amended(rules.rules, **given["instead"])
        found = score_cost(who, rules.catalogue, changed.cost)
    else:
        found = cost_part(who, rules)
    return _category(found) | {
        "measures": {item.measure_id: item.outcome for item in found.measures},
        "earned": {
            item.measure_id: points_text(item.points) for item in found.measures
        },
        "awaiting": "benchmark-not-published" in found.assumptions,
    }


def _category(found: CategoryScore) -> Made:
    """Give what all categories have."""
    return {
        "percent": None if found.percent is None else points_text(found.percent),
        "one_decimal": None if found.percent is None else fixed(found.percent, 1),
        "points": points_text(found.points),
        "possible": plain(found.possible),
        "bonus": plain(found.bonus),
        "improvement": points_text(found.improvement),
        "has_data": found.has_data,
        "cancels": found.cancels_reweighting,
        "says": _rules(found),
        "assumes": sorted(found.assumptions),
        "sentences": [step.text() for step in found.steps],
        "told": {
            item.measure_id: [step.text() for step in item.steps]
            for item in found.measures
        },
    }


def _rules(found: CategoryScore) -> list[str]:
    """Name the rules a category gives as its reasons."""
    return list(
        dict.fromkeys(
            step.rule.path
            for step in found.steps
            if not is_sum(getattr(step.sentence, "formula", None))
        )
    )
