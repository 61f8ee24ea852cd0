"""Services of ours as processes on a shared broker, with topics of their own."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from qppflow.demo.stages import Stage, Stages, drained
from qppflow.local.processes import wait_until
from qppflow.runtime import contracts, topics
from qppflow.runtime.contracts import Names
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.tokens import new_key

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 120
DRAIN_SECONDS: Final = 240
# Empty queues must be seen often: a record may be between two topics.
LOOKS: Final = 3


@dataclass(frozen=True)
class Deployment:
    """One deployment: its brokers, prefix, keys, folder and further settings."""

    servers: str
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    prefix: str = field(default_factory=lambda: f"test-{uuid4().hex[:8]}-")
    token_key: str = field(default_factory=lambda: new_key(32))
    sealing_key: str = field(default_factory=lambda: new_key(64))

    async def make_topics(self) -> None:
        """Create the topics of the contracts under our prefix."""
        await topics.ensure(self.servers, self.prefix)

    def topic(self, name: str) -> str:
        """Give the broker's name of a topic of the contracts."""
        return Names(self.prefix).physical(name)

    @contextmanager
    def process(self, services: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
        """Run services in one process for the length of a block, and drain them."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "services") + os.pathsep + str(ROOT),
            "QPPFLOW_BOOTSTRAP_SERVERS": self.servers,
            "QPPFLOW_TOPIC_PREFIX": self.prefix,
            "QPPFLOW_TOKEN_KEY": self.token_key,
            "QPPFLOW_SEALING_KEY": self.sealing_key,
            "QPPFLOW_STATE_FOLDER": str(self.folder),
            **self.variables,
        }
        command = [sys.executable, "-m", "qppflow.cli.run", *services]
        with (self.folder / "services.log").open("ab") as log:
            running = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=log, stderr=log
            )
        try:
            yield running
            running.terminate()
            running.wait(60)
        finally:
            running.kill()
            running.wait()

    async def started(self, count: int) -> None:
        """Wait until so many services have said that they started."""

        def have() -> bool:
            return [one["event"] for one in self.said()].count("started") >= count

        if not await asyncio.to_thread(wait_until, have, START_SECONDS, 0.1):
            pytest.fail("not all services started:\n" + self.log()[-4000:])

    def log(self) -> str:
        """Read what all processes wrote."""
        return (self.folder / "services.log").read_text("utf-8")

    def said(self) -> list[dict[str, Any]]:
        """Read the log's lines; one that is not whole yet is left out."""
        log = self.log()
        return [json.loads(line) for line in log[: log.rfind("\n") + 1].splitlines()]

    async def settled(self) -> None:
        """Wait until no service has anything left to do."""
        try:
            await asyncio.wait_for(settled(self.servers, self.prefix), DRAIN_SECONDS)
        except TimeoutError:
            pytest.fail("records are left; the log ends with " + self.log()[-4000:])


async def settled(servers: str, prefix: str) -> None:
    """Wait until no service of a deployment has anything left to do."""
    async with AioLogReader.connected(servers) as reader:
        stages = Stages(reader, contracts.topics(), Names(prefix))
        await stages.begin()
        quiet, before = 0, list[Stage]()
        while quiet < LOOKS:
            now = await stages.now()
            quiet = quiet + 1 if drained(now) and now == before else 0
            before = now
            await asyncio.sleep(0.3)
