"""A part that `final_scores` itself parked holds its revision, if it names one."""

import pytest

from qppflow.final_scores import handlers
from qppflow.final_scores.handlers import FinalScores
from qppflow.final_scores.revisions import Subject
from qppflow.runtime.contracts import Validator
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.events import PREFIX, decode, encode
from qppflow.runtime.guard import Guard
from qppflow.runtime.memory import Recall
from qppflow.runtime.records import Outgoing, Record
from tests.helpers import documents
from tests.helpers.chain import TOKENS, event_of, kind
from tests.helpers.runtime import SEALER
from tests.services.test_final_scores import GROUP, SECOND, parked, without_cost

LETTERS = DeadLetters("final_scores", "dead", SEALER, "build-1", trusts_keys=True)
BOTH = [SECOND, documents.NPI]


class Service:
    """`final_scores` with its guard: a part on which it fails becomes a dead letter."""

    def __init__(self) -> None:
        self.memory = FinalScores(TOKENS)
        self.recall = Recall(self.memory, Guard(LETTERS, lambda _made: None))
        self.sent: list[Outgoing] = []

    def take(self, *records: Record) -> list[Outgoing]:
        """Decide records in turn; gives what was sent besides dead letters."""
        made = [out for one in records for out in self.recall.decide(one).outputs]
        made = [out for out in made if out.topic != "dead"]
        self.sent += made
        return made

    @property
    def state(self) -> Subject:
        """Read what is kept of the only entity."""
        ((_, stored),) = self.recall.changed.items()
        return self.memory.load(stored)["mips"]


def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Plant a fault of ours in the last step of scoring."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(handlers, "score_revision", broken)
    return monkeypatch


def held(sent: list[Outgoing]) -> list[str]:
    """Give the NPIs of all who were told of a hold, and nothing else was said."""
    assert {kind(one) for one in sent} <= {"payment-candidate-held.v1"}
    npi = "nationalProviderIdentifier"
    return sorted(event_of(one)["clinician"][npi] for one in sent)


def test_the_part_that_completes_a_revision_holds_it_when_scoring_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each on the roster hears of the dead letter; the score before does not pay."""
    service = Service()
    service.take(*GROUP[2])
    failing(monkeypatch)

    sent = service.take(*GROUP[3])

    letter = LETTERS.letter_id(GROUP[3][-1])
    assert held(sent) == BOTH
    assert {event_of(one)["deadLetter"] for one in sent} == {letter}
    assert {event_of(one)["revision"] for one in sent} == {3}
    assert Validator().problems(PREFIX + kind(sent[0]), event_of(sent[0])) == []
    assert service.state.held is not None


@pytest.mark.parametrize("last", range(5))
def test_whichever_part_comes_last_the_revision_is_held(
    monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    """Also the one that says whom to expect: it is believed as far as that."""
    service = Service()
    failing(monkeypatch)
    parts = [*GROUP[2][:last], *GROUP[2][last + 1 :], GROUP[2][last]]

    assert held(service.take(*parts)) == BOTH


def test_a_part_that_comes_again_after_the_fix_releases_the_revision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing of it was lost; the other parts were kept."""
    service = Service()
    with monkeypatch.context() as harmed:
        failing(harmed)
        service.take(*GROUP[2])

    sent = service.take(GROUP[2][-1])

    assert kind(sent[0]) == "final-score.v1"
    assert service.state.held is None


def test_a_revision_is_held_once_by_whoever_parks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stage parked its part before, or the same part fails again."""
    service = Service()
    failing(monkeypatch)
    service.take(*without_cost(2), parked(2))

    again = service.take(*GROUP[2], GROUP[2][-1])

    assert held(service.sent) == BOTH
    assert again == []


def test_a_broken_part_waits_until_it_is_known_whom_it_concerns() -> None:
    """The hold is said when the part comes that names them."""
    service = Service()
    expected = [one for one in GROUP[2] if "category" not in decode(one.value)]

    early, late = service.take(broken(2)), service.take(*expected)

    assert (early, held(late)) == ([], BOTH)


def test_a_broken_part_of_a_published_revision_holds_nothing() -> None:
    """The score stands."""
    service = Service()
    service.take(*GROUP[2])

    assert service.take(broken(2)) == []
    assert service.state.held is None


@pytest.mark.parametrize("harm", ["not JSON", "another version", "another subject"])
def test_a_part_that_cannot_be_trusted_holds_nothing(harm: str) -> None:
    """Which revision it means would be a guess; the dead letter is all there is."""
    service = Service()
    service.take(*GROUP[2], *without_cost(3))
    record = broken(3)
    if harm == "not JSON":
        record = record._replace(value=b"{")
    elif harm == "another subject":
        event = decode(record.value) | {"subject": "k1." + "x" * 43}
        record = record._replace(value=encode(event))
    else:
        other = {"ce_type": b"qppflow.score-part.v2"}
        headers = tuple((name, other.get(name, v)) for name, v in record.headers)
        record = record._replace(headers=headers)

    assert service.take(record) == []
    assert service.state.held is None
    assert held(service.take(broken(3))) == BOTH


def broken(revision: int) -> Record:
    """Give what cost says of a revision, but for the score itself."""
    (record,) = (
        r for r in GROUP[revision] if decode(r.value).get("category") == "cost"
    )
    event = decode(record.value)
    del event["part"]
    return record._replace(value=encode(event))
