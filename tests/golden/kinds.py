"""What a golden case's ``given`` means, for each file: from words to the law and back.

Each function takes ``given`` and returns everything a case may expect, figures as
text: points and percentages with four decimals, dollars and counts as they are.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from qpp.catalogue import QualityMeasure
from qpp.deciles import place
from qpp.inputs import ScoreInput
from qpp.mips.cost import score_cost
from qpp.mips.final_score import final_score
from qpp.mips.payment import ScalingFactorError, payment
from qpp.mips.quality_points import Scale, score_measure
from qpp.mips.rates import assess
from qpp.mips.scoring import PARTS, Law, activities_part, cost_part
from qpp.numbers import fixed, plain, rounded
from qpp.parts import JsonObject, part, points_text
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES, read_value
from qpp.trace import Trace
from tests.helpers.law import (
    a_set,
    amended,
    benchmark,
    book,
    catalogue,
    counts,
    cuts,
    earning,
    entity,
    interoperability,
    law,
    measure,
)

Given = Mapping[str, Any]
Made = dict[str, object]

COLLECTIONS: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    "cqm": ("registry", {}),
    "ecqm": ("electronicHealthRecord", {}),
    "claims": ("claims", {}),
    "qcdr": (
        "registry",
        {"is_qcdr": True, "metric_type": "registrySinglePerformanceRate"},
    ),
}


def _measure(given: Given) -> tuple[QualityMeasure, str]:
    """Make the measure a case speaks of, and the method it was sent by."""
    method, facts = COLLECTIONS[given.get("collection", "cqm")]
    own = {"overall_algorithm": given.get("algorithm", "")}
    return measure("M", **(own | dict(facts) | given.get("measure", {}))), method


def _value(given: Given) -> object:
    """Give the counts of a case: as sent, or those of a rate with complete data."""
    return given["value"] if "value" in given else counts(Decimal(given["rate"]))


def rates(given: Given) -> Made:
    """Assess one measurement."""
    item, method = _measure(given)
    rules = book(given.get("year", 2025)).quality
    value = read_value(_value(given))
    assert not isinstance(value, bool)
    found = assess(value, item, rules, method, Trace())  # type: ignore[arg-type] # a case never gives a proportion
    reporting = found.reporting_rate
    return {
        "performance": _plain(found.performance_rate),
        "reporting": None if reporting is None else f"{rounded(reporting, 2):f}",
        "cases": plain(found.case_count),
        "complete": found.complete,
        "excluded": found.excluded,
    }


def deciles(given: Given) -> Made:
    """Place one rate on a ladder."""
    found = place(
        Decimal(given["rate"]),
        cuts(given["ladder"]),
        inverse=given.get("inverse", False),
        floor=Decimal(1),
        maximum=Decimal(10),
    )
    return {"decile": found.decile, "points": points_text(found.points)}


def intervals(given: Given) -> Made:
    """Find the decile of both ends of ten published intervals, the worst first."""
    ladder = tuple(rounded(item, 2) for item in cuts(given["ladder"]))
    found = [
        None if ends is None else [_decile(end, ladder, given) for end in ends]
        for ends in given["published"]
    ]
    return {"deciles": found}


def _decile(rate: str, ladder: tuple[Decimal, ...], given: Given) -> int:
    """Find the decile of one rate."""
    inverse = given.get("inverse", False)
    floor, most = Decimal(1), Decimal(10)
    return place(
        Decimal(rate), ladder, inverse=inverse, floor=floor, maximum=most
    ).decile


def points(given: Given) -> Made:
    """Score one quality measurement; ``benchmark: none`` leaves the row out."""
    year = given.get("year", 2025)
    item, method = _measure(given)
    row = given.get("benchmark", {})
    reasons = tuple(given.get("reasons", ()))
    facts = catalogue(
        year,
        quality=[item],
        benchmarks=[] if row == "none" else [benchmark("M", method=method, **row)],
        reasons={("M", method): reasons} if reasons else {},
    )
    small, mock = given.get("small", False), given.get("mock", False)
    rules = book(year).quality
    trace = Trace()
    value = read_value(_value(given))
    assessed = assess(value, item, rules, method, trace)  # type: ignore[arg-type] # as above
    found = score_measure(
        item, method, assessed, Scale(rules, facts, small, mock), trace.assumptions
    )
    return {
        "outcome": found.outcome,
        "points": points_text(found.points),
        "possible": plain(found.possible),
        "decile": found.decile,
        "citations": sorted({step.rule.citation for step in found.steps}),
    }


# How a measure of a quality case may fail to earn what its rate says.
STATES: Final[Mapping[str, Mapping[str, object]]] = {
    "incomplete": {"performanceMet": 10, "eligiblePopulation": 100},
    "few": {"performanceMet": 19, "eligiblePopulation": 19},
    "empty": {"performanceMet": 0, "eligiblePopulation": 0},
}
FACTS: Final = {
    "type": "measure_type",
    "high_priority": "is_high_priority",
    "first_year": "first_performance_year",
    "suppressed": "suppressed",
}


def quality_case(given: Given) -> tuple[ScoreInput, Law]:
    """Make the entity and law of a quality case; all ladders are flat."""
    year = given.get("year", 2025)
    lines = given.get("measures", ())
    surveys, claims = given.get("cahps", {}), given.get("administrative_claims", {})
    made = [
        measure(
            line["id"],
            **{FACTS[name]: line[name] for name in FACTS if name in line},
        )
        for line in lines
    ]
    container = measure(
        "321", measure_type="patientEngagementExperience", is_high_priority=True
    )
    rows = [benchmark(line["id"], method=_method(line)) for line in lines]
    rows += [
        benchmark(name, method="certifiedSurveyVendor")
        for name in surveys
        if name != "CAHPS_7"
    ]
    rows += [
        benchmark(name, method="administrativeClaims", is_inverse=True)
        for name in ("479", "480", "484")
    ]
    methods = dict.fromkeys(_method(line) for line in lines)
    sets = [
        a_set(
            "quality",
            {
                line["id"]: STATES[line["state"]]
                if "state" in line
                else earning(line["earns"])
                for line in lines
                if _method(line) == method
            },
            method,
        )
        for method in methods
    ]
    who = entity(
        year,
        sets,
        given.get("statuses", ()),
        entityType=given.get("entity", "individual"),
        cahps={"measures": [{"measureId": n} | v for n, v in surveys.items()]},
        administrativeClaims={
            "measures": [{"measureId": n} | v for n, v in claims.items()]
        },
        priorScores=given.get("prior"),
    )
    return who, law(year, quality=[*made, container], benchmarks=rows)


def _method(line: Given) -> str:
    """Give the method a line of a quality case was sent by."""
    method: str = line.get("method", "registry")
    return method


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
        "not_judged": "unverified:quality.eligible_measure_applicability"
        in found.assumptions,
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
        priorScores=given.get("prior"),
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


def _parts(given: Given) -> dict[str, JsonObject]:
    """Make category scores of their percent, with data unless told otherwise."""
    percents = given["percent"]
    data = given.get("data", CATEGORIES)
    return {
        name: part(
            CategoryScore(
                name,
                None if percents[name] is None else Decimal(percents[name]),
                has_data=name in data,
                cancels_reweighting=name in given.get("cancels", ()),
                automatic_reweighting=given.get("automatic", "")
                if name == "pi"
                else "",
            ),
            explain=False,
        )
        for name in CATEGORIES
    }


def final(given: Given) -> Made:
    """Make a final score of given categories."""
    year = given.get("year", 2025)
    bonus = given.get("bonus")
    who = entity(
        year,
        statuses=given.get("statuses", ()),
        complexPatientBonus=None if bonus is None else {"points": bonus},
        reweighting={
            "decisions": [
                {"category": name, "reason": "approved"}
                for name in given.get("approved", ())
            ]
        },
    )
    score, reasons = final_score(_parts(given), who, book(year), "by hand")
    return {
        "final": score["finalScore"],
        "bonus": score["complexPatientBonus"],
        "weights": {name: score["categories"][name]["weight"] for name in CATEGORIES},
        "without": [
            name
            for name in CATEGORIES
            if score["categories"][name]["withoutWeight"] is not None
        ],
        "says": [item["rule"] for item in reasons],
    }


def weights(given: Given) -> Made:
    """Find the weights when some categories are missing, each in its own way."""
    missing = given["missing"]
    none = {"quality", "cost"}.intersection(missing)
    return final(
        {
            **given,
            "percent": {name: None if name in none else "50" for name in CATEGORIES},
            "automatic": "hospitalBased" if "pi" in missing else "",
            "approved": ["ia"] if "ia" in missing else [],
        }
    )


def adjustment(given: Given) -> Made:
    """Turn a final score into a payment adjustment."""
    rules = book(given.get("year", 2025))
    score = {
        "finalScore": given["final"],
        "assumptions": given.get("assumptions", []),
    }
    factor = Decimal(given["factor"]) if "factor" in given else None
    try:
        paid, _ = payment(score, rules, factor)
    except ScalingFactorError as error:
        return {"error": str(error)}
    percent = paid["adjustmentPercent"]
    return {
        "adjustment": percent,
        "published": None if percent is None else fixed(Decimal(percent), 2),
        "status": paid["status"],
        "billable": paid["billable"],
        "range": paid["range"],
        "payment_year": paid["paymentYear"],
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
    }


def _rules(found: CategoryScore) -> list[str]:
    """Name the rules a category gives as its reasons."""
    return list(dict.fromkeys(step.rule.path for step in found.steps))


def _plain(value: Decimal | None) -> str | None:
    """Write a number that may be missing."""
    return None if value is None else plain(value)


KINDS: Final[Mapping[str, Callable[[Given], Made]]] = {
    "activities": activities,
    "adjustment": adjustment,
    "cost": cost,
    "deciles": deciles,
    "final": final,
    "interoperability": interoperability_score,
    "intervals": intervals,
    "points": points,
    "quality": quality,
    "rates": rates,
    "weights": weights,
}
