"""Which quality measures count in the APP and APP Plus, § 414.1367(c)."""

from collections.abc import Sequence

from qpp.inputs import ScoreInput
from qpp.mips.claims_measures import score_administrative_claims
from qpp.mips.programs.counting import Counted, part_by_list, settled
from qpp.mips.programs.plan import AppPlan
from qpp.mips.quality_choice import Candidate, Choice, set_aside, worth
from qpp.mips.quality_scale import Scale
from qpp.mips.quality_words import NO_SURVEY, OTHER, SLOT
from qpp.results import MeasureScore
from qpp.trace import Trace


def count_app(
    candidates: Sequence[Candidate],
    entity: ScoreInput,
    scale: Scale,
    app: AppPlan,
    trace: Trace,
) -> Counted:
    """Fill each slot of the program's fixed list with the better of its measures.

    A slot that nobody filled is 0 of 10; one with an excluded measure is left out.
    """
    claims = score_administrative_claims(entity, scale, trace)
    own, foreign = part_by_list(
        candidates, app.slot_of.keys(), app.rules.app_slots, trace
    )
    slots = _slots(entity, scale, app, trace)
    sent = {slot: _ranked(own, slot, scale, app, trace) for slot in slots}
    missing = sum(_missing(slot, scale, app, trace) for slot in slots if not sent[slot])
    used = [row[0] for row in sent.values() if row and row[0].possible]
    unused = [
        item
        if not item.possible
        else set_aside(
            item, trace, app.rules.app_same_slot, OTHER, row[0].measure_id, slot
        )
        for slot, row in sent.items()
        for item in row
        if item not in used
    ]
    choice = Choice(
        used=tuple(used),
        unused=(*[item._replace(used=False) for item in unused], *foreign),
        slots=len(used) + missing,
        filled=not missing,
    )
    scored = {item.measure_id for item in claims if item.possible}
    rule = app.rules.app_claims_measures
    return Counted(choice, settled(claims, scored & app.claims, rule, trace))


def _slots(
    entity: ScoreInput, scale: Scale, app: AppPlan, trace: Trace
) -> Sequence[str]:
    """List the slots an entity owes: individuals have no survey."""
    survey = scale.rules.cahps_container.value
    if survey not in app.slots:
        return app.slots
    if entity.entity_type not in trace.use(app.rules.app_without_survey):
        return app.slots
    return [slot for slot in app.slots if slot != survey]


def _ranked(
    own: Sequence[Candidate], slot: str, scale: Scale, app: AppPlan, trace: Trace
) -> list[MeasureScore]:
    """Rank what was sent for a slot, the better one first."""
    sent = [item for item in own if app.slot_of[item.measure.measure_id] == slot]
    if len(sent) > 1:
        order = scale.rules.same_measure_twice.value
        if app.rules.app_same_slot.value == "better_one":
            sent.sort(key=lambda item: (worth(item, order), item.measure.measure_id))
        trace.say(
            app.rules.app_same_slot,
            "{} counts for {}: it is the better one",
            sent[0].measure.measure_id,
            slot,
        )
    return [item.score for item in sent]


def _missing(slot: str, scale: Scale, app: AppPlan, trace: Trace) -> int:
    """Say how much an empty slot weighs: 1, or 0 where it is out of the denominator."""
    most = scale.rules.measure_maximum.value
    if slot != scale.rules.cahps_container.value:
        trace.say(app.rules.app_slots, SLOT, slot, most)
        return 1
    if trace.use(app.rules.app_missing_cahps) == "excluded":
        return 0
    trace.say(app.rules.app_missing_cahps, NO_SURVEY, slot, most)
    return 1
