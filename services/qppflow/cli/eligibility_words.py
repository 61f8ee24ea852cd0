"""Eligibility in words: what an outcome means, and what would change it."""

from collections.abc import Mapping
from typing import Final

from qpp.eligibility import Eligibility, EligibilityRules
from qpp.eligibility import outcome as words

MEANINGS: Final[Mapping[str, str]] = {
    words.REQUIRED: "has to report; the score adjusts payments",
    words.OPT_IN_ELIGIBLE: "may opt in, and has not; a score adjusts no payment",
    words.OPTED_IN: "opted in; the score adjusts payments",
    words.VOLUNTARY: "may report voluntarily; a score adjusts no payment",
    words.VOLUNTARY_REPORTER: "reports voluntarily; the score adjusts no payment",
    words.EXCLUDED: "is excluded; a score adjusts no payment",
    words.UNKNOWN: "has no facts here, so nobody can say",
}
KINDS: Final[Mapping[str, str]] = {
    "virtualGroup": "virtual group",
    "apm": "APM entity",
}
REASONS: Final[Mapping[str, str]] = {
    words.ABOVE_LOW_VOLUME: "above the low-volume threshold",
    words.LOW_VOLUME: "below the low-volume threshold",
    words.NOT_ELECTED: "below the low-volume threshold, no election",
    words.ELECTED: "by election",
    words.IN_VIRTUAL_GROUP: "by the election of the virtual group",
    words.CLINICIAN_TYPE: "no type of eligible clinician",
    words.NEWLY_ENROLLED: "newly enrolled in Medicare",
    words.QP: "qualifying APM participant",
    words.PARTIAL_QP_NOT_ELECTED: "partial QP without an election",
    words.PARTIAL_QP_DECLINED: "partial QP that declined",
    words.NOT_DECLARED: "no figures declared",
}
# By reason, where the reason alone says what would change it.
CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    words.ABOVE_LOW_VOLUME: (
        "Any figure at or below its threshold in either segment.",
        "Becoming a qualifying APM participant.",
    ),
    words.ELECTED: ("Nothing in this year: who opted in stays in.",),
    words.IN_VIRTUAL_GROUP: ("Nothing in this year: a virtual group stays in.",),
    words.CLINICIAN_TYPE: ("Nothing in this year, unless the type is wrong.",),
    words.NEWLY_ENROLLED: ("Nothing in this year: the next one counts.",),
    words.QP: ("Losing the status of a qualifying APM participant.",),
    words.PARTIAL_QP_NOT_ELECTED: (
        "Electing to take part as a partial QP, from {first} to {last}.",
    ),
    words.PARTIAL_QP_DECLINED: (
        "Electing to take part as a partial QP, from {first} to {last}.",
    ),
    words.NOT_DECLARED: ("A profile with the figures of a segment.",),
    words.NOT_ELECTED: (
        "Electing to opt in, from {first} to {last}: the score then adjusts payments.",
        "All figures above their thresholds in each segment.",
    ),
    words.LOW_VOLUME: (
        "One figure above its threshold in each segment, to be able to opt in.",
        "All figures above their thresholds in each segment, to have to report.",
    ),
}
TO_REPORT: Final = "Electing to report voluntarily gives a score and no adjustment."


def would_change(found: Eligibility, rules: EligibilityRules) -> list[str]:
    """Say what would change an outcome."""
    told = [
        sentence.format(
            first=rules.election_from.value, last=rules.election_until.value
        )
        for sentence in CHANGES[found.reason]
    ]
    free = {words.VOLUNTARY, words.OPT_IN_ELIGIBLE, words.EXCLUDED}
    return [*told, TO_REPORT] if found.outcome in free else told
