"""Whether a document arrived while its year could be submitted, § 414.1325(e)."""

from datetime import date

from qpp.codes import Code
from qpp.finding_rules import FindingRules
from qpp.findings import Finding
from qpp.mips.rules import MipsRules


def check_window(
    received: date, rules: MipsRules, describe: FindingRules
) -> list[Finding]:
    """Say that a document which arrived on a day (UTC) came late; early is no mistake.

    Raises:
        KeyError: *describe* lacks the code.
    """
    closes = rules.submission.window_closes
    if received <= closes.value:
        return []
    described = describe[Code.ARRIVED_LATE]
    return [
        Finding(
            pointer="",
            code=Code.ARRIVED_LATE.value,
            severity=described.severity,
            found=f"arrived on {received}, for performance year {rules.year}",
            needed=f"{closes.value} at the latest; a document is scored all the same "
            "unless late ones are refused, and CMS may not take it",
            citation=closes.citation,
        )
    ]
