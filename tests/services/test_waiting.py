"""`entities` and `payments` in their pump: they wait for the world and lose nothing."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from qppflow.entities.handlers import INPUTS, PARTS, RESULTS, Entities
from qppflow.intake.handlers import FEEDS, SUBMISSIONS, Intake
from qppflow.payments.handlers import OUT, Payments
from qppflow.runtime.events import decode, encode
from qppflow.runtime.law import law_of
from qppflow.runtime.memory import Memory
from qppflow.runtime.producer import Topic
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.stateful import StatefulPump
from tests.helpers import documents, runtime
from tests.helpers.chain import START, TOKENS, Chain, submission
from tests.helpers.runtime import P0
from tests.helpers.stateful import Member, Stage

WRITTEN = (INPUTS, PARTS, RESULTS, OUT)
SENDER = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))


@pytest.fixture(autouse=True)
def topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fake broker have the topics of these services, too."""
    for name in WRITTEN:
        monkeypatch.setitem(runtime.TOPICS, name, Topic(name, 1, 1_000_000))
    monkeypatch.setitem(runtime.TOPICS, "dead", Topic("dead", 1, 1_000_000))


def fact() -> Outgoing:
    """Give what intake records of a submission."""
    value = documents.body(submission())
    came = Record(SUBMISSIONS, 0, 0, START, None, value, SENDER)
    (sent,) = Intake(TOKENS, FEEDS).decide(came)
    return sent


def candidate() -> Record:
    """Give what `payments` reads of a clinician's own score."""
    chain, alone = Chain(), {"nationalProviderIdentifier": documents.NPI}
    sent = submission(entityType="individual", **alone)
    chain.send(SUBMISSIONS, documents.body(sent), SENDER)
    return chain.log["qpp-payment-inputs"][0]


async def member_of(stage: Stage, memory: Memory[Any]) -> Member:
    """Start one process of a service."""
    usual = await stage.member(P0)
    return Member(
        StatefulPump(memory, usual.store, stage.tools), usual.store, usual.consumer
    )


def said(stage: Stage) -> list[Record]:
    """Give all that was sent, without the places where it lies."""
    records = [record for name in WRITTEN for record in stage.log.records(name)]
    return [record._replace(offset=0, timestamp=0) for record in records]


def test_entities_waits_for_the_law_of_a_year_and_then_goes_on(tmp_path: Path) -> None:
    """Nothing is parked, nothing is passed over; a newer build takes up there."""
    sent = fact()
    event = decode(sent.value)
    later = encode({**event, "eventId": "other", "performanceYear": 2099})

    async def scenario() -> tuple[Stage, Member, int]:
        stage = Stage(tmp_path)
        old = await member_of(stage, Entities(law_of, TOKENS))
        stage.log.append(P0, sent.key, later, sent.headers)
        await old.turn()
        waited = len(said(stage))
        newer = await member_of(
            stage, Entities(lambda _year: law_of(documents.YEAR), TOKENS)
        )
        await newer.turn()
        await stage.close()
        return stage, old, waited

    stage, old, waited = asyncio.run(scenario())

    assert old.consumer.paused == {P0}
    assert (waited, len(said(stage))) == (0, 3)
    assert stage.log.records("dead") == []


@pytest.mark.parametrize("service", ["entities", "payments"])
@pytest.mark.parametrize("written", [True, False])
def test_a_database_that_fails_costs_time_and_nothing_else(
    tmp_path: Path, service: str, *, written: bool
) -> None:
    """What is sent again is the same to the byte, and it counts once."""
    memory: Memory[Any] = (
        Payments() if service == "payments" else Entities(law_of, TOKENS)
    )
    given = candidate() if service == "payments" else fact()

    async def scenario() -> tuple[Stage, list[Record], Member]:
        stage = Stage(tmp_path)
        member = await member_of(stage, memory)
        stage.log.append(P0, given.key, given.value, given.headers)
        member.store.before, member.store.after = int(not written), int(written)
        await member.turn()
        once = said(stage)
        assert member.consumer.paused == {P0}
        await stage.clock.advance(60)
        for _ in range(3):
            await member.turn()
        await stage.close()
        return stage, once, member

    stage, once, _ = asyncio.run(scenario())

    assert len(once) == (1 if service == "payments" else 3)
    assert set(said(stage)) == set(once)
    assert len(said(stage)) == len(once) * (1 if written else 2)
    assert stage.log.commits == {P0: 1}
    assert stage.log.records("dead") == []
