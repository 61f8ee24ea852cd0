"""The history of a stream, read from its topics, and what it comes to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from qppflow.demo.chance import draw
from qppflow.demo.corrections import corrected
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.tally import Conservation, Tally
from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.headers import read
from qppflow.runtime.records import Place, Record

Json: TypeAlias = dict[str, Any]

OUTSIDE: Final = (SUBMISSIONS, FEEDS)
SCORES, PAYMENTS = "qpp-final-scores", "qpp-payment-adjustments"
# When a score came about, and by which record, is not what it says.
OF_ITS_CAUSE: Final = frozenset({"cause", "receivedAt"})
# Whether there was a score before hangs on which of two topics `intake` read first:
# what CMS knows of an entity gives no score before its first submission.
OF_ITS_PAST: Final = frozenset({"supersedes", "previous"})
# A payment's number counts publications, which hang on what came first.
NUMBERED: Final = frozenset({"eventId", "revision", "supersedes"})
# A payment that stays the same is not published again for another explanation.
REFERENCES: Final = frozenset({"reason", "explanationId", "explanationHash"})


@dataclass(frozen=True)
class History:
    """Every record of every topic of one stream, and where corrections began."""

    log: Mapping[str, list[Record]]
    marks: Mapping[Place, int]

    def before(self, topic: str) -> list[Record]:
        """Give the records of a topic that came before the corrections."""
        return [r for r in self.log[topic] if r.offset < self.marks[r.place]]

    def after(self, topic: str) -> list[Record]:
        """Give the records of a topic that came of the corrections."""
        return [r for r in self.log[topic] if r.offset >= self.marks[r.place]]

    def conservation(self) -> Conservation:
        """Count what was received, and what became of it."""
        tally = Tally()
        for topic in OUTSIDE:
            tally.receive(self.log[topic])
        tally.answer(self.log["qpp-submission-results"])
        tally.park(self.log["qpp-dead-letters"])
        return tally.conservation()

    def ids(self, topic: str) -> set[str | None]:
        """Give the ids of all that was said on a topic."""
        return {read(record.headers).id for record in self.log[topic]}

    def repeats(self) -> tuple[Counter[str], set[str]]:
        """Count repeated events by topic, and name those that say something else.

        What counts is key, value and every header, the time included.
        """
        seen: dict[tuple[str, str | None], tuple[object, ...]] = {}
        again: Counter[str] = Counter()
        different = set()
        for topic, records in self.log.items():
            for record in records if topic not in OUTSIDE else ():
                name = topic, read(record.headers).id
                content = record.key, record.value, record.headers
                if name in seen:
                    again[topic] += 1
                    if seen[name] != content:
                        different.add(f"{topic} {read(record.headers).source}")
                else:
                    seen[name] = content
        return again, different


def latest(records: Iterable[Record]) -> list[Record]:
    """Give the record of the highest revision of each subject, sorted by subject."""
    found: dict[str, tuple[int, Record]] = {}
    for record in records:
        event = decode(record.value)
        kept = found.get(event["subject"])
        if kept is None or event["revision"] > kept[0]:
            found[event["subject"]] = event["revision"], record
    return [found[subject][1] for subject in sorted(found)]


def scored(records: Iterable[Record]) -> dict[str | None, bytes]:
    """Map the id of each final score to what it says."""
    return {read(r.headers).id: _said(r, OF_ITS_CAUSE) for r in records}


def standing(records: Iterable[Record]) -> dict[str | None, bytes]:
    """Map the id of each final score to what it says of the score itself."""
    without = OF_ITS_CAUSE | OF_ITS_PAST
    return {read(r.headers).id: _said(r, without) for r in records}


def paid(records: Iterable[Record]) -> list[bytes]:
    """Give what payments say as they were published, in the order of their bytes.

    A repeated one is said once.
    """
    once = {read(record.headers).id: record for record in records}
    return sorted(_said(record, NUMBERED) for record in once.values())


def payable(records: Iterable[Record]) -> list[bytes]:
    """Give what billing pays: by whose score, how much, and whether it may be."""
    return sorted(
        _said(record, NUMBERED | REFERENCES | OF_ITS_PAST, by_subject=True)
        for record in records
    )


def _said(
    record: Record, without: frozenset[str], *, by_subject: bool = False
) -> bytes:
    """Write what an event says, but for some members, with its kind."""
    event = {k: v for k, v in decode(record.value).items() if k not in without}
    if by_subject and "decidedBy" in event:
        event["decidedBy"] = event["decidedBy"]["subject"]
    event["kind"] = kind_of(record)
    return orjson.dumps(event, default=str, option=orjson.OPT_SORT_KEYS)


def corrections(messages: Iterable[Message], most: int) -> list[Message]:
    """Correct up to *most* submissions, no two of one practice.

    So what they lead to does not hang on which of them comes first.
    """
    found: dict[str, Message] = {}
    for message in messages:
        if message.kind != "submission" or len(found) == most:
            continue
        document: Json = orjson.loads(message.value or b"")
        practice = str(document.get("taxpayerIdentificationNumber"))
        if "measurementSets" not in document or practice in found:
            continue
        changed = corrected(document, draw("chaos", len(found)))
        if changed != document:
            found[practice] = message._replace(value=orjson.dumps(changed))
    return list(found.values())
