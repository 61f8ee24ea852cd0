"""Counts fates by reading the topics: received = accepted + rejected + parked.

Nothing here trusts a counter of ours. Each record of the input topics must have
exactly one fate: its answer, or a dead letter where nobody could be answered.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from qppflow.runtime import headers
from qppflow.runtime.events import decode
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Record

PARKED: Final = "parked"


class Conservation(NamedTuple):
    """How many records were received, and what became of them.

    ``lost`` are origins (topic/partition/offset) without a fate, ``doubled`` those
    with two different ones, ``unknown`` fates of records that were never received.
    """

    received: int
    accepted: int
    rejected: int
    parked: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every record has exactly one fate."""
        return not (self.lost or self.doubled or self.unknown) and (
            self.received == self.accepted + self.rejected + self.parked
        )


@dataclass(slots=True)
class Tally:
    """What was read so far: origins received, and the fates of each."""

    received: set[str] = field(default_factory=set)
    answers: dict[str, set[str]] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)
    findings: Counter[str] = field(default_factory=Counter)
    effects: Counter[str] = field(default_factory=Counter)

    def receive(self, records: Iterable[Record]) -> None:
        """Take the records of an input topic."""
        self.received.update(record.origin for record in records)

    def answer(self, records: Iterable[Record]) -> None:
        """Take answers; one that came twice after a crash is one answer."""
        for record in records:
            found = decode(record.value)
            origin = found["submission"]["origin"]
            fates = self.answers.setdefault(origin, set())
            if found["fate"] not in fates:
                self.findings.update({item["code"] for item in found["findings"]})
                self.effects[found["effect"] or found["fate"]] += 1
            fates.add(found["fate"])

    def park(self, records: Iterable[Record]) -> None:
        """Take dead letters.

        They are a fate only where there is no answer: what a later stage parked has
        one already, and a crash between two builds may leave both.
        """
        for record in records:
            place = headers.text(headers.first(record.headers, "dlq-place")) or ""
            self.letters.add(place if place in self.received else _fact_origin(record))

    def conservation(self) -> Conservation:
        """Compare what was received with what became of it."""
        fates = {
            **{place: {PARKED} for place in self.letters if place},
            **self.answers,
        }
        counts = Counter(
            next(iter(found))
            for origin, found in fates.items()
            if origin in self.received and len(found) == 1
        )
        return Conservation(
            received=len(self.received),
            accepted=counts["accepted"],
            rejected=counts["rejected"],
            parked=counts[PARKED],
            lost=tuple(sorted(self.received - fates.keys())),
            doubled=tuple(sorted(o for o, found in fates.items() if len(found) > 1)),
            unknown=tuple(sorted(fates.keys() - self.received)),
        )


def _fact_origin(record: Record) -> str:
    """Find which document a parked fact came from; empty for any other event."""
    try:
        found = decode(record.value)
    except ParkError:
        return ""
    is_fact = "sequence" in found and "submission" in found
    return str(found["submission"]["origin"]) if is_fact else ""
