"""What stands of each entity at each revision, told from what was sent and answered.

A small model beside the services: the sets that each sender said last, the last feed
of each name, rosters once all their chunks are there, and which revision of whom an
entity borrows from. It reads documents, answers, and which loans were asked for and
sent; it reads none of the services' memories, and no loan's content.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from qpp.feeds import PAID_AMOUNT, REVIEW
from qppflow.demo.messages import FEEDS, SUBMISSIONS
from qppflow.entities.lending import taken
from qppflow.entities.slots import Entity
from qppflow.runtime import headers
from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.judging import judge_submission
from qppflow.runtime.records import Record
from tests.helpers.stream_log import StreamLog

Json: TypeAlias = dict[str, Any]
Revision: TypeAlias = tuple[str, int]

APPLIED = "applied"
ROSTER = "roster"
MIPS = "mips"
WHO = ("entityType", "entityId", "taxpayerIdentificationNumber")
NPI = "nationalProviderIdentifier"


class SentSet(NamedTuple):
    """A set that stands, in the document that brought it, for a program."""

    record: Record
    content: Json
    program: str


class Standing(NamedTuple):
    """What stands of an entity at a revision.

    ``feeds`` are documents by name, a roster with the members of all its chunks;
    ``loans`` map a lender to its revision; ``touched`` are the programs that the
    revision scores again, None where it is all of them.
    """

    who: Json
    year: int
    sets: tuple[SentSet, ...]
    feeds: Mapping[str, Json]
    feed_records: tuple[Record, ...]
    loans: Mapping[str, int]
    touched: frozenset[str] | None

    @property
    def programs(self) -> list[str]:
        """Name the programs that sets stand for."""
        return sorted({item.program for item in self.sets})

    @property
    def alone(self) -> bytes | None:
        """Give the bytes of the one submission that stands, if it stands whole."""
        if not self.sets or self.loans:
            return None
        record = self.sets[0].record
        sets = [item.content for item in self.sets]
        return record.value if sets == document_of(record)["measurementSets"] else None


@dataclass
class _Entity:
    """What was said last, by slot: a sender's set of one kind, or a feed."""

    who: Json
    year: int
    sets: dict[tuple[str | None, ...], SentSet | None] = field(default_factory=dict)
    order: dict[tuple[str | None, ...], Record] = field(default_factory=dict)
    feeds: dict[str, tuple[Record, Json]] = field(default_factory=dict)
    rosters: dict[str, dict[int, Json]] = field(default_factory=dict)
    wanted: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    loans: dict[str, int] = field(default_factory=dict)
    revision: int = 0

    def submit(self, record: Record) -> None:
        """Take the sets of a document that are no older than those they replace."""
        source = headers.read(record.headers).source
        for item in document_of(record)["measurementSets"]:
            program = item.get("programName", MIPS)
            slot = (source, item["category"], item["submissionMethod"], program)
            before = self.order.get(slot)
            if before is None or _order(before) < _order(record):
                gone = item.get("withdrawn", False)
                self.order[slot] = record
                self.sets[slot] = None if gone else SentSet(record, item, program)

    def feed(self, record: Record) -> None:
        """Take a feed that is no older than the one it replaces; join a roster."""
        document = json.loads(record.value or b"")
        name = document["feed"]
        if name == ROSTER:
            joined = self._joined(document)
            if joined is None:
                return
            document = joined
        before = self.feeds.get(name)
        if before is None or _order(before[0]) < _order(record):
            self.feeds[name] = (record, document)

    def _joined(self, chunk: Json) -> Json | None:
        """Keep a chunk; give the roster once all of them are there."""
        parts = self.rosters.setdefault(chunk["rosterId"], {})
        parts[chunk["chunk"]] = chunk["members"]
        if len(parts) < chunk["chunks"]:
            return None
        self.rosters = {chunk["rosterId"]: parts}
        return {**chunk, "members": [one for part in parts.values() for one in part]}

    def wants(self, lender: str) -> bool:
        """Say whether the entity uses a lender's data now."""
        said = [w for r, w in self.wanted.get(lender, ()) if r <= self.revision]
        return bool(said) and said[-1]

    def become(self, revision: int) -> None:
        """Go to a revision; whom the entity uses no more it gives back."""
        self.revision = revision
        self.loans = {name: at for name, at in self.loans.items() if self.wants(name)}

    def take(self, event: Json) -> bool:
        """Take a loan, unless it is older than what is held, or not wanted."""
        # Which loan is new is the services' to say; what it is worth is not.
        held = Entity(
            lenders=[name for name in self.wanted if self.wants(name)],
            lent={name: {"revision": at} for name, at in self.loans.items()},
        )
        if taken(held, event) is held:
            return False
        self.loans[event["lender"]] = event["revision"]
        self.revision += 1
        return True

    def now(self, touched: frozenset[str] | None) -> Standing:
        """Say what stands."""
        return Standing(
            self.who,
            self.year,
            tuple(item for item in self.sets.values() if item is not None),
            {name: document for name, (_, document) in self.feeds.items()},
            tuple(record for record, _ in self.feeds.values()),
            dict(self.loans),
            touched,
        )


