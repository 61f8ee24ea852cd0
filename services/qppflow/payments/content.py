"""What billing reads of a payment, and in what two payments differ."""

from decimal import Decimal
from typing import Any, Final, TypeAlias

from qpp.eligibility.outcome import ELIGIBILITY_NOT_DECLARED as NOT_DECLARED
from qpp.mips.adjustment import Factors
from qpp.mips.closed_payment import closed_payment
from qppflow.payments.choice import Clinician, Decision
from qppflow.payments.heard import decided_by
from qppflow.runtime.law import law_of

JsonObject: TypeAlias = dict[str, Any]

# What a payment is worth does not hang on which revision or explanation says so.
REFERENCES: Final = frozenset({"explanationId", "explanationHash"})
OLD: Final = ("score", "adjustmentPercent", "status")


def content_of(state: Clinician, candidate: JsonObject, found: Decision) -> JsonObject:
    """Write a payment by the paying candidate; in a closed year by its factor."""
    paid, more = _closed(state, candidate)
    if state.amount is not None:
        more["allowedAmount"] = state.amount["allowedAmount"]
    if "review" in candidate:
        more["review"] = candidate["review"]
    return {
        "score": candidate["finalScore"],
        "adjustmentPercent": paid["adjustmentPercent"],
        "range": paid["range"],
        "status": paid["status"],
        "billable": paid["billable"] and NOT_DECLARED not in found.assumptions,
        "decidedBy": decided_by(candidate),
        "others": found.others,
        "assumptions": sorted({*paid["assumptions"], *found.assumptions}),
        "ruleBook": candidate["ruleBook"],
        "catalogue": candidate["catalogue"],
        "engine": candidate["engine"],
        "explanationId": candidate["explanationId"],
        "explanationHash": candidate["explanationHash"],
        **more,
    }


def _closed(state: Clinician, candidate: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Give the payment members, and which closing made them, if one did."""
    estimated, closing = candidate["payment"], state.closing
    if closing is None:
        return estimated, {}
    factors = Factors(_figure(closing["factor"]), _figure(closing["additionalFactor"]))
    rules = law_of(candidate["performanceYear"]).rules
    final = Decimal(candidate["finalScore"])
    paid = closed_payment(estimated, final, factors, rules)
    if paid is estimated:
        return paid, {}
    assumed = [*paid["assumptions"], *closing["assumptions"]]
    return {**paid, "assumptions": assumed}, {"closing": closing["number"]}


def _figure(text: str | None) -> Decimal | None:
    """Read a factor."""
    return None if text is None else Decimal(text)


def substance(content: JsonObject | None) -> JsonObject | None:
    """Give what makes two payments different; None before the first."""
    return None if content is None else _plain(content)


def _plain(content: JsonObject) -> JsonObject:
    """Leave out what only refers to a revision."""
    found = {name: item for name, item in content.items() if name not in REFERENCES}
    return {**found, "decidedBy": {**content["decidedBy"], "revision": None}}


def previous(last: JsonObject | None) -> JsonObject:
    """Write the figures of the payment before beside the new ones, if there was one."""
    return {} if last is None else {"previous": {name: last[name] for name in OLD}}


def reason_of(state: Clinician, content: JsonObject) -> str:
    """Say why a payment is published."""
    if state.last is None:
        return "first-score"
    if state.state == "held":
        return "released"
    before, now = _plain(state.last), _plain(content)
    by = (before["decidedBy"], now["decidedBy"])
    if any(by[0][name] != by[1][name] for name in ("subject", "program")):
        return "other-entity-pays"
    if before.get("closing") != now.get("closing"):
        return "year-closed"
    if before.get("review") != now.get("review"):
        return "reviewed"
    changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    return ALONE.get(frozenset(changed), "corrected")


# Where nothing else changed, what did is the reason.
ALONE: Final = {
    frozenset({"others"}): "others-changed",
    frozenset({"allowedAmount"}): "paid-amount-changed",
}
