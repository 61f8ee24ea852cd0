"""A consumer's subscription: FastStream around the pump.

docs/adr/0006 says what each setting is for and what was measured.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from qppflow.runtime.aio import (
    FETCH_BYTES,
    AioConsumer,
    Cluster,
    Listener,
    record_of,
)
from qppflow.runtime.clock import Clock, SystemClock
from qppflow.runtime.producer import Producer, Topic
from qppflow.runtime.progress import Progress
from qppflow.runtime.pump import Pump
from qppflow.runtime.settings import ServiceSettings
from qppflow.runtime.store import Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from aiokafka import ConsumerRecord

# A poll without records sleeps once more as long, so this is latency, not load.
POLL_MS: Final = 20
DRAIN_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Service:
    """One consumer: what it reads, as which group, with which pump."""

    name: str
    group: str
    reads: tuple[Topic, ...]
    writes: Mapping[str, Topic]
    settings: ServiceSettings
    pump: Pump
    producer: Producer
    progress: Progress
    store: Store | None = None
    clock: Clock = field(default_factory=SystemClock)


async def tolerant_parser(
    records: "Sequence[ConsumerRecord]",
    original: "Callable[[Sequence[ConsumerRecord]], Awaitable[KafkaMessage]]",
) -> KafkaMessage:
    """Wrap a batch without looking at its headers: binary or null ones would raise."""
    message = await original((replace(records[0], headers=(), value=b""),))
    message.raw_message = tuple(records)
    return message


async def as_it_came(message: KafkaMessage) -> KafkaMessage:
    """Decode nothing: a bad payload must become our dead letter."""
    return message


def build_app(service: Service, cluster: Cluster) -> FastStream:
    """Compose FastStream around the pump of one service."""
    settings = service.settings
    quiet = logging.getLogger("qppflow.faststream")
    quiet.setLevel(logging.ERROR)
    broker = KafkaBroker(
        settings.bootstrap_servers,
        client_id=f"qppflow-{service.name}",
        consumer_only=True,  # the pump has a producer of its own
        allow_auto_create_topics=False,
        apply_types=False,  # with it, the handler is never called
        graceful_timeout=DRAIN_SECONDS,
        logger=quiet,
        log_level=logging.DEBUG,
    )

    @broker.subscriber(
        *(topic.name for topic in service.reads),
        group_id=service.group,
        batch=True,
        max_records=settings.batch_records,
        batch_timeout_ms=POLL_MS,
        ack_policy=AckPolicy.MANUAL,  # the pump commits
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=settings.session_timeout_ms // 5,
        max_partition_fetch_bytes=FETCH_BYTES,
        listener=Listener(service.pump.forget),
        parser=tolerant_parser,
        decoder=as_it_came,
        title=service.name,
    )
    async def on_batch(message: KafkaMessage) -> None:
        """Hand a batch of raw records to the pump."""
        raw = message.raw_message
        batch = raw if isinstance(raw, tuple) else (raw,)
        consumer = AioConsumer(message.consumer, cluster.cluster_id)
        await service.pump.run([record_of(one) for one in batch], consumer)

    return FastStream(broker, logger=None)
