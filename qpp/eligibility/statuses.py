"""Special statuses that follow from an entity's facts, § 414.1305 and .1380(e)."""

from collections.abc import Iterable
from typing import NamedTuple

from qpp.eligibility.rules import EligibilityRules
from qpp.eligibility.segment import OfSegment
from qpp.eligibility.volume import FIRST, SECOND, Segments
from qpp.inputs import INDIVIDUAL
from qpp.submission import Json
from qpp.trace import Trace


class Statuses(NamedTuple):
    """Special statuses that count, and the assumptions they rest on."""

    names: frozenset[str]
    assumptions: frozenset[str]


def derived(
    entity_type: str,
    facts: Json,
    segments: Segments,
    rules: EligibilityRules,
    trace: Trace,
) -> frozenset[str]:
    """Give the special statuses that an entity's facts show."""
    individual = entity_type == INDIVIDUAL
    found = {
        number: OfSegment(number, segments[number], rules, trace).statuses(
            individual=individual
        )
        for number in sorted(segments)
    }
    names = {
        status
        for status in sorted(frozenset[str]().union(*found.values()))
        if _counts(status, found, rules, trace)
    }
    kind = facts.get("clinicianType", "") if individual else ""
    status = rules.statuses_of_types.value.get(kind)
    if status is not None:
        trace.say(rules.statuses_of_types, "{}: by the type of clinician", status)
        names.add(status)
    return frozenset(names)


def united(
    given: Iterable[str], shown: Iterable[str], rules: EligibilityRules
) -> Statuses:
    """Join the statuses that CMS gave with those that facts show, as the rules say.

    An assumption stands only where others count than CMS gave.
    """
    declared, added = frozenset(given), frozenset(shown)
    rule = rules.given_statuses
    ways = {
        "united": declared | added,
        "given_alone": declared,
        "derived_alone": added,
    }
    names, trace = ways[rule.value], Trace()
    if names != declared:
        trace.use(rule)
    return Statuses(names, frozenset(trace.assumptions))


def _counts(
    status: str,
    found: dict[str, frozenset[str]],
    rules: EligibilityRules,
    trace: Trace,
) -> bool:
    """Say whether a status that a segment shows counts for the year."""
    if all(status in names for names in found.values()):
        return True
    if status in found[FIRST]:
        sentence = "{} of segment 1 stays, whatever segment 2 shows"
        return trace.say(rules.status_in_segment_1, sentence, status) == "sticks"
    sentence = "{} is shown by segment {} alone"
    return trace.say(rules.status_in_segment_2, sentence, status, SECOND) == "counts"
