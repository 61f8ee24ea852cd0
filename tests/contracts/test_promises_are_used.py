"""No event is promised that nobody sends, and none is sent that a reader cannot take.

The services run here without Kafka, and an event that one of them parks stops the run.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

import pytest

from qppflow.cli import closing_events, rescore_events
from qppflow.runtime.contracts import Topic, topics
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import read
from qppflow.runtime.records import Outgoing, Record
from qppflow.services import SERVICES
from tests.contracts.carrying import (
    LETTERS,
    SECOND,
    broken,
    carried,
    renamed,
    sent_in,
    submission,
)
from tests.helpers import documents

YEAR: Final = 2025
LETTER: Final = "0f9f0a35-99de-5d19-8000-000000000001"
# What commands send, and no service: their own tests hold it against its schema.
COMMANDED: Final = frozenset(
    kind.rpartition(".v")[0]
    for kind in (closing_events.CLOSED, closing_events.APPLIED, rescore_events.ORDERED)
)
# The topics from one of our services to another.
OURS: Final = [name for name, one in topics().items() if one.groups and one.events]


class Told(NamedTuple):
    """One kind of event that a service really sent to a topic."""

    topic: str
    service: str
    event: str


def held_and_released() -> list[list[Outgoing]]:
    """Give a practice that sends the same again: the score that waited is no other."""
    roster = [{"nationalProviderIdentifier": npi} for npi in (documents.NPI, SECOND)]
    profile = documents.feed("profile", YEAR, specialStatuses=[], roster=roster)
    source = ("ce_source", b"urn:registry:one")
    whole = documents.body(submission(YEAR))
    sent = [
        Outgoing("qpp-cms-feeds", None, documents.body(profile), (source,)),
        *(
            Outgoing("qpp-submissions", None, whole, (source, ("ce_id", number)))
            for number in (b"1", b"2", b"3")
        ),
    ]
    return [[item] for item in sent]


def told_by(runs: Iterable[tuple[str, Outgoing]]) -> Iterator[Told]:
    """Name what services said; what came from outside is no event."""
    for service, item in runs:
        if service != "sender":
            kind = read(item.headers).type or ""
            event = kind.removeprefix("qppflow.").rpartition(".v")[0]
            yield Told(item.topic, service, event)


@cache
def told_of_parked() -> tuple[tuple[str, Outgoing], ...]:
    """Let each service that has something to say of a parked record say it."""
    told = []
    for name in SERVICES:
        wiring = getattr(import_module(f"qppflow.{name}.app"), "WIRING", None)
        if wiring is None or wiring.on_parked is None:
            continue
        item = next(
            item for _, item in carried(sent_in(YEAR)) if item.topic in wiring.reads
        )
        record = Record(item.topic, 0, 0, 1_800_000_000_000, *item[1:])
        told += [(name, out) for out in wiring.on_parked(record, LETTER, "exception")]
    return tuple(told)


@cache
def everything_told() -> frozenset[Told]:
    """Run corrections, a hold, its end, a clinician who leaves, and what is parked.

    All services park by one function, so one dead letter stands for each of them.
    """
    bytes_of_nobody = Record("qpp-submissions", 0, 0, 1_800_000_000_000, None, b"{", ())
    letter = LETTERS.park(bytes_of_nobody, "MIPS-DOC-001")
    return frozenset(
        {
            *told_by(carried(sent_in(YEAR), {2, 3})),
            *told_by(carried(held_and_released(), {3})),
            *told_by(told_of_parked()),
            *told_by((name, letter) for name in SERVICES),
        }
    )


def unsent(registry: Mapping[str, Topic], told: frozenset[Told]) -> list[str]:
    """List promised events that none of the topic's own producers sends."""
    return [
        f"{event} on {topic.name}"
        for topic in registry.values()
        for event in topic.events
        if not (topic.producers.others and event in COMMANDED)
        and not any(
            Told(topic.name, service, event) in told
            for service in topic.producers.services
        )
    ]


