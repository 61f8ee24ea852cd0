"""The payment adjustment of a final score, § 414.1405. All figures are percent."""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.mips.rules import MipsRules, PaymentRules
from qpp.numbers import HUNDRED, ZERO, exactly, fixed, plain
from qpp.parts import JsonObject, reason
from qpp.trace import Trace

NO_FACTOR: Final = "scaling-factor-not-published"
PAYMENT: Final = "payment"
UNBILLABLE: Final = frozenset({"no-profile", "mock-benchmarks"})


class ScalingFactorError(ValueError):
    """A scaling factor is outside what the law allows."""


class Adjustment(NamedTuple):
    """An adjustment, or the range it must lie in until CMS publishes its factor."""

    percent: Decimal | None
    low: Decimal
    high: Decimal


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
    found = adjust(
        Decimal(score["finalScore"]),
        book,
        rules.final_score.final_score_maximum.value,
        scaling_factor,
        trace,
    )
    decimals = trace.use(book.adjustment_decimals)
    final = found.percent is not None
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


def adjust(
    final: Decimal,
    rules: PaymentRules,
    highest_score: Decimal,
    scaling_factor: Decimal | None,
    trace: Trace,
) -> Adjustment:
    """Find the adjustment of one final score, unrounded."""
    threshold = trace.use(rules.performance_threshold)
    most = trace.use(rules.maximum_adjustment)
    if final <= threshold / trace.use(rules.lowest_band_divisor):
        trace.say(
            rules.lowest_band_divisor,
            "at or below a quarter of the threshold: the full reduction",
        )
        return _exactly(-most)
    if final < threshold:
        trace.say(
            rules.performance_threshold,
            "{} is below the threshold of {}",
            plain(final),
            plain(threshold),
        )
        return _exactly(-most * (threshold - final) / threshold)
    if final == threshold:
        trace.say(rules.performance_threshold, "exactly the threshold: no change")
        return _exactly(ZERO)
    share = (final - threshold) / (highest_score - threshold)
    return _increase(share, rules, scaling_factor, trace)


def _increase(
    share: Decimal, rules: PaymentRules, scaling_factor: Decimal | None, trace: Trace
) -> Adjustment:
    """Scale an increase so that increases and reductions balance, (b)(3)."""
    most = rules.maximum_adjustment.value
    limit = rules.scaling_factor_maximum.value
    published = rules.published_highest_adjustment
    if scaling_factor is not None:
        if not ZERO < scaling_factor <= limit:
            message = f"a scaling factor is above 0 and at most {plain(limit)}"
            raise ScalingFactorError(message)
        trace.say(
            rules.maximum_adjustment,
            "scaling factor {} as given",
            plain(scaling_factor),
        )
        return _exactly(most * share * scaling_factor)
    if published is not None:
        # The published adjustment at the highest score is the factor times the maximum.
        trace.say(
            published,
            "{} percent at the highest score, {:.2f} percent of the way there",
            plain(published.value),
            share * HUNDRED,
        )
        return _exactly(published.value * share)
    trace.assume(NO_FACTOR)
    trace.say(
        rules.scaling_factor_maximum, "CMS has not published the scaling factor yet"
    )
    return Adjustment(None, ZERO, most * share * limit)


def _exactly(percent: Decimal) -> Adjustment:
    """Give an adjustment that is known."""
    return Adjustment(percent, percent, percent)
