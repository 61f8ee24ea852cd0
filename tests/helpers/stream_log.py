"""What a run left in Kafka: every record of every topic, and what is read from them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from qpp.codes import Code
from qppflow.runtime import contracts
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import decode
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place, Record

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class StreamLog:
    """Every record by logical topic, each topic in the order of its partitions."""

    records: dict[str, list[Record]]

    def events(self, topic: str) -> list[Json]:
        """Give what our services said on a topic."""
        return [decode(record.value) for record in self.records[topic]]

    def answers(self) -> dict[str, list[Json]]:
        """Give the answers to each document, by its place in the log."""
        found: dict[str, list[Json]] = defaultdict(list)
        for event in self.events("qpp-submission-results"):
            found[event["submission"]["origin"]].append(event)
        return found

    def latest(self, topic: str) -> dict[str, Json]:
        """Give the event of the highest revision of each subject of a topic."""
        events = sorted(self.events(topic), key=lambda event: event["revision"])
        return {event["subject"]: event for event in events}

    def scores(self) -> dict[tuple[str, str], Json]:
        """Give the score that stands of each subject in each program."""
        last: dict[tuple[str, str], Json] = {}
        events = self.events("qpp-final-scores")
        for event in sorted(events, key=lambda one: one["revision"]):
            last[event["subject"], event["program"]] = event
        return {name: event for name, event in last.items() if "score" in event}


def places_of(topic: str, prefix: str) -> Iterator[Place]:
    """Give the partitions of a topic, by the broker's name."""
    for number in range(contracts.topics()[topic].partitions):
        yield Place(Names(prefix).physical(topic), number)


async def everything(bootstrap_servers: str, prefix: str) -> StreamLog:
    """Read every record of every topic of one deployment."""
    found: dict[str, list[Record]] = {}
    async with AioLogReader.connected(bootstrap_servers) as reader:
        for topic in contracts.topics():
            starts = dict.fromkeys(places_of(topic, prefix), 0)
            name = Names(prefix).physical(topic)
            found[topic] = [
                record
                async for batch in reader.read_topic(name, starts)
                for record in batch
            ]
    return StreamLog(found)


def whenever(answer: Json) -> Json:
    """Give an answer without what it says of the day on which the document came."""
    findings = [one for one in answer["findings"] if one["code"] != Code.ARRIVED_LATE]
    return answer | {"findings": findings}
