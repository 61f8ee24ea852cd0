"""The empty topology: our processes, groups, topics and pumps, and no work at all.

Each service sends for each record what a real run sent for it: the same number of
records with the same keys, headers and sizes. Its position is kept as ours is, in
Kafka and, where ours has a store, in that too; nothing is remembered.

``python -m benchmarks.empty FOLDER SERVICE...``
"""

import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from benchmarks import plan
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.compose import DEAD_LETTERS, run_all
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.guard import Guard
from qppflow.runtime.holds import Holds
from qppflow.runtime.pump import StatelessPump, Tools
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.stateful import StatefulPump
from qppflow.runtime.subscription import Service


class Replay:
    """A decision that looks its outputs up, and a memory that remembers nothing."""

    def __init__(self, outputs: plan.Outputs) -> None:
        self._outputs = outputs

    def __call__(self, record: Record) -> Iterable[Outgoing]:
        """Give what was sent for this record."""
        return self._outputs.get(plan.name_of(record), ())

    def subject(self, _record: Record) -> str:
        """Name one subject for all, so that the store is asked for one row."""
        return "none"

    def load(self, _stored: bytes | None) -> None:
        """Read no state."""

    def decide(self, _state: None, record: Record) -> tuple[None, Iterable[Outgoing]]:
        """Give what was sent, and the same state: none, so that none is written."""
        return None, self(record)

    def dump(self, _state: None) -> bytes:
        """Write nothing; never called, as no state changes."""
        return b""


def composer(folder: Path, name: str) -> Callable[[], Service]:
    """Give what composes a service that replays its outputs."""
    app = import_module(f"qppflow.{name}.app")

    def compose() -> Service:
        settings = app.Settings()
        service: Service = app.build(settings)
        sealer = Sealer(settings.sealing_bytes())
        letters = DeadLetters(
            name, DEAD_LETTERS, sealer, settings.build, trusts_keys=True
        )
        guard = Guard(letters, service.producer.check)
        tools = Tools(guard, service.producer, Holds(SystemClock()), service.progress)
        replay = Replay(plan.read(folder, name))
        # The outputs stay for good: the collector need not walk over them again.
        gc.collect()
        gc.freeze()
        if service.store is None:
            return replace(service, pump=StatelessPump(replay, tools))
        return replace(service, pump=StatefulPump(replay, service.store, tools))

    return compose


def main(arguments: Sequence[str]) -> int:
    """Run the services named, until told to stop."""
    folder, *names = arguments
    return run_all("+".join(names), [composer(Path(folder), name) for name in names])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
