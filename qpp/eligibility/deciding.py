"""Whether an entity takes part in a year, and why, § 414.1305 and .1310."""

from typing import Final

from qpp.eligibility import outcome as words
from qpp.eligibility.elections import OPT_IN, VOLUNTARILY, word_of
from qpp.eligibility.excluding import Excluding
from qpp.eligibility.outcome import ELIGIBILITY_NOT_DECLARED, Eligibility
from qpp.eligibility.rules import EligibilityRules
from qpp.eligibility.statuses import derived
from qpp.eligibility.volume import level, segments_of
from qpp.inputs import VIRTUAL_GROUP
from qpp.numbers import exactly
from qpp.parts import reason
from qpp.submission import Json
from qpp.trace import Trace

# What the reasons are about, in the place of a category.
SUBJECT: Final = "eligibility"


@exactly
def determine(
    entity_type: str,
    eligibility: Json | None,
    election: Json | None,
    rules: EligibilityRules,
    *,
    year: int,
) -> Eligibility:
    """Say whether an entity has to report in *year*, may, or is excluded.

    *eligibility* is the member of that name of a profile that passed its checks,
    *election* the document of the election feed that stands (see ``standing``); None
    where there is none. A subgroup is judged by its group's facts.
    """
    trace = Trace()
    facts = eligibility or {}
    segments = segments_of(facts)
    elected = word_of(election)
    excluded = Excluding(facts, elected, rules, year, trace).reason(entity_type)
    if excluded is not None:
        found = _may_report(words.EXCLUDED, excluded, elected)
    elif entity_type == VIRTUAL_GROUP:
        found = _virtual_group(facts, rules, trace)
    elif not segments:
        trace.assume(ELIGIBILITY_NOT_DECLARED)
        found = words.UNKNOWN, words.NOT_DECLARED
    else:
        found = _by_volume(level(segments, rules, trace), elected, rules, trace)
    statuses = derived(entity_type, facts, segments, rules, trace)
    return Eligibility(
        *found,
        statuses,
        [reason(step, SUBJECT) for step in trace.steps],
        frozenset(trace.assumptions),
    )


def _virtual_group(
    facts: Json, rules: EligibilityRules, trace: Trace
) -> tuple[str, str]:
    """Judge a virtual group: it exists by election, which counts as opting in."""
    segments = segments_of(facts)
    found = level(segments, rules, trace) if segments else None
    if found == words.REQUIRED:
        return found, words.ABOVE_LOW_VOLUME
    sentence = "the election of a virtual group counts as opting in"
    opts_in = trace.say(rules.virtual_group_election, sentence) == "opts_in"
    if not segments:
        trace.assume(ELIGIBILITY_NOT_DECLARED)
    if opts_in:
        return words.OPTED_IN, words.IN_VIRTUAL_GROUP
    if found is None:
        return words.UNKNOWN, words.NOT_DECLARED
    return _by_volume(found, None, rules, trace)


def _by_volume(
    found: str, elected: str | None, rules: EligibilityRules, trace: Trace
) -> tuple[str, str]:
    """Give outcome and reason at a volume; an election counts where it may be made."""
    if found == words.REQUIRED:
        return found, words.ABOVE_LOW_VOLUME
    if found == words.OPT_IN_ELIGIBLE and elected == OPT_IN:
        assert rules.opt_in_exceeded is not None
        trace.say(rules.opt_in_exceeded, "elected to opt in")
        return words.OPTED_IN, words.ELECTED
    if found == words.OPT_IN_ELIGIBLE and elected != VOLUNTARILY:
        return found, words.NOT_ELECTED
    return _may_report(words.VOLUNTARY, words.LOW_VOLUME, elected)


def _may_report(found: str, why: str, elected: str | None) -> tuple[str, str]:
    """Let one that need not report do so voluntarily, if she elected to."""
    return words.VOLUNTARY_REPORTER if elected == VOLUNTARILY else found, why
