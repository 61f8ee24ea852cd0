"""What the answers of a set decide before any rate is looked at.

Practices answer alike: whether a required measure is answered, excluded or missing
repeats from set to set, so what follows from it is worked out once and kept.
"""

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from qpp.catalogue import Catalogue
from qpp.numbers import CACHED, ZERO
from qpp.promoting_interoperability.answers import (
    Answers,
    missing_attestations,
    missing_engagement,
    read_reported,
)
from qpp.promoting_interoperability.points import (
    Share,
    bonus_points,
    maximum_points,
    shares,
)
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.promoting_interoperability.words import MISSING, MISSING_TOO
from qpp.submission import Proportion
from qpp.trace import Step, Trace

if TYPE_CHECKING:
    from qpp.rulebook import Provision
    from qpp.submission import Value

# The sign of an answer: yes, no, or a rate with a numerator above 0 or of 0.
YES, NO, SOME, NONE = "yes", "no", "some", "none"
Signs: TypeAlias = tuple[tuple[str, str], ...]


class Plan(NamedTuple):
    """What may be earned: ``maxima`` is None where something required is missing.

    The later steps and assumptions are those of earning, if nothing prevents it.
    """

    maxima: tuple[Share, ...] | None
    bonus: Decimal
    steps: tuple[Step, ...]
    assumptions: frozenset[str]
    later_steps: tuple[Step, ...] = ()
    later_assumptions: frozenset[str] = frozenset()


def signs_of(answers: Answers) -> Signs:
    """Give the sign of each answer."""
    return tuple(
        [
            (
                name,
                (SOME if value.numerator else NONE)
                if isinstance(value, Proportion)
                else (YES if value is True else NO),
            )
            for name, value in answers.items()
        ]
    )


def _answers(signs: Signs) -> Answers:
    """Give answers with these signs."""
    values: dict[str, Value] = {
        YES: True,
        NO: False,
        SOME: Proportion(1, 1),
        NONE: Proportion(0, 1),
    }
    return {name: values[sign] for name, sign in signs}


@lru_cache(CACHED)
def plan_of(signs: Signs, catalogue: Catalogue, rules: InteroperabilityRules) -> Plan:
    """Plan the scoring of all sets whose answers have these signs."""
    answers, trace = _answers(signs), Trace()
    reported = read_reported(answers, catalogue, rules, trace)
    lacks: list[tuple[Provision[object], list[str]]] = [
        (rules.attestations, missing_attestations(answers, rules, trace)),
        (rules.objectives, list(reported.missing)),
        (rules.engagement_measures, missing_engagement(answers, rules, trace)),
    ]
    lacking = [(rule, ", ".join(names)) for rule, names in lacks if names]
    for rule, told in lacking[:1]:
        trace.say(rule, MISSING, told, rules.category_maximum.value)
    for rule, told in lacking[1:]:
        trace.say(rule, MISSING_TOO, told)
    if lacking:
        steps, assumed = tuple(trace.steps), frozenset(trace.assumptions)
        return Plan(None, ZERO, steps, assumed)
    later = Trace()
    maxima = shares(maximum_points(reported, rules, later), reported, rules)
    bonus = bonus_points(answers, rules, later)
    return Plan(
        maxima,
        bonus,
        tuple(trace.steps),
        frozenset(trace.assumptions),
        tuple(later.steps),
        frozenset(later.assumptions),
    )
