"""One improvement activity, § 414.1360: only what was performed counts."""

from qpp.checks.periods import START
from qpp.checks.reading import JsonTable, day, rows, table, text
from qpp.checks.reporting import Report
from qpp.codes import Code
from qpp.identifiers import shown
from qpp.submission import IA


def check_activity(sent: object, at: str, report: Report) -> None:
    """Warn that an activity answered false earns nothing; *at* points to it."""
    if sent is False:
        report.add(
            Code.ACTIVITY_NOT_PERFORMED,
            f"{at}/value",
            "false",
            "true for an activity that was performed; this one is not counted, for a "
            "small practice as for any other",
            report.context.rules.improvement_activities.full_credit,
        )


def check_suspended(item: JsonTable, at: str, report: Report) -> None:
    """Warn of activities that CMS had suspended when the period of a set began."""
    rules = report.context.rules.improvement_activities
    suspended, first = rules.suspended_activities, rules.suspended_from
    if suspended is None or first is None or item.get("category") != IA:
        return
    start = day(text(item.get(START)) or "")
    if start is None or start < first.value:
        return
    for number, raw in enumerate(rows(item.get("measurements"))):
        sent = table(raw) or {}
        name = text(sent.get("measureId"))
        if name in suspended.value and sent.get("value") is True:
            report.add(
                Code.ACTIVITY_SUSPENDED,
                f"{at}/measurements/{number}/measureId",
                f"{shown(name)}, suspended from {first.value}",
                "an activity that had begun before that day; it is counted as if it "
                "had, for a small practice as for any other",
                suspended,
            )
