"""The table of bad input over a real Kafka, in one go, between right submissions.

All rows and all right submissions are in one partition of their topic, so that a row
which stopped its partition would keep the right ones behind it from their scores.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from qppflow.demo.tally import Tally
from qppflow.runtime import headers
from qppflow.runtime.judging import PARKED, REJECTED
from qppflow.runtime.records import Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import read_key
from qppflow.services import SERVICES
from tests.helpers.bad_inputs import GROUPS, TABLE, in_order
from tests.helpers.corpus_bad_documents import COSTLY
from tests.helpers.corpus_bad_row import FEEDS, SUBMISSIONS, BadInput
from tests.helpers.deployment import Deployment
from tests.helpers.leaks import DEAD_LETTERS
from tests.helpers.stream_log import StreamLog, everything, whenever

pytestmark = pytest.mark.kafka

RESULTS: Final = "qpp-submission-results"
# More than any row has, so that the producer leaves the refusing to the broker.
LARGEST: Final = 16 * 1024 * 1024
COSTS: Final = re.compile(r"earns 0 points|scores 0 in|nobody would be paid")
TROUBLE: Final = frozenset(
    {"paused", "refused", "stopped", "parked-hook", "partitions-lost"}
)


SENT: Final = tuple(in_order())
GOOD: Final = tuple(one for one in SENT if one not in TABLE)


@dataclass(frozen=True)
class Streamed:
    """What was sent where, what the broker refused, and what came of it."""

    deployment: Deployment
    origins: dict[str, str]
    refused: set[str]
    log: StreamLog

    def answers(self, of: BadInput) -> list[dict[str, Any]]:
        """Find the answers by source and id, or by position where one is missing."""
        sender = headers.read(of.headers)
        told = [
            event["submission"] | whenever(event) for event in self.log.events(RESULTS)
        ]
        if sender.source is None or sender.id is None:
            return [one for one in told if one["origin"] == self.origins[of.name]]
        return [one for one in told if (one["source"], one["id"]) == sender[2:0:-1]]

    def letters(self, of: BadInput) -> list[Record]:
        """Find the dead letters of a row by the position of its record."""
        place = self.origins[of.name].encode()
        return [
            record
            for record in self.log.records[DEAD_LETTERS]
            if headers.first(record.headers, "dlq-place") == place
        ]


async def send(deployment: Deployment) -> tuple[dict[str, str], set[str]]:
    """Send all rows in their order; what the broker refuses is sent compressed."""
    origins: dict[str, str] = {}
    refused: set[str] = set()
    settings = {
        "bootstrap_servers": deployment.servers,
        "max_request_size": LARGEST,
    }
    async with (
        AIOKafkaProducer(**settings) as plain,
        AIOKafkaProducer(**settings, compression_type="gzip") as compressed,
    ):
        for one in SENT:
            target = {
                "topic": deployment.topic(one.topic),
                "value": one.value,
                "key": one.key,
                "partition": 0,
                "headers": list(one.headers),
            }
            try:
                at = await plain.send_and_wait(**target)
            except MessageSizeTooLargeError:
                refused.add(one.name)
                at = await compressed.send_and_wait(**target)
            origins[one.name] = f"{at.topic}/{at.partition}/{at.offset}"
    return origins, refused


async def run(deployment: Deployment) -> Streamed:
    """Send everything into a running topology, and wait until all is done."""
    await deployment.make_topics()
    with deployment.process(SERVICES):
        await deployment.started(len(SERVICES))
        origins, refused = await send(deployment)
        await deployment.settled()
    log = await everything(deployment.servers, deployment.prefix)
    return Streamed(deployment, origins, refused, log)


@pytest.fixture(scope="module")
def streamed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Streamed:
    """Stream the table once for all tests."""
    return asyncio.run(run(Deployment(kafka, tmp_path_factory.mktemp("bad"))))


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
def test_each_kind_meets_its_one_fate_and_code(
    streamed: Streamed, bad: BadInput
) -> None:
    """One answer or, where nobody can be answered, one dead letter; never more."""
    letters = streamed.letters(bad)
    found = streamed.answers(bad)
    told = [
        (one["fate"], {one["reason"]} - {None} | {f["code"] for f in one["findings"]})
        for one in found
    ] or [(PARKED, {headers.text(headers.first(letters[0].headers, "dlq-reason"))})]

    assert told == [(bad.fate, {bad.code})]
    assert len(letters) == (bad.fate == PARKED)
    if found and letters:
        assert found[0]["deadLetter"] == headers.read(letters[0].headers).id


@pytest.mark.parametrize(
    "parked", [one for one in TABLE if one.fate == PARKED], ids=lambda one: one.name
)
def test_a_parked_record_is_kept_byte_for_byte(
    streamed: Streamed, parked: BadInput
) -> None:
    """Its value is open to operators, its key and headers are sealed; see the last."""
    (letter,) = streamed.letters(parked)
    told = {name: value for name, value in letter.headers if name.startswith("dlq-")}
    digest = sha256(parked.value or b"").hexdigest().encode()

    assert told["dlq-sha256"] == digest
    assert ("dlq-null-value" in told) == (parked.value is None)
    if "too large" in parked.name:
        assert "dlq-value-omitted" in told
        assert "dlq-original" not in told
    else:
        sealer = Sealer(read_key(streamed.deployment.sealing_key))
        original = sealer.open_envelope(told["dlq-original"] or b"")
        assert letter.value == (parked.value or b"")
        assert original == (parked.key, parked.headers)


def test_what_the_broker_refuses_is_rejected_where_it_comes_through_compressed(
    streamed: Streamed,
) -> None:
    """A broker measures what it stores; intake measures what it reads."""
    refused = {one.name for one in TABLE if one.refused}

    assert streamed.refused == refused != set()
    assert {one.fate for one in TABLE if one.refused} == {REJECTED}


@pytest.mark.parametrize("costly", COSTLY, ids=lambda costly: costly.name)
def test_what_is_allowed_is_answered_with_what_it_costs(
    streamed: Streamed, costly: BadInput
) -> None:
    """One warning says it, and the submission is scored all the same."""
    (answer,) = streamed.answers(costly)
    (finding,) = answer["findings"]
    scored = streamed.log.latest("qpp-final-scores")

    assert finding["severity"] == "warning"
    assert COSTS.search(finding["needed"])
    assert answer["subject"] in scored


def test_right_submissions_between_the_bad_ones_get_their_final_score(
    streamed: Streamed,
) -> None:
    """Each the same one, and a payment, wherever in the partition it stood."""
    scores = streamed.log.latest("qpp-final-scores")
    subjects = [one["subject"] for good in GOOD for one in streamed.answers(good)]

    found = {json.dumps(scores[subject]["score"]) for subject in subjects}

    assert len(subjects) == 2 * len(set(subjects)) == 2 * (len(GROUPS) + 1)
    assert len(found) == 1
    assert "no-profile" not in found.pop()
    assert len(streamed.log.latest("qpp-payment-adjustments")) >= len(set(subjects))


def test_nothing_was_lost_and_nothing_had_two_fates(streamed: Streamed) -> None:
    """Received = accepted + rejected + parked, counted by reading the topics."""
    tally = Tally()
    for topic in (SUBMISSIONS, FEEDS):
        tally.receive(streamed.log.records[topic])
    tally.answer(streamed.log.records[RESULTS])
    tally.park(streamed.log.records[DEAD_LETTERS])

    found = tally.conservation()

    assert found.holds
    assert found.received == len(SENT)
    assert found.parked == sum(one.fate == PARKED for one in TABLE)


def test_no_partition_waited_or_was_read_again(streamed: Streamed) -> None:
    """A bad record costs itself: no pause, no second attempt, nothing said twice."""
    said = [one["event"] for one in streamed.deployment.said()]
    ids = [
        (topic, headers.read(record.headers).id)
        for topic, records in streamed.log.records.items()
        if topic not in {SUBMISSIONS, FEEDS}
        for record in records
    ]

    assert said.count("parked") == sum(one.fate == PARKED for one in TABLE)
    assert TROUBLE.isdisjoint(said)
    assert len(ids) == len(set(ids))
