"""Registration for an MVP or the APP, § 414.1365(b): program, choices and day."""

from collections.abc import Mapping
from typing import Final

from qpp.checks.entities import NAMES, is_mvp, is_refused
from qpp.checks.reading import JsonTable, day, rows, table, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.submission import ADMINISTRATIVE_CLAIMS

PROGRAM: Final = "programName"
POPULATION_HEALTH: Final = "populationHealthMeasure"
OUTCOMES: Final = "outcomesMeasure"
DAY: Final = "registeredOn"


def check_registrations(document: Mapping[str, object], report: Report) -> None:
    """Check the programs that an entity is registered for, and what it chose."""
    kind = text(document.get("entityType"))
    places: dict[str, str] = {}
    for number, raw in enumerate(rows(document.get("registrations"))):
        entry = table(raw)
        if entry is None:
            continue
        at = f"/registrations/{number}"
        _check_day(entry, at, report)
        program = text(entry.get(PROGRAM))
        if program is None:
            continue
        _check_program(kind, program, at, report)
        _check_choices(entry, program, at, report)
        first = places.setdefault(program, at)
        if first != at:
            report.add(
                Code.REGISTRATION_DUPLICATE,
                f"{at}/{PROGRAM}",
                f"{shown(program)} again",
                f"each program once; the first is {first}",
            )


def _check_program(kind: str | None, program: str, at: str, report: Report) -> None:
    """Check that there is such a program to register for, and that this entity may."""
    rules = report.context.rules.submission
    if program == rules.default_program.value or program not in rules.programs.value:
        open_ones = (
            p for p in rules.programs.value if p != rules.default_program.value
        )
        report.add(
            Code.REGISTRATION_UNKNOWN,
            f"{at}/{PROGRAM}",
            shown(program),
            f"one of {', '.join(open_ones)}, which are open to registration for "
            f"{rules.performance_year.value}",
            rules.programs,
        )
    elif kind is not None and is_refused(kind, program, report):
        report.add(
            Code.ENTITY_NOT_IN_PROGRAM,
            f"{at}/{PROGRAM}",
            f"{NAMES[kind]} registered for {shown(program)}",
            f"a program that {NAMES[kind]} reports",
            rules.programs_refused,
        )


def _check_choices(entry: JsonTable, program: str, at: str, report: Report) -> None:
    """Check that what was chosen for an MVP is a measure of that MVP."""
    if program not in report.context.rules.submission.programs.value:
        return
    rule = report.context.rules.submission.population_health_measures
    claims = _claims_measures(program, report)
    health = claims & frozenset(rule.value)
    for name, known, words in (
        (POPULATION_HEALTH, health, "population health measure"),
        (
            OUTCOMES,
            claims - health,
            "outcomes-based measure from administrative claims",
        ),
    ):
        chosen = text(entry.get(name))
        if chosen is not None and chosen not in known:
            report.add(
                Code.REGISTRATION_MEASURE,
                f"{at}/{name}",
                f"{shown(chosen)} for {shown(program)}",
                f"one of {', '.join(sorted(known))}, each a {words} of {program}"
                if known
                else f"no such choice: {program} has no {words}",
                rule,
            )


def _claims_measures(program: str, report: Report) -> frozenset[str]:
    """List what an MVP has from administrative claims; the APP leaves no choice."""
    if not is_mvp(program, report):
        return frozenset()
    return frozenset(
        name
        for name, measure in report.context.catalogue.quality.items()
        if ADMINISTRATIVE_CLAIMS in measure.submission_methods
        and program in measure.allowed_programs
    )


def _check_day(entry: JsonTable, at: str, report: Report) -> None:
    """Warn of a day on which nobody could register."""
    found = day(text(entry.get(DAY)) or "")
    rules = report.context.rules.submission
    first, last = rules.registration_opens, rules.registration_closes
    if found is not None and not first.value <= found <= last.value:
        report.add(
            Code.REGISTRATION_DAY,
            f"{at}/{DAY}",
            str(found),
            f"a day from {first.value} to {last.value}; the registration is taken, "
            "and CMS may not know it",
            last if found > last.value else first,
        )
