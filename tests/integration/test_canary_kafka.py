"""Identifiers planted everywhere: none shows where the contracts name none.

A whole stream of its own folder takes them in; then every record of every topic,
every file of text, every stored state and what the operator's commands print is
searched. The last tests plant a leak and see the same search find it.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from qppflow.demo.messages import Message
from qppflow.demo.sending import send
from qppflow.local.kafka import LocalKafka
from qppflow.runtime import headers
from qppflow.runtime.contracts import Names
from qppflow.runtime.events import decode
from qppflow.runtime.records import Record
from qppflow.services import SERVICES
from tests.helpers.canary_desk import (
    A_TIN,
    AN_NPI,
    OUTSIDE,
    STRAY,
    Desk,
    planted,
    strays,
)
from tests.helpers.cli import run
from tests.helpers.corpus_bad_row import YEAR, sheet
from tests.helpers.deployment import DRAIN_SECONDS, settled
from tests.helpers.leaks import DEAD_LETTERS, NPI, TIN, Planted, leaves
from tests.helpers.stream_log import StreamLog, everything

pytestmark = pytest.mark.kafka

PAYMENTS: Final = "qpp-payment-adjustments"
# The documents that carry the canaries are about somebody, too.
PLANTED: Final = Planted(A_TIN, AN_NPI, sheet("canary").tin, sheet("canary").npi)
WATCHED: Final = {
    "results": "qpp-submission-results",
    "scores": "qpp-final-scores",
    "payments": PAYMENTS,
    "dead-letters": DEAD_LETTERS,
}
# The only fields of stored states that hold identifiers; a decision's reference is
# CMS's own text, kept with the decision as it was written.
OWN_FIELDS: Final = frozenset({TIN, NPI, "roster", "reference"})


@dataclass(frozen=True)
class Hunt:
    """A stream that took all canaries in, and everything that can be read of it."""

    desk: Desk
    servers: str
    log: StreamLog
    printed: dict[str, bytes]

    def leaks(self) -> set[tuple[str, str]]:
        """Name topic and place wherever a record of ours shows an identifier."""
        return leaks(self.log)


def leaks(log: StreamLog) -> set[tuple[str, str]]:
    """Search all records that services wrote; strays were written by others."""
    return {
        (topic, place)
        for topic, records in log.records.items()
        if topic not in OUTSIDE
        for record in records
        if STRAY not in record.headers
        for place in PLANTED.leaks(topic, record)
    }


async def stream(servers: str) -> None:
    """Send canaries, and strays behind them, and wait until all is done."""
    for messages in (planted(), strays()):
        await send(servers, messages, Names(""), lambda _count: None)
        await asyncio.wait_for(settled(servers, ""), DRAIN_SECONDS)


def letters(log: StreamLog) -> list[str]:
    """Give the id of one dead letter of each stage and reason."""
    kinds: dict[tuple[object, ...], str] = {}
    for record in log.records[DEAD_LETTERS]:
        told = dict(record.headers)
        kind = told["dlq-stage"], told["dlq-reason"]
        kinds.setdefault(kind, headers.read(record.headers).id or "")
    return sorted(kinds.values())


def commands(desk: Desk, log: StreamLog) -> dict[str, bytes]:
    """Run what operators use to look at a stream; gives what each printed."""
    lines = [("status",), ("status", "--json"), ("dlq", "list", "--limit", "1000")]
    lines += [("dlq", "list", "--limit", "1000", "--json")]
    for what, topic in WATCHED.items():
        count = str(len(log.records[topic]))
        lines.append(("watch", what, "--from-start", "--limit", count))
    lines.append((*lines[-1], "--json"))
    printed = {" ".join(line): desk.run(*line) for line in lines}
    # Many, so they share this process.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QPPFLOW_STATE_FOLDER", str(desk.state))
        for number, letter in enumerate(letters(log)):
            words = ("dlq", "show", letter, "--unseal", *("--json",)[number % 2 :])
            printed[" ".join(words)] = run(*words).output.encode()
    return printed


@pytest.fixture(scope="module")
def hunt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hunt]:
    """Start a whole stream, plant everywhere, and collect what there is to read."""
    desk = Desk(tmp_path_factory.mktemp("canary"))
    said = desk.run("up", "--json")
    try:
        assert b'"ok":true' in said, said
        servers = LocalKafka.attach(desk.state).bootstrap_servers
        asyncio.run(stream(servers))
        # What the strays left behind waits for ever.
        closed = desk.run("close-year", str(YEAR), "--accept-in-flight", "--json")
        log = asyncio.run(everything(servers, ""))
        printed = commands(desk, log)
        yield Hunt(desk, servers, log, {**printed, "close-year": closed})
    finally:
        desk.run("down")


def test_identifiers_were_planted_and_went_all_the_way(hunt: Hunt) -> None:
    """Every topic has records, every fate occurs, and every service parked some."""
    sent = [record for name in OUTSIDE for record in hunt.log.records[name]]
    fates = {event["fate"] for event in hunt.log.events("qpp-submission-results")}
    stages = {
        headers.text(headers.first(record.headers, "dlq-stage"))
        for record in hunt.log.records[DEAD_LETTERS]
    }

    assert sum(any(map(PLANTED.shown_in, parts(record))) for record in sent) > 1000
    assert [name for name, records in hunt.log.records.items() if not records] == []
    assert fates == {"accepted", "rejected", "parked"}
    assert stages == set(SERVICES)


def parts(record: Record) -> Iterator[bytes]:
    """Give all that a record has."""
    yield record.key or b""
    yield record.value or b""
    for name, value in record.headers:
        yield name.encode()
        yield value or b""


def test_no_record_of_ours_shows_an_identifier_where_none_may_be(hunt: Hunt) -> None:
    """No key, no header, no finding, no field that the contracts do not name."""
    assert hunt.leaks() == set()


def test_no_log_and_no_note_shows_an_identifier(hunt: Hunt) -> None:
    """Logs of broker, supervisor and services, their progress, the stack's note."""
    files = dict(hunt.desk.files())

    assert {name for name, text in files.items() if PLANTED.shown_in(text)} == set()
    assert any(b"parked" in text for text in files.values())
    assert {"kafka/broker.log", "logs/supervisor.log", "stack.json"} <= set(files)
    assert sum(name.startswith("progress/") for name in files) == len(SERVICES)


