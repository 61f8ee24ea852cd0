"""Facility-based measurement, § 414.1380(e): a hospital's percentile as a score."""

from collections.abc import Mapping
from decimal import Decimal

from qpp.inputs import ScoreInput
from qpp.mips.final_rules import FacilityRules
from qpp.mips.final_words import FACILITY, FACILITY_COUNTS, SUBMISSIONS_COUNT
from qpp.numbers import ZERO
from qpp.parts import Summary, points_text
from qpp.submission import COST, QUALITY
from qpp.trace import Trace


def facility_parts(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: FacilityRules,
    trace: Trace,
) -> Mapping[str, Summary] | None:
    """Put a facility's quality and cost in the place of the entity's own.

    None where no facility score is given, or where it may not be used.
    """
    facility = entity.facility
    if facility is None or not _may_be_used(parts, entity, rules, trace):
        return None
    trace.say(
        rules.facility_improvement,
        FACILITY,
        facility.quality,
        facility.cost,
    )
    return {
        **parts,
        QUALITY: _in_place_of(parts[QUALITY], facility.quality),
        COST: _in_place_of(parts[COST], facility.cost),
    }


def _may_be_used(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: FacilityRules,
    trace: Trace,
) -> bool:
    """Say whether an entity is scored by a facility at all, and why not."""
    kind = entity.entity_type
    if kind in rules.facility_not_for.value:
        trace.say(rules.facility_not_for, "no facility-based score for {}", kind)
        return False
    if not entity.has(rules.facility_status.value):
        trace.say(
            rules.facility_status,
            "no facility-based score without the status {}",
            rules.facility_status.value,
        )
        return False
    needs = rules.facility_needs_data
    if kind not in needs.value:
        return True
    wanted = sorted(needs.value[kind])
    found = any(parts[name].has_data for name in wanted)
    if not found:
        trace.say(
            needs, "no facility-based score without data for {}", " or ".join(wanted)
        )
    return found and bool(trace.use(needs))


def _in_place_of(part: Summary, percent: Decimal) -> Summary:
    """Give a category the facility's percent; its own measures are not used."""
    nothing = points_text(ZERO)
    return part._replace(
        percent=percent,
        figures={
            **dict.fromkeys(("points", "possible", "bonus", "improvement"), nothing),
            "measures": [{**item, "used": False} for item in part.figures["measures"]],
        },
    )


def facility_counts(
    own: Decimal, facility: Decimal, rules: FacilityRules, trace: Trace
) -> bool:
    """Say whether the facility-based final score counts, naming both.

    *own* and *facility* are final scores as they are published.
    """
    tie = rules.facility_tie
    counts = facility > own or (facility == own and tie.value == "facility")
    trace.say(tie, FACILITY_COUNTS if counts else SUBMISSIONS_COUNT, own, facility)
    return counts
