"""The additional adjustment for exceptional performance, § 414.1405(d); not every year.

It shares a fixed pool, so that a factor of its own scales it.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.mips import final_words as words
from qpp.mips.adjustment import Adjustment, ScalingFactorError, exactly_so
from qpp.mips.final_rules import ExceptionalRules
from qpp.numbers import ZERO, plain
from qpp.rulebook import Provision
from qpp.trace import Trace

NO_FACTOR: Final = "scaling-factor-not-published"


class Exceptional(NamedTuple):
    """The rules of a year that rewards exceptional performance."""

    threshold: Provision[Decimal]
    minimum: Provision[Decimal]
    maximum: Provision[Decimal]
    pool: Provision[Decimal]
    factor_maximum: Provision[Decimal]
    highest_score: Decimal


def exceptional_of(
    rules: ExceptionalRules, highest_score: Decimal
) -> Exceptional | None:
    """Give these rules; None in a year that has none. A year has all or none."""
    threshold = rules.additional_threshold
    minimum, maximum = rules.additional_minimum, rules.additional_maximum
    pool, limit = rules.additional_pool, rules.additional_scaling_factor_maximum
    if not (threshold and minimum and maximum and pool and limit):
        return None
    return Exceptional(threshold, minimum, maximum, pool, limit, highest_score)


def exceptional_percent(final: Decimal, rules: Exceptional) -> Decimal:
    """Give the additional adjustment at a factor of 1, in percent; 0 without one."""
    threshold = rules.threshold.value
    if final < threshold:
        return ZERO
    least, most = rules.minimum.value, rules.maximum.value
    share = (final - threshold) / (rules.highest_score - threshold)
    return least + (most - least) * share


def add_exceptional(
    increase: Adjustment,
    final: Decimal,
    rules: Exceptional | None,
    factor: Decimal | None,
    trace: Trace,
) -> Adjustment:
    """Add what exceptional performance earns beside an increase.

    Raises:
        ScalingFactorError: *factor* is negative or above its maximum.
    """
    extra = ZERO if rules is None else exceptional_percent(final, rules)
    if rules is None or not extra:
        return increase
    limit = trace.use(rules.factor_maximum)
    figures = (
        final,
        rules.threshold.value,
        rules.highest_score,
        rules.minimum.value,
        rules.maximum.value,
        extra,
    )
    known = words.EXCEPTIONAL_RANGE if factor is None else words.EXCEPTIONAL
    trace.say(rules.threshold, known, *figures, limit if factor is None else factor)
    if factor is None:
        trace.assume(NO_FACTOR)
        return Adjustment(None, increase.low, increase.high + extra * limit)
    if not ZERO <= factor <= limit:
        message = f"an additional scaling factor is 0 to {plain(limit)}"
        raise ScalingFactorError(message)
    more = extra * factor
    if increase.percent is None:
        return Adjustment(None, increase.low + more, increase.high + more)
    return exactly_so(increase.percent + more)


def additional_factor(
    at_one: Decimal, rules: Exceptional, trace: Trace
) -> Decimal | None:
    """Find the factor at which all additional adjustments use up the pool.

    *at_one* is what they come to at a factor of 1, in dollars. None where nobody earns
    anything.
    """
    if not at_one:
        return None
    pool = rules.pool
    factor = min(trace.use(rules.factor_maximum), pool.value / at_one)
    trace.say(
        pool,
        "${} shared by increases of ${} at a factor of 1: factor {:.6f}",
        plain(pool.value),
        plain(at_one),
        factor,
    )
    return factor
