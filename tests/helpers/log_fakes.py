"""What reading a log without a group sees of Kafka's client, in memory."""

from collections.abc import Mapping
from types import SimpleNamespace

from aiokafka import TopicPartition
from aiokafka.errors import GroupLoadInProgressError
from aiokafka.structs import OffsetAndMetadata

from qppflow.runtime.records import Place, Record
from tests.helpers.kafka_fakes import FakeLog


class FakeFollower:
    """What reading to an end needs of a client, on a log in memory.

    ``marks`` are offsets where the log has no record; ``broken`` gives nothing more.
    """

    def __init__(self, log: FakeLog) -> None:
        self.log = log
        self.followed: list[dict[Place, int]] = []
        self.positions: dict[Place, int] = {}
        self.marks: set[int] = set()
        self.broken = False

    def follow(self, positions: Mapping[Place, int]) -> None:
        """Read on from here."""
        self.followed.append(dict(positions))
        self.positions = dict(positions)

    async def position(self, place: Place) -> int:
        """Give what is read next."""
        return self.positions[place]

    async def poll(self) -> list[Record]:
        """Give one record of each partition."""
        found: list[Record] = []
        for place, position in self.positions.items():
            if not self.broken and position < len(self.log.places[place]):
                self.positions[place] += 1
                if position not in self.marks:
                    found.append(self.log.places[place][position])
        return found


class FakeAdmin:
    """A coordinator through aiokafka's admin client; ``loading`` answers are late.

    A broker that loads answers with a code, of which this client shows nothing when
    asked for offsets: it gives none at all.
    """

    def __init__(self, commits: Mapping[Place, int], loading: int = 0) -> None:
        self.commits = commits
        self.loading = loading
        self.joined = 0
        self.asked = 0
        self.error: Exception | None = None

    def _ready(self) -> bool:
        self.asked += 1
        late = self.asked <= self.loading
        if late and self.error is not None:
            raise self.error
        return not late

    async def list_consumer_group_offsets(
        self, _group: str, *, partitions: list[TopicPartition] | None
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        """Give the offsets; -1 where a partition that was named has none."""
        if not self._ready():
            return {}
        asked = partitions or [TopicPartition(*place) for place in self.commits]
        return {
            target: OffsetAndMetadata(self.commits.get(Place(*target), -1), "")
            for target in asked
        }

    async def describe_consumer_groups(self, groups: list[str]) -> list[object]:
        """Give code and members of each group."""
        code = 0 if self._ready() else GroupLoadInProgressError.errno
        told = [(code, name, "", "", "", ["m"] * self.joined) for name in groups]
        return [SimpleNamespace(groups=told)]
