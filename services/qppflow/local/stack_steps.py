"""Two steps of a start that take their time: the topics, and the first reports."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from qppflow.local.errors import LocalError, StartError
from qppflow.local.files import tail
from qppflow.local.processes import wait_until
from qppflow.local.say import Say
from qppflow.local.stack_plan import services_of
from qppflow.local.status import SUPERVISOR, ChildStatus, read_status
from qppflow.runtime import progress, topics
from qppflow.runtime.faults import BrokerError
from qppflow.runtime.topics import TopicReport

TOPICS_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.1
# A process that ends so often before its first report will not come up by itself.
MOST_DEATHS: Final = 3


def make_topics(bootstrap_servers: str, prefix: str, say: Say) -> None:
    """Create what is missing; a broker that has just started may need patience.

    Raises:
        LocalError: a topic is not as agreed, or Kafka stayed silent.
    """
    say("creating the topics")
    reports = _patiently(bootstrap_servers, prefix, time.monotonic() + TOPICS_SECONDS)
    bad = [f"{one.name} is {one.state}" for one in reports if not one.good]
    if bad:
        text = f"{', '.join(bad)}: see qppflow topics check"
        raise LocalError(text)


def _patiently(
    bootstrap_servers: str, prefix: str, deadline: float
) -> list[TopicReport]:
    while True:
        try:
            return asyncio.run(topics.ensure(bootstrap_servers, prefix))
        except BrokerError as error:
            if time.monotonic() >= deadline:
                text = f"Kafka on {bootstrap_servers} did not answer: {error}"
                raise LocalError(text) from error
            time.sleep(POLL_SECONDS)


def wait_for_reports(
    state: Path, names: Sequence[str], seconds: float, say: Say
) -> None:
    """Wait until every service has reported once.

    Raises:
        StartError: one has not, or its process keeps dying; with the end of its log.
    """
    seen: set[str] = set()

    def settled() -> bool:
        before = len(seen)
        seen.update(one["service"] for one in progress.read_all(state))
        if len(seen) > before:
            say(f"{len(seen)} of {len(names)} services run")
        late = _late(state, seen)
        return seen >= set(names) or any(one.restarts >= MOST_DEATHS for one in late)

    wait_until(settled, seconds, POLL_SECONDS)
    missing = [name for name in names if name not in seen]
    if not missing:
        return
    problem = f"has not reported ({', '.join(missing)})"
    for child in _late(state, seen):
        raise StartError(child.name, problem, tail(child.log))
    raise StartError(SUPERVISOR, problem)


def _late(state: Path, seen: set[str]) -> Iterator[ChildStatus]:
    """Give the processes of which a service has not reported."""
    told = read_status(state)
    for child in told.children if told is not None else ():
        if not seen >= set(services_of(child.name)):
            yield child
