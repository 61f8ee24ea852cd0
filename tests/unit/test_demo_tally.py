"""The demonstration's balance: every record has exactly one fate, or it says so."""

from collections.abc import Iterable
from typing import Any

from qppflow.demo.tally import Conservation, Tally
from qppflow.runtime.events import encode
from qppflow.runtime.records import Headers, Record

IN = "qpp-submissions"


def record(
    offset: int, value: bytes = b"{}", headers: Headers = (), topic: str = IN
) -> Record:
    """Make one record of a topic."""
    return Record(topic, 0, offset, 1_000 + offset, None, value, headers)


def answer(
    offset: int, fate: str, effect: str | None = None, codes: Iterable[str] = ()
) -> Record:
    """Make the answer about one record of the input."""
    payload: dict[str, Any] = {
        "fate": fate,
        "effect": effect,
        "submission": {"origin": f"{IN}/0/{offset}"},
        "findings": [{"code": code} for code in codes],
    }
    return record(offset, encode(payload), topic="qpp-submission-results")


def letter(place: str | None, value: bytes = b"{") -> Record:
    """Make a dead letter; *place* is where the parked record stands."""
    headers = () if place is None else (("dlq-place", place.encode()),)
    return record(0, value, headers, "qpp-dead-letters")


def fact(offset: int) -> bytes:
    """Write a fact about one record of the input."""
    return encode({"sequence": {}, "submission": {"origin": f"{IN}/0/{offset}"}})


def balance(
    received: int, answers: Iterable[Record], letters: Iterable[Record] = ()
) -> Conservation:
    """Count what became of so many records."""
    tally = Tally()
    tally.receive(record(offset) for offset in range(received))
    tally.answer(answers)
    tally.park(letters)
    return tally.conservation()


def test_each_record_has_one_fate() -> None:
    """Answers and dead letters together account for all that came."""
    answers = [answer(0, "accepted", "applied"), answer(1, "rejected")]

    found = balance(3, answers, [letter(f"{IN}/0/2")])

    assert found == Conservation(3, 1, 1, 1, (), (), ())
    assert found.holds


def test_nothing_received_is_in_balance() -> None:
    """Nought is nought."""
    assert balance(0, []).holds


def test_a_parked_record_that_was_answered_counts_once() -> None:
    """Who can be named is told, and the bytes are kept: one fate."""
    found = balance(1, [answer(0, "parked")], [letter(f"{IN}/0/0")])

    assert found == Conservation(1, 0, 0, 1, (), (), ())
    assert found.holds


def test_an_answer_that_came_twice_is_one_answer() -> None:
    """After a crash the same answer is sent again."""
    tally = Tally()
    tally.receive([record(0)])
    tally.answer([answer(0, "rejected", codes=["A"])] * 2)

    assert tally.conservation().holds
    assert (tally.effects, tally.findings) == ({"rejected": 1}, {"A": 1})


def test_a_record_without_a_fate_is_lost() -> None:
    """A service that drops a record cannot hide it."""
    found = balance(3, [answer(0, "accepted"), answer(2, "accepted")])

    assert found.lost == (f"{IN}/0/1",)
    assert not found.holds


def test_a_record_with_two_answers_is_doubled() -> None:
    """It counts as neither."""
    found = balance(1, [answer(0, "accepted"), answer(0, "rejected")])

    assert found.doubled == (f"{IN}/0/0",)
    assert (found.accepted, found.rejected, found.parked) == (0, 0, 0)
    assert not found.holds


def test_of_an_answer_and_a_dead_letter_the_answer_counts() -> None:
    """A crash between two builds may leave both."""
    found = balance(1, [answer(0, "accepted")], [letter(f"{IN}/0/0")])

    assert found.accepted == 1
    assert found.holds


def test_a_fate_of_a_record_that_never_came_is_unknown() -> None:
    """Somebody answers what nobody asked."""
    found = balance(1, [answer(0, "accepted"), answer(7, "accepted")])

    assert found.unknown == (f"{IN}/0/7",)
    assert found.accepted == 1
    assert not found.holds


def test_a_fact_that_a_later_stage_parked_is_its_documents_fate() -> None:
    """Where no answer was given, the dead letter names the document it came from."""
    found = balance(1, [], [letter("qpp-entity-facts/0/5", fact(0))])

    assert found == Conservation(1, 0, 0, 1, (), (), ())
    assert found.holds


def test_what_is_parked_after_its_answer_leaves_the_answer_alone() -> None:
    """The document was accepted; what was made of it is another matter."""
    letters = [
        letter("qpp-entity-facts/0/5", fact(0)),
        letter("qpp-score-parts/0/1", encode({"subject": "x"})),
        letter("qpp-score-parts/0/2", b"\xff"),
        letter(None),
    ]

    found = balance(1, [answer(0, "accepted")], letters)

    assert found == Conservation(1, 1, 0, 0, (), (), ())
    assert found.holds


def test_numbers_that_do_not_add_up_do_not_hold() -> None:
    """An unheard-of fate is none of the three."""
    found = balance(1, [answer(0, "forgotten")])

    assert (found.lost, found.doubled, found.unknown) == ((), (), ())
    assert not found.holds


def test_findings_are_counted_by_the_answers_that_carry_them() -> None:
    """The same mistake twice in a document is one answer; effects have their names."""
    tally = Tally()
    tally.answer(
        [
            answer(0, "rejected", codes=["A", "A", "B"]),
            answer(1, "accepted", "applied", ["B"]),
            answer(2, "accepted", "stale"),
        ]
    )

    assert tally.findings == {"A": 1, "B": 2}
    assert tally.effects == {"rejected": 1, "applied": 1, "stale": 1}
