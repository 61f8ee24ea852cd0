"""A determination and what follows from it, as JSON; percent and dollars as text."""

from qpp.advanced_apm.benefits import benefit, in_mips
from qpp.advanced_apm.comparing import Comparison
from qpp.advanced_apm.determining import Determination, determine
from qpp.advanced_apm.facts import Facts
from qpp.advanced_apm.rules import AdvancedApmRules
from qpp.numbers import exactly, plain
from qpp.parts import JsonObject


@exactly
def assessment(facts: Facts, rules: AdvancedApmRules) -> JsonObject:
    """Determine a status and write it with its comparisons, benefit and reasons.

    A percentage is as exact as 28 digits are; ``part`` and ``total`` are exact.
    """
    found = determine(facts, rules)
    mips = in_mips(found.status, rules, elects=facts.elects_mips)
    worth = benefit(found.status, rules)
    update = worth.conversion_factor_update
    return {
        "performanceYear": rules.year,
        "paymentYear": worth.payment_year,
        "ruleBook": rules.id,
        **_status(found),
        "excludedFromMips": mips.excluded,
        "incentivePercent": plain(worth.incentive_percent),
        "conversionFactorUpdate": None if update is None else plain(update),
        "comparisons": [_comparison(item) for item in found.compared],
        "assumptions": sorted(found.assumptions | mips.assumptions | worth.assumptions),
        "explanation": [*found.reasons, *mips.reasons, *worth.reasons],
    }


def _status(found: Determination) -> JsonObject:
    """Write the status and how it was reached."""
    by = found.reached_by
    return {
        "status": found.status,
        "level": found.level,
        "option": found.option,
        "method": found.method,
        "snapshot": None if by is None else by.day.isoformat(),
        "percent": None if by is None else plain(by.percent),
    }


def _comparison(item: Comparison) -> JsonObject:
    """Write one comparison."""
    return {
        "snapshot": item.day.isoformat(),
        "option": item.option,
        "method": item.method,
        "part": plain(item.part),
        "total": plain(item.total),
        "percent": plain(item.percent),
        "status": item.status,
    }
