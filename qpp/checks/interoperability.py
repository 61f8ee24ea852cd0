"""A Promoting Interoperability set, § 414.1375(b): what excludes what, what is missing.

Whether a set is complete is decided by the functions that score it.
"""

from dataclasses import dataclass, field

from qpp.advancing_care.score import nearest_base
from qpp.checks.periods import zero_category
from qpp.checks.reading import count, table
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.promoting_interoperability.answers import (
    missing_attestations,
    missing_engagement,
    read_reported,
)
from qpp.rulebook import Provision
from qpp.submission import Proportion, Value
from qpp.trace import Trace


@dataclass(slots=True)
class Answered:
    """The known measures of one set: their answers, and where each stands."""

    at: str
    answers: dict[str, Value] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def read_answer(
    measure_id: str, sent: object, at: str, answered: Answered, report: Report
) -> None:
    """Note the first answer to a measure, and check a numerator and denominator."""
    answer = _answer(sent)
    if isinstance(answer, Proportion) and answer.numerator > answer.denominator:
        report.add(
            Code.NUMERATOR_ABOVE_DENOMINATOR,
            f"{at}/value/numerator",
            f"{shown(answer.numerator)} of {shown(answer.denominator)}",
            "a numerator that is at most the denominator",
        )
    if measure_id not in answered.places:
        answered.places[measure_id] = at
        answered.answers[measure_id] = answer


def _answer(sent: object) -> Value:
    """Read an answer; one that the JSON Schema refuses is taken for a yes."""
    if isinstance(sent, bool):
        return sent
    item = table(sent) or {}
    numerator, denominator = (
        count(item.get("numerator")),
        count(item.get("denominator")),
    )
    if numerator is None or denominator is None:
        return True
    return Proportion(numerator, denominator)


def check_interoperability(answered: Answered, report: Report) -> None:
    """Check one set as a whole; a set without measures is the JSON Schema's finding."""
    if not answered.places:
        return
    _check_conflicts(answered, report)
    rules = report.context.rules.promoting_interoperability
    answers, trace = answered.answers, Trace()
    reported = read_reported(answers, report.context.catalogue, rules, trace)
    for name in missing_attestations(answers, rules, trace):
        _report_open(name, answered, rules.attestations, report)
    for name in reported.missing:
        _report_open(name, answered, rules.objectives, report)
    if rules.advancing_care is not None:
        for name in nearest_base(answers, rules.advancing_care)[1]:
            _report_open(name, answered, rules.advancing_care.base_sets, report)
    for name in missing_engagement(answers, rules, trace):
        levels = [name + suffix for suffix in rules.engagement_suffixes.value]
        report.add(
            Code.ENGAGEMENT_LEVEL_MISSING,
            f"{answered.places[name]}/measureId",
            f"{name} without its level of active engagement",
            f"{' or '.join(levels)} answered true; {zero_category(report)}",
            rules.engagement_measures,
        )


def _check_conflicts(answered: Answered, report: Report) -> None:
    """Report a measure beside its exclusion or its substitute, whatever the answers."""
    places = answered.places
    order = {name: number for number, name in enumerate(places)}
    pairs: set[frozenset[str]] = set()
    apart = report.context.rules.promoting_interoperability.not_together.value
    for name in places:
        measure = report.context.catalogue.interoperability[name]
        for other in measure.exclusions:
            if other in places:
                report.add(
                    Code.MEASURE_AND_EXCLUSION,
                    f"{places[other]}/measureId",
                    f"{other}, an exclusion of {name}, beside {name}",
                    f"either {name} or its exclusion",
                )
        for other in (*measure.substitutes, *apart.get(name, ())):
            pair = frozenset((name, other))
            if other in places and pair not in pairs:
                pairs.add(pair)
                first, second = sorted(pair, key=order.__getitem__)
                report.add(
                    Code.MEASURE_AND_SUBSTITUTE,
                    f"{places[second]}/measureId",
                    f"{second} beside {first}",
                    f"either {first} or {second}: each stands in for the other",
                )


def _report_open(
    name: str,
    answered: Answered,
    rule: Provision[object],
    report: Report,
) -> None:
    """Say why a required measure is not reported, and what that costs."""
    answer = answered.answers.get(name)
    place = answered.places.get(name, "")
    cost = zero_category(report)
    ways = _ways(name, report)
    if answer is None:
        excludable = report.context.catalogue.interoperability[name].exclusions
        report.add(
            Code.PI_MEASURE_MISSING,
            f"{answered.at}/measurements",
            f"no {name} and no exclusion of it" if excludable else f"no {name}",
            f"{ways}; {cost}",
            rule,
        )
    elif isinstance(answer, Proportion):
        report.add(
            Code.PI_NUMERATOR_ZERO,
            f"{place}/value/numerator",
            f"0 for {name}",
            f"a numerator of at least 1 for {ways}; {cost}",
            rule,
        )
    else:
        report.add(
            Code.PI_ANSWERED_FALSE,
            f"{place}/value",
            f"false for {name}",
            f"true for {ways}; {cost}",
            rule,
        )


def _ways(name: str, report: Report) -> str:
    """Name a required measure, its exclusions, and what may be reported instead."""
    measure = report.context.catalogue.interoperability[name]
    alternatives = report.context.rules.promoting_interoperability.alternatives.value
    others = (
        [" with ".join(way) for way in alternatives if name not in way]
        if any(name in way for way in alternatives)
        else []
    )
    return " or ".join((name, *measure.exclusions, *others))
