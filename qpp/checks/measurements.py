"""The measurements of one set: those beyond doubt in short, the others closely."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from qpp.catalogue import QualityMeasure
from qpp.checks import measures as known
from qpp.checks.activities import check_activity
from qpp.checks.beyond_doubt import (
    Probe,
    example_of,
    is_rate_sound,
    plain_measures,
    signs_of,
)
from qpp.checks.context import Context
from qpp.checks.interoperability import (
    Answered,
    check_interoperability,
    read_answer,
)
from qpp.checks.line import Line
from qpp.checks.portfolio import Portfolio
from qpp.checks.quality import check_quality
from qpp.checks.reporting import Report
from qpp.checks.worth import check_benchmark, what_lacks
from qpp.numbers import CACHED
from qpp.promoting_interoperability.plan import Signs
from qpp.submission import IA, PI, QUALITY

# The answers of these sets are so few that whole sets repeat.
REPEATING: Final = frozenset({PI, IA})


@dataclass(slots=True)
class Placed:
    """A measurement set at pointer ``at``, and what was met in it so far.

    ``method`` is None where it is wrong for the whole set, ``program`` where there is
    no such program: both are said once and not for each measure. ``first`` has the
    number of each measure's first measurement.
    """

    at: str
    category: str | None
    method: str | None
    program: str | None
    portfolio: Portfolio
    first: dict[str, int] = field(default_factory=dict)
    of_qcdrs: list[str] = field(default_factory=list)

    def pointer(self, number: int) -> str:
        """Point to a measurement by its *number* in the set."""
        return f"{self.at}/measurements/{number}"


def are_beyond_doubt(
    sent: list[object], category: str | None, program: str | None, context: Context
) -> bool:
    """Say whether the answers of a set are known to have no finding."""
    if category not in REPEATING:
        return False
    signs = signs_of(sent)
    return signs is not None and _are_sound(context, category, program, signs)


@lru_cache(CACHED)
def _are_sound(
    context: Context, category: str | None, program: str | None, signs: Signs
) -> bool:
    """Say whether a set of these signs has no finding, by looking closely once."""
    placed = Placed("", category, None, program, Portfolio())
    probe = Probe({}, context)
    check_closely(example_of(signs), placed, probe)
    return probe.sound


def check_closely(sent: list[object], placed: Placed, report: Report) -> None:
    """Check the measurements in one pass, then the set as a whole."""
    context, first = report.context, placed.first
    sound: dict[str, QualityMeasure] = {}
    plain = (
        plain_measures(context, placed.method, placed.program)
        if placed.category == QUALITY
        else {}
    )
    lacks = what_lacks(context, placed.method) if plain and placed.method else {}
    answered = Answered(placed.at)
    number = -1
    for raw in sent:
        number += 1
        if type(raw) is not dict or type(measure_id := raw.get("measureId")) is not str:
            continue
        value = raw.get("value")
        measure = plain.get(measure_id)
        if (
            measure is not None
            and measure_id not in first
            and is_rate_sound(value, measure, context, placed.method)
        ):
            first[measure_id] = number
            sound[measure_id] = measure
            if measure.is_qcdr:
                placed.of_qcdrs.append(measure_id)
            if measure_id in lacks:
                line = Line(placed.pointer(number), measure, placed.method, report)
                check_benchmark(placed.method or "", line)
        else:
            _check_one((measure_id, value), number, placed, answered, report)
    if sound:
        placed.portfolio.add(sound, placed.at)
    if placed.of_qcdrs:
        known.report_vendor(placed.of_qcdrs, placed.at, report)
    check_interoperability(answered, report)


def _check_one(
    sent: tuple[str, object],
    number: int,
    placed: Placed,
    answered: Answered,
    report: Report,
) -> None:
    """Check one measurement: its measure, then its value."""
    measure_id, value = sent
    context, category, program = report.context, placed.category, placed.program
    at = placed.pointer(number)
    first = placed.first.setdefault(measure_id, number)
    if first != number:
        known.report_repeated(measure_id, at, placed.pointer(first), report)
    measures = known.measures_of(category, context.catalogue)
    measure = None if measures is None else measures.get(measure_id)
    if measure is None or measure_id in context.from_cms_only:
        known.report_out_of_place(measure_id, at, measures, report)
        return
    if program is not None and program not in measure.allowed_programs:
        known.report_program(measure_id, at, program, report)
    if isinstance(measure, QualityMeasure):
        check_quality(value, Line(at, measure, placed.method, report))
        if measure.is_qcdr:
            placed.of_qcdrs.append(measure_id)
        if program in context.rules.submission.programs.value:
            placed.portfolio.add({measure_id: measure}, placed.at)
    elif category == PI:
        read_answer(measure_id, value, at, answered, report)
    else:
        check_activity(value, at, report)