def document_of(record: Record) -> Json:
    """Read an accepted submission as a whole."""
    document = judge_submission(record.value).document
    assert document is not None
    return document


def name_of(who: Json) -> tuple[str | None, ...]:
    """Name an entity by its identifiers."""
    return tuple(who.get(part) for part in (*WHO, NPI))


def standing(log: StreamLog) -> Iterator[tuple[Revision, Standing]]:
    """Give what stands at each revision of each entity, in the order they came."""
    sent = {r.origin: r for name in (SUBMISSIONS, FEEDS) for r in log.records[name]}
    submissions = {record.origin for record in log.records[SUBMISSIONS]}
    answers = log.answers()
    wanted = _wanted(log)
    entities: dict[str, _Entity] = {}
    seen: set[str] = set()
    for record in log.records["qpp-entity-facts"]:
        event, kind = decode(record.value), kind_of(record)
        subject = event["subject"]
        if event["eventId"] in seen:
            # Said again by a service that was killed.
            continue
        seen.add(event["eventId"])
        borrows = kind == "data-lent.v1" and subject in entities
        if borrows and entities[subject].take(event):
            entity = entities[subject]
            yield (subject, entity.revision), entity.now(None)
        if kind != "fact-recorded.v1":
            continue
        origin = event["submission"]["origin"]
        answer = next(iter(answers[origin]))
        if answer["effect"] != APPLIED:
            continue
        entity = entities.setdefault(
            subject,
            _Entity(event["entity"], event["performanceYear"], wanted=wanted[subject]),
        )
        take = entity.submit if origin in submissions else entity.feed
        take(sent[origin])
        if answer["revision"] == entity.revision:
            continue
        entity.become(answer["revision"])
        yield (subject, entity.revision), entity.now(_touched(event, answer))


def _touched(fact: Json, answer: Json) -> frozenset[str] | None:
    """Name the programs that a fact may change; what is paid changes no score."""
    if fact["feed"] == PAID_AMOUNT:
        return frozenset()
    if fact["feed"] == REVIEW:
        return frozenset({fact["document"].get("programName", MIPS)})
    return frozenset(item["programName"] for item in answer["sets"]) or None


def _wanted(log: StreamLog) -> dict[str, dict[str, list[tuple[int, bool]]]]:
    """Give, by borrower and lender, at which revisions a loan was asked for or not."""
    found: dict[str, dict[str, list[tuple[int, bool]]]] = defaultdict(dict)
    for record in log.records["qpp-entity-facts"]:
        if kind_of(record) == "borrowing-declared.v1":
            event = decode(record.value)
            said = found[event["borrower"]].setdefault(event["subject"], [])
            said.append((event["revision"], event["wanted"]))
    for lenders in found.values():
        for said in lenders.values():
            said.sort()
    return found


def _order(record: Record) -> tuple[int, str, int, int]:
    """Order by the broker's time; within a partition that is also the log's order."""
    return record.timestamp, record.topic, record.partition, record.offset
