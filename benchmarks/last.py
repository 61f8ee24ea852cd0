"""When the last record was appended: one look at the end of every partition."""

from collections.abc import Iterable
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from qppflow.runtime.bounded import answered, stop_client
from qppflow.runtime.records import Place

POLL_MS: Final = 200


async def last_append(servers: str, places: Iterable[Place]) -> float:
    """Give the latest timestamp of the partitions' last records, in epoch seconds.

    Raises:
        BrokerError: Kafka did not answer in time.
    """
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False)
    latest = 0
    try:
        async with answered():
            await consumer.start()
            ends = await consumer.end_offsets([TopicPartition(*one) for one in places])
            waiting = {target for target, end in ends.items() if end}
            consumer.assign(sorted(waiting))
            for target in waiting:
                consumer.seek(target, ends[target] - 1)
            while waiting:
                found = await consumer.getmany(timeout_ms=POLL_MS)
                for target, records in found.items():
                    waiting.discard(target)
                    latest = max(latest, records[-1].timestamp)
    finally:
        await stop_client(consumer)
    return latest / 1000
