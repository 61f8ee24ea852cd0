"""The final score, § 414.1380(c): weighted categories and the complex patient bonus."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import qpp
from qpp.inputs import ScoreInput
from qpp.mips.rules import MipsRules
from qpp.mips.weights import Weights, weigh
from qpp.numbers import HUNDRED, ZERO, clamp, exactly, fixed, plain
from qpp.parts import JsonObject, points_text, reason
from qpp.submission import CATEGORIES
from qpp.trace import Trace

NO_PROFILE: Final = "no-profile"
OPT_IN: Final = "opt-in-not-judged"
MOCK: Final = "mock-benchmarks"
FINAL: Final = "final"


@exactly
def final_score(
    parts: Mapping[str, JsonObject],
    entity: ScoreInput,
    rules: MipsRules,
    catalogue_id: str,
) -> tuple[JsonObject, list[JsonObject]]:
    """Make the score object and the reasons of its last step.

    *parts* has one part for each of the four categories, as ``qpp.parts`` writes
    them. Returns the ``score`` member of events and its own reasons.
    """
    trace = Trace()
    book = rules.final_score
    weights = weigh(parts, entity, book, trace)
    weighted = {name: _weighted(parts[name], weights) for name in CATEGORIES}
    bonus = ZERO
    carrying = [name for name in CATEGORIES if weights.percent[name]]
    if len(carrying) < trace.use(book.minimum_categories):
        trace.use(book.fewer_categories_score)
        total = trace.say(
            rules.payment.performance_threshold,
            "fewer than {} categories carry weight: the performance threshold",
            book.minimum_categories.value,
        )
    else:
        bonus = _complex_patient_bonus(parts, entity, rules, trace)
        total = min(sum(weighted.values(), bonus), trace.use(book.final_score_maximum))
    # Without a profile nothing is known; with one, still not whether a clinician who
    # may opt in did so, § 414.1310(b)(1)(iii).
    trace.assume(NO_PROFILE if entity.special_statuses is None else OPT_IN)
    if entity.with_mock_benchmarks:
        trace.assume(MOCK)
    score: JsonObject = {
        "programName": rules.submission.default_program.value,
        "performanceYear": rules.year,
        "paymentYear": rules.submission.payment_year.value,
        "entityType": entity.entity_type,
        "finalScore": fixed(total, trace.use(book.final_score_decimals)),
        "categories": {
            name: _category(parts[name], weights, weighted[name]) for name in CATEGORIES
        },
        "complexPatientBonus": points_text(bonus),
        "assumptions": _assumptions(parts.values(), trace),
        "ruleBook": rules.id,
        "catalogue": catalogue_id,
        "engine": qpp.__version__,
    }
    return score, [reason(step, FINAL) for step in trace.steps]


def _weighted(part: JsonObject, weights: Weights) -> Decimal:
    """Give a category's share of the final score, unrounded."""
    if part["percent"] is None:
        return ZERO
    return Decimal(part["percent"]) * weights.percent[part["category"]] / HUNDRED


def _category(part: JsonObject, weights: Weights, weighted: Decimal) -> JsonObject:
    """Write what one category is worth; measures with their points."""
    name = part["category"]
    raw = part["percent"]
    return {
        "percent": None if raw is None else points_text(Decimal(raw)),
        "weight": plain(weights.percent[name]),
        "weighted": points_text(weighted),
        "withoutWeight": weights.missing.get(name),
        "points": part["points"],
        "possible": part["possible"],
        "bonus": part["bonus"],
        "improvement": part["improvement"],
        "measures": part["measures"],
    }


def _complex_patient_bonus(
    parts: Mapping[str, JsonObject], entity: ScoreInput, rules: MipsRules, trace: Trace
) -> Decimal:
    """Add the bonus given for complex patients, (c)(3); it needs some data."""
    given = entity.complex_patient_bonus
    if given is None:
        return ZERO
    book = rules.final_score
    data = any(item["hasData"] for item in parts.values() if item["category"] != "cost")
    if not data and trace.use(book.complex_patient_bonus_needs_data):
        trace.say(book.complex_patient_bonus_needs_data, "no data, so no bonus")
        return ZERO
    low = book.complex_patient_bonus_minimum.value
    high = book.complex_patient_bonus_maximum.value
    bonus = clamp(given, low, high)
    trace.say(book.complex_patient_bonus_maximum, "complex patients: {}", plain(bonus))
    return bonus


def _assumptions(parts: Iterable[JsonObject], trace: Trace) -> list[str]:
    """Unite what all parts assumed, sorted so that bytes do not vary."""
    found = set(trace.assumptions)
    for item in parts:
        found.update(item["assumptions"])
    return sorted(found)
