"""The final score, § 414.1380(c): weighted categories and the complex patient bonus."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import qpp
from qpp.inputs import ScoreInput
from qpp.mips.rules import MipsRules
from qpp.mips.weights import Weights, weigh
from qpp.numbers import HUNDRED, ZERO, clamp, exactly, fixed, plain
from qpp.parts import JsonObject, Summary, points_text, read_part, reason
from qpp.submission import CATEGORIES, COST
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
    summaries = {name: read_part(parts[name]) for name in CATEGORIES}
    score = sum_up(summaries, entity, rules, catalogue_id, trace)
    return score, [reason(step, FINAL) for step in trace.steps]


def sum_up(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: MipsRules,
    catalogue_id: str,
    trace: Trace,
) -> JsonObject:
    """Make the score object, for callers that compute as ``exactly`` has it."""
    book = rules.final_score
    weights = weigh(parts, entity, rules, trace)
    weighted = {
        name: ZERO
        if found.percent is None
        else found.percent * weights.percent[name] / HUNDRED
        for name, found in parts.items()
    }
    bonus = ZERO
    carrying = sum(map(bool, weights.percent.values()))
    if carrying < trace.use(book.minimum_categories):
        total = trace.use(rules.payment.performance_threshold)
        trace.say(
            book.fewer_categories_score,
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
    return {
        "programName": entity.program_name,
        "performanceYear": rules.year,
        "paymentYear": rules.submission.payment_year.value,
        "entityType": entity.entity_type,
        "finalScore": fixed(total, trace.use(book.final_score_decimals)),
        "categories": {
            name: _category(name, found, weights, weighted[name])
            for name, found in parts.items()
        },
        "complexPatientBonus": points_text(bonus),
        "assumptions": _assumptions(parts.values(), trace),
        "ruleBook": rules.id,
        "catalogue": catalogue_id,
        "engine": qpp.__version__,
    }


def _category(
    name: str, found: Summary, weights: Weights, weighted: Decimal
) -> JsonObject:
    """Write what one category is worth; measures with their points."""
    earned = found.percent
    return {
        "percent": None if earned is None else points_text(earned),
        "weight": plain(weights.percent[name]),
        "weighted": points_text(weighted),
        "withoutWeight": weights.missing.get(name),
        **found.figures,
    }


def _complex_patient_bonus(
    parts: Mapping[str, Summary], entity: ScoreInput, rules: MipsRules, trace: Trace
) -> Decimal:
    """Add the bonus given for complex patients, (c)(3); it needs some data."""
    given = entity.complex_patient_bonus
    if given is None:
        return ZERO
    book = rules.final_score
    data = any(item.has_data for name, item in parts.items() if name != COST)
    if not data and trace.use(book.complex_patient_bonus_needs_data):
        trace.say(book.complex_patient_bonus_needs_data, "no data, so no bonus")
        return ZERO
    low = book.complex_patient_bonus_minimum.value
    high = book.complex_patient_bonus_maximum.value
    bonus = clamp(given, low, high)
    trace.say(book.complex_patient_bonus_maximum, "complex patients: {}", plain(bonus))
    return bonus


def _assumptions(parts: Iterable[Summary], trace: Trace) -> list[str]:
    """Unite what all parts assumed, sorted so that bytes do not vary."""
    return sorted(trace.assumptions.union(*[item.assumptions for item in parts]))
