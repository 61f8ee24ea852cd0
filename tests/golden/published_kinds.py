"""Golden cases that CMS's own engine scored: sets as they were sent, whole scores.

``facts`` names what a measure is, ``bounds`` the ladder of a measure and method;
``weights`` take the place of the year's where the engine ran with others.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from qpp.catalogue import Activity, Benchmark, Catalogue, InteroperabilityMeasure
from qpp.mips.completeness import assess_quality
from qpp.mips.rules import MipsRules
from qpp.mips.scoring import PARTS, Law, Scored, score
from qpp.numbers import fixed, plain
from qpp.results import CategoryScore
from tests.golden.given import Given, Made, is_sum
from tests.helpers.law import MIPS, amended, benchmark, book, catalogue, entity, measure

FACTS: Final = {
    "type": "measure_type",
    "high_priority": "is_high_priority",
    "inverse": "is_inverse",
    "qcdr": "is_qcdr",
    "metric": "metric_type",
    "algorithm": "overall_algorithm",
}
# A reason for which the weight of Promoting Interoperability may be taken.
HARDSHIP: Final = "hardship"
BONUSES: Final = {
    "quality.measure_bonuses.high_priority_points": "high_priority",
    "quality.measure_bonuses.other_high_priority_points": "high_priority",
    "quality.measure_bonuses.end_to_end_points": "end_to_end",
}


def published(given: Given) -> Made:
    """Score sets as CMS's engine did: everything that its answers show."""
    rules = _rules(given)
    law = Law(rules, _catalogue(given, rules))
    who = entity(
        given["year"],
        given["sets"],
        given.get("statuses", ()),
        reweighting={
            "decisions": [
                {"category": name, "reason": HARDSHIP}
                for name in given.get("approved", ())
            ]
        },
    )
    whole, quality = score(who, law), PARTS["quality"](who, law)
    reported = {
        item.measure_id: item.assessment.reporting_rate
        for item in assess_quality(who.sets, law.catalogue, rules.quality)
    }
    measures = _measures(quality)
    for name, rate in reported.items():
        measures[name]["reporting"] = None if rate is None else fixed(rate, 2)
    return {
        "final": whole.score["finalScore"],
        "measures": measures,
        "required": _required(quality),
        "quality_bonus": plain(quality.bonus),
        "quality_sum": plain(quality.points + quality.bonus),
        "bonuses": {
            name: {kind: item[kind] for kind in ("high_priority", "end_to_end")}
            for name, item in measures.items()
        },
        "earned": {name: item["ladder"] for name, item in measures.items()},
        "methods": {
            item.measure_id: item.submission_method for item in quality.measures
        },
        "outcomes": {item.measure_id: item.outcome for item in quality.measures},
        "says": sorted(
            {
                item["rule"]
                for item in whole.explanation
                if not is_sum(item.get("formula"))
            }
        ),
        "sentences": {
            name: [
                item["says"] for item in whole.explanation if item["category"] == name
            ]
            for name in ("quality", "pi")
        },
        "assumes": whole.score["assumptions"],
        "parts": _parts(whole),
        **_categories(whole),
    }


def _rules(given: Given) -> MipsRules:
    """Give the rule book of the year, with other weights where the engine had them."""
    rules = book(given["year"])
    if "weights" in given:
        table = dict(rules.final_score.redistribution.value)
        table["cost"] = {name: Decimal(item) for name, item in given["weights"].items()}
        rules = amended(
            rules,
            final_score__redistribution=table,
            final_score__redistribution_small_practice=table,
        )
    for path, value in given.get("instead", {}).items():
        rules = changed_rule(rules, path.split("."), value)
    return rules


Book = TypeVar("Book")


def changed_rule(rules: Book, path: list[str], value: object) -> Book:
    """Replace the value of one provision, however deep it lies in the book."""
    name, *inner = path
    old = getattr(rules, name)
    if inner:
        new = changed_rule(old, inner, value)
    else:
        new = None if value == "absent" else replace(old, value=value)
    return replace(rules, **{name: new})  # type: ignore[type-var] # any rule dataclass


def _catalogue(given: Given, rules: MipsRules) -> Catalogue:
    """Make the facts a case needs and no more."""
    facts = catalogue(
        given["year"],
        quality=[
            measure(name, **{FACTS[key]: value for key, value in own.items()})
            for name, own in given.get("facts", {}).items()
        ],
        benchmarks=[
            _row(key, bounds, given) for key, bounds in given.get("bounds", {}).items()
        ],
    )
    objectives = rules.promoting_interoperability.objectives.value.values()
    return replace(
        facts,
        interoperability={
            name: _pi_measure(name) for names in objectives for name in names
        },
        activities={
            name: Activity(name, name, "", weight, MIPS)
            for name, weight in given.get("activities", {}).items()
        },
    )


def _row(key: str, bounds: list[object], given: Given) -> Benchmark:
    """Make a benchmark of ``measure method`` by its lower bounds."""
    name, method = key.split()
    inverse = given["facts"][name].get("inverse", False)
    row = benchmark(name, method=method, benchmark_year=2015, is_inverse=inverse)
    return replace(row, percentiles=(), deciles=lower_bounds(bounds))


def lower_bounds(bounds: list[object]) -> tuple[Decimal, ...]:
    """Read lower bounds as CMS wrote them."""
    return tuple(Decimal(str(item)) for item in bounds)


def _pi_measure(name: str) -> InteroperabilityMeasure:
    """Make a measure without exclusions."""
    return InteroperabilityMeasure(
        measure_id=name,
        title=name,
        metric_type="",
        objective="",
        reporting_category="",
        is_required=True,
        is_bonus=False,
        exclusions=(),
        substitutes=(),
        engagement=(),
        allowed_programs=MIPS,
    )


def _measures(quality: CategoryScore) -> dict[str, dict[str, object]]:
    """Give ladder points, bonuses and their sum for each quality measure."""
    bonuses = {
        (str(step.details[0]), BONUSES[step.rule.path]): step.details[1]
        for step in quality.steps
        if step.rule.path in BONUSES
    }
    found: dict[str, dict[str, object]] = {}
    for item in quality.measures:
        name = item.measure_id
        own = {
            kind: str(bonuses.get((name, kind), "0"))
            for kind in ("high_priority", "end_to_end")
        }
        total = item.points + sum(map(int, own.values()))
        rate = item.performance_rate
        found[name] = own | {
            "ladder": plain(item.points),
            "points": plain(total),
            "decile": item.decile,
            "rate": None if rate is None else plain(rate),
        }
    return found


def _required(quality: CategoryScore) -> str | None:
    """Name the measure that earns no bonus because it was required."""
    path = "quality.measure_bonuses.required_high_priority"
    named = [step.details[0] for step in quality.steps if step.rule.path == path]
    return str(named[0]) if named else None


def _parts(whole: Scored) -> Mapping[str, str]:
    """Give the points of what makes up Promoting Interoperability and activities."""
    categories = whole.score["categories"]
    return {
        item["measureId"]: item["points"].rstrip("0").rstrip(".")
        for name in ("pi", "ia")
        for item in categories[name]["measures"]
    }


def _categories(whole: Scored) -> dict[str, object]:
    """Give percent and weighted points of each category."""
    return {
        f"{name}_{figure}": whole.score["categories"][name][figure]
        for name in ("quality", "ia", "pi")
        for figure in ("percent", "weighted")
    }
