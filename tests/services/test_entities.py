"""What `entities` decides: what is new, what counts now, and what is scored for it."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qppflow.entities.handlers import INPUTS, PARTS, RESULTS, Entities
from qppflow.intake.handlers import FACTS, FEEDS, SUBMISSIONS, Intake
from qppflow.runtime.events import decode, encode
from qppflow.runtime.law import law_of
from qppflow.runtime.records import Outgoing, Record
from tests.helpers import documents
from tests.helpers.chain import (
    START,
    TOKENS,
    Json,
    Kept,
    active,
    event_of,
    kind,
    measured,
    record_of,
    submission,
)

ONE, TWO = "urn:registry:one", "urn:registry:two"
INTAKE = Intake(TOKENS, FEEDS)
PROFILE = documents.feed(
    "profile",
    specialStatuses=["smallPractice"],
    roster=[{"nationalProviderIdentifier": documents.NPI}],
)


def fact(  # noqa: PLR0913 - a place in the log and a sender
    document: Json,
    *,
    source: str = ONE,
    name: str = "a",
    offset: int = 0,
    partition: int = 0,
    time: int = 0,
    topic: str = SUBMISSIONS,
) -> Record:
    """Give what intake records of a document that lies at one place of the log."""
    headers = (("ce_source", source.encode()), ("ce_id", name.encode()))
    body = documents.body(document)
    came = Record(topic, partition, offset, START + time, None, body, headers)
    (sent,) = INTAKE.decide(came)
    assert sent.topic == FACTS, event_of(sent)["findings"]
    return record_of(sent, offset)


def feed(document: Json, offset: int = 0) -> Record:
    """Give what intake records of a feed."""
    return fact(document, topic=FEEDS, offset=offset, name=f"f{offset}")


class History:
    """The facts of one entity, taken in turn; states go through their bytes."""

    def __init__(self, *facts: Record) -> None:
        self.kept = Kept(Entities(law_of, TOKENS))
        self.sent: list[Outgoing] = []
        self.subject = ""
        for item in facts:
            self.take(item)

    def take(self, record: Record) -> list[Outgoing]:
        """Take one fact; gives what was sent for it."""
        made = list(self.kept(record))
        self.sent += made
        self.subject = (record.key or b"").decode()
        return made

    def told(self, topic: str) -> list[Json]:
        """Give what was said on a topic, in order."""
        return [event_of(sent) for sent in self.sent if sent.topic == topic]

    @property
    def effects(self) -> list[str]:
        """Give what each fact did, as its sender is answered."""
        return [answer["effect"] for answer in self.told(RESULTS)]

    @property
    def sets(self) -> list[Json]:
        """Give the sets that are scored now."""
        scored: list[Json] = self.told(INPUTS)[-1]["input"]["measurementSets"]
        return scored

    @property
    def slots(self) -> tuple[Any, Any]:
        """Give all that is remembered, but for how often something changed."""
        state = self.kept.state(self.subject)
        return state.sets, state.feeds


def met(item: Json) -> Any:  # noqa: ANN401 - a figure of a document
    """Give the cases that met the only measure of a set."""
    return item["measurements"][0]["value"]["performanceMet"]


def test_a_first_submission_is_applied_and_scored() -> None:
    """An answer, an input for the stages, and what `final_scores` waits for."""
    history = History(fact(submission()))

    kinds = [kind(sent) for sent in history.sent]

    assert kinds == ["submission-answered.v1", "score-input.v1", "score-expected.v1"]
    assert history.told(RESULTS)[0]["sets"][0]["effect"] == "added"
    assert {item["revision"] for item in history.told(PARTS)} == {1}


def test_a_score_input_names_nobody() -> None:
    """Behind the entity everybody works on tokens."""
    history = History(fact(submission()), feed(PROFILE))

    shown = [sent.value or b"" for sent in history.sent if sent.topic == INPUTS]

    assert len(shown) == 2
    for identifier in (documents.TIN, documents.NPI):
        assert identifier.encode() not in b"".join(shown)


def test_a_resend_is_answered_as_a_duplicate_and_scored_once() -> None:
    """Same source, id and bytes at another place of the log."""
    history = History(fact(submission(), offset=1), fact(submission(), offset=2))

    assert history.effects == ["applied", "duplicate"]
    assert len(history.told(INPUTS)) == 1


def test_a_fact_that_comes_again_has_its_answer_already() -> None:
    """Of a killed `intake`; its id is taken, and no other bytes may come under it."""
    first, again = fact(submission(), offset=1), fact(submission(), offset=2)
    changed = fact(submission(measured(90)), name="b", offset=3)
    history = History(first, again, changed)
    answers = len(history.sent)

    repeats = [history.take(item) for item in (first, again, changed)]

    assert repeats == [[], [], []]
    assert len(history.sent) == answers
    assert history.effects == ["applied", "duplicate", "applied"]


def test_a_memory_of_an_older_build_is_read() -> None:
    """It lacks the ids of the facts that were answered, and learns them from now on."""
    entities = Entities(law_of, TOKENS)
    history = History(fact(submission()))
    stored = decode(entities.dump(history.kept.state(history.subject)))
    del stored["answered"]

    read = entities.load(encode(stored))

    assert read.answered == frozenset()
    assert read.revision == 1


def test_other_bytes_under_the_same_id_are_a_correction() -> None:
    """Some registries number documents, not attempts."""
    history = History(
        fact(submission(measured(80)), offset=1),
        fact(submission(measured(90)), offset=2),
    )

    assert history.effects == ["applied", "applied"]
    assert history.told(RESULTS)[1]["sets"][0]["effect"] == "replaced"
    assert [met(item) for item in history.sets] == [90]


def test_an_older_submission_of_a_partition_is_stale() -> None:
    """The offset decides, even where the broker's clock ran backwards."""
    history = History(
        fact(submission(measured(90)), offset=2, time=0),
        fact(submission(measured(80)), offset=1, time=5),
    )

    assert history.effects == ["applied", "stale"]
    assert len(history.told(INPUTS)) == 1
    assert [met(item) for item in history.sets] == [90]


