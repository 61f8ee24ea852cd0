"""The whole stream on a real Kafka: two processes, of which one is killed in between.

One run serves all tests here. Its topics and groups have a prefix of their own.
"""

import asyncio
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from qpp.inputs import read_input
from qpp.mips.scoring import score
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message
from qppflow.demo.play import Outcome, play
from qppflow.demo.population import population
from qppflow.local.processes import wait_until
from qppflow.runtime import contracts
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.contracts import Names, Validator, problems
from qppflow.runtime.events import decode, encode, kind_of
from qppflow.runtime.headers import read
from qppflow.runtime.law import law_of
from qppflow.runtime.log_reader import AioLogReader
from qppflow.runtime.records import Place, Record
from qppflow.runtime.tokens import Tokens, read_key
from qppflow.services import SERVICES
from tests.helpers.chain import Chain
from tests.helpers.deployment import Deployment
from tests.helpers.pure_payments import pure_payments, streamed_payments
from tests.helpers.pure_scores import differing, pure_scores, streamed_scores
from tests.helpers.stream_log import StreamLog

pytestmark = pytest.mark.kafka

ROOT: Final = Path(__file__).parents[2]
SIZE: Final = 40
SEED: Final = 11
YEARS: Final = (2024, 2025, 2026)
OUTSIDE: Final = frozenset({SUBMISSIONS, FEEDS})
PAYMENTS: Final = "qpp-payment-adjustments"
# The killed process has services of both kinds, with memory and without.
KILLED: Final = SERVICES[1::2]
SPARED: Final = SERVICES[0::2]
CANARY: Final = "987654321"
IDENTIFIER: Final = re.compile(
    rb'"(?:taxpayerIdentificationNumber|nationalProviderIdentifier)": ?"(\d+)"'
)


def messages() -> list[Message]:
    """Give a population, and two records whose key and header carry an identifier."""
    made = list(population(SIZE, SEED, YEARS))
    good = next(one for one in made if one.kind == "submission")
    bad = good._replace(value=b"{", kind="canary")
    planted = ("x-tin", CANARY.encode())
    for one in (good, bad):
        key = CANARY.encode()
        made.append(one._replace(key=key, headers=(*one.headers, planted)))
    return made


@dataclass(frozen=True)
class Run:
    """What came of a run: the demo's count, and every record of every topic."""

    site: Deployment
    sent: list[Message]
    outcome: Outcome
    log: dict[str, list[Record]]
    paid_before_the_kill: int
    codes: list[int]

    @property
    def ours(self) -> list[Record]:
        """Give all records that our services wrote."""
        return [
            record
            for topic, records in self.log.items()
            if topic not in OUTSIDE
            for record in records
        ]

    def events(self, topic: str) -> list[dict[str, Any]]:
        """Give what was said on a topic."""
        return [decode(record.value) for record in self.log[topic]]

    def latest(self, topic: str) -> dict[str, dict[str, Any]]:
        """Give the event of the highest revision of each subject of a topic."""
        found: dict[str, dict[str, Any]] = {}
        for event in self.events(topic):
            kept = found.get(event["subject"])
            if kept is None or event["revision"] > kept["revision"]:
                found[event["subject"]] = event
        return found


def places(site: Deployment, topic: str) -> list[Place]:
    """Give the partitions of a topic, by the broker's name."""
    count = contracts.topics()[topic].partitions
    return [Place(site.topic(topic), number) for number in range(count)]


async def first_payment(site: Deployment) -> int:
    """Wait until something was paid; gives how much."""
    async with AioLogReader.connected(site.servers) as reader:
        while True:
            ends = await reader.ends(places(site, PAYMENTS))
            if paid := sum(ends.values()):
                return paid
            await asyncio.sleep(0.02)


async def everything(site: Deployment) -> dict[str, list[Record]]:
    """Read every record of every topic."""
    async with AioLogReader.connected(site.servers) as reader:
        log: dict[str, list[Record]] = {}
        for topic in contracts.topics():
            starts = dict.fromkeys(places(site, topic), 0)
            name = site.topic(topic)
            log[topic] = [
                record
                async for batch in reader.read_topic(name, starts)
                for record in batch
            ]
        return log


