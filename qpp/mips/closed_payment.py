"""The payment of a final score in a closed year: an estimate becomes final."""

from decimal import Decimal
from typing import Final

from qpp.mips.adjustment import Factors
from qpp.mips.closing import adjusted_by
from qpp.mips.exceptional import NO_FACTOR
from qpp.mips.payment import UNBILLABLE
from qpp.mips.rules import MipsRules
from qpp.numbers import exactly, fixed
from qpp.parts import JsonObject
from qpp.trace import Trace

ESTIMATE: Final = "estimate"


@exactly
def closed_payment(
    paid: JsonObject, final: Decimal, factors: Factors, rules: MipsRules
) -> JsonObject:
    """Give the payment members of an event once its year is closed by *factors*.

    *paid* are those that ``payment`` wrote for the final score. The same object where
    it is no estimate, or where no factor is known that this score needs.

    Raises:
        ScalingFactorError: a factor that this score needs is out of its range.
    """
    if paid["status"] != ESTIMATE:
        return paid
    trace = Trace()
    found = adjusted_by(final, factors, rules, trace)
    if found.percent is None:
        return paid
    decimals = trace.use(rules.payment.adjustment_decimals)
    assumed = trace.assumptions.union(paid["assumptions"]) - {NO_FACTOR}
    return {
        **paid,
        "adjustmentPercent": fixed(found.percent, decimals),
        "status": "final",
        "billable": UNBILLABLE.isdisjoint(assumed),
        "range": None,
        "assumptions": sorted(assumed),
    }
