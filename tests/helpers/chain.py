"""All services in memory, without Kafka: what is sent goes through to the end.

Each topic is one partition here, and its records get the broker's time and offset.
States go through their stored bytes each time, as a store would keep them.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from qppflow.completeness import handlers as completeness
from qppflow.cost import handlers as cost
from qppflow.entities.handlers import Entities
from qppflow.final_scores.handlers import FinalScores
from qppflow.improvement_activities import handlers as activities
from qppflow.intake.handlers import FEEDS, Intake
from qppflow.payments.handlers import Payments
from qppflow.pi_period import handlers as pi_period
from qppflow.promoting_interoperability import handlers as interoperability
from qppflow.quality import handlers as quality
from qppflow.runtime import ids
from qppflow.runtime.contracts import topics
from qppflow.runtime.events import decode, emit, kind_of
from qppflow.runtime.faults import ParkError
from qppflow.runtime.law import law_of
from qppflow.runtime.memory import Memory
from qppflow.runtime.records import Decision, Outgoing, ParkedHook, Record
from qppflow.runtime.tokens import SHORTEST_KEY, Tokens
from tests.helpers import documents

Json: TypeAlias = dict[str, Any]

TOKENS: Final = Tokens(b"t" * SHORTEST_KEY)
START: Final = 1_800_000_000_000


class Kept:
    """A service with memory, as a decision: it keeps its states as bytes."""

    def __init__(self, memory: Memory[Any]) -> None:
        self.memory = memory
        self.stored: dict[str, bytes] = {}

    def __call__(self, record: Record) -> Iterable[Outgoing]:
        """Decide with the subject's state, and keep what it becomes."""
        subject = self.memory.subject(record)
        before = self.memory.load(self.stored.get(subject))
        after, sent = self.memory.decide(before, record)
        made = list(sent)
        if after is not before:
            self.stored[subject] = self.memory.dump(after)
        return made

    def state(self, subject: str) -> Any:  # noqa: ANN401 - each memory has its own
        """Read the state of a subject."""
        return self.memory.load(self.stored.get(subject))


def services(
    tokens: Tokens = TOKENS, feeds: str = FEEDS
) -> dict[str, tuple[Decision, ParkedHook | None]]:
    """Give every service's decision, and what it says when a record is parked."""
    intake = Intake(tokens, feeds)
    return {
        "intake": (intake.decide, intake.on_parked),
        "entities": (Kept(Entities(law_of, tokens)), None),
        "completeness": (completeness.decide, completeness.on_parked),
        "pi_period": (pi_period.decide, pi_period.on_parked),
        "quality": (quality.decide, quality.on_parked),
        "promoting_interoperability": (
            interoperability.decide,
            interoperability.on_parked,
        ),
        "improvement_activities": (activities.decide, activities.on_parked),
        "cost": (cost.decide, cost.on_parked),
        "final_scores": (Kept(FinalScores(tokens)), None),
        "payments": (Kept(Payments()), None),
    }


class Chain:
    """Records by topic; ``send`` returns when nothing is left to do."""

    def __init__(self, tokens: Tokens = TOKENS, feeds: str = FEEDS) -> None:
        self.services = services(tokens, feeds)
        self.log: dict[str, list[Record]] = {}
        self.parked: list[tuple[str, str]] = []

    def send(
        self, topic: str, value: bytes | None, headers: Iterable[Any] = ()
    ) -> None:
        """Send one record, and carry all that comes of it through the services."""
        self._through([Outgoing(topic, None, value, tuple(headers))])

    def take(self, record: Record) -> None:
        """Have intake read a record where the broker really has it."""
        decide, _ = self.services["intake"]
        self._through(self._decided("intake", decide, record))

    def _through(self, sent: Iterable[Outgoing]) -> None:
        waiting = deque(sent)
        while waiting:
            item = waiting.popleft()
            record = self._append(item)
            for name in topics()[item.topic].groups:
                decide, hook = self.services[name]
                waiting += self._decided(name, decide, record, hook)

    def _append(self, item: Outgoing) -> Record:
        """Give a record its offset and a time later than all before."""
        before = self.log.setdefault(item.topic, [])
        time = START + sum(map(len, self.log.values()))
        record = Record(item.topic, 0, len(before), time, *item[1:])
        before.append(record)
        return record

    def _decided(
        self,
        name: str,
        decide: Decision,
        record: Record,
        hook: ParkedHook | None = None,
    ) -> list[Outgoing]:
        """Decide one record; a parked one is noted, and its hook heard."""
        try:
            return list(decide(record))
        except ParkError as error:
            self.parked.append((name, error.reason))
            letter = ids.dead_letter_id(name, record)
            return [] if hook is None else list(hook(record, letter, error.reason))

    def latest(self, topic: str) -> dict[str, Json]:
        """Give the event of the highest revision of each subject of a topic."""
        found: dict[str, Json] = {}
        for record in self.log.get(topic, ()):
            event = decode(record.value)
            kept = found.get(event["subject"])
            if kept is None or event["revision"] > kept["revision"]:
                found[event["subject"]] = {**event, "kind": kind_of(record)}
        return found


def record_of(sent: Outgoing, offset: int = 0) -> Record:
    """Give an output as the next service reads it."""
    return Record(sent.topic, 0, offset, START + offset, *sent[1:])


def event_of(sent: Outgoing) -> Json:
    """Read what an output says."""
    return decode(sent.value)


def kind(sent: Outgoing) -> str:
    """Name the event of an output."""
    return kind_of(record_of(sent))


def told(kind: str, event: Json, offset: int = 0, topic: str = "t") -> Record:
    """Make a record of an event for its subject."""
    cause = Record(topic, 0, offset, START, None, b"", ())
    sent = emit(
        "test",
        topic,
        kind,
        event,
        event_id=f"e{offset}",
        subject=event["subject"],
        cause=cause,
    )
    return record_of(sent, offset)


def measured(met: int, **changed: object) -> Json:
    """Give a quality set of one measure, of whose 100 cases *met* met it."""
    counts = documents.COUNTS | {
        "performanceMet": met,
        "performanceNotMet": 95 - met,
    }
    value = {"isEndToEndReported": False} | counts
    return documents.quality_set({"measureId": "001", "value": value}) | changed


def active(name: str = "IA_BE_4", **changed: object) -> Json:
    """Give a set of one improvement activity."""
    made = documents.quality_set({"measureId": name, "value": True})
    return made | {"category": "ia"} | changed


def submission(*sets: Json, **changed: object) -> Json:
    """Give a group's submission of some sets, by default a quality set."""
    return {
        "entityType": "group",
        "taxpayerIdentificationNumber": documents.TIN,
        "performanceYear": documents.YEAR,
        "measurementSets": list(sets) or [measured(80)],
    } | changed
