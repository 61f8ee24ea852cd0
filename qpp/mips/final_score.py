"""The final score, § 414.1380(c): weighted categories and the complex patient bonus."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import qpp
from qpp.inputs import ScoreInput
from qpp.mips.complex_patients import complex_patient_bonus
from qpp.mips.facility import facility_counts, facility_parts
from qpp.mips.final_words import FEWER, ROUNDED, TOTAL
from qpp.mips.rules import FinalScoreRules, MipsRules
from qpp.mips.small_practice_bonus import small_practice_bonus
from qpp.mips.weights import Weights, weigh
from qpp.numbers import HUNDRED, ZERO, exactly, fixed, plain
from qpp.parts import (
    POINT_DECIMALS,
    JsonObject,
    Summary,
    points_text,
    read_part,
    reason,
)
from qpp.submission import CATEGORIES, COST
from qpp.trace import Trace

NO_PROFILE: Final = "no-profile"
NOT_DECLARED: Final = "eligibility-not-declared"
UNKNOWN: Final = "unknown"
MOCK: Final = "mock-benchmarks"
FINAL: Final = "final"


class Total(NamedTuple):
    """A final score and what it is the sum of; ``score`` as it is published."""

    parts: Mapping[str, Summary]
    weights: Weights
    weighted: Mapping[str, Decimal]
    bonus: Decimal
    score: str


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
    total = _best(parts, entity, rules, trace)
    _assume_who(entity, trace)
    written: JsonObject = {
        "programName": entity.program_name,
        "performanceYear": rules.year,
        "paymentYear": rules.submission.payment_year.value,
        "entityType": entity.entity_type,
        "finalScore": total.score,
        "categories": {
            name: _category(name, found, total.weights, total.weighted[name])
            for name, found in total.parts.items()
        },
        "complexPatientBonus": points_text(total.bonus),
        "assumptions": _assumptions(parts.values(), trace),
        "ruleBook": rules.id,
        "catalogue": catalogue_id,
        "engine": qpp.__version__,
    }
    if entity.eligibility is not None:
        written["eligibility"] = entity.eligibility
    return written


def _best(
    parts: Mapping[str, Summary], entity: ScoreInput, rules: MipsRules, trace: Trace
) -> Total:
    """Take the higher of two final scores where a facility's score may be used."""
    inner = trace.inner()
    own = _total(parts, entity, rules, inner)
    replaced = facility_parts(parts, entity, rules.final_score, trace)
    if replaced is not None:
        another = trace.inner()
        facility = _total(replaced, entity, rules, another, facility_based=True)
        scores = Decimal(own.score), Decimal(facility.score)
        if facility_counts(*scores, rules.final_score, trace):
            own, inner = facility, another
    trace.adopt(inner.steps, ())
    return own


def _total(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: MipsRules,
    trace: Trace,
    *,
    facility_based: bool = False,
) -> Total:
    """Add the weighted categories and the bonus, and round once."""
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
        needed = book.minimum_categories.value
        trace.say(book.fewer_categories_score, FEWER, needed, total)
    else:
        bonus = complex_patient_bonus(
            entity,
            book,
            trace,
            has_data=any(item.has_data for name, item in parts.items() if name != COST),
            facility_based=facility_based,
        )
        given = bonus + small_practice_bonus(parts, entity, book, trace)
        total = min(sum(weighted.values(), given), trace.use(book.final_score_maximum))
        if trace.told:
            _say_total(Total(parts, weights, weighted, given, ""), total, book, trace)
    decimals = trace.use(book.final_score_decimals)
    score = fixed(total, decimals)
    if trace.told:
        trace.say(book.final_score_decimals, ROUNDED, total, decimals, Decimal(score))
    return Total(parts, weights, weighted, bonus, score)


def _say_total(
    found: Total, total: Decimal, book: FinalScoreRules, trace: Trace
) -> None:
    """Say what adds up to *total*: percent times weight of each, and bonuses."""
    counted = {
        name: (item.percent or ZERO, found.weights.percent[name])
        for name, item in found.parts.items()
    }
    told = [
        f"{fixed(percent, POINT_DECIMALS)} x {plain(weight)} %"
        for percent, weight in counted.values()
        if weight
    ]
    bonus, rule = found.bonus, book.final_score_maximum
    if bonus:
        told.append(f"{fixed(bonus, POINT_DECIMALS)} bonus")
    figures = [figure for name in CATEGORIES for figure in counted[name]]
    trace.say(rule, TOTAL, *figures, bonus, rule.value, total, " + ".join(told))


def _assume_who(entity: ScoreInput, trace: Trace) -> None:
    """Say what is not known of who is scored, and on what."""
    trace.assumptions |= entity.assumptions
    if entity.special_statuses is None:
        trace.assume(NO_PROFILE)
    elif entity.eligibility in {None, UNKNOWN}:
        trace.assume(NOT_DECLARED)
    if entity.with_mock_benchmarks:
        trace.assume(MOCK)


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


def _assumptions(parts: Iterable[Summary], trace: Trace) -> list[str]:
    """Unite what all parts assumed, sorted so that bytes do not vary."""
    return sorted(trace.assumptions.union(*[item.assumptions for item in parts]))
