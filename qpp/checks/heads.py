"""What a measurement set says before its measurements: program, method and period."""

from functools import lru_cache
from typing import Final

from qpp.checks import sets
from qpp.checks.beyond_doubt import Probe
from qpp.checks.context import Context
from qpp.checks.entities import check_entity
from qpp.checks.periods import END, START, check_period
from qpp.checks.reading import JsonTable
from qpp.checks.reporting import Report
from qpp.numbers import CACHED

PROGRAM: Final = "programName"
NEEDED: Final = ("category", "submissionMethod", START, END)


def check_head(
    item: JsonTable, kind: object, at: str, report: Report
) -> tuple[str | None, bool]:
    """Check a set at pointer *at*; give its program, and whether the method fits.

    *kind* is the entity type as sent. The program is None where it is no program at
    all.
    """
    get = item.get
    category, method, start, end = map(get, NEEDED)
    sent = get(PROGRAM)
    if type(category) is type(method) is type(start) is type(end) is type(
        kind
    ) is str and (sent is None or type(sent) is str):
        program = _sound_program(
            report.context, kind, sent, category, method, start, end
        )
        if program is not None:
            return program, True
    found = sets.check_program(item, at, report)
    fits = sets.check_method(item, at, report)
    check_period(item, at, report)
    check_entity(kind, item, found, at, report)
    return found, fits


@lru_cache(CACHED)
def _sound_program(
    context: Context, kind: str, program: str | None, *head: object
) -> str | None:
    """Give the program of a head without findings, or None; they repeat a lot."""
    item: JsonTable = dict(zip(NEEDED, head, strict=True)) | {PROGRAM: program}
    probe = Probe({}, context)
    found = sets.check_program(item, "", probe)
    sets.check_method(item, "", probe)
    check_period(item, "", probe)
    check_entity(kind, item, found, "", probe)
    return found if probe.sound else None
