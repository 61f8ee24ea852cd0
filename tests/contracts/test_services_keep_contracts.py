"""What the services really say, carried from one to the next, keeps the contracts."""

import json

import jsonschema_rs
import pytest

from qppflow.runtime.contracts import Problem, Validator, problems, topics
from qppflow.runtime.events import decode
from qppflow.runtime.headers import read
from qppflow.runtime.records import Record
from tests.contracts.carrying import HEADERS, LETTERS, SENDER, broken, carried, sent_in
from tests.helpers import documents


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_event_keeps_its_schema_and_comes_from_a_named_producer(
    year: int,
) -> None:
    """Corrections, a subgroup, a clinician who leaves, a score that is taken back."""
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
        "qppflow.eligibility-determined.v1",
        "qppflow.clinician-eligibility.v1",
        "qppflow.borrowing-declared.v1",
        "qppflow.data-lent.v1",
        "qppflow.score-ended.v1",
        "qppflow.final-score-retracted.v1",
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
