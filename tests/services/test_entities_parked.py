"""What `entities` does with what is no fact, and with a fact that it fails on."""

from typing import Any

import pytest

from qppflow.entities.app import WIRING
from qppflow.entities.handlers import RESULTS, Entities
from qppflow.intake.handlers import FEEDS, SUBMISSIONS, Intake
from qppflow.runtime import headers
from qppflow.runtime.contracts import Validator
from qppflow.runtime.events import PREFIX, decode, encode
from qppflow.runtime.faults import ParkError, RuleBookMissingError
from qppflow.runtime.ids import dead_letter_id
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Headers, Outgoing, Record
from tests.helpers import documents
from tests.helpers.chain import START, TOKENS, event_of, kind, record_of, submission

SENDER: Headers = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))
LETTER = dead_letter_id("entities", Record("t", 0, 0, 0, None, None, ()))


def fact(topic: str = SUBMISSIONS, sender: Headers = SENDER) -> Record:
    """Give what intake records of a document."""
    profile = documents.feed("profile", specialStatuses=[])
    document = submission() if topic == SUBMISSIONS else profile
    came = Record(topic, 1, 7, START, None, documents.body(document), sender)
    (sent,) = Intake(TOKENS, FEEDS).decide(came)
    return record_of(sent)


def changed(record: Record, **more: Any) -> Record:  # noqa: ANN401 - fields of an event
    """Give a record whose event says something else."""
    return record._replace(value=encode({**decode(record.value), **more}))


def decided(record: Record) -> list[Outgoing]:
    """Decide a record of an entity that nobody knows yet."""
    memory = Entities(law_of, TOKENS)
    return list(memory.decide(memory.load(None), record)[1])


def told(record: Record) -> list[Outgoing]:
    """Give what the running service says besides the dead letter."""
    assert WIRING.on_parked is not None
    return list(WIRING.on_parked(record, LETTER, "exception"))


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b"\xff"])
def test_what_is_no_event_is_parked(value: bytes | None) -> None:
    """The reason is a fixed code."""
    with pytest.raises(ParkError, match="not-our-event"):
        decided(fact()._replace(value=value))


def test_a_fact_that_lacks_what_facts_have_fails_alone() -> None:
    """It is our own fault, which costs this record and no more."""
    with pytest.raises(KeyError):
        decided(changed(fact(), submission={}))


def test_a_fact_of_a_year_this_build_has_no_law_of_waits() -> None:
    """A newer `intake` let it in; a newer `entities` can join it."""
    with pytest.raises(RuleBookMissingError):
        decided(changed(fact(), performanceYear=2099))


@pytest.mark.parametrize("topic", [SUBMISSIONS, FEEDS])
@pytest.mark.parametrize("sender", [SENDER, ()])
def test_the_sender_of_a_parked_fact_is_answered(topic: str, sender: Headers) -> None:
    """By the record that came, with the dead letter to quote, and as promised."""
    record = fact(topic, sender)

    (sent,) = told(record)

    event = event_of(sent)
    assert (sent.topic, sent.key) == (RESULTS, record.key)
    assert (event["fate"], event["effect"]) == ("parked", None)
    assert (event["deadLetter"], event["reason"]) == (LETTER, "exception")
    assert event["submission"]["origin"] == f"{topic}/1/7"
    assert event["submission"]["source"] == ("urn:registry:one" if sender else None)
    assert Validator().problems(PREFIX + kind(sent), event) == []


def test_a_parked_fact_that_is_applied_after_all_has_another_answer() -> None:
    """Who drops what repeats an id must not miss it; the first repeats itself."""
    record = fact()

    (parked,), accepted = told(record), decided(record)[0]

    ids = [headers.read(sent.headers).id for sent in (parked, accepted)]
    assert ids[0] != ids[1]
    assert told(record) == [parked]


@pytest.mark.parametrize("harm", ["version", "subject", "no subject"])
def test_nobody_is_answered_by_a_fact_that_cannot_be_trusted(harm: str) -> None:
    """Of another version, or not about whom its header says."""
    record = fact()
    other = {"ce_type": b"qppflow.fact-recorded.v2"} if harm == "version" else {}
    if harm == "subject":
        record = changed(record, subject="k1." + "x" * 43)
    gone = {"ce_subject"} if harm == "no subject" else set()
    record = record._replace(
        headers=tuple((n, other.get(n, v)) for n, v in record.headers if n not in gone)
    )

    assert told(record) == []
