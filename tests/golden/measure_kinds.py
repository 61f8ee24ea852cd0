"""Golden cases about one rate or one measure: from words to the law and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from qpp.catalogue import QualityMeasure
from qpp.deciles import place
from qpp.mips.quality_points import score_measure
from qpp.mips.quality_scale import Scale
from qpp.mips.rates import assess
from qpp.numbers import plain, rounded
from qpp.parts import points_text
from qpp.submission import Counts, NonProportion, Strata, read_value
from qpp.trace import Trace
from tests.golden.given import Given, Made
from tests.helpers.law import (
    benchmark,
    book,
    catalogue,
    counts,
    cuts,
    measure,
)

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
    assert isinstance(value, Counts | Strata | NonProportion)
    trace = Trace()
    found = assess(value, item, rules, method, trace)
    reporting = found.reporting_rate
    return {
        "performance": _plain(found.performance_rate),
        "reporting": None if reporting is None else f"{rounded(reporting, 2):f}",
        "cases": plain(found.case_count),
        "complete": found.complete,
        "excluded": found.excluded,
        "assumes": sorted(trace.assumptions),
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
    assert isinstance(value, Counts | Strata | NonProportion)
    assessed = assess(value, item, rules, method, trace)
    found = score_measure(
        item, method, assessed, Scale(rules, facts, small, mock), trace.inner()
    )
    return {
        "outcome": found.outcome,
        "points": points_text(found.points),
        "possible": plain(found.possible),
        "decile": found.decile,
        "citations": sorted({step.rule.citation for step in found.steps}),
        "sentences": [step.text() for step in found.steps],
        "assumes": sorted(trace.assumptions),
    }


def _plain(value: Decimal | None) -> str | None:
    """Write a number that may be missing."""
    return None if value is None else plain(value)
