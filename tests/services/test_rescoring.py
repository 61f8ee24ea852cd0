"""A re-scoring through the services: one revision more, by the law of the build."""

import pytest

from qppflow.cli.rescore_events import WHOLE_YEAR, Order, new_order, ordered_record
from qppflow.runtime.events import decode
from tests.contracts.carrying import broken
from tests.helpers.chain import START
from tests.helpers.rescoring_year import (
    FACTS,
    INPUTS,
    OLD,
    PAYMENTS,
    SCORES,
    YEAR,
    Rescored,
    real_law,
)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Rescored:
    """Score one clinician by an older law, and upgrade the services."""
    made = Rescored(monkeypatch).practice(1)
    made.build.old = False
    return made


def order(place: str = "1") -> Order:
    """Give an order for the whole year."""
    return new_order(real_law(YEAR), WHOLE_YEAR, place, START)


def test_an_order_pins_the_law_of_the_build_in_the_next_revision(
    stream: Rescored,
) -> None:
    """The older one is still pinned by what came before."""
    stream.order(ordered_record(order(), stream.token(0)))

    first, *_, last = [decode(record.value) for record in stream.log[INPUTS]]
    assert (first["ruleBook"], last["ruleBook"]) == (OLD, real_law(YEAR).rules.id)
    assert last["input"]["measurementSets"] == first["input"]["measurementSets"]


def test_old_and_new_values_stand_side_by_side(stream: Rescored) -> None:
    """In the final score, and in what billing reads."""
    before = stream.scores_of(0)[-1]
    paid = decode(stream.log[PAYMENTS][-1].value)

    stream.order(ordered_record(order(), stream.token(0)))

    after, payment = stream.scores_of(0)[-1], decode(stream.log[PAYMENTS][-1].value)
    assert after["supersedes"] == before["revision"]
    assert after["previous"] == {
        "finalScore": before["score"]["finalScore"],
        "ruleBook": OLD,
        "catalogue": before["catalogue"],
        "revision": before["revision"],
    }
    assert after["score"]["finalScore"] != before["score"]["finalScore"]
    assert payment["previous"]["score"] == paid["score"]
    assert (payment["supersedes"], payment["reason"]) == (paid["eventId"], "corrected")


def test_an_order_told_twice_makes_one_revision(stream: Rescored) -> None:
    """A resumed run may say it again."""
    stream.order(ordered_record(order(), stream.token(0)))
    count = len(stream.log[INPUTS])

    stream.order(ordered_record(order(), stream.token(0)))

    assert len(stream.log[INPUTS]) == count


def test_another_order_makes_another_revision(stream: Rescored) -> None:
    """Whoever orders leaves out those who are scored by that law already."""
    stream.order(ordered_record(order("1"), stream.token(0)))
    count = len(stream.log[INPUTS])

    stream.order(ordered_record(order("2"), stream.token(0)))

    assert len(stream.log[INPUTS]) == count + 1


def test_an_entity_without_sets_has_nothing_to_score(stream: Rescored) -> None:
    """Nobody sent anything for this one; no revision is made."""
    stranger = "k1." + "s" * 43
    count = len(stream.log[INPUTS])

    stream.order(ordered_record(order(), stranger))

    assert len(stream.log[INPUTS]) == count
    assert stream.parked == []


def test_an_order_keeps_its_contract_and_so_does_what_follows(stream: Rescored) -> None:
    """Values and headers."""
    stream.order(ordered_record(order(), stream.token(0)))

    records = [stream.log[topic][-1] for topic in (FACTS, INPUTS, SCORES, PAYMENTS)]

    assert [fault for one in records for fault in broken(one)] == []  # type: ignore[arg-type]  # has value and headers