def test_a_store_holds_identifiers_only_in_their_own_fields(hunt: Hunt) -> None:
    """A state is found by a token, and names a person where it must and only there."""
    shown, own = set(), 0
    for service, subject, state in hunt.desk.stored():
        if PLANTED.shown_in(subject.encode()):
            shown.add((service, "subject"))
        for path, value in leaves(decode(state)):
            # A number is a count, whatever it looks like.
            if not isinstance(value, str) or not PLANTED.shown_in(value.encode()):
                continue
            if OWN_FIELDS.isdisjoint(path):
                shown.add((service, "/".join(path)))
            own += 1

    assert shown == set()
    assert own > 0


def test_no_command_of_the_operator_shows_an_identifier(hunt: Hunt) -> None:
    """Status, watch, and a dead letter of each kind with its headers opened."""
    shown = {name for name, text in hunt.printed.items() if PLANTED.shown_in(text)}
    letters = [text for name, text in hunt.printed.items() if "dlq show" in name]

    assert shown == set()
    assert [name for name, text in hunt.printed.items() if not text.strip()] == []
    assert len(letters) >= len(SERVICES)
    assert all(
        b"x-note" in text or b"x-stray" in text or b"name of" in text
        for text in letters
    )


def test_the_same_search_finds_a_record_that_leaks(hunt: Hunt) -> None:
    """In the key, a header, a header's name, a finding; written in another way, too."""
    mark = A_TIN.encode()
    payload = json.dumps({"findings": [{"found": f"00-{A_TIN[2:]}"}], TIN: A_TIN})
    leaking = (
        Message(PAYMENTS, mark, b"{}", (), "key"),
        Message(PAYMENTS, None, b"{}", (("x", mark.hex().encode()),), "header"),
        Message(PAYMENTS, None, b"{}", (("x", b"1"), (A_TIN, None)), "name"),
        Message(PAYMENTS, None, payload.encode(), (), "finding"),
    )

    async def leak() -> StreamLog:
        await send(hunt.servers, leaking, Names(""), lambda _count: None)
        return await everything(hunt.servers, "")

    found = leaks(asyncio.run(leak()))

    places = {"key", "header 0", "header 1", "findings/0/found"}
    assert found - hunt.leaks() == {(PAYMENTS, place) for place in places}


def test_the_same_search_finds_a_log_line_that_leaks(hunt: Hunt) -> None:
    """A line in a log of the folder, as a service might have written it."""
    (hunt.desk.state / "logs" / "leaking.log").write_text(f"event for {AN_NPI}\n")

    found = {name for name, text in hunt.desk.files() if PLANTED.shown_in(text)}

    assert found == {"logs/leaking.log"}
