"""Whether somebody is a QP, a partial QP or neither, 42 CFR 414.1425."""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.advanced_apm.comparing import (
    NAMES,
    NONE,
    OPTIONS,
    UNITS,
    Comparison,
    comparisons,
    rank,
)
from qpp.advanced_apm.facts import INDIVIDUAL, Facts, Snapshot
from qpp.advanced_apm.rules import AdvancedApmRules, QualifyingRules
from qpp.numbers import exactly
from qpp.parts import JsonObject, reason
from qpp.trace import Trace

AREA: Final = "advancedApm"
ENTITY_LEVEL: Final = "apmEntity"
GROUNDS_NOT_JUDGED: Final = "qp-individual-grounds-not-judged"


class Determination(NamedTuple):
    """The status, and the comparison it was reached by.

    ``status`` is ``qp``, ``partialQp`` or ``none``; ``level`` ``apmEntity`` or
    ``individual``. ``reached_by`` is None without a status. ``compared`` has every
    comparison made, in the order of days, options and methods.
    """

    status: str
    level: str
    reached_by: Comparison | None
    compared: tuple[Comparison, ...]
    reasons: list[JsonObject]
    assumptions: frozenset[str]

    @property
    def method(self) -> str | None:
        """``paymentAmount`` or ``patientCount``; None without a status."""
        return None if self.reached_by is None else self.reached_by.method

    @property
    def option(self) -> str | None:
        """``medicare`` or ``allPayer``; None without a status."""
        return None if self.reached_by is None else self.reached_by.option

    @property
    def percent(self) -> Decimal | None:
        """The share that reached the status, in percent; None without a status."""
        return None if self.reached_by is None else self.reached_by.percent


@exactly
def determine(facts: Facts, rules: AdvancedApmRules) -> Determination:
    """Determine a status by the best of all snapshots, options and methods.

    Of equals the earliest snapshot, Medicare's option and the payment amount are told.
    """
    book, trace = rules.qualifying, Trace()
    level = _level(facts, book, trace)
    compared = tuple(
        found
        for snapshot in _counted(facts, book, trace)
        for found in comparisons(snapshot, book, trace)
    )
    best = max(compared, key=rank, default=None)
    if best is None or best.status == NONE:
        trace.say(book.several_methods, "no threshold is reached: no status")
        best = None
    else:
        trace.say(
            book.several_methods,
            "the best status counts: {}, by {} of {}, on {}",
            NAMES[best.status],
            UNITS[best.method],
            OPTIONS[best.option],
            best.day,
        )
    return Determination(
        NONE if best is None else best.status,
        level,
        best,
        compared,
        [reason(step, AREA) for step in trace.steps],
        frozenset(trace.assumptions),
    )


def _level(facts: Facts, rules: QualifyingRules, trace: Trace) -> str:
    """Say at which level it is determined, and what that takes for granted."""
    if facts.entity_type != INDIVIDUAL:
        trace.say(
            rules.entity_level, "all clinicians of an APM Entity are judged together"
        )
        return ENTITY_LEVEL
    if trace.use(rules.individual_level) == "every_clinician":
        trace.say(rules.individual_level, "a clinician is judged alone, too")
        return INDIVIDUAL
    trace.say(
        rules.individual_level,
        "a clinician is judged alone as an affiliated practitioner, or where none of"
        " several APM Entities reaches it; taken as given",
    )
    trace.assume(GROUNDS_NOT_JUDGED)
    return INDIVIDUAL


def _counted(facts: Facts, rules: QualifyingRules, trace: Trace) -> list[Snapshot]:
    """Give the snapshots that count, in the order of their days."""
    allowed = trace.use(rules.snapshots)
    counted = []
    for snapshot in sorted(facts.snapshots, key=lambda item: item.day):
        if snapshot.day in allowed:
            counted.append(snapshot)
        else:
            trace.say(
                rules.snapshots,
                "{} is no snapshot of {}, and does not count",
                snapshot.day,
                rules.performance_year.value,
            )
    if trace.use(rules.several_snapshots) == "best":
        return counted
    return counted[-1:]
