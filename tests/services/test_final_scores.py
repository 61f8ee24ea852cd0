"""What `final_scores` decides: when a revision is complete, and who is told of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpp.inputs import read_input
from qpp.mips.scoring import score
from qppflow.demo.population import population
from qppflow.final_scores.handlers import CANDIDATES, SCORES, FinalScores
from qppflow.final_scores.revisions import Subject
from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from qppflow.runtime.contracts import Validator
from qppflow.runtime.events import PREFIX, decode, encode, kind_of
from qppflow.runtime.faults import ParkError, RuleBookMissingError
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Outgoing, Record
from tests.helpers import documents
from tests.helpers.chain import (
    TOKENS,
    Chain,
    Json,
    Kept,
    event_of,
    kind,
    measured,
    submission,
    told,
)

SECOND = "0123456789"
TOPIC = "qpp-score-parts"
Parts = dict[int, list[Record]]


def sender(number: int) -> tuple[tuple[str, bytes], ...]:
    """Name a sender and a document."""
    return (("ce_source", b"urn:registry:one"), ("ce_id", b"%d" % number))


def profile(*npis: str) -> Json:
    """Give a profile with a roster."""
    roster = [{"nationalProviderIdentifier": npi} for npi in npis]
    return documents.feed("profile", specialStatuses=[], roster=roster)


def parts_of(*sent: Json) -> Parts:
    """Send documents and feeds; gives the parts of each revision they made."""
    chain = Chain()
    for number, document in enumerate(sent):
        topic = FEEDS if "feed" in document else SUBMISSIONS
        chain.send(topic, documents.body(document), sender(number))
    found: Parts = {}
    for record in chain.log[TOPIC]:
        found.setdefault(decode(record.value)["revision"], []).append(record)
    return found


# Revision 1 without a roster, 2 and 3 with two clinicians, 4 with one.
GROUP = parts_of(
    submission(measured(80)),
    profile(documents.NPI, SECOND),
    submission(measured(90)),
    profile(documents.NPI),
)
ALONE = parts_of(
    submission(entityType="individual", nationalProviderIdentifier=documents.NPI)
)


def parked(revision: int) -> Record:
    """Give what cost says of a revision whose input it parked."""
    event = decode(GROUP[revision][0].value)
    head = {name: event[name] for name in ("subject", "program", "revision")}
    more = {"category": "cost", "deadLetter": f"letter-{revision}", "reason": "x"}
    return told("score-part-parked.v1", head | more, 900 + revision, TOPIC)


def without_cost(revision: int) -> list[Record]:
    """Give the parts of a revision but for cost."""
    return [
        record
        for record in GROUP[revision]
        if decode(record.value).get("category") != "cost"
    ]


def said(*records: Record) -> list[Outgoing]:
    """Give all that is said of records taken in turn; states go through bytes."""
    kept = Kept(FinalScores(TOKENS))
    return [sent for record in records for sent in kept(record)]


def kinds(sent: list[Outgoing]) -> list[str]:
    """Name what was said, in order."""
    return [kind(item) for item in sent]


def people(sent: list[Outgoing], name: str) -> list[str]:
    """Give the NPIs of the clinicians who were told something."""
    npi = "nationalProviderIdentifier"
    return [event_of(one)["clinician"][npi] for one in sent if kind(one) == name]


def test_a_revision_is_published_when_all_its_parts_are_there() -> None:
    """Four categories and what was expected; one less says nothing."""
    assert len(GROUP[2]) == 5
    assert said(*GROUP[2][:4]) == []
    assert kinds(said(*GROUP[2])) == ["final-score.v1", *["payment-candidate.v1"] * 2]


@settings(max_examples=60, deadline=None)
@given(st.permutations(GROUP[2]))
def test_parts_in_any_order_give_the_same_bytes(parts: list[Record]) -> None:
    """Five stages are never equally fast."""
    straight, shuffled = said(*GROUP[2]), said(*parts)

    assert [item[:3] for item in shuffled] == [item[:3] for item in straight]


@settings(max_examples=60, deadline=None)
@given(st.permutations([record for parts in GROUP.values() for record in parts]))
def test_revisions_that_overtake_each_other_end_with_the_highest(
    records: list[Record],
) -> None:
    """Whatever comes in between, the last score is that of the highest revision."""
    last = [item for item in said(*records) if kind(item) == "final-score.v1"]

    revisions = [event_of(item)["revision"] for item in last]

    assert revisions == sorted(set(revisions))
    assert revisions[-1] == 4
    assert event_of(last[-1])["score"] == event_of(said(*GROUP[4])[0])["score"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(GROUP[2]), max_size=8), st.permutations(GROUP[2]))
def test_parts_that_come_again_publish_once(
    again: list[Record], records: list[Record]
) -> None:
    """A crash of a stage repeats its parts with the same bytes."""
    assert [item[:3] for item in said(*again, *records, *again)] == [
        item[:3] for item in said(*GROUP[2])
    ]


def test_an_older_revision_is_dropped() -> None:
    """It would put an old score behind a newer one."""
    records = [*GROUP[2], *GROUP[1]]

    scores = [one for one in said(*records) if kind(one) == "final-score.v1"]

    assert [event_of(one)["revision"] for one in scores] == [2]


def test_a_score_names_the_one_it_supersedes() -> None:
    """A revision that was never published is not named."""
    sent = said(*GROUP[1], *GROUP[3])

    scores = [event_of(one) for one in sent if kind(one) == "final-score.v1"]

    assert [one["supersedes"] for one in scores] == [None, 1]


def test_an_individual_is_told_her_own_score() -> None:
    """Her payment hangs on her token, not on the practice's."""
    score_event, candidate = (event_of(one) for one in said(*ALONE[1]))

    assert candidate["candidate"] == score_event["subject"]
    assert candidate["subject"] != score_event["subject"]
    assert candidate["clinician"] == {
        "taxpayerIdentificationNumber": documents.TIN,
        "nationalProviderIdentifier": documents.NPI,
    }
    assert score_event["warnings"] == []


