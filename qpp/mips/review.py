"""What a targeted review's decision does to a final score, § 414.1385."""

from collections.abc import Callable, Mapping
from typing import Final

from qpp.mips.rules import PaymentRules
from qpp.parts import JsonObject
from qpp.trace import Trace

UPHELD: Final = "upheld"


def review(
    score: JsonObject,
    decision: Mapping[str, str] | None,
    rules: PaymentRules,
    trace: Trace,
) -> JsonObject:
    """Give the ``score`` object that pays, as a *decision* of the feed has it.

    The same object where there is no decision, or none that changes it.
    """
    if decision is None or decision["decision"] == UPHELD:
        return score
    return EFFECTS[rules.targeted_review.value](score, decision, rules, trace)


def _replaced(
    score: JsonObject,
    decision: Mapping[str, str],
    rules: PaymentRules,
    trace: Trace,
) -> JsonObject:
    """Put the decided score in the place of the one that was computed."""
    trace.say(
        rules.targeted_review,
        "a targeted review of {} decided {} instead of {}",
        decision["decidedOn"],
        decision["decision"],
        score["finalScore"],
    )
    assumed = sorted(trace.assumptions.union(score["assumptions"]))
    return {**score, "finalScore": decision["decision"], "assumptions": assumed}


def _same(
    score: JsonObject,
    _decision: Mapping[str, str],
    rules: PaymentRules,
    trace: Trace,
) -> JsonObject:
    """Leave the score as it was computed."""
    trace.use(rules.targeted_review)
    return score


EFFECTS: Final[Mapping[str, Callable[..., JsonObject]]] = {
    "replaces_final_score": _replaced,
    "no_effect": _same,
}