def test_between_partitions_the_time_decides() -> None:
    """Offsets of two partitions say nothing about each other."""
    history = History(
        fact(submission(measured(90)), partition=1, offset=3, time=9),
        fact(submission(measured(80)), partition=2, offset=99, time=8),
        fact(submission(measured(70)), partition=3, offset=1, time=10),
    )

    assert history.effects == ["applied", "stale", "applied"]
    assert [met(item) for item in history.sets] == [70]


def test_a_stale_fact_is_remembered_and_its_resend_a_duplicate() -> None:
    """Twice too late is once too late, and once again."""
    history = History(
        fact(submission(measured(90)), offset=2),
        fact(submission(measured(80)), offset=0),
        fact(submission(measured(80)), offset=1),
    )

    assert history.effects == ["applied", "stale", "duplicate"]


def test_a_document_is_stale_set_by_set() -> None:
    """One set is older than what is known, the other is news."""
    history = History(
        fact(submission(measured(90)), offset=2),
        fact(submission(measured(80), active()), offset=1),
    )

    effects = [item["effect"] for item in history.told(RESULTS)[1]["sets"]]

    assert effects == ["stale", "added"]
    assert history.effects == ["applied", "applied"]
    assert {item["category"] for item in history.sets} == {"quality", "ia"}


def test_sets_of_two_submitters_both_count() -> None:
    """A registry must not overwrite what another one reported."""
    history = History(
        fact(submission(measured(80)), source=ONE, offset=1),
        fact(submission(measured(90)), source=TWO, offset=2),
    )

    assert sorted(met(item) for item in history.sets) == [80, 90]


def test_the_same_slot_with_and_without_a_program_name() -> None:
    """Without a name the program is MIPS; two slots would count the measure twice."""
    nameless = {k: v for k, v in measured(90).items() if k != "programName"}

    history = History(
        fact(submission(measured(80)), offset=1),
        fact(submission(nameless), offset=2),
    )

    assert [met(item) for item in history.sets] == [90]


def test_another_submission_method_is_another_slot() -> None:
    """The twin of the test above: these two do count side by side."""
    history = History(
        fact(submission(active()), offset=1),
        fact(submission(active(submissionMethod="electronicHealthRecord")), offset=2),
    )

    assert len(history.sets) == 2


