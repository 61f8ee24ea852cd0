"""What a status is worth: MIPS left out, § 414.1310(b), and payments, § 414.1450."""

from decimal import Decimal
from typing import NamedTuple

from qpp.advanced_apm.comparing import PARTIAL_QP, QP
from qpp.advanced_apm.determining import AREA
from qpp.advanced_apm.rules import AdvancedApmRules
from qpp.numbers import ZERO, exactly, plain
from qpp.parts import JsonObject, reason
from qpp.trace import Step, Trace


class InMips(NamedTuple):
    """Whether a status takes somebody out of MIPS; other exclusions are no matter."""

    excluded: bool
    reasons: list[JsonObject]
    assumptions: frozenset[str]


class Benefit(NamedTuple):
    """What payments of ``payment_year`` gain; figures are percent.

    ``conversion_factor_update`` is None where the year has no such update.
    """

    payment_year: int
    incentive_percent: Decimal
    conversion_factor_update: Decimal | None
    reasons: list[JsonObject]
    assumptions: frozenset[str]


def in_mips(
    status: str, rules: AdvancedApmRules, *, elects: bool | None = None
) -> InMips:
    """Say whether a QP or partial QP is excluded from MIPS.

    *elects* is a partial QP's election to take part, or not to; None without one.
    """
    book, trace = rules.qualifying, Trace()
    excluded = False
    if status == QP:
        trace.say(book.qp_in_mips, "a QP takes no part in MIPS, elected or not")
        excluded = True
    elif status == PARTIAL_QP and elects is not None:
        words = "takes part" if elects else "takes no part"
        trace.say(
            book.partial_qp_in_mips, "a partial QP that elected so {} in MIPS", words
        )
        excluded = not elects
    elif status == PARTIAL_QP:
        rule = book.partial_qp_without_election
        excluded = rule.value == "excluded"
        words = "takes no part" if excluded else "takes part"
        trace.say(rule, "a partial QP without an election {} in MIPS", words)
    return InMips(excluded, _written(trace), frozenset(trace.assumptions))


@exactly
def benefit(status: str, rules: AdvancedApmRules) -> Benefit:
    """Say what a status is worth in the payment year of a performance year's rules."""
    book, trace = rules.qualifying, Trace()
    year, rule = book.payment_year.value, book.incentive_percent
    incentive = ZERO
    if status == QP:
        incentive = trace.say(
            rule, "the incentive of a QP in {} is {} percent", year, plain(rule.value)
        )
    else:
        # Not used but told: its own uncertainty touches nobody who gets none.
        trace.steps.append(Step(rule, "only a QP has an incentive in {}", (year,)))
    update = (
        book.conversion_factor_update_qp
        if status == QP
        else book.conversion_factor_update_other
    )
    if update is not None:
        trace.say(
            update,
            "the conversion factor of {} rises by {} percent for {}",
            year,
            plain(update.value),
            "a QP" if status == QP else "whoever is no QP",
        )
    return Benefit(
        year,
        incentive,
        None if update is None else update.value,
        _written(trace),
        frozenset(trace.assumptions),
    )


def _written(trace: Trace) -> list[JsonObject]:
    """Write the reasons of a trace."""
    return [reason(step, AREA) for step in trace.steps]
