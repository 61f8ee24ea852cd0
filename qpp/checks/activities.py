"""One improvement activity, § 414.1360: only what was performed counts."""

from qpp.checks.reporting import Report
from qpp.codes import Code


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
