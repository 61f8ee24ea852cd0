"""What the services really say, carried from one to the next, keeps the contracts."""

import json
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import jsonschema_rs
import pytest

from qppflow.completeness.handlers import decide as completeness
from qppflow.cost import handlers as cost
from qppflow.entities.handlers import Entities
from qppflow.final_scores.handlers import FinalScores
from qppflow.improvement_activities.handlers import decide as activities
from qppflow.intake.handlers import Intake
from qppflow.payments.handlers import Payments
from qppflow.pi_period.handlers import decide as pi_period
from qppflow.promoting_interoperability.handlers import decide as interoperability
from qppflow.quality.handlers import decide as quality
from qppflow.runtime.contracts import Problem, Validator, problems, topics
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.events import decode
from qppflow.runtime.headers import read
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import KEY_SIZE, Sealer
from qppflow.runtime.tokens import SHORTEST_KEY, Tokens
from tests.helpers import documents

Consumer: TypeAlias = Callable[[Record], Iterable[Outgoing]]

CONTRACTS = Path(__file__).parents[2] / "contracts"
HEADERS = json.loads((CONTRACTS / "headers" / "1.0.0.schema.json").read_text("utf-8"))
# The second clinician of the practice, with a wrong check digit.
SECOND = "0123456789"
SENDER = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))
LETTERS = DeadLetters(
    "intake", "qpp-dead-letters", Sealer(b"s" * KEY_SIZE), "1", trusts_keys=False
)


def with_memory(memory: Any) -> Consumer:  # noqa: ANN401 - three memories, three states
    """Give a consumer that keeps a memory's states."""
    states: dict[str, Any] = {}

    def decide(record: Record) -> Iterable[Outgoing]:
        subject = memory.subject(record)
        state = states.get(subject, memory.load(None))
        states[subject], sent = memory.decide(state, record)
        return list(sent)

    return decide


def cost_parking(revisions: Container[int]) -> Consumer:
    """Give `cost` as it is when it fails on some revisions and parks them."""

    def decide(record: Record) -> Iterable[Outgoing]:
        if decode(record.value)["revision"] not in revisions:
            return cost.decide(record)
        return cost.on_parked(record, str(UUID(int=record.offset)), "exception")

    return decide


def services(parked: Container[int] = ()) -> dict[str, Consumer]:
    """Make every service by name, without Kafka; cost parks some revisions."""
    tokens = Tokens(b"t" * SHORTEST_KEY)
    return {
        "intake": Intake(tokens, "qpp-cms-feeds").decide,
        "entities": with_memory(Entities(law_of)),
        "completeness": completeness,
        "pi_period": pi_period,
        "quality": quality,
        "promoting_interoperability": interoperability,
        "improvement_activities": activities,
        "cost": cost_parking(parked),
        "final_scores": with_memory(FinalScores(tokens)),
        "payments": with_memory(Payments()),
    }


def carried(
    sent: Iterable[Outgoing], parked: Container[int] = ()
) -> Iterator[tuple[str, Outgoing]]:
    """Carry records through all services; yields who said what, in order."""
    consumers = services(parked)
    waiting = [("sender", item) for item in sent]
    for number, (said_by, item) in enumerate(waiting):
        yield said_by, item
        record = Record(item.topic, 0, number, 1_800_000_000_000 + number, *item[1:])
        for group in topics()[item.topic].groups:
            waiting += [(group, out) for out in consumers[group](record)]


def submission(year: int, **changed: object) -> dict[str, Any]:
    """Give a group's submission in three categories that no rule rejects."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    reported: dict[str, list[tuple[str, object]]] = {
        "quality": [("001", {"isEndToEndReported": False} | documents.COUNTS)],
        "ia": [("IA_BE_4", True)],
        "pi": [("PI_PPHI_1", True), ("PI_EP_1", {"numerator": 9, "denominator": 10})],
    }
    sets: list[dict[str, Any]] = [
        {
            "category": category,
            "submissionMethod": "registry",
            "performanceStart": first,
            "performanceEnd": last,
            "measurements": [{"measureId": i, "value": value} for i, value in items],
        }
        for category, items in reported.items()
    ]
    sets[-1]["cehrtId"] = documents.CEHRT
    return {
        "entityType": "group",
        "taxpayerIdentificationNumber": documents.TIN,
        "performanceYear": year,
        "measurementSets": sets,
    } | changed


def sent_in(year: int) -> list[Outgoing]:
    """Give every feed and a whole submission, an individual's too, and a bad one."""
    alone = submission(
        year, entityType="individual", nationalProviderIdentifier=documents.NPI
    )
    wrong = submission(year, unknownField=1)
    whole = submission(year)
    roster = [{"nationalProviderIdentifier": npi} for npi in (documents.NPI, SECOND)]
    profiles = [
        documents.feed("profile", year, specialStatuses=[], roster=clinicians)
        for clinicians in (roster, [])
    ]
    feeds = [
        Outgoing("qpp-cms-feeds", None, documents.body(feed), SENDER)
        for feed in (*documents.feeds(year), *profiles)
    ]
    submissions = [
        Outgoing("qpp-submissions", None, documents.body(document), SENDER)
        for document in (whole, wrong, whole, alone)
    ]
    return [*submissions, *feeds]


