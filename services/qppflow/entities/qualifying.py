"""Whom an APM entity takes out of MIPS: QPs, and partial QPs that do not take part."""

from dataclasses import replace
from typing import Any, TypeAlias

from qpp.advanced_apm import participation
from qpp.eligibility.outcome import EXCLUDED
from qpp.feeds import ADVANCED_APM
from qpp.inputs import APM_ENTITY
from qpp.library import advanced_apm_rules
from qpp.rosters import NPI, TIN
from qppflow.entities.members import members
from qppflow.entities.revisions import Cause
from qppflow.entities.slots import Entity
from qppflow.entities.standing import NOTHING, tell_clinician
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]


def exclude(entity: Entity, cause: Cause) -> tuple[Entity, list[Outgoing]]:
    """Tell each clinician that the entity's status takes her out, or does no more."""
    now = _excluded(entity, cause)
    before = entity.excluded
    if now == before:
        return entity, []
    sent = [
        tell_clinician(
            entity,
            token,
            now.get(token, before.get(token, {}))["clinician"],
            _said(now.get(token)),
            cause,
        )
        for token in sorted(now.keys() | before.keys())
        if now.get(token) != before.get(token)
    ]
    return replace(entity, excluded=now), sent


def _said(known: JsonObject | None) -> JsonObject:
    """Write what is said of a clinician; of one no longer excluded, nothing."""
    if known is None:
        return dict(NOTHING)
    return {"outcome": EXCLUDED, "reason": known["reason"]}


def _excluded(entity: Entity, cause: Cause) -> dict[str, JsonObject]:
    """Map the token of each clinician who is excluded to who she is, and why."""
    document = entity.feed(ADVANCED_APM)
    if document is None or document["entityType"] != APM_ENTITY:
        return {}
    why = participation(document, advanced_apm_rules(cause.year)).excluded_for
    if not why:
        return {}
    tokens, year = cause.tokens, cause.year
    return {
        tokens.clinician(year, who[TIN], who[NPI]): {"clinician": who, "reason": why}
        for who in members(entity, year, cause.law) or ()
    }
