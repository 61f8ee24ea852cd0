"""Points of the Promoting Interoperability measures, § 414.1380(b)(4)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from qpp.numbers import ZERO, rounded
from qpp.promoting_interoperability.answers import Answers, Reported
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.promoting_interoperability.words import (
    MOVED,
    REFUSED,
    REGISTRIES,
    REPORTED,
    SHARE,
)
from qpp.submission import Proportion, Value
from qpp.trace import Trace

OBJECTIVE = "objective:"


def maximum_points(
    reported: Reported, rules: InteroperabilityRules, trace: Trace
) -> dict[str, Decimal]:
    """Give what each measure can earn once the points of excluded ones have moved.

    Keys are measure ids, and the objective's name where measures share its points.
    """
    own = trace.use(rules.measure_points)
    shared = trace.use(rules.shared_points)
    objectives = rules.objectives.value
    standing: dict[str, Decimal] = {}
    freed: dict[str, Decimal] = {}
    for name in reported.required:
        if name in own:
            (freed if name in reported.excluded else standing)[name] = own[name]
    for name, points in shared.items():
        alive = any(item not in reported.excluded for item in objectives[name])
        (standing if alive else freed)[name] = points
    # Points move one measure at a time, to measures that stand on their own.
    for name, points in freed.items():
        takers = _takers(name, points, standing, rules)
        for taker, share in takers:
            standing[taker] += share
        told = " and ".join([taker for taker, _ in takers])
        trace.say(rules.redistribution, MOVED, name, points, told)
    return standing


def _takers(
    name: str,
    points: Decimal,
    standing: Mapping[str, Decimal],
    rules: InteroperabilityRules,
) -> list[tuple[str, Decimal]]:
    """Find who takes the points of an excluded measure: the first still standing."""
    for taker in rules.redistribution.value[name]:
        if taker.startswith(OBJECTIVE):
            members = rules.objectives.value[taker.removeprefix(OBJECTIVE)]
        else:
            members = (taker,)
        left = [member for member in members if member in standing]
        if left:
            return [(member, points / len(left)) for member in left]
    message = f"the redistribution of {name} ends nowhere"
    raise ValueError(message)


class Share(NamedTuple):
    """What a measure, or an objective whose measures share points, may earn.

    ``refused`` names what was answered no, if that earns nothing.
    """

    name: str
    maximum: Decimal
    refused: str | None


def shares(
    maxima: Mapping[str, Decimal], reported: Reported, rules: InteroperabilityRules
) -> tuple[Share, ...]:
    """Put what each can earn beside what was answered no."""
    return tuple(
        Share(name, maximum, _refused(name, reported, rules))
        for name, maximum in maxima.items()
    )


def earned_points(
    share: Share, value: Value | None, rules: InteroperabilityRules, trace: Trace
) -> Decimal:
    """Score one standing measure: its rate of the maximum in whole points, or all."""
    name, maximum, refused = share
    shared = rules.shared_points
    rule = shared if name in shared.value else rules.measure_points
    if isinstance(value, Proportion):
        earned = Decimal(value.numerator) / Decimal(value.denominator) * maximum
        decimals = trace.use(rules.measure_decimals)
        rounding = trace.use(rules.measure_rounding)
        least = trace.use(rules.minimum_measure_points)
        points = max(rounded(earned, decimals, rounding), least)
        trace.say(
            rule,
            SHARE[rounding],
            value.numerator,
            value.denominator,
            maximum,
            earned,
            decimals,
            least,
            points,
        )
        return points
    if refused is not None:
        trace.say(rules.false_is_missing, REFUSED, refused, ZERO, maximum)
        return ZERO
    trace.say(rule, REPORTED, maximum, maximum)
    return maximum


def _refused(name: str, reported: Reported, rules: InteroperabilityRules) -> str | None:
    """Name what was answered no, of a measure or of those that share its points.

    Only where the rules let a no stand without making the whole category 0.
    """
    members = rules.objectives.value.get(name, (name,))
    return next(
        (
            item
            for item in members
            if item in reported.answered
            and reported.answers.get(item) is False
            and item not in rules.any_answer_earns_full.value
        ),
        None,
    )


def bonus_points(
    answers: Answers, rules: InteroperabilityRules, trace: Trace
) -> Decimal:
    """Give the bonus once, however many extra registries were reported to."""
    sent = [name for name in rules.bonus_measures.value if answers.get(name) is True]
    if not sent:
        return ZERO
    trace.use(rules.bonus_measures)
    rule = rules.bonus_points
    return trace.say(rule, REGISTRIES, ", ".join(sent), rule.value)
