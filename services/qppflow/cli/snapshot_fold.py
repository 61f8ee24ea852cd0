"""What billing's topic comes to: of each clinician the events that still count.

They are kept in a temporary file and not in memory; only its owner can read it, since
events have TIN and NPI.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Final, NamedTuple, Self

from qppflow.cli.scratch import scratch
from qppflow.runtime import headers
from qppflow.runtime.events import PREFIX, UNKNOWN, decode, kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Record

# An adjustment has figures, and a retraction takes them away, whatever came before.
FIGURES: Final = frozenset({"payment-adjusted.v1", "score-retracted.v1"})
# Behind these the figures from before are still needed.
PASSING: Final = frozenset({"score-held.v1", "score-released.v1"})

_ADJUSTED_TYPE: Final = f"{PREFIX}payment-adjusted.v1"
_COLUMNS: Final = """(
    subject TEXT PRIMARY KEY, revision INTEGER, part INTEGER, place INTEGER,
    type TEXT, event BLOB
) WITHOUT ROWID"""
_TABLES: Final = f"""
CREATE TABLE newest {_COLUMNS};
CREATE TABLE figures {_COLUMNS};
"""
_NEWEST: Final = "SELECT revision, type FROM newest WHERE subject = ?"
_PUT: Final = "REPLACE INTO newest VALUES (?, ?, ?, ?, ?, ?)"
_SET_ASIDE: Final = "REPLACE INTO figures SELECT * FROM newest WHERE subject = ?"
_DROP: Final = "DELETE FROM figures WHERE subject = ?"
_READ: Final = """
SELECT subject, revision, part, place, type, event FROM figures
UNION ALL
SELECT subject, revision, part, place, type, event FROM newest
ORDER BY subject, revision
"""


class Standing(NamedTuple):
    """An event that counts: where it lies, its ``ce_type``, and its bytes."""

    subject: str
    revision: int
    partition: int
    offset: int
    type: str
    event: bytes


class Ledger:
    """The events that count of every clinician, or of those of one performance year."""

    def __init__(self, base: Connection, year: int | None) -> None:
        self._base = base
        self._year = year

    @classmethod
    @contextmanager
    def kept(cls, year: int | None = None) -> Iterator[Self]:
        """Keep them for the length of a block, in a folder that then goes."""
        with scratch(_TABLES) as base:
            yield cls(base, year)

    def take(self, records: Iterable[Record]) -> None:
        """Take records of the topic, each partition's in log order.

        Raises:
            ParkError: a record is none of our events, or of a kind not known here.
        """
        self._base.execute("BEGIN")
        for record in records:
            self._put(record)
        self._base.execute("COMMIT")

    def _put(self, record: Record) -> None:
        kind, event = kind_of(record), decode(record.value)
        if kind not in {*PASSING, *FIGURES}:
            # Better no snapshot than one that leaves out what nobody understood.
            raise ParkError(UNKNOWN)
        if self._year is not None and event["performanceYear"] != self._year:
            return
        subject, revision = event["subject"], event["revision"]
        found = self._base.execute(_NEWEST, (subject,)).fetchone()
        if found is not None and revision <= found[0]:
            return
        if kind in FIGURES:
            self._base.execute(_DROP, (subject,))
        elif found is not None and found[1] == _ADJUSTED_TYPE:
            self._base.execute(_SET_ASIDE, (subject,))
        type_ = headers.read(record.headers).type
        row = (subject, revision, record.partition, record.offset, type_, record.value)
        self._base.execute(_PUT, row)

    def standing(self) -> Iterator[Standing]:
        """Give the events that count by subject, older ones first."""
        for row in self._base.execute(_READ):
            yield Standing(*row)