def test_a_feed_before_any_submission_scores_nothing() -> None:
    """CMS knows the practice; the practice has said nothing yet."""
    history = History(feed(PROFILE))

    assert history.effects == ["applied"]
    assert history.told(INPUTS) == []
    assert history.told(PARTS) == []


def test_what_a_feed_said_before_counts_with_the_first_submission() -> None:
    """The revision is the second: each applied fact makes one."""
    history = History(feed(PROFILE), fact(submission(), offset=1))

    (scored,) = history.told(INPUTS)

    assert scored["input"]["profile"] == {"specialStatuses": ["smallPractice"]}
    assert scored["revision"] == 2


def test_a_profile_after_the_submission_makes_a_new_revision() -> None:
    """Statuses and roster come late as a rule."""
    history = History(fact(submission()), feed(PROFILE, offset=1))

    inputs, expected = history.told(INPUTS), history.told(PARTS)

    assert [item["revision"] for item in inputs] == [1, 2]
    assert [item["input"]["profile"] is None for item in inputs] == [True, False]
    assert [item["roster"] for item in expected] == [None, [documents.NPI]]


def test_an_older_feed_is_stale() -> None:
    """A corrected profile must not be undone by the one it corrects."""
    newer = documents.feed("profile", specialStatuses=[])

    history = History(
        fact(submission()), feed(newer, offset=9), feed(PROFILE, offset=8)
    )

    assert history.effects == ["applied", "applied", "stale"]
    assert history.told(INPUTS)[-1]["input"]["profile"] == {"specialStatuses": []}


def test_every_feed_has_a_slot_of_its_own() -> None:
    """A bonus does not replace a profile."""
    bonus = documents.feed("complex-patient-bonus", points="3.75")

    history = History(
        fact(submission()), feed(PROFILE, offset=1), feed(bonus, offset=2)
    )

    last = history.told(INPUTS)[-1]["input"]
    assert last["complexPatientBonus"] == {"points": "3.75"}
    assert last["profile"] is not None


@pytest.mark.parametrize("twice", [True, False])
def test_a_state_survives_its_bytes(twice: bool) -> None:  # noqa: FBT001 - a case
    """What is stored is what is remembered; equal states give equal bytes."""
    memory = Entities(law_of, TOKENS)
    history = History(fact(submission()), feed(PROFILE, offset=1))
    stored = history.kept.stored[history.subject]

    again = memory.dump(memory.load(stored))
    again = memory.dump(memory.load(again)) if twice else again

    assert again == stored


def test_no_state_is_changed_in_place() -> None:
    """A decision that fails half way must leave no trace."""
    memory = Entities(law_of, TOKENS)
    before, _ = memory.decide(memory.load(None), fact(submission()))
    written = memory.dump(before)

    memory.decide(before, feed(PROFILE, offset=1))
    memory.decide(before, fact(submission(measured(1)), offset=2))

    assert memory.dump(before) == written


FACTS_OF_ONE = [
    fact(submission(measured(10 * number)), source=source, offset=at, partition=part,
         name=f"{number}", time=at)
    for at, (number, source, part) in zip(
        count(), [(1, ONE, 0), (2, TWO, 1), (3, ONE, 2), (4, TWO, 1), (5, ONE, 0)],
        strict=False)
] + [
    fact(submission(active()), offset=7, name="ia", time=7),
    feed(PROFILE, 8),
    feed(documents.feed("profile", specialStatuses=[]), 9),
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.permutations(FACTS_OF_ONE))
def test_any_order_of_the_same_facts_ends_in_the_same_slots(
    facts: list[Record],
) -> None:
    """Partitions overtake each other; what counts in the end must not depend on it."""
    straight, shuffled = History(*FACTS_OF_ONE), History(*facts)

    assert shuffled.slots == straight.slots
    assert shuffled.told(INPUTS)[-1]["input"] == straight.told(INPUTS)[-1]["input"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(FACTS_OF_ONE), min_size=1, max_size=20))
def test_a_fact_heard_again_changes_nothing(facts: list[Record]) -> None:
    """At least once is as good as once."""
    once = History(*dict.fromkeys(facts))

    often = History(*facts)

    assert often.slots == once.slots
    assert len(often.told(INPUTS)) == len(once.told(INPUTS))
