"""Advancing care information, § 414.1380(b)(4) until 2018: base, performance, bonus."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Final, NamedTuple

from qpp.advancing_care import words
from qpp.advancing_care.rules import AdvancingCareRules
from qpp.numbers import ZERO
from qpp.promoting_interoperability.answers import Answers, missing_attestations
from qpp.promoting_interoperability.points import bonus_points
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.results import MeasureScore
from qpp.submission import Proportion, Value
from qpp.trace import Step, Trace

BASE: Final = "base"
TRANSITION: Final = "transition"


class Earned(NamedTuple):
    """What one set earns before it is cut off at the maximum of the category."""

    points: Decimal
    bonus: Decimal
    measures: tuple[MeasureScore, ...]


def score_answers(
    answers: Answers,
    method: str,
    rules: InteroperabilityRules,
    book: AdvancingCareRules,
    trace: Trace,
) -> Earned | None:
    """Score the answers of one set; None where the base or an attestation is open."""
    whole = _whole_sets(answers, book, trace)
    attestations = missing_attestations(answers, rules, trace)
    if attestations:
        trace.say(
            rules.attestations, "missing, so 0 points: {}", ", ".join(attestations)
        )
    if attestations or not whole:
        return None
    base = trace.say(
        book.base_points,
        "{} base complete: {} points",
        whole[0],
        book.base_points.value,
    )
    performance = _performance(answers, method, whole, book, trace)
    bonus = bonus_points(answers, rules, trace) + _activity_bonus(answers, book, trace)
    said = (Step(book.base_points, words.BASE, (base, base)),) if trace.told else ()
    line = MeasureScore(BASE, method, base, base, "scored", used=True, steps=said)
    points = sum([item.points for item in performance], base + bonus)
    return Earned(points, bonus, (line, *performance))


def lacking(answers: Answers, book: AdvancingCareRules) -> Mapping[str, list[str]]:
    """Name what each base set still lacks: measures neither reported nor excluded."""
    return {
        name: [
            measure
            for measure in measures
            if not _reported(answers.get(measure))
            and not any(
                answers.get(item) is True
                for item in book.exclusions.value.get(measure, ())
            )
        ]
        for name, measures in book.base_sets.value.items()
    }


def nearest_base(answers: Answers, book: AdvancingCareRules) -> tuple[str, list[str]]:
    """Name the base set that lacks least, and what it lacks."""
    return min(lacking(answers, book).items(), key=lambda item: len(item[1]))


def _reported(value: Value | None) -> bool:
    """Say whether an answer reports a measure: yes, or a numerator of at least 1."""
    if isinstance(value, Proportion):
        return value.numerator > 0
    return value is True


def _whole_sets(
    answers: Answers, book: AdvancingCareRules, trace: Trace
) -> tuple[str, ...]:
    """Name the base sets that lack nothing; without any, say what is missing."""
    lacks = lacking(answers, book)
    trace.use(book.base_sets)
    trace.use(book.exclusions)
    whole = tuple(name for name, missing in lacks.items() if not missing)
    if not whole:
        nearest, missing = nearest_base(answers, book)
        trace.say(
            book.base_sets,
            "{} base incomplete, so 0 points: {}",
            nearest,
            ", ".join(missing),
        )
    return whole


def _performance(
    answers: Answers,
    method: str,
    whole: tuple[str, ...],
    book: AdvancingCareRules,
    trace: Trace,
) -> list[MeasureScore]:
    """Score the performance measures of the better set whose base is whole."""
    scored = {name: _of_set(name, answers, method, book, trace) for name in whole}
    if len(scored) == 1:
        return scored[whole[0]]
    if trace.use(book.mixed_sets) == "both_sets":
        return [item for items in scored.values() for item in items]
    return max(scored.values(), key=_total)


def _total(scores: Iterable[MeasureScore]) -> Decimal:
    """Add up points."""
    return sum([item.points for item in scores], ZERO)


def _of_set(
    name: str, answers: Answers, method: str, book: AdvancingCareRules, trace: Trace
) -> list[MeasureScore]:
    """Score the performance measures of one set that were answered."""
    prefix = trace.use(book.transition_prefix)
    return [
        _score(measure, answers[measure], most, book, trace)._replace(
            submission_method=method
        )
        for measure, most in trace.use(book.performance_points).items()
        if measure in answers and measure.startswith(prefix) is (name == TRANSITION)
    ]


def _score(
    measure: str,
    value: Value,
    most: Decimal,
    book: AdvancingCareRules,
    category: Trace,
) -> MeasureScore:
    """Score one performance measure: by its rate, or all or nothing."""
    trace = category.inner()
    if isinstance(value, Proportion):
        points = _by_rate(value, most, book, trace)
    else:
        points = most if value is True else ZERO
        trace.say(book.performance_points, words.ANSWERED, points, most)
    return MeasureScore(
        measure,
        "",
        points,
        most,
        "scored",
        used=True,
        steps=tuple(trace.steps),
    )


def _by_rate(
    value: Proportion, most: Decimal, book: AdvancingCareRules, trace: Trace
) -> Decimal:
    """Give the share of the points that a rate earns: in whole tenths, rounded up."""
    counts, rule = (value.numerator, value.denominator), book.performance_points
    if not value.numerator:
        trace.say(rule, words.PART, *counts, most, ZERO)
        return ZERO
    share = Decimal(value.numerator) / Decimal(value.denominator)
    if trace.use(book.performance_formula) == "share":
        points = share * most
        trace.say(rule, words.PART, *counts, most, points)
        return points
    tenths = trace.use(book.tenths)
    begun = (share * tenths).to_integral_value(ROUND_CEILING)
    points = begun * most / tenths
    trace.say(rule, words.TENTHS, *counts, tenths, most, points)
    return points


def _activity_bonus(
    answers: Answers, book: AdvancingCareRules, trace: Trace
) -> Decimal:
    """Give the bonus for an improvement activity done with certified technology."""
    if answers.get(trace.use(book.activity_bonus_measure)) is not True:
        return ZERO
    rule = book.activity_bonus_points
    return trace.say(rule, words.ACTIVITY_BONUS, rule.value)
