"""Bonus points of single measures until 2021: high priority, and end to end.

§ 414.1380(b)(1)(v): both are added to the points of the category, each up to a
share of what can be earned. The measure that meets the outcome requirement earns
none of the first kind.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from qpp.catalogue import QualityMeasure
from qpp.inputs import ScoreInput
from qpp.mips.bonus_rules import MeasureBonusRules
from qpp.mips.completeness import AssessedMeasure
from qpp.mips.quality_choice import Candidate, Choice
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import BONUS_OVER, END_TO_END, PRIORITY
from qpp.mips.rates import Assessment
from qpp.mips.rules import QualityRules
from qpp.numbers import HUNDRED, ZERO
from qpp.results import MeasureScore
from qpp.submission import QUALITY, REGISTRY, Counts, NonProportion, Strata, Value
from qpp.trace import Trace


class MeasureBonus(NamedTuple):
    """The bonus points of one measure, before the category's caps."""

    measure_id: str
    submission_method: str
    high_priority: Decimal
    end_to_end: Decimal


class Sent(NamedTuple):
    """A candidate with what was sent of it; ``assessment`` is None of a survey."""

    candidate: Candidate
    assessment: Assessment | None
    end_to_end: bool


def reported_end_to_end(entity: ScoreInput) -> list[bool]:
    """Say of each quality measurement, in their order, if it came end to end."""
    return [
        _end_to_end(item.value)
        for group in entity.sets
        if group.category == QUALITY
        for item in group.measurements
    ]


def _end_to_end(value: Value) -> bool:
    """Say so of one value."""
    return isinstance(value, Counts | Strata | NonProportion) and value.end_to_end


def ladder_methods(
    assessed: Sequence[AssessedMeasure], entity: ScoreInput, scale: Scale
) -> list[str]:
    """Give the collection type whose benchmark each measurement is compared with.

    Its own, but for registry measures that were reported end to end in a year that
    compared them with those from the EHR, where there is such a benchmark.
    """
    book = scale.rules.measure_bonuses
    own = [item.submission_method for item in assessed]
    if book is None or book.end_to_end_benchmark is None:
        return own
    other = book.end_to_end_benchmark.value
    return [
        other
        if sent
        and item.submission_method == REGISTRY
        and scale.benchmark(item.measure_id, other) is not None
        else item.submission_method
        for item, sent in zip(assessed, reported_end_to_end(entity), strict=True)
    ]


def sent_measures(
    candidates: Sequence[Candidate],
    assessed: Sequence[AssessedMeasure],
    entity: ScoreInput,
) -> list[Sent]:
    """Put what was sent beside each candidate: those of *assessed* come first."""
    flags = reported_end_to_end(entity)
    submitted = [
        Sent(candidate, item.assessment, flag)
        for candidate, item, flag in zip(candidates, assessed, flags, strict=False)
    ]
    return submitted + [
        Sent(candidate, None, end_to_end=False)
        for candidate in candidates[len(submitted) :]
    ]


def bonus_points(
    sent: Sequence[Sent],
    choice: Choice,
    possible: Decimal,
    rules: QualityRules,
    trace: Trace,
) -> Decimal:
    """Add up the bonuses of the measures that count, each kind up to its cap.

    *possible* are the points of the whole category.
    """
    book = rules.measure_bonuses
    assert book is not None
    single = measure_bonuses(sent, choice, rules, book, trace)
    kinds = (
        (
            "high priority",
            [item.high_priority for item in single],
            book.high_priority_cap,
        ),
        ("end to end", [item.end_to_end for item in single], book.end_to_end_cap),
    )
    total = ZERO
    for name, points, cap in kinds:
        earned, most = sum(points, ZERO), possible * trace.use(cap) / HUNDRED
        if earned > most:
            trace.say(cap, BONUS_OVER, name, earned, most, earned - most)
        total += min(earned, most)
    return total


def measure_bonuses(
    sent: Sequence[Sent],
    choice: Choice,
    rules: QualityRules,
    book: MeasureBonusRules,
    trace: Trace,
) -> list[MeasureBonus]:
    """Give the bonus points of each measure that may earn some, before the caps."""
    if trace.use(book.bonus_scope) == "used_measures":
        used = {_key(item) for item in choice.used}
        sent = [item for item in sent if _key(item.candidate.score) in used]
    required = _required(sent, rules, book, trace)
    return [
        MeasureBonus(
            *_key(item.candidate.score),
            ZERO if item is required else _high_priority(item, rules, book, trace),
            _for_end_to_end(item, book, trace),
        )
        for item in sent
    ]


def _key(score: MeasureScore) -> tuple[str, str]:
    """Name a measurement by its measure and method."""
    return score.measure_id, score.submission_method


def _required(
    sent: Iterable[Sent], rules: QualityRules, book: MeasureBonusRules, trace: Trace
) -> Sent | None:
    """Find the measure that meets the requirement: the first of the best ones."""
    priorities = [item for item in sent if item.candidate.measure.is_high_priority]
    if not priorities:
        return None
    outcomes_first = trace.use(book.required_high_priority) == "best_outcome_first"

    def worth(item: Sent) -> tuple[bool, Decimal]:
        """Order measures, the best last; of equal ones the first is kept."""
        kind = item.candidate.measure.measure_type
        is_outcome = outcomes_first and kind in rules.outcome_types.value
        return is_outcome, item.candidate.score.points

    best = max(priorities, key=worth)
    trace.say(
        book.required_high_priority,
        "{} meets the requirement and earns no bonus",
        best.candidate.score.measure_id,
    )
    return best


def _high_priority(
    item: Sent, rules: QualityRules, book: MeasureBonusRules, trace: Trace
) -> Decimal:
    """Give the bonus of a high priority measure that is complete and large enough."""
    measure = item.candidate.measure
    if not measure.is_high_priority or not _counts(item, measure, rules, book, trace):
        return ZERO
    special = trace.use(book.high_priority_points)
    kind = measure.measure_type
    rule, points = (
        (book.high_priority_points, special[kind])
        if kind in special
        else (book.other_high_priority_points, book.other_high_priority_points.value)
    )
    trace.say(rule, PRIORITY, measure.measure_id, points)
    return points


def _counts(
    item: Sent,
    measure: QualityMeasure,
    rules: QualityRules,
    book: MeasureBonusRules,
    trace: Trace,
) -> bool:
    """Say whether a measure has the cases, data and rate that a bonus needs."""
    found = item.assessment
    if found is None:
        return bool(item.candidate.score.possible)
    rate = found.performance_rate
    if rate is None or not found.complete:
        return False
    if found.case_count < trace.use(rules.case_minimum):
        return False
    if measure.is_inverse and trace.use(book.inverse_rate) == "below_100":
        return rate < HUNDRED
    return rate > ZERO


def _for_end_to_end(item: Sent, book: MeasureBonusRules, trace: Trace) -> Decimal:
    """Give the bonus of a measure that was reported end to end."""
    if not item.end_to_end or item.assessment is None:
        return ZERO
    needs = trace.use(book.end_to_end_needs)
    if needs == "completeness" and not item.assessment.complete:
        return ZERO
    rule = book.end_to_end_points
    name = item.candidate.score.measure_id
    return trace.say(rule, END_TO_END, name, rule.value)
