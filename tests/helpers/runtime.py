"""A service around the fakes: one input topic, one output topic, dead letters."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path

from qppflow.runtime import headers, ids
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.guard import Guard
from qppflow.runtime.holds import Holds
from qppflow.runtime.producer import Limits, Producer, Topic
from qppflow.runtime.progress import Progress
from qppflow.runtime.pump import Tools
from qppflow.runtime.records import Outgoing, ParkedHook, Place, Record
from qppflow.runtime.sealing import Sealer
from tests.helpers.kafka_fakes import FakeClock, FakeLog, FakeProducer

P0 = Place("in", 0)
P1 = Place("in", 1)
TOPICS = {
    "out": Topic("out", 2, 2_000),
    "dead": Topic("dead", 1, 3_000),
}
SEALER = Sealer(bytes(range(64)))
LETTERS = DeadLetters("stage", "dead", SEALER, "build-1", trusts_keys=True)
SHORT = Limits(start=0.2, send=0.2, stop=0.2, attempts=3)


class Bench:
    """The tools of a pump on fakes, with what the test may turn."""

    def __init__(self, folder: Path, on_parked: ParkedHook | None = None) -> None:
        self.log = FakeLog()
        self.clock = FakeClock()
        self.plan: deque[str] = deque()
        self.producers: list[FakeProducer] = []
        self.producer = Producer(self._make, TOPICS, SHORT)
        self.progress = Progress(folder, "stage", "1", "build-1", self.clock)
        self.tools = Tools(
            Guard(LETTERS, self.producer.check, on_parked),
            self.producer,
            Holds(self.clock),
            self.progress,
        )

    def _make(self) -> FakeProducer:
        made = FakeProducer(self.log, self.plan)
        self.producers.append(made)
        return made


def event(record: Record, part: str, value: bytes) -> Outgoing:
    """Make an output whose id a replay of the record repeats."""
    made = ids.event_id("stage", record.origin, "mips", record.offset, part)
    own = headers.write(
        event_id=made,
        source="qppflow/stage",
        event_type="qppflow.test.v1",
        time_ms=record.timestamp,
    )
    return Outgoing("out", record.key, value, own)


def echo(record: Record) -> Iterable[Outgoing]:
    """A decision: give the value back; ``bad`` raises, ``big`` is too large."""
    if record.value is None or record.value.startswith(b"bad"):
        msg = "a bug, and the number 123456789 in its message"
        raise KeyError(msg)
    size = 5_000 if record.value.startswith(b"big") else 0
    yield event(record, "first", record.value)
    yield event(record, "second", record.value + b"+" + b"x" * size)


def ids_of(records: Iterable[Record]) -> list[str | None]:
    """Give the event ids of records."""
    return [headers.read(record.headers).id for record in records]
