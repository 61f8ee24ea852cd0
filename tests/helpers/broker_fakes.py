"""What submit, watch and dlq see of a broker, in memory, and a front door behind it."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from qppflow.cli.connection import Stream
from qppflow.cli.reading_topics import Positions
from qppflow.cli.submit_send import Delivery, Target
from qppflow.entities.handlers import Entities
from qppflow.intake.handlers import FACTS, FEEDS, SUBMISSIONS, Intake
from qppflow.runtime.contracts import Names, topics
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.faults import BrokerError, ParkError, StopServiceError
from qppflow.runtime.law import law_of
from qppflow.runtime.partitioner import partition_of
from qppflow.runtime.records import Outgoing, Place, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import Tokens
from tests.helpers.chain import TOKENS
from tests.helpers.documents import TIN, YEAR, Json
from tests.helpers.kafka_fakes import FakeLog

SEALER = Sealer(bytes(range(64)))
INTAKE = Intake(Tokens(bytes(32)), FEEDS)
LETTERS = "qpp-dead-letters"


def activities(tin: str = TIN) -> Json:
    """Give a group's submission that is accepted without a word."""
    return {
        "entityType": "group",
        "taxpayerIdentificationNumber": tin,
        "performanceYear": YEAR,
        "measurementSets": [
            {
                "category": "ia",
                "submissionMethod": "registry",
                "performanceStart": f"{YEAR}-01-01",
                "performanceEnd": f"{YEAR}-12-31",
                "measurements": [
                    {"measureId": name, "value": True}
                    for name in ("IA_BE_12", "IA_CC_1", "IA_PM_2")
                ],
            }
        ],
    }


def append(log: FakeLog, outgoing: Outgoing) -> Record:
    """Keep a record where Kafka would."""
    key = outgoing.key or b""
    partition = partition_of(key, topics()[outgoing.topic].partitions)
    place = Place(outgoing.topic, partition)
    return log.append(place, outgoing.key, outgoing.value, outgoing.headers)


def park(
    log: FakeLog, record: Record, error: BaseException, stage: str = "intake"
) -> Record:
    """Park a record as a stage would."""
    letters = DeadLetters(stage, LETTERS, SEALER, "build-1", trusts_keys=False)
    reason = error.reason if isinstance(error, ParkError) else "exception"
    return append(log, letters.park(record, reason, error))


@dataclass
class FrontDoor:
    """The real decisions of intake and entities, on a log in memory."""

    log: FakeLog
    done: dict[Place, int] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)

    def answer_all(self) -> None:
        """Answer everything that came since the last time."""
        for record in self._new(SUBMISSIONS, FEEDS):
            try:
                outputs = list(INTAKE.decide(record))
            except ParkError as error:
                letter = park(self.log, record, error)
                letter_id = dict(letter.headers)["ce_id"] or b""
                outputs = list(
                    INTAKE.on_parked(record, letter_id.decode(), error.reason)
                )
            for outgoing in outputs:
                append(self.log, outgoing)
        entities = Entities(law_of, TOKENS)
        for record in self._new(FACTS):
            subject = entities.subject(record)
            state = self.states.get(subject) or entities.load(None)
            self.states[subject], outputs_ = entities.decide(state, record)
            for outgoing in outputs_:
                append(self.log, outgoing)

    def _new(self, *names: str) -> list[Record]:
        found: list[Record] = []
        for name in names:
            for number in range(topics()[name].partitions):
                place = Place(name, number)
                kept = self.log.places.get(place, [])
                found += kept[self.done.get(place, 0) :]
                self.done[place] = len(kept)
        return found


class FakeReader:
    """Follows a log in memory; ``idle`` is called when nothing more has come."""

    def __init__(self, log: FakeLog, idle: Callable[[], object]) -> None:
        self.log = log
        self.idle = idle
        self.missing: set[str] = set()
        self.positions: Positions = {}

    def _places(self, names: Collection[str]) -> list[Place]:
        if self.log.away:
            message = "away"
            raise BrokerError(message)
        for name in names:
            if name in self.missing:
                reason = f"the topic {name} is not there"
                raise StopServiceError(reason, "qppflow topics create")
        return [Place(n, p) for n in names for p in range(topics()[n].partitions)]

    async def starts(self, names: Collection[str]) -> Positions:
        """Give the first offsets."""
        return {place: self.log.low.get(place, 0) for place in self._places(names)}

    async def ends(self, names: Collection[str]) -> Positions:
        """Give the offsets behind the last records."""
        places = self._places(names)
        return {place: len(self.log.places.get(place, [])) for place in places}

    async def at(self, places: Iterable[Place], time_ms: int) -> Positions:
        """Give the first offsets not older than a time."""
        found: Positions = {}
        for place in places:
            for record in self.log.places.get(place, []):
                if record.timestamp >= time_ms:
                    found[place] = record.offset
                    break
        return found

    def follow(self, positions: Mapping[Place, int]) -> None:
        """Read on from here."""
        self.positions = dict(positions)

    async def position(self, place: Place) -> int:
        """Give what is read next."""
        return self.positions[place]

    async def poll(self) -> list[Record]:
        """Give what has come."""
        found: list[Record] = []
        for place, position in self.positions.items():
            new = self.log.places.get(place, [])[position:]
            found += new
            self.positions[place] = position + len(new)
        if not found:
            self.idle()
        return found


class FakeCarrier:
    """Takes records into a log; ``loses`` counts from which one on it takes none."""

    def __init__(self, log: FakeLog) -> None:
        self.log = log
        self.batches = 0
        self.loses: int | None = None
        self.seen = 0

    async def carry(self, batch: Iterable[Outgoing]) -> list[Delivery | None]:
        """Keep the records."""
        self.batches += 1
        found: list[Delivery | None] = []
        for outgoing in batch:
            if self.loses is not None and self.seen >= self.loses:
                found.append(None)
                continue
            self.seen += 1
            record = append(self.log, outgoing)
            found.append(Delivery(record.partition, record.offset, record.timestamp))
        return found


class FakeKafka:
    """A broker in memory that stands in for the edges of a command's module."""

    def __init__(self) -> None:
        self.log = FakeLog()
        self.door = FrontDoor(self.log)
        self.reader = FakeReader(self.log, self.door.answer_all)
        self.carrier = FakeCarrier(self.log)
        self.limit = 4_194_304
        self.cluster = "cluster-a"

    def find_stream(self) -> Stream:
        """Name the brokers."""
        return Stream("nowhere:1", Names())

    @asynccontextmanager
    async def connected(self, *_: object) -> AsyncIterator[Any]:
        """Connect a reader."""
        yield self.reader

    async def find_target(self, _: Stream, topic: str) -> Target:
        """Say where records go."""
        return Target(self.cluster, topic, self.limit)

    @asynccontextmanager
    async def carrying(self, *_: object) -> AsyncIterator[Any]:
        """Connect a carrier."""
        yield self.carrier