async def run(site: Deployment) -> Run:
    """Stream all messages, kill a process once payments flow, and start it again."""
    await site.make_topics()
    sent = messages()
    codes: list[int] = []
    with ExitStack() as running:
        spared = running.enter_context(site.process(SPARED))
        killed = running.enter_context(site.process(KILLED))
        # A new broker has no coordinator of groups until the first one comes.
        await site.started(len(SERVICES))
        playing = asyncio.create_task(
            play(
                site.servers,
                sent,
                SystemClock(),
                lambda _stages, _seconds: None,
                site.prefix,
            )
        )
        try:
            paid = await asyncio.wait_for(first_payment(site), 60)
        except TimeoutError:
            pytest.fail("nothing was paid; the log ends with " + site.log()[-4000:])
        killed.kill()
        codes.append(killed.wait())
        again = running.enter_context(site.process(KILLED))
        outcome = await playing
        for process in (spared, again):
            process.send_signal(signal.SIGTERM)
        codes += [await asyncio.to_thread(p.wait, 30) for p in (spared, again)]
    return Run(site, sent, outcome, await everything(site), paid, codes)


@pytest.fixture(scope="module")
def streamed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the stream once for all tests."""
    # Small batches: the stream lasts long enough to be disturbed.
    small = {"QPPFLOW_BATCH_RECORDS": "10", "QPPFLOW_SESSION_TIMEOUT_MS": "3000"}
    site = Deployment(kafka, tmp_path_factory.mktemp("stream"), small)
    return asyncio.run(run(site))


@pytest.fixture(scope="module")
def undisturbed(streamed: Run) -> Chain:
    """Carry the same records of the broker through the services in memory."""
    site = streamed.site
    chain = Chain(Tokens(read_key(site.token_key)), Names(site.prefix).physical(FEEDS))
    received = [record for name in sorted(OUTSIDE) for record in streamed.log[name]]
    for record in sorted(received, key=lambda one: (one.timestamp, one.offset)):
        chain.take(record)
    return chain


def test_the_kill_hit_a_running_stream(streamed: Run) -> None:
    """A process killed at the end or before the start would prove nothing."""
    killed, spared, again = streamed.codes

    assert killed == -signal.SIGKILL
    assert (spared, again) == (0, 0)
    assert 0 < streamed.paid_before_the_kill < len(streamed.log[PAYMENTS])


def test_every_message_has_exactly_one_fate(streamed: Run) -> None:
    """Received = accepted + rejected + parked, counted by reading the topics."""
    found = streamed.outcome.conservation

    assert found.holds
    assert found.received == len(streamed.sent)
    assert min(found.accepted, found.rejected, found.parked) > 0


def test_an_id_that_comes_again_has_the_same_bytes(streamed: Run) -> None:
    """Billing may drop what it has seen by its id alone."""
    seen: dict[tuple[str | None, str], set[bytes | None]] = {}
    for topic, records in streamed.log.items():
        if topic not in OUTSIDE:
            for record in records:
                key = read(record.headers).id, topic
                seen.setdefault(key, set()).add(record.value)

    assert {key for key, values in seen.items() if len(values) > 1} == set()
    assert len(seen) > SIZE


def recorded(records: Sequence[Record]) -> set[bytes | None]:
    """Give the facts that documents led to."""
    return {one.value for one in records if kind_of(one) == "fact-recorded.v1"}


def test_facts_are_those_of_an_undisturbed_run(
    streamed: Run, undisturbed: Chain
) -> None:
    """Not one is missing, and none was made twice with another content."""
    through = recorded(streamed.log["qpp-entity-facts"])

    assert through == recorded(undisturbed.log["qpp-entity-facts"])


def test_every_score_is_that_of_what_stood_by_the_pure_functions(
    streamed: Run,
) -> None:
    """However facts overtook each other, and whatever was lent again after the kill."""
    log = StreamLog(streamed.log)

    assert differing(streamed_scores(log), pure_scores(log)) == []
    assert b"data-lent" in shown(streamed.log["qpp-entity-facts"])


def test_the_latest_payments_are_those_of_the_pure_functions(streamed: Run) -> None:
    """Who is paid what, by which entity's score, and whether it may be billed."""
    log = StreamLog(streamed.log)

    decided = pure_payments(log)

    assert streamed_payments(log) == decided
    assert len(decided) > SIZE