def test_a_clinician_has_one_token_for_her_own_score_and_her_groups() -> None:
    """`payments` compares the two, so they must meet under one key."""
    (own,) = [event_of(one) for one in said(*ALONE[1])][1:]
    shared = [event_of(one) for one in said(*GROUP[2])][1:]

    assert own["subject"] in {one["subject"] for one in shared}


def test_a_group_without_a_roster_gets_a_score_a_warning_and_no_payment() -> None:
    """Nobody can be paid by it; who reads the score is told why."""
    (only,) = said(*GROUP[1])

    assert kind(only) == "final-score.v1"
    assert event_of(only)["warnings"] == ["no-roster"]
    assert Validator().problems(PREFIX + kind(only), event_of(only)) == []


def test_a_group_with_a_roster_gets_no_such_warning() -> None:
    """The twin of the test above; each on the roster is told."""
    sent = said(*GROUP[2])

    assert event_of(sent[0])["warnings"] == []
    assert sorted(people(sent, "payment-candidate.v1")) == [SECOND, documents.NPI]


def test_a_clinician_who_left_the_roster_is_withdrawn() -> None:
    """The group's score no longer pays her; the others keep theirs."""
    sent = said(*GROUP[2], *GROUP[4])

    assert people(sent, "payment-candidate-withdrawn.v1") == [SECOND]
    assert people(sent, "payment-candidate.v1").count(documents.NPI) == 2


def test_nobody_is_withdrawn_who_stays() -> None:
    """The twin of the test above."""
    sent = said(*GROUP[2], *GROUP[3])

    assert people(sent, "payment-candidate-withdrawn.v1") == []


def test_a_parked_part_holds_the_payments_of_all_on_the_roster() -> None:
    """Each hears that a newer score waits, with the dead letter to repair."""
    sent = said(*GROUP[2], *without_cost(3), parked(3))

    holds = [event_of(one) for one in sent if kind(one).endswith("held.v1")]

    assert {one["deadLetter"] for one in holds} == {"letter-3"}
    assert sorted(people(sent, "payment-candidate-held.v1")) == [SECOND, documents.NPI]


@settings(max_examples=30, deadline=None)
@given(st.permutations([*without_cost(3), parked(3), parked(3)]))
def test_a_revision_is_held_once(records: list[Record]) -> None:
    """A second parked part, or the same again, is the same hold."""
    sent = said(*GROUP[2], *records)

    assert len(people(sent, "payment-candidate-held.v1")) == 2


def test_a_hold_waits_until_it_is_known_whom_it_concerns() -> None:
    """Without the expected part there is no roster yet."""
    records = [one for one in without_cost(3) if "category" in decode(one.value)]

    assert said(*records, parked(3)) == []


def test_a_repaired_dead_letter_completes_the_revision() -> None:
    """The candidate ends the hold; nothing else must be said."""
    sent = said(*GROUP[2], *without_cost(3), parked(3), *GROUP[3])

    assert kinds(sent)[-3:] == ["final-score.v1", *["payment-candidate.v1"] * 2]
    assert event_of(sent[-1])["revision"] == 3


