"""The stages without memory: each scores, parks what is none of ours, or waits."""

from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qpp.inputs import read_input
from qpp.mips.scoring import PARTS
from qpp.parts import part
from qppflow.completeness import handlers as completeness
from qppflow.cost import handlers as cost
from qppflow.demo.population import population
from qppflow.improvement_activities import handlers as activities
from qppflow.pi_period import handlers as pi_period
from qppflow.promoting_interoperability import handlers as interoperability
from qppflow.quality import handlers as quality
from qppflow.runtime.events import decode, encode
from qppflow.runtime.faults import ParkError, RuleBookMissingError
from qppflow.runtime.headers import read
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Record
from tests.helpers.chain import Chain, event_of, kind

# Each stage with the topic it reads and the category it works for.
STAGES: dict[str, tuple[ModuleType, str, str]] = {
    "completeness": (completeness, "qpp-score-inputs", "quality"),
    "quality": (quality, "qpp-quality-assessed", "quality"),
    "pi_period": (pi_period, "qpp-score-inputs", "pi"),
    "promoting_interoperability": (interoperability, "qpp-pi-assessed", "pi"),
    "improvement_activities": (activities, "qpp-score-inputs", "ia"),
    "cost": (cost, "qpp-score-inputs", "cost"),
}
SCORING = ("quality", "promoting_interoperability", "improvement_activities", "cost")
each_stage = pytest.mark.parametrize("name", STAGES)


@pytest.fixture(scope="module")
def chain() -> Chain:
    """Carry a small population through all services."""
    made = Chain()
    for message in population(12, 3, (2024, 2025, 2026)):
        made.send(message.topic, message.value, message.headers)
    return made


def given_to(chain: Chain, name: str) -> list[Record]:
    """Give the records a stage reads."""
    return chain.log[STAGES[name][1]]


def changed(record: Record, **more: Any) -> Record:  # noqa: ANN401 - fields of an event
    """Give a record whose event says something else."""
    return record._replace(value=encode({**decode(record.value), **more}))


@pytest.mark.parametrize("name", SCORING)
def test_a_category_scored_by_its_stage_equals_the_law(chain: Chain, name: str) -> None:
    """Whatever travelled between two stages, the law says the same of the whole."""
    stage, _, category = STAGES[name]
    scored = {}
    for record in given_to(chain, name):
        (sent,) = stage.decide(record)
        event = event_of(sent)
        scored[event["subject"], event["revision"]] = event["part"]

    expected = {}
    for record in chain.log["qpp-score-inputs"]:
        event = decode(record.value)
        law = law_of(event["performanceYear"])
        made = PARTS[category](read_input(event["input"], "mips"), law)
        key = event["subject"], event["revision"]
        expected[key] = decode(encode(part(made, explain=True)))

    assert scored == expected
    assert len(scored) > 12


@each_stage
def test_a_stage_keeps_the_head_of_its_revision(chain: Chain, name: str) -> None:
    """Rule book, catalogue, cause and revision go on unchanged, under one key."""
    record = given_to(chain, name)[0]

    (sent,) = STAGES[name][0].decide(record)

    before, after = decode(record.value), event_of(sent)
    same = ("subject", "revision", "ruleBook", "catalogue", "cause", "receivedAt")
    assert {field: after[field] for field in same} == {
        field: before[field] for field in same
    }
    assert sent.key == record.key


@each_stage
def test_a_stage_repeats_itself(chain: Chain, name: str) -> None:
    """Same record, same bytes, same id."""
    record = given_to(chain, name)[0]
    decide = STAGES[name][0].decide

    assert list(decide(record)) == list(decide(record))


@each_stage
@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b"\xff"])
def test_a_stage_parks_what_is_none_of_our_events(
    name: str, value: bytes | None
) -> None:
    """The reason is a fixed code."""
    record = Record(STAGES[name][1], 0, 0, 0, b"k", value, ())

    with pytest.raises(ParkError, match="not-our-event"):
        STAGES[name][0].decide(record)


@each_stage
@pytest.mark.parametrize("pin", ["ruleBook", "catalogue"])
def test_a_stage_waits_for_a_build_with_the_pinned_law(
    chain: Chain, name: str, pin: str
) -> None:
    """Scoring by another law would be wrong, parking would lose a good input."""
    record = changed(given_to(chain, name)[0], **{pin: "mips/py2099@000000000000"})

    with pytest.raises(RuleBookMissingError):
        STAGES[name][0].decide(record)


@each_stage
def test_a_stage_waits_for_a_build_with_a_year_it_does_not_know(
    chain: Chain, name: str
) -> None:
    """An old process may read what a newer one wrote."""
    record = changed(given_to(chain, name)[0], performanceYear=2099)

    with pytest.raises(RuleBookMissingError):
        STAGES[name][0].decide(record)


@each_stage
def test_a_stage_that_parked_tells_final_scores(chain: Chain, name: str) -> None:
    """The clinician's score waits, and billing hears why."""
    stage, _, category = STAGES[name]
    record = given_to(chain, name)[0]

    (sent,) = stage.on_parked(record, "letter", "exception")

    event = event_of(sent)
    assert (sent.topic, kind(sent)) == ("qpp-score-parts", "score-part-parked.v1")
    assert (event["category"], event["deadLetter"]) == (category, "letter")
    assert event["revision"] == decode(record.value)["revision"]


@each_stage
def test_a_parked_record_of_unknown_subject_tells_nobody(
    chain: Chain, name: str
) -> None:
    """What a value says of its subject counts only where the header agrees."""
    record = changed(given_to(chain, name)[0], subject="k1." + "x" * 43)

    assert STAGES[name][0].on_parked(record, "letter", "exception") == []


def test_the_ids_of_all_parts_of_all_revisions_differ(chain: Chain) -> None:
    """Two parts with one id would be one event to a reader who drops repeats."""
    found = [read(item.headers).id for item in chain.log["qpp-score-parts"]]

    assert len(found) == len(set(found))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_sets_beyond_its_own_change_what_a_stage_says(
    chain: Chain, data: st.DataObject
) -> None:
    """Cost, activities and PI read their own sets; the order of sets is no matter."""
    record = data.draw(st.sampled_from(chain.log["qpp-score-inputs"]))
    event = decode(record.value)
    sets = data.draw(st.permutations(event["input"]["measurementSets"]))
    other = changed(record, input={**event["input"], "measurementSets": sets})

    assert list(cost.decide(other)) == list(cost.decide(record))
    assert [event_of(sent)["part"]["points"] for sent in activities.decide(other)] == [
        event_of(sent)["part"]["points"] for sent in activities.decide(record)
    ]
