"""What each clinician of a year is paid: kept in a file, not in memory.

The file is a temporary one that only its owner can read, since it has TIN and NPI.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from sqlite3 import Connection
from typing import Final, NamedTuple, Self

from qpp.mips.rules import MipsRules
from qpp.mips.tally import Tally
from qpp.rosters import NPI, TIN
from qppflow.cli.scratch import scratch
from qppflow.runtime.events import decode, kind_of, time_of
from qppflow.runtime.records import Place, Record

ADJUSTED: Final = "payment-adjusted.v1"
# What an event of billing's topic makes of a clinician.
STATES: Final = {
    ADJUSTED: "paid",
    "score-released.v1": "paid",
    "score-held.v1": "held",
    "score-retracted.v1": "retracted",
}
TABLE: Final = """
CREATE TABLE clinician (
    subject TEXT PRIMARY KEY, tin TEXT, npi TEXT, late INTEGER,
    revision INTEGER, state TEXT, letter TEXT,
    paid_revision INTEGER, score TEXT, amount TEXT
) WITHOUT ROWID
"""
# The right sides see the row as it was; of repeated events nothing changes.
PUT: Final = """
INSERT INTO clinician VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (subject) DO UPDATE SET
    late = min(late, excluded.late),
    state = iif(excluded.revision > revision, excluded.state, state),
    letter = iif(excluded.revision > revision, excluded.letter, letter),
    revision = max(revision, excluded.revision),
    score = iif(excluded.paid_revision > paid_revision, excluded.score, score),
    amount = iif(excluded.paid_revision > paid_revision, excluded.amount, amount),
    paid_revision = max(paid_revision, excluded.paid_revision)
"""


class Held(NamedTuple):
    """A clinician whose newer score waits, and the dead letter it waits for."""

    subject: str
    letter: str


class Who(NamedTuple):
    """A clinician of the year."""

    subject: str
    tin: str
    npi: str


class Clinicians:
    """The newest word on each clinician of one performance year.

    *since* has offsets: who is first heard of at or behind them is late. ``newest``
    is the time, in ms since 1970, of the newest document that led to a payment.
    """

    def __init__(
        self, base: Connection, year: int, since: Mapping[Place, int] | None = None
    ) -> None:
        self._base = base
        self._year = year
        self._since = since or {}
        self.newest = 0

    @classmethod
    @contextmanager
    def kept(
        cls, year: int, since: Mapping[Place, int] | None = None
    ) -> Iterator[Self]:
        """Keep them for the length of a block, in a folder that then goes."""
        with scratch(TABLE) as base:
            yield cls(base, year, since)

    def take(self, records: Iterable[Record]) -> None:
        """Take records of payments; those of other years are left out.

        Raises:
            ParkError: a record is none of our events.
        """
        rows = [row for record in records if (row := self._row(record)) is not None]
        self._base.execute("BEGIN")
        self._base.executemany(PUT, rows)
        self._base.execute("COMMIT")

    def _row(self, record: Record) -> tuple[object, ...] | None:
        kind, event = kind_of(record), decode(record.value)
        if kind not in STATES or event["performanceYear"] != self._year:
            return None
        self.newest = max(self.newest, time_of(record))
        since = self._since.get(record.place)
        late = since is not None and record.offset >= since
        revision = event["revision"]
        paid = revision if kind == ADJUSTED else 0
        who = (event["subject"], event[TIN], event[NPI], int(late))
        state = (revision, STATES[kind], event.get("deadLetter"))
        return (*who, *state, paid, event.get("score"), event.get("allowedAmount"))

    def count(self) -> int:
        """Count all clinicians of the year."""
        (found,) = self._base.execute("SELECT count(*) FROM clinician").fetchone()
        return int(found)

    def held(self) -> list[Held]:
        """Give those whose score is held, by token."""
        asked = "SELECT subject, letter FROM clinician WHERE state = 'held'"
        return [Held(*row) for row in self._base.execute(f"{asked} ORDER BY subject")]

    def without_amount(self) -> int:
        """Count those who are paid, and of whom no paid amount is known."""
        asked = "SELECT count(*) FROM clinician WHERE state = 'paid' AND amount IS NULL"
        (found,) = self._base.execute(asked).fetchone()
        return int(found)

    def tally(self, rules: MipsRules) -> Tally:
        """Tally all who are paid; an amount that nobody knows counts as 0.

        Raises:
            TallyError: a score or an amount is none that a year can be closed over.
        """
        made = Tally(rules)
        asked = "SELECT score, amount FROM clinician WHERE state = 'paid'"
        for score, amount in self._base.execute(asked):
            made.add(Decimal(score), Decimal(amount or 0))
        return made

    def everyone(self, *, late: bool = False) -> Iterator[Who]:
        """Give all clinicians by token, or only the late ones."""
        asked = "SELECT subject, tin, npi FROM clinician WHERE late >= ?"
        for row in self._base.execute(f"{asked} ORDER BY subject", (int(late),)):
            yield Who(*row)
