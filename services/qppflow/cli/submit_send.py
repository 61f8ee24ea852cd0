"""Sends documents in batches, each with its receipt before the next batch goes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from qpp.findings import Finding
from qppflow.cli.documents import Document
from qppflow.cli.receipts import Receipt, ReceiptBook, Wanted
from qppflow.cli.submit_prepare import Prepared, Sender, prepare, too_large
from qppflow.runtime.headers import timestamp
from qppflow.runtime.records import Outgoing

MOST_DOCUMENTS: Final = 200
MOST_BYTES: Final = 4 * 1024 * 1024

SENT: Final = "sent"
ALREADY_SENT: Final = "already-sent"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"


class Delivery(NamedTuple):
    """Where the broker keeps a record, and its append time in ms."""

    partition: int
    offset: int
    time_ms: int


class Carrier(Protocol):
    """What takes records to the broker."""

    async def carry(self, batch: Sequence[Outgoing]) -> Sequence[Delivery | None]:
        """Send all; None for a record that is not known to be stored.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        ...


class Told(NamedTuple):
    """What became of one document on its way to the broker.

    Sent and already sent ones have a receipt, refused ones findings. Of an unknown
    one nobody knows whether it is stored: to be sent again under its own id.
    """

    document: str
    state: str
    receipt: Receipt | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where documents go: the cluster, the broker's topic and its size limit."""

    cluster: str
    topic: str
    limit: int


class Outbox:
    """Sends what has no receipt yet."""

    def __init__(
        self, sender: Sender, target: Target, book: ReceiptBook, carrier: Carrier
    ) -> None:
        self._sender = sender
        self._target = target
        self._book = book
        self._carrier = carrier

    def sort(self, document: Document) -> Prepared | Told:
        """Prepare a document, or say why it is not sent."""
        prepared = prepare(document, self._sender)
        target = self._target
        kept = self._book.find(
            Wanted(
                target.cluster,
                target.topic,
                self._sender.source,
                document.name,
                prepared.sha256,
            )
        )
        if kept is not None:
            return Told(document.name, ALREADY_SENT, kept)
        finding = too_large(prepared, target.limit)
        if finding is not None:
            return Told(document.name, REFUSED, findings=(finding,))
        return prepared

    async def send(self, batch: Sequence[Prepared]) -> list[Told]:
        """Send a batch, and return when what is stored has its receipt on the disk.

        Raises:
            BrokerError: Kafka cannot be reached.
        """
        outputs = [one.outgoing._replace(topic=self._target.topic) for one in batch]
        deliveries = await self._carrier.carry(outputs)
        told = [
            Told(one.document, UNKNOWN)
            if delivery is None
            else Told(one.document, SENT, self._receipt(one, delivery))
            for one, delivery in zip(batch, deliveries, strict=True)
        ]
        self._book.add([one.receipt for one in told if one.receipt is not None])
        return told

    def _receipt(self, prepared: Prepared, delivery: Delivery) -> Receipt:
        return Receipt(
            document=prepared.document,
            sha256=prepared.sha256,
            source=self._sender.source,
            id=prepared.id,
            topic=self._target.topic,
            partition=delivery.partition,
            offset=delivery.offset,
            at=timestamp(delivery.time_ms),
            cluster=self._target.cluster,
        )


def in_batches(items: Iterable[Prepared | Told]) -> Iterator[list[Prepared | Told]]:
    """Cut what is sorted into batches of bounded number and size, in order."""
    batch: list[Prepared | Told] = []
    weight = 0
    for item in items:
        batch.append(item)
        if isinstance(item, Prepared):
            weight += len(item.outgoing.value or b"")
        if len(batch) >= MOST_DOCUMENTS or weight >= MOST_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