def test_a_newer_complete_revision_ends_the_hold() -> None:
    """What was parked is history then; it is dropped even if it is repaired."""
    sent = said(*GROUP[2], *without_cost(3), parked(3), *GROUP[4], *GROUP[3])

    assert event_of(sent[-1])["revision"] == 4


def test_a_parked_part_of_a_published_revision_is_dropped() -> None:
    """A replay parks what was scored before: the score stands."""
    assert kinds(said(*GROUP[2], parked(2))) == kinds(said(*GROUP[2]))


def test_who_was_only_held_is_withdrawn_when_she_leaves_the_roster() -> None:
    """Else billing would wait for her score for ever."""
    sent = said(*without_cost(2), parked(2), *GROUP[4])

    assert people(sent, "payment-candidate-withdrawn.v1") == [SECOND]


def test_a_revision_of_another_rule_book_waits() -> None:
    """An operator brings the build that has it; nothing is lost."""
    pins = {"ruleBook": "mips/py2025@000000000000"}
    records = [
        record._replace(value=encode(decode(record.value) | pins))
        for record in GROUP[2]
    ]

    with pytest.raises(RuleBookMissingError):
        said(*records)


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]"])
def test_what_is_none_of_our_events_is_parked(value: bytes | None) -> None:
    """The subject's state stays as it was."""
    with pytest.raises(ParkError, match="not-our-event"):
        said(GROUP[2][0]._replace(value=value))


def test_an_event_of_a_later_version_is_parked() -> None:
    """It must not be taken for one of ours."""
    with pytest.raises(ParkError, match="unknown-event"):
        said(told("score-part.v9", {"subject": "s", "revision": 1}))


def test_a_state_survives_its_bytes() -> None:
    """Parts that wait, who was told and what is held are all remembered."""
    kept = Kept(FinalScores(TOKENS))
    for record in (*GROUP[2], *without_cost(3), parked(3)):
        list(kept(record))
    ((subject, stored),) = kept.stored.items()

    states = kept.state(subject)

    assert kept.memory.dump(states) == stored
    state = states["mips"]
    assert isinstance(state, Subject)
    assert (state.complete, set(state.pending), len(state.told)) == (2, {"3"}, 2)
    assert state.held is not None


def test_every_score_through_the_services_equals_the_law() -> None:
    """Sixty practices of three years: score and explanation, byte by byte."""
    chain = Chain()
    for message in population(60, 5, (2024, 2025, 2026)):
        chain.send(message.topic, message.value, message.headers)
    inputs = {}
    for record in chain.log["qpp-score-inputs"]:
        event = decode(record.value)
        inputs[event["subject"], event["revision"]] = event

    through: dict[tuple[str, int], bytes] = {}
    pure: dict[tuple[str, int], bytes] = {}
    for record in chain.log[SCORES]:
        event = decode(record.value)
        key = event["subject"], event["revision"]
        law = law_of(event["performanceYear"])
        scored = score(read_input(inputs[key]["input"], "mips"), law)
        through[key] = encode({"of": [event["score"], event["explanation"]]})
        pure[key] = encode({"of": [scored.score, scored.explanation]})

    assert through == pure
    assert len(through) == len(inputs) > 60
    assert {one["performanceYear"] for one in inputs.values()} == {2024, 2025, 2026}


def test_every_candidate_pays_what_the_law_says() -> None:
    """The payment travels beside the score it was made of."""
    chain = Chain()
    for message in population(15, 6, (2024, 2025)):
        chain.send(message.topic, message.value, message.headers)
    scores = {}
    for record in chain.log[SCORES]:
        event = decode(record.value)
        scores[event["subject"], event["program"], event["revision"]] = event
    inputs = {}
    for record in chain.log["qpp-score-inputs"]:
        event = decode(record.value)
        name = event["subject"], event["program"], event["revision"]
        inputs[name] = event["input"]

    seen = 0
    for record in chain.log[CANDIDATES]:
        event = decode(record.value)
        if kind_of(record) != "payment-candidate.v1":
            continue
        key = event["candidate"], event["program"], event["revision"]
        law = law_of(event["performanceYear"])
        paid = score(read_input(inputs[key], "mips"), law).payment

        assert encode(event["payment"]) == encode(paid)
        assert event["explanationHash"] == scores[key]["explanationHash"]
        seen += 1

    assert seen > 15