def unpromised(registry: Mapping[str, Topic], told: frozenset[Told]) -> list[str]:
    """List what a service sent although the topic names neither it nor the event."""
    return sorted(
        f"{one.service} sends {one.event} to {one.topic}"
        for one in told
        if one.event not in registry[one.topic].events
        or one.service not in registry[one.topic].producers.services
    )


def idle(registry: Mapping[str, Topic], told: frozenset[Told]) -> list[str]:
    """List the producers that a topic names and that send nothing there."""
    busy = {(one.topic, one.service) for one in told}
    return [
        f"{service} on {topic.name}"
        for topic in registry.values()
        for service in topic.producers.services
        if (topic.name, service) not in busy
    ]


def with_event(name: str, event: str) -> Mapping[str, Topic]:
    """Give the registry with one more event on a topic."""
    changed = replace(topics()[name], events=(*topics()[name].events, event))
    return {**topics(), name: changed}


def test_every_promised_event_is_sent_by_a_producer_that_its_topic_names() -> None:
    """A promise without a sender is one that a reader waits for in vain."""
    assert unsent(topics(), everything_told()) == []


def test_a_promised_event_that_nobody_sends_is_found() -> None:
    """Its twin: one more line in a topic's file is one promise too many."""
    promised = with_event("qpp-payment-inputs", "payment-candidate-released")

    found = unsent(promised, everything_told())

    assert found == ["payment-candidate-released on qpp-payment-inputs"]


def test_an_event_of_another_producer_counts_as_not_sent() -> None:
    """Who sends what is part of the promise."""
    scores = topics()["qpp-final-scores"]
    other = replace(scores, producers=scores.producers._replace(services=["payments"]))
    registry = {**topics(), scores.name: other}

    assert unsent(registry, everything_told()) == [
        "final-score on qpp-final-scores",
        "final-score-retracted on qpp-final-scores",
    ]
    assert unpromised(registry, everything_told()) == [
        "final_scores sends final-score to qpp-final-scores",
        "final_scores sends final-score-retracted to qpp-final-scores",
    ]


def test_every_producer_that_a_topic_names_sends_something_there() -> None:
    """Who looks for the cause of a silence looks at them."""
    assert idle(topics(), everything_told()) == []


def test_a_producer_that_sends_nothing_is_found() -> None:
    """Its twin: one name too many."""
    told = frozenset(one for one in everything_told() if one.service != "pi_period")

    found = idle(topics(), told)

    assert found == [
        "pi_period on qpp-dead-letters",
        "pi_period on qpp-pi-assessed",
        "pi_period on qpp-score-parts",
    ]


def test_what_is_said_of_a_parked_record_keeps_its_schema() -> None:
    """It is said seldom, and just then nobody should be surprised."""
    said = [item for _, item in told_of_parked()]

    assert len(said) >= 6
    assert [problem for item in said for problem in broken(item)] == []


def test_nothing_is_sent_that_no_topic_promises() -> None:
    """Kinds and senders are those of the topic files, and no others."""
    assert unpromised(topics(), everything_told()) == []


def test_what_is_read_was_taken_by_every_reader_of_its_topic() -> None:
    """A run hands each event to all groups of its topic; whoever parks one ends it."""
    read_by_us = {
        (name, event)
        for name in OURS
        for event in topics()[name].events
        # What a command sends is no service's, and arrives with the rest.
        if event not in COMMANDED
    }

    assert {(one.topic, one.event) for one in everything_told()} >= read_by_us


@pytest.mark.parametrize("topic", OURS)
def test_a_reader_that_does_not_know_a_kind_stops_the_run(topic: str) -> None:
    """Its twin: an event that the reader of a topic does not know is parked."""

    def other(item: Outgoing) -> Outgoing:
        kind = "qppflow.nobody-knows.v1"
        return renamed(item, kind) if item.topic == topic else item

    with pytest.raises(ParkError, match="unknown-event"):
        list(carried(sent_in(YEAR), arriving=other))
