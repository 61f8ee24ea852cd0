"""One share against its thresholds: which status it reaches, §§ 414.1430, .1435, .1440.

A threshold is met by what is at or above it, § 414.1425(c)(3) and (d)(1).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from qpp.advanced_apm.facts import Share, Snapshot
from qpp.advanced_apm.rules import Figure, QualifyingRules, Thresholds
from qpp.numbers import HUNDRED, percent, plain, rounded
from qpp.trace import Trace

QP: Final = "qp"
PARTIAL_QP: Final = "partialQp"
NONE: Final = "none"
# From the least to the greatest status, as § 414.1435(d) orders them.
RANKS: Final = (NONE, PARTIAL_QP, QP)
NAMES: Final = {QP: "QP", PARTIAL_QP: "partial QP"}

MEDICARE: Final = "medicare"
ALL_PAYER: Final = "allPayer"
OPTIONS: Final = {MEDICARE: "Medicare", ALL_PAYER: "all payers"}

PAYMENT_AMOUNT: Final = "paymentAmount"
PATIENT_COUNT: Final = "patientCount"
METHODS: Final = (PAYMENT_AMOUNT, PATIENT_COUNT)
UNITS: Final = {PAYMENT_AMOUNT: "dollars", PATIENT_COUNT: "patients"}


class Comparison(NamedTuple):
    """One share by one method and option at one snapshot, and the status it reaches.

    ``percent`` has 28 digits; ``part`` of ``total`` is exact.
    """

    day: date
    option: str
    method: str
    part: Decimal
    total: Decimal
    percent: Decimal
    status: str


class _Law(NamedTuple):
    """What comparisons are made by, and where their reasons go."""

    rules: QualifyingRules
    trace: Trace


def rank(found: Comparison) -> int:
    """Order comparisons by the status they reach."""
    return RANKS.index(found.status)


def comparisons(
    snapshot: Snapshot, rules: QualifyingRules, trace: Trace
) -> Iterator[Comparison]:
    """Compare a snapshot by both methods, first Medicare's share, then all payers'.

    Who is a QP by Medicare alone is not judged by all payers, § 414.1425(f)(2)(i).
    """
    law = _Law(rules, trace)
    by_medicare = [
        _compare(snapshot.day, MEDICARE, method, snapshot.medicare, law)
        for method in METHODS
    ]
    yield from by_medicare
    if snapshot.all_payer is None:
        return
    if not trace.use(rules.all_payer_option):
        trace.say(
            rules.all_payer_option,
            "{}: payment year {} has no all-payer option; those figures count for"
            " nothing",
            snapshot.day,
            rules.payment_year.value,
        )
    elif any(found.status == QP for found in by_medicare):
        trace.say(
            rules.all_payer_option,
            "{}: a QP by Medicare alone; all payers' figures are not needed",
            snapshot.day,
        )
    else:
        for method in METHODS:
            found = _compare(snapshot.day, ALL_PAYER, method, snapshot.all_payer, law)
            yield _floored(found, snapshot.medicare, law)


def _compare(
    day: date, option: str, method: str, share: Share, law: _Law
) -> Comparison:
    """Compare one share with the thresholds of its option."""
    rules = law.rules
    standing = rules.medicare if option == MEDICARE else rules.all_payer
    assert standing is not None
    part, total = _figures(share, method)
    status, words = NONE, "below {} percent, which a partial QP needs"
    threshold = least = _threshold(standing.partial_qp, method)
    if _reaches(part, total, least, law):
        status, words = PARTIAL_QP, "at least {} percent, for a partial QP"
        more = _threshold(standing.qp, method)
        if _reaches(part, total, more, law):
            status, words, threshold = QP, "at least {} percent, for a QP", more
    exact = percent(part, total)
    law.trace.say(
        threshold,
        "{}, {}: {} of {} {} are {} percent, " + words,
        day,
        OPTIONS[option],
        plain(part),
        plain(total),
        UNITS[method],
        plain(rounded(exact, rules.percent_decimals.value)),
        plain(threshold.value),
    )
    return Comparison(day, option, method, part, total, exact, status)


def _floored(found: Comparison, medicare: Share, law: _Law) -> Comparison:
    """Lower a status by all payers to one whose floor Medicare's share reaches.

    A QP by all payers who is below a QP's floor may still be above a partial QP's.
    """
    for status in RANKS[rank(found) : 0 : -1]:
        if _floor_reached(status, found.method, medicare, law):
            return found._replace(status=status)
    return found._replace(status=NONE)


def _floor_reached(status: str, method: str, medicare: Share, law: _Law) -> bool:
    """Say whether Medicare's share reaches the floor of a status, § 414.1430(b)."""
    floors, allowed = law.rules.medicare_floor, law.rules.medicare_floor_method
    assert floors is not None
    assert allowed is not None
    by = METHODS if law.trace.use(allowed) == "either" else (method,)
    needed = floors.qp if status == QP else floors.partial_qp
    for name in by:
        floor = _threshold(needed, name)
        part, total = _figures(medicare, name)
        met = _reaches(part, total, floor, law)
        law.trace.say(
            floor,
            "Medicare alone, which a {} by all payers needs: {} of {} {} are {}"
            " percent, {} {} percent",
            NAMES[status],
            plain(part),
            plain(total),
            UNITS[name],
            plain(rounded(percent(part, total), law.rules.percent_decimals.value)),
            "at least" if met else "below",
            plain(floor.value),
        )
        if met:
            return True
    return False


def _reaches(part: Decimal, total: Decimal, threshold: Figure, law: _Law) -> bool:
    """Say whether a share is at or above a threshold.

    Compared without a quotient, so that no third of anything decides.
    """
    rules, trace = law
    if trace.use(rules.percent_compared) == "exact":
        return part * HUNDRED >= trace.use(threshold) * total
    shown = rounded(percent(part, total), trace.use(rules.percent_decimals))
    return shown >= trace.use(threshold)


def _figures(share: Share, method: str) -> tuple[Decimal, Decimal]:
    """Give part and total of a method."""
    if method == PAYMENT_AMOUNT:
        return share.payments, share.payments_total
    return share.patients, share.patients_total


def _threshold(of: Thresholds, method: str) -> Figure:
    """Give the threshold of a method."""
    return of.payment_amount if method == PAYMENT_AMOUNT else of.patient_count
