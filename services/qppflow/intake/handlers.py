"""What `intake` decides: rejected and answered, or recorded as a fact of an entity."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from qpp.codes import Code
from qpp.finding_rules import report
from qpp.findings import Finding
from qppflow.intake import answers
from qppflow.intake.facts import recorded
from qppflow.intake.topics import FACTS, FEEDS, RESULTS, STAGE, SUBMISSIONS
from qppflow.runtime import headers
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import Attributes
from qppflow.runtime.judging import (
    LENIENT,
    PARKED,
    REJECTED,
    Judged,
    judge_feed,
    judge_submission,
)
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.resources import finding_rules
from qppflow.runtime.tokens import Tokens

__all__ = ["FACTS", "FEEDS", "RESULTS", "STAGE", "SUBMISSIONS", "Intake"]


class Intake:
    """Judges what comes from outside; it remembers nothing.

    ``feeds`` is the broker's name of the topic that CMS's feeds come on. Findings of
    the codes in ``strict`` reject a submission, though they are warnings elsewhere;
    what CMS itself says of an entity is never rejected for one.
    """

    def __init__(
        self, tokens: Tokens, feeds: str, *, strict: frozenset[Code] = LENIENT
    ) -> None:
        self._tokens = tokens
        self._feeds = feeds
        self._strict = strict

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Answer what is rejected, record what is not, park what is no document.

        Raises:
            ParkError: nobody can be answered about the document itself.
        """
        judged = self._judged(record)
        if judged.fate == PARKED:
            raise ParkError(str(judged.parked))
        sender = headers.read(record.headers)
        findings = [*_sender_findings(sender), *judged.findings]
        if judged.fate == REJECTED:
            return [answers.rejected(record, judged.year, findings)]
        assert judged.document is not None
        return [recorded(record, judged.document, findings, self._tokens)]

    def _judged(self, record: Record) -> Judged:
        """Judge a record as what its topic carries."""
        if record.topic == self._feeds:
            return judge_feed(record.value)
        return judge_submission(
            record.value, received=_day(record.timestamp), strict=self._strict
        )

    def on_parked(self, record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
        """Answer a sender who can be named that the document was parked."""
        sender = headers.read(record.headers)
        if sender.source is None:
            return []
        return [answers.parked(record, letter, reason)]


def _day(milliseconds: int) -> date:
    """Give the day, in UTC, of a broker's time."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).date()


def _sender_findings(sender: Attributes) -> list[Finding]:
    """Warn that a resend cannot be told from a new document without its name."""
    missing = [
        name
        for name, value in (("ce_source", sender.source), ("ce_id", sender.id))
        if value is None
    ]
    if not missing:
        return []
    found = f"no readable header {' and '.join(missing)}"
    return [report(finding_rules(), Code.SOURCE_MISSING, "", found)]
