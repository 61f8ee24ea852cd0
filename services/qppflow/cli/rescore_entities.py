"""The entities of a year and their newest scores: kept in a file, not in memory."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any, Final, NamedTuple, Self, TypeAlias

from qppflow.cli.rescore_events import FACTS, ORDERED, Order, read_order
from qppflow.cli.scratch import scratch
from qppflow.runtime.events import decode, kind_of, time_of
from qppflow.runtime.records import Record

JsonObject: TypeAlias = dict[str, Any]
Row: TypeAlias = tuple[object, ...]

SCORES: Final = "qpp-final-scores"
INPUTS: Final = "qpp-score-inputs"
PAYMENTS: Final = "qpp-payment-adjustments"
FAST: Final = 1
TABLES: Final = """
CREATE TABLE entity (subject TEXT PRIMARY KEY, ordered TEXT) WITHOUT ROWID;
CREATE TABLE score (
    subject TEXT, program TEXT, revision INTEGER, stands INTEGER, law TEXT, body BLOB,
    PRIMARY KEY (subject, program));
CREATE TABLE input (
    subject TEXT, program TEXT, revision INTEGER, body BLOB,
    PRIMARY KEY (subject, program));
CREATE TABLE payment (
    subject TEXT PRIMARY KEY, revision INTEGER, entity TEXT, program TEXT, body BLOB);
CREATE INDEX paid_by ON payment (entity, program);
"""
PUT: Final = {
    "entity": "INSERT OR IGNORE INTO entity VALUES (?, NULL)",
    "ordered": "UPDATE entity SET ordered = ? WHERE subject = ?",
    SCORES: """INSERT INTO score VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (subject, program) DO UPDATE SET
        revision = excluded.revision, stands = excluded.stands, law = excluded.law,
        body = excluded.body WHERE excluded.revision > revision""",
    INPUTS: """INSERT INTO input VALUES (?, ?, ?, ?)
        ON CONFLICT (subject, program) DO UPDATE SET
        revision = excluded.revision, body = excluded.body
        WHERE excluded.revision > revision""",
    PAYMENTS: """INSERT INTO payment VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (subject) DO UPDATE SET
        revision = excluded.revision, entity = excluded.entity,
        program = excluded.program, body = excluded.body
        WHERE excluded.revision > revision""",
}
# An entity is done if each score that stands was made by the law that is wanted.
ALL: Final = """SELECT subject, ordered,
    EXISTS (SELECT 1 FROM score s WHERE s.subject = entity.subject)
    AND NOT EXISTS (SELECT 1 FROM score s WHERE s.subject = entity.subject
        AND s.stands = 1 AND s.law <> ?)
    FROM entity ORDER BY subject"""


class Pair(NamedTuple):
    """A score that stands, and its input as far as it is kept."""

    subject: str
    program: str
    score: JsonObject
    input: JsonObject | None


class Entities:
    """What the log says of one performance year.

    ``newest`` is the time of the newest fact, in ms since 1970; ``order`` the newest
    re-scoring that was ordered.
    """

    order: Order | None

    def __init__(self, base: Connection, year: int) -> None:
        self._base = base
        self._year = year
        self.newest = 0
        self.order = None

    @classmethod
    @contextmanager
    def kept(cls, year: int) -> Iterator[Self]:
        """Keep them for the length of a block, in a folder that then goes."""
        with scratch(TABLES) as base:
            yield cls(base, year)

    def take(self, topic: str, records: Iterable[Record]) -> None:
        """Take records of a topic of the contracts; other years are left out.

        Raises:
            ParkError: a record is none of our events.
        """
        events = [(record, decode(record.value)) for record in records]
        ours = [one for one in events if one[1]["performanceYear"] == self._year]
        self._base.execute("BEGIN")
        if topic == FACTS:
            self._facts(ours)
        else:
            row = ROWS[topic]
            rows = [made for one in ours if (made := row(*one)) is not None]
            self._base.executemany(PUT[topic], rows)
        self._base.execute("COMMIT")

    def _facts(self, events: Iterable[tuple[Record, JsonObject]]) -> None:
        for record, event in events:
            if kind_of(record) == ORDERED:
                self._ordered(record, event)
            elif event.get("kind") == "submission":
                self._base.execute(PUT["entity"], (event["subject"],))
            self.newest = max(self.newest, record.timestamp)

    def _ordered(self, record: Record, event: JsonObject) -> None:
        found = read_order(event, time_of(record))
        if self.order is None or found.newest >= self.order.newest:
            self.order = found
        self._base.execute(PUT["ordered"], (found.id, event["subject"]))

    def unknown(self, subjects: Iterable[str]) -> list[str]:
        """Give those of the tokens that no entity of the year has."""
        asked = "SELECT 1 FROM entity WHERE subject = ?"
        return [
            one
            for one in sorted(subjects)
            if self._base.execute(asked, (one,)).fetchone() is None
        ]

    def waiting(
        self, law: str, order: str = "", only: frozenset[str] = frozenset()
    ) -> Iterator[str]:
        """Give who is not scored by *law* yet and was not told by *order*."""
        for subject, ordered, done in self._base.execute(ALL, (law,)):
            if not done and ordered != order and (not only or subject in only):
                yield subject

    def done(self, law: str, only: frozenset[str] = frozenset()) -> int:
        """Count who is scored by *law* already."""
        found = self._base.execute(ALL, (law,))
        return sum(done for subject, _, done in found if not only or subject in only)

    def pairs(self, subject: str) -> list[Pair]:
        """Give the scores of an entity that stand, with their inputs."""
        asked = """SELECT s.subject, s.program, s.body, i.body FROM score s
            LEFT JOIN input i USING (subject, program)
            WHERE s.subject = ? AND s.stands = 1 ORDER BY s.program"""
        return [
            Pair(name, program, _unpacked(body), given and _unpacked(given))
            for name, program, body, given in self._base.execute(asked, (subject,))
        ]

    def paid_by(self, subject: str, program: str) -> Iterator[JsonObject]:
        """Give the payments that a score decides now."""
        asked = "SELECT body FROM payment WHERE entity = ? AND program = ?"
        for (body,) in self._base.execute(asked, (subject, program)):
            yield _unpacked(body)


def law_name(event: JsonObject) -> str:
    """Name the law that an event pins."""
    return f"{event['ruleBook']} {event['catalogue']}"


def _score(record: Record, event: JsonObject) -> Row:
    stands = int(kind_of(record) == "final-score.v1")
    place = (event["subject"], event["program"], event["revision"])
    return (*place, stands, law_name(event), _packed(record))


def _input(record: Record, event: JsonObject) -> Row:
    place = (event["subject"], event["program"], event["revision"])
    return (*place, _packed(record))


def _payment(record: Record, event: JsonObject) -> Row:
    """Read a payment; what holds or retracts one is decided by nobody."""
    place = (event["subject"], event["revision"])
    if kind_of(record) != "payment-adjusted.v1":
        return (*place, None, None, None)
    by = event["decidedBy"]
    return (*place, by["subject"], by.get("program", event["program"]), _packed(record))


ROWS: Final[dict[str, Callable[[Record, JsonObject], Row | None]]] = {
    SCORES: _score,
    INPUTS: _input,
    PAYMENTS: _payment,
}


def _packed(record: Record) -> bytes:
    return zlib.compress(record.value or b"", FAST)


def _unpacked(body: bytes) -> JsonObject:
    return decode(zlib.decompress(body))
