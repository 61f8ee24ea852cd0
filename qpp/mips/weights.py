"""Which categories carry weight, and how much: § 414.1380(c)(2)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from qpp.inputs import ScoreInput
from qpp.mips.rules import FinalScoreRules
from qpp.parts import Summary
from qpp.submission import CATEGORIES, IA, QUALITY
from qpp.trace import Trace


class Weights(NamedTuple):
    """Weights in percent, and for each category without one the reason."""

    percent: Mapping[str, Decimal]
    missing: Mapping[str, str]


def weigh(
    parts: Mapping[str, Summary],
    entity: ScoreInput,
    rules: FinalScoreRules,
    trace: Trace,
) -> Weights:
    """Take the weight of missing categories away and spread it over the rest."""
    approved = dict(entity.reweighted)
    missing = {
        category: reason
        for category in CATEGORIES
        if (reason := _missing(category, parts[category], approved, rules, trace))
    }
    key = "+".join(sorted(missing)) or "none"
    table = (
        rules.redistribution_small_practice
        if entity.small_practice
        else rules.redistribution
    )
    if key not in table.value:
        return Weights(dict.fromkeys(CATEGORIES, Decimal(0)), missing)
    if missing and trace.told:
        trace.say(
            table,
            "without {} the weights are {}",
            ", ".join(missing),
            ", ".join(f"{name} {table.value[key][name]}" for name in CATEGORIES),
        )
    return Weights(trace.use(table)[key], missing)


def _missing(
    category: str,
    found: Summary,
    approved: Mapping[str, str],
    rules: FinalScoreRules,
    trace: Trace,
) -> str:
    """Say why a category carries no weight; empty when it does."""
    if found.percent is None:
        # Nothing can be scored: no measure is left, or CMS attributed no cost.
        return "no measure to score" if category == QUALITY else "not scored"
    reason = approved.get(category) or found.automatic_reweighting
    if not reason:
        return ""
    if category == IA:
        trace.use(rules.activities_data_is)
    effect = rules.reweight_with_data
    if found.cancels_reweighting and effect.value[category] == "cancelled_by_data":
        trace.say(effect, "{}: data was submitted, so its weight stays", category)
        return ""
    return reason
