"""The time of an event is when the document came: no resending changes it."""

import pytest

from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from qppflow.runtime.events import time_of
from qppflow.runtime.headers import read, timestamp
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import START, Chain, submission

SENDER = (
    ("ce_source", b"urn:registry:one"),
    ("ce_id", b"a"),
    # The sender's own word, which nobody relies on.
    ("ce_time", b"2001-01-01T00:00:00.000Z"),
)
ROSTER = [{"nationalProviderIdentifier": documents.NPI}]


def carried() -> Chain:
    """Carry a submission and a profile; each record is appended a little later."""
    chain = Chain()
    profile = documents.feed("profile", specialStatuses=[], roster=ROSTER)
    chain.send(SUBMISSIONS, documents.body(submission()), SENDER)
    chain.send(FEEDS, documents.body(profile), SENDER)
    return chain


def test_every_event_has_the_time_at_which_its_document_was_appended() -> None:
    """From the answer to the payment, though each was appended at another time."""
    chain = carried()
    came = {
        timestamp(record.timestamp)
        for topic in (SUBMISSIONS, FEEDS)
        for record in chain.log[topic]
    }
    derived = [
        record
        for topic, records in chain.log.items()
        if topic not in {SUBMISSIONS, FEEDS}
        for record in records
    ]

    times = {read(record.headers).time for record in derived}

    assert times == came
    assert len(came) == 2
    assert len({record.timestamp for record in derived}) == len(derived) > 20
    assert "qpp-payment-adjustments" in chain.log


def test_a_rejected_document_is_answered_with_the_time_it_was_appended() -> None:
    """Not with the one that its sender claims."""
    chain = Chain()
    chain.send(SUBMISSIONS, documents.body(submission(unknownField=1)), SENDER)

    (answer,) = chain.log["qpp-submission-results"]

    came = chain.log[SUBMISSIONS][0].timestamp
    assert read(answer.headers).time == timestamp(came)


@pytest.mark.parametrize("given", ["2026-01-01T00:00:00.123Z", "1970-01-01T00:00:00Z"])
def test_a_time_is_read_back_as_it_was_written(given: str) -> None:
    """To the millisecond."""
    record = Record("t", 0, 0, START, None, b"", (("ce_time", given.encode()),))

    found = timestamp(time_of(record))

    assert found.rstrip("Z").removesuffix(".000") == given.rstrip("Z")


@pytest.mark.parametrize("given", [None, b"", b"\xff", b"now", b"2026-01-01T00:00:00"])
def test_without_a_readable_time_the_append_time_counts(given: bytes | None) -> None:
    """None of ours is like that; a time without a zone says too little."""
    record = Record("t", 0, 0, START, None, b"", (("ce_time", given),))

    assert time_of(record) == START
