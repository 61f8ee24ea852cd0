"""Golden cases about reweighting: what was approved, and what was submitted."""

from dataclasses import replace
from typing import Final

from qpp.catalogue import Mvp
from qpp.mips.scoring import Law, score
from qpp.submission import CATEGORIES
from tests.golden.given import Given, Made, is_sum
from tests.helpers.law import a_set, benchmark, entity, interoperability, law, measure

# What a quality measure of ten patients, or of none, sends.
PATIENTS: Final = {"some": 10, "nobody": 0}
COST: Final = {"measureId": "TPCC_1", "score": "1500", "caseCount": 20}


def reweighting(given: Given) -> Made:
    """Score an entity and tell which categories carry weight, and why not.

    *quality* is ``some`` or ``nobody`` (patients), *ia* ``yes``, ``no`` or ``short``
    (89 days), *pi* ``full``, ``incomplete`` or ``short`` (179 days); nothing else was
    submitted. CMS attributed one cost measure.
    """
    year = given.get("year", 2025)
    who = entity(
        year,
        _sets(given, year),
        given.get("statuses", ()),
        entityType=given.get("entity", "individual"),
        programName=given.get("program", "mips"),
        costs={"measures": [COST] if given.get("cost", True) else []},
        reweighting={"decisions": given.get("decisions", [])},
    )
    rules = _with_an_mvp(law(year, quality=[measure("M")], benchmarks=[benchmark("M")]))
    made = score(who, rules)
    categories = made.score["categories"]
    told = [
        item
        for item in made.explanation
        if item["category"] == "final" and not is_sum(item.get("formula"))
    ]
    return {
        "final": made.score["finalScore"],
        "weights": {name: categories[name]["weight"] for name in CATEGORIES},
        "without": {
            name: categories[name]["withoutWeight"]
            for name in CATEGORIES
            if categories[name]["withoutWeight"] is not None
        },
        "says": [item["says"] for item in told],
        "rules": [item["rule"] for item in told],
        "cites": [item["citation"] for item in told],
        "assumes": [
            name
            for name in made.score["assumptions"]
            if "reweighting." in name or "data_that" in name or "cancels" in name
        ],
    }


def _with_an_mvp(rules: Law) -> Law:
    """Let the year have an MVP of the one quality measure."""
    mvp = Mvp(
        mvp_id="G0059",
        title="An MVP",
        quality=frozenset({"M"}),
        activities=frozenset(),
        cost=frozenset({"TPCC_1"}),
        population_health=frozenset(),
        outcome_claims=frozenset(),
    )
    return replace(rules, catalogue=replace(rules.catalogue, mvps={"G0059": mvp}))


def _sets(given: Given, year: int) -> list[dict[str, object]]:
    """Write the sets that were submitted."""
    whole = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    sets = []
    if "quality" in given:
        patients = PATIENTS[given["quality"]]
        counts = {"performanceMet": patients, "eligiblePopulation": patients}
        sets.append(a_set("quality", {"M": counts}, **whole))
    if "ia" in given:
        period = whole | ({"start": f"{year}-10-04"} if given["ia"] == "short" else {})
        performed = {"IA_HIGH_1": given["ia"] != "no"}
        sets.append(a_set("ia", performed, **period))
    if "pi" in given:
        answers = interoperability(year)
        if given["pi"] == "incomplete":
            del answers["PI_EP_1"]
        period = whole | ({"start": f"{year}-07-06"} if given["pi"] == "short" else {})
        sets.append(a_set("pi", answers, **period))
    return sets
