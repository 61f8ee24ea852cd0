"""The producer: every record in its place and in order, whatever one attempt does."""

import asyncio
from collections import deque

import pytest

from qppflow.runtime.faults import BrokerError, OversizedError
from qppflow.runtime.partitioner import partition_of
from qppflow.runtime.producer import Producer, RefusedError, Topic
from qppflow.runtime.records import Outgoing
from tests.helpers.kafka_fakes import FakeLog, FakeProducer
from tests.helpers.runtime import SHORT

TOPICS = {"scores": Topic("py-scores", 4, 1_000)}
BATCH = [
    Outgoing("scores", b"key-%d" % (number % 5), b"%d" % number, ())
    for number in range(40)
]


class Desk:
    """A producer on a fake broker."""

    def __init__(self, *plan: str) -> None:
        self.log = FakeLog()
        self.plan = deque(plan)
        self.made: list[FakeProducer] = []
        self.producer = Producer(self._make, TOPICS, SHORT)

    def _make(self) -> FakeProducer:
        self.made.append(FakeProducer(self.log, self.plan))
        return self.made[-1]


def test_each_key_has_its_partition_and_its_order() -> None:
    """The broker's own topic name, the client's own choice of partition."""
    desk = Desk()

    asyncio.run(desk.producer.send(BATCH))

    assert len(desk.log.records("py-scores")) == len(BATCH)
    for place, kept in desk.log.places.items():
        assert {partition_of(r.key or b"", 4) for r in kept} == {place.partition}
        numbers = [int(record.value or b"") for record in kept]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("faults", [["fail"], ["ok", "unknown"], ["unknown", "fail"]])
def test_what_is_not_known_to_be_stored_is_sent_again_in_order(
    faults: list[str],
) -> None:
    """A new producer takes over, and first occurrences stay in order."""
    desk = Desk(*faults)

    asyncio.run(desk.producer.send(BATCH))

    assert desk.producer.rebuilt >= 1
    assert desk.made[0].stopped
    for kept in desk.log.places.values():
        numbers = list(dict.fromkeys(int(record.value or b"") for record in kept))
        assert numbers == sorted(numbers)
    assert {r.value for r in desk.log.records("py-scores")} == {o.value for o in BATCH}


def test_a_broker_that_never_answers_is_given_up() -> None:
    """After the last attempt the caller puts its batch back."""
    desk = Desk(*["hang"] * 100)

    with pytest.raises(BrokerError):
        asyncio.run(desk.producer.send(BATCH[:1]))

    assert len(desk.made) == SHORT.attempts


def test_a_broker_that_is_away_is_a_fault_of_the_world() -> None:
    """Nothing can be started, and the half-made client is closed."""
    desk = Desk()
    desk.log.away = True

    with pytest.raises(BrokerError):
        asyncio.run(desk.producer.start())

    assert desk.made[0].stopped


def test_a_record_over_its_topic_s_limit_is_refused_before_it_is_sent() -> None:
    """The error names the topic and both sizes, never the record."""
    desk = Desk()

    with pytest.raises(OversizedError) as refused:
        desk.producer.check([Outgoing("scores", b"k", b"x" * 2_000, ())])

    assert refused.value.limit == 1_000
    assert refused.value.found > 2_000
    assert desk.made == []


def test_a_topic_that_is_not_the_service_s_own_is_refused() -> None:
    """A decision that writes elsewhere has a bug, and parks."""
    with pytest.raises(KeyError):
        Desk().producer.check([Outgoing("payments", b"k", b"x", ())])


def test_a_record_that_the_broker_refuses_is_named_exactly() -> None:
    """So that its input alone is parked."""
    desk = Desk("large")

    with pytest.raises(RefusedError) as refused:
        asyncio.run(desk.producer.send(BATCH[:1]))

    assert refused.value.outgoing is BATCH[0]


def test_nothing_to_send_needs_no_broker() -> None:
    """A batch whose records lead to nothing is committed all the same."""
    desk = Desk()

    asyncio.run(desk.producer.send([]))

    assert desk.made == []
