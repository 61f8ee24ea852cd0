"""Why a category loses its weight, and what brings it back: § 414.1380(c)(2)(i)."""

from collections.abc import Iterator
from typing import Final

from qpp.inputs import INDIVIDUAL, Decision, ScoreInput
from qpp.mips.rules import MipsRules
from qpp.parts import Summary
from qpp.rulebook import Provision
from qpp.submission import COST, IA, PI, QUALITY
from qpp.trace import Trace

STAYS: Final = "stays"


def loss_of(
    category: str,
    found: Summary,
    entity: ScoreInput,
    rules: MipsRules,
    trace: Trace,
) -> str:
    """Say why a category carries no weight; empty when it does."""
    if found.percent is None:
        # Nothing can be scored: no measure is left, or CMS attributed no cost.
        return "no measure to score" if category == QUALITY else "not scored"
    for decision in _decisions(category, entity, rules):
        if not _applies(category, decision, entity, rules, trace):
            continue
        kept = found.has_data and _kept(category, decision, entity, rules, trace)
        if kept or not _ended(category, found, decision.reason, rules, trace):
            return decision.reason
    status = found.automatic_reweighting
    if status and not _ended(category, found, status, rules, trace):
        trace.say(
            _status_rule(entity, rules), "{}: {} takes its weight", category, status
        )
        return status
    return ""


def _decisions(
    category: str, entity: ScoreInput, rules: MipsRules
) -> Iterator[Decision]:
    """Yield the decisions on a category; some take the weight of cost along."""
    along = rules.reweighting.cost_goes_along.value
    for decision in entity.reweighted:
        if decision.category == category or (
            category == COST and decision.reason in along
        ):
            yield decision


def _applies(
    category: str,
    decision: Decision,
    entity: ScoreInput,
    rules: MipsRules,
    trace: Trace,
) -> bool:
    """Ask whether the year knows the reason, for this category and entity."""
    book = rules.reweighting
    reason = book.reason(decision.reason)
    if reason is None or category not in reason.value:
        trace.say(
            reason or book.entity_types,
            "{}: {} is no reason to take its weight",
            category,
            decision.reason,
        )
        return False
    if entity.entity_type not in book.entity_types.value[decision.reason]:
        trace.say(
            book.entity_types,
            "{}: {} is no reason for an entity of this type ({})",
            category,
            decision.reason,
            entity.entity_type,
        )
        return False
    trace.say(reason, "{}: {} is approved", category, _named(decision))
    if decision.category != category:
        trace.say(
            book.cost_goes_along,
            "{}: {} takes its weight along with any other",
            category,
            decision.reason,
        )
    return True


def _named(decision: Decision) -> str:
    """Name a decision, with its application and day where CMS sent them."""
    known = [
        word
        for word in (
            decision.application and f"application {decision.application}",
            decision.approved_on and f"approved {decision.approved_on}",
        )
        if word
    ]
    return f"{decision.reason} ({', '.join(known)})" if known else decision.reason


def _kept(
    category: str,
    decision: Decision,
    entity: ScoreInput,
    rules: MipsRules,
    trace: Trace,
) -> bool:
    """Ask whether a decision stays whatever was submitted."""
    book = rules.reweighting
    for rule, kept in (
        (book.entity_types_keep_theirs, entity.entity_type),
        (book.reasons_stay_with_data, decision.reason),
    ):
        if kept in rule.value:
            trace.say(
                rule,
                "{}: data was submitted, but {} stays ({})",
                category,
                decision.reason,
                kept,
            )
            return True
    return False


def _ended(
    category: str, found: Summary, reason: str, rules: MipsRules, trace: Trace
) -> bool:
    """Ask whether what was submitted is enough to end a reweighting."""
    effect = rules.reweighting.reweight_with_data
    # What nobody submits, nobody cancels.
    if not found.has_data or effect.value[category] == STAYS:
        return False
    enough = _data_rule(category, rules)
    if not found.cancels_reweighting:
        trace.say(enough, "{}: the data does not qualify; {} stays", category, reason)
        return False
    # Promoting Interoperability has said itself what its sets rest on.
    if category != PI:
        trace.use(enough)
    trace.say(
        effect,
        "{}: data was submitted, which ends {}, so its weight stays",
        category,
        reason,
    )
    return True


def _data_rule(category: str, rules: MipsRules) -> Provision[object]:
    """Give the rule on which data of a category is enough."""
    enough: dict[str, Provision[object]] = {
        QUALITY: rules.quality.data_that_qualifies,
        IA: rules.reweighting.activities_data_is,
        PI: rules.promoting_interoperability.short_or_incomplete_cancels_reweighting,
    }
    return enough.get(category, rules.reweighting.reweight_with_data)


def _status_rule(entity: ScoreInput, rules: MipsRules) -> Provision[frozenset[str]]:
    """Give the rule on special statuses for who is scored."""
    book = rules.promoting_interoperability
    if entity.entity_type == INDIVIDUAL:
        return book.reweighted_statuses
    return book.reweighted_group_statuses
