"""Performance periods, § 414.1320: days that exist, in order, in the year, enough."""

from datetime import date
from typing import Final

from qpp.checks.reading import JsonTable, day, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.promoting_interoperability.period import days_counted
from qpp.submission import IA, PI, QUALITY

START: Final = "performanceStart"
END: Final = "performanceEnd"

# What is not even written like a day is the JSON Schema's finding.
_WRITTEN_LIKE: Final = str.maketrans("0123456789", "9" * len("0123456789"))
_DAY_FORM: Final = "9999-99-99"


def check_period(item: JsonTable, at: str, report: Report) -> None:
    """Check the performance period of one measurement set at pointer *at*."""
    start = _day(item, START, at, report)
    end = _day(item, END, at, report)
    if start is None or end is None:
        return
    if end < start:
        report.add(
            Code.PERIOD_REVERSED,
            f"{at}/{END}",
            f"{end} is before {start}",
            "a period that ends on or after the day it starts",
            report.context.rules.submission.performance_year,
        )
        return
    _check_length(item.get("category"), start, end, at, report)


def _day(item: JsonTable, name: str, at: str, report: Report) -> date | None:
    """Read one end of the period and check that it is a day of the year."""
    written = text(item.get(name))
    if written is None:
        return None
    found = day(written)
    year = report.context.rules.submission.performance_year
    if found is None:
        if written.translate(_WRITTEN_LIKE) == _DAY_FORM:
            report.add(
                Code.DATE_IMPOSSIBLE,
                f"{at}/{name}",
                f"{written}, which no calendar has",
                f"a day of {year.value}, written YYYY-MM-DD",
                year,
            )
    elif not report.context.first_day <= found <= report.context.last_day:
        report.add(
            Code.PERIOD_OUTSIDE_YEAR,
            f"{at}/{name}",
            str(found),
            f"a day from {report.context.first_day} to {report.context.last_day}",
            year,
        )
    return found


def _check_length(
    category: object,
    start: date,
    end: date,
    at: str,
    report: Report,
) -> None:
    """Say what a period shorter than its category asks for costs."""
    rules = report.context.rules
    days = (end - start).days + 1
    if category == QUALITY:
        full = rules.quality.minimum_days_is_full_year
        first, last = report.context.first_day, report.context.last_day
        year = (last - first).days + 1
        if full.value and days < year:
            report.add(
                Code.QUALITY_PERIOD_SHORT,
                f"{at}/{END}",
                f"{days} days",
                f"the whole year, {first} to {last}; a shorter period is scored all "
                "the same, in a small practice as in any other",
                full,
            )
    elif category == PI:
        _check_interoperability(days, at, report)
    elif category == IA:
        _check_activities(days, at, report)


def _check_activities(days: int, at: str, report: Report) -> None:
    """Say that activities over a short period do not count."""
    rules = report.context.rules.improvement_activities
    minimum = rules.minimum_days
    if days < minimum.value and rules.ia_short_period.value == "not_counted":
        report.add(
            Code.IA_PERIOD_SHORT,
            f"{at}/{END}",
            f"{days} days",
            f"{minimum.value} days; the activities of this set are not counted, for a "
            "small practice as for any other",
            minimum,
        )


def _check_interoperability(days: int, at: str, report: Report) -> None:
    """Say that a short period scores 0, and what it means where PI is reweighted."""
    rules = report.context.rules.promoting_interoperability
    days = days_counted(days, rules)
    if days < rules.minimum_days.value:
        report.add(
            Code.PI_PERIOD_SHORT,
            f"{at}/{END}",
            f"{days} days",
            f"{rules.minimum_days.value} days; {zero_category(report)}",
            rules.minimum_days,
        )


def zero_category(report: Report) -> str:
    """Say what a set that scores 0 in Promoting Interoperability costs, and whom."""
    rules = report.context.rules.promoting_interoperability
    if rules.short_or_incomplete_cancels_reweighting.value:
        exempt = "so does a small practice, whose category would otherwise not count"
    else:
        exempt = "a small practice keeps the category out of its final score"
    return f"this set scores 0 in Promoting Interoperability; {exempt}"
