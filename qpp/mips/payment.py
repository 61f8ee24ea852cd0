"""The payment adjustment of a final score, § 414.1405. All figures are percent."""

from decimal import Decimal
from typing import Final

from qpp.mips import final_words as words
from qpp.mips.adjustment import (
    Adjustment,
    Factors,
    ScalingFactorError,
    exactly_so,
)
from qpp.mips.exceptional import NO_FACTOR, add_exceptional, exceptional_of
from qpp.mips.rules import MipsRules, PaymentRules
from qpp.numbers import ZERO, exactly, fixed, plain
from qpp.parts import JsonObject, reason
from qpp.trace import Trace

PAYMENT: Final = "payment"
UNBILLABLE: Final = frozenset(
    {"no-profile", "mock-benchmarks", "eligibility-not-declared"}
)


@exactly
def payment(
    score: JsonObject, rules: MipsRules, scaling_factor: Decimal | None = None
) -> tuple[JsonObject, list[JsonObject]]:
    """Turn a ``score`` object into the payment members of an event, and why.

    *scaling_factor* is CMS's budget-neutral factor; without it the published one
    is used, and without that a positive adjustment stays an estimate.

    Raises:
        ScalingFactorError: the factor is not above 0 or exceeds its maximum.
    """
    trace = Trace()
    written = pay(score, rules, scaling_factor, trace)
    return written, [reason(step, PAYMENT) for step in trace.steps]


def pay(
    score: JsonObject, rules: MipsRules, scaling_factor: Decimal | None, trace: Trace
) -> JsonObject:
    """Do so for callers that compute as ``exactly`` has it.

    Raises:
        ScalingFactorError: as ``payment`` does.
    """
    book = rules.payment
    eligibility = score.get("eligibility")
    if eligibility in book.eligibility_not_paid.value:
        trace.say(book.eligibility_not_paid, "{}: no payment adjustment", eligibility)
        return _unadjusted(score, rules, trace)
    found = adjust(
        Decimal(score["finalScore"]),
        book,
        rules.final_score.final_score_maximum.value,
        Factors(scaling_factor),
        trace,
    )
    decimals = trace.use(book.adjustment_decimals)
    final = found.percent is not None
    _say_rounded(found, decimals, rules, trace)
    # An assumption about who is scored, or on stand-in data, is no basis for money.
    blocked = not UNBILLABLE.isdisjoint(score["assumptions"])
    return {
        "paymentYear": rules.submission.payment_year.value,
        "adjustmentPercent": (
            None if found.percent is None else fixed(found.percent, decimals)
        ),
        "status": "final" if final else "estimate",
        "billable": final and not blocked,
        "range": None
        if final
        else {"low": fixed(found.low, decimals), "high": fixed(found.high, decimals)},
        "assumptions": sorted(trace.assumptions.union(score["assumptions"])),
    }


def _say_rounded(
    found: Adjustment, decimals: int, rules: MipsRules, trace: Trace
) -> None:
    """Say how an adjustment is written."""
    if not trace.told:
        return
    rule = rules.payment.adjustment_decimals
    if found.percent is not None:
        written = Decimal(fixed(found.percent, decimals))
        trace.say(rule, words.ADJUSTED, found.percent, decimals, written)
    else:
        low, high = fixed(found.low, decimals), fixed(found.high, decimals)
        ends = found.low, found.high, decimals, Decimal(low), Decimal(high)
        trace.say(rule, words.ADJUSTED_RANGE, *ends)


def _unadjusted(score: JsonObject, rules: MipsRules, trace: Trace) -> JsonObject:
    """Write that a score adjusts no payment at all, which is final."""
    return {
        "paymentYear": rules.submission.payment_year.value,
        "adjustmentPercent": None,
        "status": "none",
        "billable": False,
        "range": None,
        "assumptions": sorted(trace.assumptions.union(score["assumptions"])),
    }


def adjust(
    final: Decimal,
    rules: PaymentRules,
    highest_score: Decimal,
    factors: Factors,
    trace: Trace,
) -> Adjustment:
    """Find the adjustment of one final score, unrounded.

    Raises:
        ScalingFactorError: a factor that this score needs is out of its range.
    """
    threshold = trace.use(rules.performance_threshold)
    most = trace.use(rules.maximum_adjustment)
    rule, divisor = rules.lowest_band_divisor, trace.use(rules.lowest_band_divisor)
    if final <= threshold / divisor:
        figures = final, threshold, divisor, most, -most
        trace.say(rule, words.FULL_REDUCTION, *figures)
        return exactly_so(-most)
    if final < threshold:
        percent = -most * (threshold - final) / threshold
        rule = rules.performance_threshold
        trace.say(rule, words.REDUCTION, final, threshold, most, percent)
        return exactly_so(percent)
    if final == threshold:
        rule = rules.performance_threshold
        trace.say(rule, words.NEUTRAL, final, threshold, ZERO)
        return exactly_so(ZERO)
    way = final, threshold, highest_score
    increase = _increase(way, rules, factors.scaling, trace)
    exceptional = exceptional_of(rules, highest_score)
    return add_exceptional(increase, final, exceptional, factors.additional, trace)


def _increase(
    way: tuple[Decimal, Decimal, Decimal],
    rules: PaymentRules,
    scaling_factor: Decimal | None,
    trace: Trace,
) -> Adjustment:
    """Scale an increase so that increases and reductions balance, (b)(3).

    *way* is the final score, the threshold and the highest score there is.
    """
    final, threshold, highest = way
    share = (final - threshold) / (highest - threshold)
    most = rules.maximum_adjustment.value
    limit = rules.scaling_factor_maximum.value
    published = rules.published_highest_adjustment
    if scaling_factor is not None:
        if not ZERO < scaling_factor <= limit:
            message = f"a scaling factor is above 0 and at most {plain(limit)}"
            raise ScalingFactorError(message)
        percent = most * share * scaling_factor
        rule = rules.maximum_adjustment
        trace.say(rule, words.INCREASE, *way, most, scaling_factor, percent)
        return exactly_so(percent)
    if published is not None and rules.additional_threshold is None:
        # The published adjustment at the highest score is the factor times the maximum.
        percent = published.value * share
        trace.say(published, words.PUBLISHED, *way, published.value, percent)
        return exactly_so(percent)
    trace.assume(NO_FACTOR)
    high, rule = most * share * limit, rules.scaling_factor_maximum
    trace.say(rule, words.ESTIMATE, *way, most, limit, ZERO, high)
    return Adjustment(None, ZERO, high)
