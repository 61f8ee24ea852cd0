"""A consumer for the tests on real Kafka, started as a process of its own.

``python -m tests.services.pump_worker stateless|stateful``; the environment says
where the broker and the state folder are. Each input gives two outputs in order.
"""

import asyncio
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from qppflow.runtime import headers, ids, logs
from qppflow.runtime.aio import AioProducer
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.guard import Guard
from qppflow.runtime.holds import Holds
from qppflow.runtime.producer import Producer, Topic
from qppflow.runtime.progress import Progress
from qppflow.runtime.pump import StatelessPump, Tools
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.settings import StatefulSettings
from qppflow.runtime.shell import serve
from qppflow.runtime.stateful import StatefulPump
from qppflow.runtime.store import Store
from qppflow.runtime.subscription import Service

if TYPE_CHECKING:
    from qppflow.runtime.pump import Pump

PARTITIONS: Final = 4
LARGEST: Final = 4_194_304


def topics(kind: str) -> dict[str, Topic]:
    """Name the topics of one kind of worker."""
    return {
        name: Topic(f"{kind}-{name}", PARTITIONS, LARGEST)
        for name in ("in", "out", "dead")
    }


def said(record: Record, part: str, value: bytes) -> Outgoing:
    """Make an output whose id comes from the submission's own identity."""
    identity = ids.submission_identity(record)
    own = headers.write(
        event_id=ids.answer_id(f"worker-{part}", identity),
        source="qppflow/worker",
        event_type="qppflow.test.v1",
        time_ms=0,
    )
    return Outgoing("out", record.key, value, own)


def echo(record: Record) -> Iterable[Outgoing]:
    """Give the value back twice; a value that is no number breaks the decision."""
    number = int(record.value or b"")
    yield said(record, "first", b"%d" % number)
    yield said(record, "second", b"%d" % number)


class Last:
    """Remembers each key's last number and how many came."""

    def subject(self, record: Record) -> str:
        """Use the key."""
        return (record.key or b"").decode()

    def load(self, stored: bytes | None) -> tuple[int, int]:
        """Start at nothing."""
        last, count = (stored or b"-1 0").split()
        return int(last), int(count)

    def decide(
        self, state: tuple[int, int], record: Record
    ) -> tuple[tuple[int, int], Iterable[Outgoing]]:
        """Drop what came before, as a resend would; count the rest."""
        number = int(record.value or b"")
        if number <= state[0]:
            return state, ()
        value = b"%d %d" % (number, state[1] + 1)
        return (number, state[1] + 1), [said(record, "count", value)]

    def dump(self, state: tuple[int, int]) -> bytes:
        """Write both numbers."""
        return b"%d %d" % state


def build(kind: str, settings: StatefulSettings) -> Service:
    """Compose the worker."""
    clock = SystemClock()
    known = topics(kind)
    producer = Producer(lambda: AioProducer(settings.bootstrap_servers), known)
    sealer = Sealer(settings.sealing_bytes())
    letters = DeadLetters(kind, "dead", sealer, settings.build, trusts_keys=False)
    progress = Progress(
        settings.state_folder, kind, settings.instance, settings.build, clock
    )
    tools = Tools(Guard(letters, producer.check), producer, Holds(clock), progress)
    store = Store(settings.url_of(kind), kind) if kind == "stateful" else None
    pump: Pump
    if store is None:
        pump = StatelessPump(echo, tools)
    else:
        pump = StatefulPump(Last(), store, tools)
    return Service(
        kind, f"group-{kind}", (known["in"],), known, settings,
        pump, producer, progress, store, clock,
    )  # fmt: skip


async def run(kind: str, settings: StatefulSettings) -> int:
    """Build inside the loop that runs it, as aiokafka demands."""
    return await serve(build(kind, settings))


def main() -> None:
    """Run until told to end."""
    kind = sys.argv[1]
    logs.configure(kind)
    settings = StatefulSettings()
    sys.exit(asyncio.run(run(kind, settings)))


if __name__ == "__main__":
    main()
