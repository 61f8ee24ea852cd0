"""How far the stream is, read from the broker: records per topic, and what is left."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from qppflow.runtime.contracts import Names, Topic
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place

# What people see of the stream, in the order records pass it.
SHOWN: Final = {
    "qpp-submissions": "submissions received",
    "qpp-cms-feeds": "CMS feeds received",
    "qpp-submission-results": "answers given",
    "qpp-entity-facts": "facts recorded",
    "qpp-eligibility": "eligibility determined",
    "qpp-score-inputs": "revisions to score",
    "qpp-quality-assessed": "quality assessed",
    "qpp-pi-assessed": "PI periods assessed",
    "qpp-score-parts": "category scores",
    "qpp-final-scores": "final scores",
    "qpp-payment-inputs": "payment candidates",
    "qpp-payment-adjustments": "payments published",
    "qpp-dead-letters": "dead letters",
}


class Stage(NamedTuple):
    """One topic: its records since the start, and how many its readers have to do."""

    topic: str
    title: str
    records: int
    waiting: int


class Stages:
    """Watches the topics of one deployment from where they stand when it is made."""

    def __init__(
        self, reader: AioLogReader, topics: Mapping[str, Topic], names: Names
    ) -> None:
        self._reader = reader
        self._topics = topics
        self._names = names
        self.starts: dict[Place, int] = {}

    async def begin(self) -> None:
        """Note where every topic stands now; what lies before is not counted."""
        self.starts = await self._reader.ends(self._places(self._topics))

    def starts_of(self, topic: str) -> dict[Place, int]:
        """Give the noted positions of one topic."""
        return {place: self.starts[place] for place in self._places([topic])}

    async def now(self) -> list[Stage]:
        """Read how far everything is."""
        ends = await self._reader.ends(self._places(self._topics))
        groups = {name for topic in self._topics.values() for name in topic.groups}
        done = {
            name: await self._reader.committed(self._names.physical(name))
            for name in sorted(groups)
        }
        found = []
        for name, title in SHOWN.items():
            places = list(self._places([name]))
            waiting = max(
                (
                    sum(_left(ends[place], done[group].get(place)) for place in places)
                    for group in self._topics[name].groups
                ),
                default=0,
            )
            records = sum(ends[place] - self.starts[place] for place in places)
            found.append(Stage(name, title, records, waiting))
        return found

    def _places(self, topics: Iterable[str]) -> Iterable[Place]:
        for name in topics:
            for partition in range(self._topics[name].partitions):
                yield Place(self._names.physical(name), partition)


def _left(end: int, committed: int | None) -> int:
    """Count what a group has not done of a partition; nothing committed is nothing.

    A group may have gone on since the end was read; that is no work done elsewhere.
    """
    return max(end - max(committed or 0, 0), 0)


def drained(stages: Iterable[Stage]) -> bool:
    """Say whether no reader of any topic has anything left to do."""
    return not any(stage.waiting for stage in stages)
