"""One run of `qppflow submit`: send everything, then wait for every fate."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import Final, NamedTuple

from qppflow.cli.documents import Document
from qppflow.cli.reading_topics import Positions, Reader
from qppflow.cli.receipts import Receipt
from qppflow.cli.submit_prepare import Prepared
from qppflow.cli.submit_send import UNKNOWN, Outbox, Told, in_batches
from qppflow.cli.submit_show import Steps, Teller
from qppflow.cli.submit_wait import LETTERS, RESULTS, Waiting
from qppflow.runtime.contracts import Names
from qppflow.runtime.faults import BrokerError

# An answer bears its writer's time, a receipt the broker's; clocks may differ.
CLOCK_MARGIN_MS: Final = 60_000


class Following(NamedTuple):
    """Where answers come: a reader, the names of topics, and where they ended."""

    reader: Reader
    names: Names
    ends: Positions


async def begin(reader: Reader, names: Names) -> Following:
    """Note where answers and dead letters end, before anything is sent.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: a topic is not there.
    """
    topics = [names.physical(RESULTS), names.physical(LETTERS)]
    return Following(reader, names, await reader.ends(topics))


async def send_all(
    outbox: Outbox, documents: Iterable[Document], teller: Teller, steps: Steps
) -> list[Receipt]:
    """Send what has no receipt yet, and give the receipts of all.

    Raises:
        BrokerError: the fate of a batch is unknown; a next run sends it again.
    """
    receipts: dict[str, Receipt] = {}
    for batch in in_batches(outbox.sort(document) for document in documents):
        told = [one for one in batch if isinstance(one, Told)]
        told += await outbox.send([one for one in batch if isinstance(one, Prepared)])
        for one in told:
            teller.told(one)
            if one.receipt is not None:
                receipts[one.receipt.origin] = one.receipt
        steps.step(len(batch))
        if unknown := sum(one.state == UNKNOWN for one in told):
            message = f"{unknown} documents may not be stored, run this again"
            raise BrokerError(message)
    return list(receipts.values())


async def wait_for_all(
    following: Following,
    receipts: Sequence[Receipt],
    seconds: float,
    teller: Teller,
    steps: Steps,
) -> None:
    """Tell each fate as it comes, and at the end what is still open.

    Raises:
        BrokerError: something is open since Kafka does not answer any more.
    """
    reader, names, ends = following
    waiting = Waiting(receipts, names.physical(LETTERS))
    reader.follow(await _since(following, receipts))
    until = monotonic() + seconds
    while not waiting.done and monotonic() < until:
        for record in await reader.poll():
            fate = waiting.take(record)
            if fate is not None:
                teller.fate(fate)
                steps.step()
    for receipt in waiting.left:
        teller.open(receipt)
    if not waiting.done:
        await reader.ends({place.topic for place in ends})


async def _since(following: Following, receipts: Sequence[Receipt]) -> Positions:
    """Go back to before the first of the receipts, which may be of an earlier run."""
    reader, _, ends = following
    if not receipts:
        return ends
    times = (datetime.fromisoformat(receipt.at) for receipt in receipts)
    first = int(min(times).timestamp() * 1000) - CLOCK_MARGIN_MS
    earlier = await reader.at(ends, first)
    return {place: min(end, earlier.get(place, end)) for place, end in ends.items()}
