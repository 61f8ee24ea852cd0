"""The low-volume threshold over the determination period, § 414.1305."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from qpp.eligibility.outcome import OPT_IN_ELIGIBLE, REQUIRED, VOLUNTARY
from qpp.eligibility.rules import EligibilityRules
from qpp.numbers import plain
from qpp.submission import Json
from qpp.trace import Trace

# The segments of the determination period, as the feed numbers them.
FIRST: Final = "1"
SECOND: Final = "2"
Segments = Mapping[str, Json]

# What an entity must or may do at each volume, from the lowest.
LEVELS: Final = (VOLUNTARY, OPT_IN_ELIGIBLE, REQUIRED)
WORDS: Final = {
    "allowedCharges": "allowed charges of {} dollars",
    "beneficiaries": "{} patients",
    "coveredServices": "{} covered services",
}


def segments_of(facts: Json) -> dict[str, Json]:
    """Give the segments of an entity's facts by their number."""
    return {str(item["segment"]): item for item in facts.get("segments") or ()}


def level(segments: Segments, rules: EligibilityRules, trace: Trace) -> str:
    """Say what the volume asks for: required, may opt in, or may report voluntarily.

    *segments* holds one or both. Below in segment 1 an entity stays below; one that
    was first seen in segment 2 is judged by that alone.
    """
    found = {
        number: _of_segment(number, segments[number], rules, trace)
        for number in sorted(segments)
    }
    if len(found) == 1:
        return next(iter(found.values()))
    first, second = (LEVELS.index(found[number]) for number in (FIRST, SECOND))
    if second > first:
        sticks = trace.say(
            rules.below_in_segment_1, "segment 1 stays below, whatever came after"
        )
        return LEVELS[first if sticks == "sticks" else second]
    if second < first:
        counts = trace.say(
            rules.below_in_segment_2, "segment 2 is below, although segment 1 was not"
        )
        return LEVELS[second if counts == "counts" else first]
    return LEVELS[first]


def _of_segment(
    number: str, segment: Json, rules: EligibilityRules, trace: Trace
) -> str:
    """Judge one segment: a figure has to be above its threshold, not at it."""
    thresholds = rules.low_volume_thresholds
    figures = {name: Decimal(segment[name]) for name in thresholds.value}
    exceeded = [
        name for name, limit in thresholds.value.items() if figures[name] > limit
    ]
    days = trace.use(rules.determination_segments)[number]
    told = "; ".join(
        f"{WORDS[name].format(plain(figures[name]))}"
        f" {'exceed' if name in exceeded else 'do not exceed'} {plain(limit)}"
        for name, limit in thresholds.value.items()
    )
    trace.say(
        thresholds,
        "segment {} ({} to {}): {}",
        number,
        days["start"],
        days["end"],
        told,
    )
    needed = trace.use(rules.low_volume_exceeded)
    enough = all if needed == "all" else any
    if enough(name in exceeded for name in thresholds.value):
        return REQUIRED
    if rules.opt_in_exceeded is None:
        return VOLUNTARY
    opts = len(exceeded) >= trace.use(rules.opt_in_exceeded)
    return OPT_IN_ELIGIBLE if opts else VOLUNTARY
