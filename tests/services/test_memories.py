"""Memories as bytes: every field comes back, and an older build's are read."""

from dataclasses import fields
from typing import Any

import pytest

from qppflow.entities import states
from qppflow.entities.slots import Entity
from qppflow.final_scores.revisions import Subject
from qppflow.payments.choice import Clinician
from qppflow.runtime.contracts import topics
from qppflow.runtime.events import decode, encode
from qppflow.runtime.headers import read
from tests.helpers.chain import TOKENS, Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.practice import (
    HER,
    HOME,
    MAY_OPT_IN,
    OTHER,
    SHEET,
    YEAR,
    Practice,
    apm,
    elects,
    feed,
    herself,
    member,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    subgroup,
    takes_back,
)

# A share of payments and of patients that makes everybody of the entity a QP.
QP = {
    "medicare": {
        "paymentsThroughAdvancedApm": "900.00",
        "paymentsTotal": "1000.00",
        "patientsThroughAdvancedApm": 180,
        "patientsTotal": 200,
    }
}


@pytest.fixture(scope="module")
def told() -> Practice:
    """Tell of everything that is remembered: loans, chunks, elections, programs."""
    return Practice(
        profile(herself(), MAY_OPT_IN),
        elects(herself()),
        registered(herself()),
        reports(herself(), quality(), pathway()),
        reports(herself(), takes_back()),
        profile(practice()),
        reports(practice(), SHEET.pi(), quality(50)),
        roster(practice(), member(HER), member(OTHER)),
        roster(practice(), member(OTHER), name="r2", chunk=1, chunks=2),
        registered(subgroup()),
        roster(subgroup()),
        reports(subgroup(), pathway()),
        profile(apm()),
        roster(apm()),
        reports(apm()),
        feed("advanced-apm", apm(), snapshots=[{"date": "2025-06-30", **QP}]),
    )


@pytest.mark.parametrize("service", ["entities", "final_scores", "payments"])
def test_every_memory_survives_its_bytes(told: Practice, service: str) -> None:
    """Read and written again the bytes are the same, and what they mean is, too."""
    kept: Any = told.services[service][0]

    again = {
        subject: kept.memory.dump(kept.memory.load(stored))
        for subject, stored in kept.stored.items()
    }

    assert len(again) >= 2
    assert again == kept.stored


def test_every_field_of_an_entity_is_remembered_somewhere(told: Practice) -> None:
    """The run above fills each of them; none would survive by being empty."""
    who = (herself(), practice(), subgroup(), apm())

    filled = {
        item.name
        for one in who
        for item in fields(Entity)
        if getattr(told.state(one), item.name)
    }

    assert filled == {item.name for item in fields(Entity)}


def test_an_entity_keeps_its_values_through_its_bytes(told: Practice) -> None:
    """Each field by itself, for every kind of entity."""
    for who in (herself(), practice(), subgroup(), apm()):
        state = told.state(who)

        again = states.load(states.dump(state))

        for item in fields(Entity):
            name = item.name
            assert getattr(again, name) == getattr(state, name), name


def test_an_empty_memory_is_an_empty_object() -> None:
    """Nothing is written that was never told."""
    assert states.dump(Entity()) == b"{}"
    assert states.dump(states.load(b"{}")) == b"{}"
    assert states.load(None) == Entity()


@pytest.mark.parametrize(
    ("service", "kind"), [("final_scores", Subject), ("payments", Clinician)]
)
def test_the_other_memories_write_each_of_their_fields(
    told: Practice, service: str, kind: type
) -> None:
    """A field that is not written would be forgotten by the next process."""
    kept: Any = told.services[service][0]
    written = [decode(stored) for stored in kept.stored.values()]
    if service == "final_scores":
        written = [one for state in written for one in state.values()]

    assert written
    for one in written:
        assert set(one) == {item.name for item in fields(kind)}


def test_what_an_older_build_had_scored_is_retracted_when_it_is_withdrawn(
    told: Practice,
) -> None:
    """It did not note which programs it had scored: each that has a set."""
    stored = decode(states.dump(told.state(practice())))
    del stored["scored"]

    read = states.load(encode(stored))

    assert read.scored == ["mips"]
    assert states.load(states.dump(told.state(herself()))).scored == [MVP]


def test_what_an_older_build_said_of_a_group_can_still_be_decided() -> None:
    """Its candidates carry no eligibility; they pay, and are not billable."""
    told = Practice(profile(herself()), reports(herself(), quality(5)))
    subject = TOKENS.clinician(YEAR, HOME, HER)
    kept: Any = told.services["payments"][0]
    state = decode(kept.stored[subject])
    for item in state["candidates"].values():
        del item["score"]["eligibility"]
    kept.stored[subject] = encode(state)

    told.tell(profile(practice()), roster(practice()))
    told.tell(reports(practice(), quality(4)))

    assert told.paid()["decidedBy"]["entityType"] in {"individual", "group"}
    assert len(told.paid()["others"]) == 1


def test_what_an_older_build_did_not_say_of_an_entity_scores_all_its_programs() -> None:
    """It is said with the next fact, and each score carries it from then on."""
    told = Practice(profile(herself()), registered(herself()))
    told.tell(reports(herself(), quality(), pathway()))
    kept: Any = told.services["entities"][0]
    subject = told.token(herself())
    state = decode(kept.stored[subject])
    del state["eligibility"]
    kept.stored[subject] = encode(state)

    told.tell(reports(herself(), SHEET.ia("IA_BE_6", programName=MVP)))

    revisions = [
        told.score(herself(), program)["revision"] for program in ("mips", MVP)
    ]
    assert revisions == [4, 4]
    assert told.state(herself()).eligibility["outcome"] == "required"


def replayed(told: Practice, topic: str, service: str) -> list[Json]:
    """Read a topic once more into a service that remembers; gives what it says."""
    decide, _ = told.services[service]
    return [
        decode(sent.value)
        for record in list(told.log[topic])
        for sent in decide(record)
    ]


@pytest.mark.parametrize(
    ("topic", "service"),
    [
        ("qpp-entity-facts", "entities"),
        ("qpp-score-parts", "final_scores"),
        ("qpp-payment-inputs", "payments"),
    ],
)
def test_a_topic_that_is_read_again_says_nothing(topic: str, service: str) -> None:
    """At least once is as good as once, in each of the three memories."""
    told = Practice(profile(practice()), roster(practice()), reports(practice()))
    told.tell(registered(subgroup()), roster(subgroup()))
    told.tell(reports(subgroup(), pathway()), reports(practice(), takes_back()))
    kept: Any = told.services[service][0]
    before = dict(kept.stored)

    said = replayed(told, topic, service)

    assert said == []
    assert kept.stored == before


def test_a_rebuilt_memory_says_the_same_ids_and_bytes(told: Practice) -> None:
    """A process that lost its state reads the log from its beginning."""
    decide, _ = Practice().services["entities"]
    facts = list(told.log["qpp-entity-facts"])

    said = [tuple(sent) for record in facts for sent in decide(record)]

    before = [
        (record.topic, record.key, record.value, record.headers)
        for name, topic in topics().items()
        if "entities" in topic.producers.services
        for record in told.log.get(name, ())
        if read(record.headers).source == "urn:qppflow:entities"
    ]
    assert len(before) > 40
    assert sorted(said) == sorted(before)