def broken(item: Outgoing) -> list[tuple[str, Problem]]:
    """Give what breaks the contract of an event, or of its headers."""
    texts = {name: (value or b"").decode() for name, value in item.headers}
    attributes = read(item.headers)
    kind = attributes.type or ""
    value = json.loads(item.value or b"")
    compiled = jsonschema_rs.Draft202012Validator(HEADERS)
    found = [*Validator().problems(kind, value), *problems(compiled, texts)]
    return [(kind, problem) for problem in found]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_event_keeps_its_schema_and_comes_from_a_named_producer(
    year: int,
) -> None:
    """From intake to billing: corrections, a clinician who leaves, a retraction."""
    events = [(who, item) for who, item in carried(sent_in(year)) if who != "sender"]

    kinds = {read(item.headers).type for _, item in events}
    found = {problem for _, item in events for problem in broken(item)}

    assert found == set()
    assert all(who in topics()[item.topic].producers.services for who, item in events)
    assert {
        "qppflow.payment-adjusted.v1",
        "qppflow.payment-candidate-withdrawn.v1",
        "qppflow.score-retracted.v1",
        "qppflow.submission-answered.v1",
    } <= kinds


def test_a_hold_and_its_end_keep_their_schemas() -> None:
    """Cost fails on two revisions of a practice; billing hears of it and of the end."""
    events = [item for who, item in carried(sent_in(2025), {2, 3}) if who != "sender"]

    kinds = [read(item.headers).type for item in events]
    found = {problem for item in events for problem in broken(item)}

    assert found == set()
    assert {
        "qppflow.score-part-parked.v1",
        "qppflow.payment-candidate-held.v1",
        "qppflow.score-held.v1",
    } <= set(kinds)


def test_no_key_and_no_event_without_people_carries_an_identifier() -> None:
    """Behind the entity the scores know a token only."""
    silent = {name for name, topic in topics().items() if topic.pii == "none"}

    events = [(who, item) for who, item in carried(sent_in(2025)) if who != "sender"]

    for _, item in events:
        quiet = (item.value or b"") if item.topic in silent else b""
        text = (item.key or b"") + quiet + repr(item.headers).encode()
        assert documents.TIN.encode() not in text
        assert documents.NPI.encode() not in text


@pytest.mark.parametrize("value", [b"{", None])
def test_a_dead_letter_keeps_the_bytes_and_its_headers_keep_their_schema(
    value: bytes | None,
) -> None:
    """Reason and origin are there, and the value is what could not be read."""
    record = Record("qpp-submissions", 1, 77, 1_800_000_000_000, None, value, SENDER)

    letter = LETTERS.park(record, "MIPS-DOC-001")

    texts = {name: (item or b"").decode() for name, item in letter.headers}
    own = {name: text for name, text in texts.items() if name.startswith("dlq-")}
    shared = {name: text for name, text in texts.items() if name not in own}
    assert letter.value == (value or b"")
    assert own["dlq-reason"] == "MIPS-DOC-001"
    assert own["dlq-origin"] == "qpp-submissions/1/77"
    assert Validator().problems("qppflow.dead-letter.v1", own) == []
    assert problems(jsonschema_rs.Draft202012Validator(HEADERS), shared) == []


def test_an_event_that_breaks_its_promise_is_caught() -> None:
    """One figure as a number instead of text is enough."""
    events = [
        item for _, item in carried(sent_in(2025)) if item.topic.endswith("ments")
    ]
    value = decode(events[0].value) | {"score": 1}

    found = broken(events[0]._replace(value=json.dumps(value).encode()))

    assert [problem for _, problem in found] == [Problem("/score", "type")]
