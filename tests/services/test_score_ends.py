"""The end of a score in `final_scores`: who is told, when, and after a fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qppflow.final_scores import handlers
from qppflow.final_scores.handlers import FinalScores
from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from qppflow.runtime.contracts import Validator
from qppflow.runtime.events import PREFIX, decode, encode
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import TOKENS, Chain, Kept, event_of, kind, submission
from tests.helpers.practice import takes_back
from tests.services.test_final_scores import (
    GROUP,
    SECOND,
    TOPIC,
    kinds,
    parked,
    people,
    profile,
    said,
    sender,
    without_cost,
)
from tests.services.test_final_scores_parked import BOTH, Service


def ended() -> Record:
    """Give what `entities` says when the group of the other tests withdraws all."""
    chain = Chain()
    sent = [
        submission(),
        profile(documents.NPI, SECOND),
        submission(measurementSets=[takes_back()]),
    ]
    for number, document in enumerate(sent):
        topic = FEEDS if "feed" in document else SUBMISSIONS
        chain.send(topic, documents.body(document), sender(number))
    return next(
        record
        for record in chain.log[TOPIC]
        if dict(record.headers)["ce_type"] == b"qppflow.score-ended.v1"
    )


ENDED = ended()


def test_an_end_retracts_the_score_and_frees_all_who_were_told() -> None:
    """Each of them, and the entity itself."""
    sent = said(*GROUP[2], ENDED)

    assert kinds(sent)[-3:] == [
        "final-score-retracted.v1",
        *["payment-candidate-withdrawn.v1"] * 2,
    ]
    assert event_of(sent[-3])["supersedes"] == 2
    assert sorted(people(sent, "payment-candidate-withdrawn.v1")) == BOTH
    for one in sent[-3:]:
        assert Validator().problems(PREFIX + kind(one), event_of(one)) == []


def test_an_end_before_any_score_retracts_none() -> None:
    """Its revisions were overtaken; nobody had heard of them."""
    assert said(ENDED, *GROUP[1], *GROUP[2], *GROUP[3]) == []


def test_an_end_frees_those_who_only_heard_of_a_hold() -> None:
    """There is no score to retract, and still somebody waits."""
    sent = said(*without_cost(2), parked(2), ENDED)

    assert sorted(people(sent, "payment-candidate-withdrawn.v1")) == BOTH
    assert "final-score-retracted.v1" not in kinds(sent)


def test_an_end_that_comes_again_is_the_same_end() -> None:
    """And a newer revision scores the entity again."""
    sent = said(*GROUP[2], ENDED, ENDED, *GROUP[4])

    assert kinds(sent).count("final-score-retracted.v1") == 1
    assert kinds(sent)[-2:] == ["final-score.v1", "payment-candidate.v1"]
    assert event_of(sent[-2])["supersedes"] == decode(ENDED.value)["revision"]


@settings(max_examples=40, deadline=None)
@given(st.permutations([*GROUP[1], *GROUP[2], ENDED]))
def test_whatever_overtakes_it_the_end_is_the_last_word(records: list[Record]) -> None:
    """Nobody has a score that stands after it."""
    sent = said(*records)

    scores = [one for one in sent if "final-score" in kind(one)]
    assert not scores or kind(scores[-1]) == "final-score-retracted.v1"
    last = {
        event_of(one)["subject"]: kind(one)
        for one in sent
        if "clinician" in event_of(one)
    }
    assert set(last.values()) <= {"payment-candidate-withdrawn.v1"}


def test_an_end_that_is_parked_holds_those_who_were_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The score does not stand, and so it must not go on paying."""
    service = Service()
    service.take(*GROUP[2])
    with monkeypatch.context() as harmed:
        harmed.setattr(handlers, "retraction_of", lambda *_: 1 // 0)
        sent = service.take(ENDED)

    released = service.take(ENDED)

    assert kinds(sent) == ["payment-candidate-held.v1"] * 2
    assert sorted(people(sent, "payment-candidate-held.v1")) == BOTH
    for one in sent:
        assert Validator().problems(PREFIX + kind(one), event_of(one)) == []
    assert kinds(released) == [
        "final-score-retracted.v1",
        *["payment-candidate-withdrawn.v1"] * 2,
    ]
    assert service.state.held is None


def test_a_part_that_is_parked_before_it_is_known_whom_to_expect_says_nothing() -> None:
    """It is noted, and the hold is said when the roster is known."""
    memory = FinalScores(TOKENS)
    stage = next(one for one in GROUP[2] if "category" in decode(one.value))
    rest = [one for one in GROUP[2] if "category" not in decode(one.value)]

    state, early = memory.parked(memory.load(None), stage, "letter", "exception")
    _, late = memory.decide(state, rest[0])

    assert list(early) == []
    assert kinds(list(late)) == ["payment-candidate-held.v1"] * 2


def test_two_programs_of_an_entity_end_each_for_itself() -> None:
    """A state maps a program to its score."""
    kept = Kept(FinalScores(TOKENS))
    other = [
        one._replace(value=encode(decode(one.value) | {"program": "app1"}))
        for one in GROUP[2]
    ]
    for record in (*GROUP[2], *other, ENDED):
        list(kept(record))

    ((subject, _),) = kept.stored.items()

    state = kept.state(subject)
    assert {name: one.scored for name, one in state.items()} == {
        "mips": False,
        "app1": True,
    }
