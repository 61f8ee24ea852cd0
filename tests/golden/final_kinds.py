"""Golden cases about final scores, weights and payment: from words to the law."""

from decimal import Decimal
from typing import Final

from qpp.mips.adjustment import ScalingFactorError
from qpp.mips.final_score import final_score
from qpp.mips.payment import payment
from qpp.numbers import fixed
from qpp.parts import JsonObject, part
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES
from tests.golden.given import Given, Made, is_sum
from tests.helpers.law import (
    amended,
    book,
    entity,
)

# A reason that an entity of each type may be approved for.
APPROVED: Final = {
    "individual": "extremeAndUncontrollable",
    "group": "extremeAndUncontrollable",
    "apm": "apmEntityExtremeAndUncontrollable",
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
    kind = given.get("entity", "individual")
    who = entity(
        year,
        statuses=given.get("statuses", ()),
        entityType=kind,
        programName=given.get("program", "mips"),
        complexPatientBonus=_bonus(given),
        facility=_facility(given),
        reweighting={
            "decisions": [
                {"category": name, "reason": APPROVED[kind]}
                for name in given.get("approved", ())
            ]
        },
    )
    rules = amended(book(year), **given.get("instead", {}))
    score, told = final_score(_parts(given), who, rules, "by hand")
    reasons = [item for item in told if not is_sum(item.get("formula"))]
    return {
        "final": score["finalScore"],
        "percents": {name: score["categories"][name]["percent"] for name in CATEGORIES},
        "bonus": score["complexPatientBonus"],
        "weights": {name: score["categories"][name]["weight"] for name in CATEGORIES},
        "without": [
            name
            for name in CATEGORIES
            if score["categories"][name]["withoutWeight"] is not None
        ],
        "says": [item["rule"] for item in reasons],
        "sentences": [item["says"] for item in reasons],
    }


def _bonus(given: Given) -> JsonObject | None:
    """Make the feed of a bonus: in points, or from indicators.

    An indicator is its value, and mean, standard deviation and median of all.
    """
    if "bonus" in given:
        return {"points": given["bonus"]}
    if "hcc" not in given:
        return None
    (hcc, *all_hcc), (dual, *all_dual) = given["hcc"].split(), given["dual"].split()
    names = ("Mean", "StandardDeviation", "Median")
    return {
        "indicators": {"hcc": hcc, "dualRatio": dual},
        "population": {
            f"{short}{name}": value
            for short, values in (("hcc", all_hcc), ("dual", all_dual))
            for name, value in zip(names, values, strict=True)
        },
    }


def _facility(given: Given) -> JsonObject | None:
    """Make a facility's scores: quality and cost in percent."""
    if "facility" not in given:
        return None
    quality, cost = given["facility"].split()
    return {"qualityScoreAtPercentile": quality, "costScoreAtPercentile": cost}


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