def test_every_score_equals_the_law(streamed: Run) -> None:
    """Each revision through Kafka, byte by byte."""
    inputs = {
        (event["subject"], event["program"], event["revision"]): event["input"]
        for event in streamed.events("qpp-score-inputs")
    }

    through, pure = {}, {}
    for event in streamed.events("qpp-final-scores"):
        key = event["subject"], event["program"], event["revision"]
        if "score" not in event:
            # All sets of the program were taken back.
            assert key not in inputs
            continue
        entity = read_input(inputs[key], "mips")
        scored = score(entity, law_of(event["performanceYear"]))
        through[key] = encode({"of": [event["score"], event["explanation"]]})
        pure[key] = encode({"of": [scored.score, scored.explanation]})

    assert through == pure
    assert through.keys() == inputs.keys()


def test_every_event_keeps_its_contract(streamed: Run) -> None:
    """Values and headers; a dead letter's schema is about its headers."""
    schema = ROOT / "contracts" / "headers" / "1.0.0.schema.json"
    attributes = jsonschema_rs.Draft202012Validator(json.loads(schema.read_bytes()))
    validator = Validator()
    found = []
    for record in streamed.ours:
        texts = {name: (value or b"").decode() for name, value in record.headers}
        own = {name: text for name, text in texts.items() if name.startswith("dlq-")}
        shared = {name: text for name, text in texts.items() if name not in own}
        content = own or json.loads(record.value or b"")
        found += validator.problems(texts["ce_type"], content)
        found += problems(attributes, shared)

    assert found == []


def shown(records: Sequence[Record]) -> bytes:
    """Give all that keys and headers show."""
    return b"\n".join(
        part or b""
        for record in records
        for part in (record.key, *(value for _, value in record.headers))
    )


def test_no_identifier_is_in_a_key_or_a_header(streamed: Run) -> None:
    """Not those of the documents, nor the one planted in a sender's key and header."""
    planted = shown([r for name in OUTSIDE for r in streamed.log[name]])
    identifiers = {CANARY.encode()}
    for message in streamed.sent:
        identifiers.update(IDENTIFIER.findall(message.value or b""))

    text = shown(streamed.ours)

    assert CANARY.encode() in planted
    assert len(identifiers) > SIZE
    assert {one for one in identifiers if one in text} == set()


def test_no_identifier_is_in_a_log_line(streamed: Run) -> None:
    """Both processes wrote into one file."""
    text = streamed.site.log().encode()
    identifiers = {CANARY.encode()}
    for message in streamed.sent:
        identifiers.update(IDENTIFIER.findall(message.value or b""))

    assert b"started" in text
    assert {one for one in identifiers if one in text} == set()


def test_the_sample_billing_ledger_holds_the_latest_payments(
    streamed: Run, tmp_path: Path
) -> None:
    """The consumer we give to billing reads the same topic, repeats and all."""
    file = tmp_path / "ledger.sqlite3"
    names = ("score", "adjustmentPercent", "billable")
    wanted = {
        (subject, event["revision"], *(event.get(name) for name in names), False)
        for subject, event in streamed.latest(PAYMENTS).items()
    }

    def rows() -> set[tuple[Any, ...]]:
        with closing(sqlite3.connect(file)) as ledger:
            return set(ledger.execute("SELECT * FROM ledger"))

    script = str(ROOT / "examples" / "billing_consumer.py")
    topic = streamed.site.prefix + PAYMENTS
    command = [sys.executable, script, streamed.site.servers, str(file), topic]
    with subprocess.Popen(command, cwd=ROOT) as consumer:
        try:
            wait_until(lambda: file.exists() and file.stat().st_size > 0, 30, 0.1)
            wait_until(lambda: rows() == wanted, 30, 0.2)
        finally:
            consumer.kill()

    assert rows() == wanted
