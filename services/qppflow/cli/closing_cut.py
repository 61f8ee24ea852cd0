"""Where a year is cut: how far topics reach now, and whether all before is done."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from qppflow.cli.reading_topics import AioReader, Positions, Reader
from qppflow.runtime import groups
from qppflow.runtime.contracts import Names
from qppflow.runtime.records import Place

SCORES: Final = "qpp-final-scores"
PAYMENTS: Final = "qpp-payment-adjustments"
# Which service must have read which topic before a score has come to its payment.
READS: Final = {
    "final_scores": "qpp-score-parts",
    "payments": "qpp-payment-inputs",
}


class GroupReader(Reader, Protocol):
    """Reads topics, and knows how far groups are."""

    async def committed(self, group: str, places: Collection[Place]) -> Positions:
        """Give what a group has committed of these partitions.

        Raises:
            BrokerError: Kafka did not answer in time.
        """
        ...


class AioGroupReader(AioReader):
    """Kafka through aiokafka; use it within ``connected``."""

    async def committed(self, group: str, places: Collection[Place]) -> Positions:
        """Give what a group has committed of these partitions."""
        return await groups.committed(self._admin, group, places)


class Cut(NamedTuple):
    """The end of two topics by partition, and what is not read yet by service."""

    scores: Sequence[int]
    payments: Sequence[int]
    in_flight: Mapping[str, int]

    def as_json(self) -> dict[str, list[int]]:
        """Write it as events have it."""
        return {SCORES: list(self.scores), PAYMENTS: list(self.payments)}


async def find_cut(reader: GroupReader, names: Names) -> Cut:
    """Look where the topics end; what a service reads is asked before what it writes.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: a topic is not there.
    """
    scores = await reader.ends([names.physical(SCORES)])
    lags: dict[str, int] = {}
    for service, topic in READS.items():
        lag = await _lag(reader, names.physical(service), names.physical(topic))
        if lag:
            lags[service] = lag
    payments = await reader.ends([names.physical(PAYMENTS)])
    return Cut(_in_order(scores), _in_order(payments), lags)


async def _lag(reader: GroupReader, group: str, topic: str) -> int:
    """Count the records of a topic that a group has not done yet."""
    starts, ends = await reader.starts([topic]), await reader.ends([topic])
    done = await reader.committed(group, list(ends))
    return sum(max(0, end - done.get(at, starts[at])) for at, end in ends.items())


def _in_order(ends: Positions) -> list[int]:
    """Give offsets in the order of their partitions."""
    return [ends[place] for place in sorted(ends)]


def places_of(name: str, offsets: Sequence[int]) -> Positions:
    """Give the partitions of a topic, by the broker's name, with their offsets."""
    return {Place(name, number): offset for number, offset in enumerate(offsets)}
