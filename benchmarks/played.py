"""What a run is made of, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.supply import Portion
from qppflow.runtime.records import Place, Record


class Phase(NamedTuple):
    """One load: feeds first, then submissions, *rate* a second; 0 is all at once."""

    portion: Portion
    rate: float


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a phase.

    ``seconds`` are until the last record of any service; ``late`` by how much the
    sender missed its own times at worst. ``starts`` and ``ends`` are the offsets of
    the phase's submissions.
    """

    submissions: int
    seconds: float
    late: float
    starts: Mapping[Place, int] = field(default_factory=dict)
    ends: Mapping[Place, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Give submissions per second."""
        return self.submissions / self.seconds

    def holds(self, origin: str) -> bool:
        """Say whether the record of this origin is one of the phase's submissions."""
        topic, partition, offset = origin.rsplit("/", 2)
        place = Place(topic, int(partition))
        return self.starts.get(place, 0) <= int(offset) < self.ends.get(place, 0)


class Run(NamedTuple):
    """A whole run: its phases, what came of each, and the topics as they were read."""

    phases: Sequence[Phase]
    played: Sequence[Played]
    log: Mapping[str, Sequence[Record]]

    def carried(self, outside: Collection[str]) -> int:
        """Count the records that services wrote: of all topics but those *outside*."""
        return sum(
            len(found) for name, found in self.log.items() if name not in outside
        )
