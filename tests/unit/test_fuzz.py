"""Intake under strange inputs: a short run, all that ever broke, and seeded bugs."""

from collections.abc import Iterable, Iterator

import pytest

from qppflow.intake.handlers import FACTS, FEEDS, SUBMISSIONS, Intake
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.tokens import Tokens
from tests.fuzz import door as front
from tests.fuzz.door import BrokenError, Door, Passed, What, input_of
from tests.fuzz.guided import Result, guided
from tests.fuzz.seeds import found, seeds
from tests.helpers.quiet_logs import logs_dropped, logs_restored

INPUTS = 1_500
TOKENS = Tokens(bytes(range(32)))
NOT_JSON = input_of(SUBMISSIONS, b"{")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Drop the log lines of thousands of parked records."""
    with logs_restored():
        logs_dropped()
        yield


def broken_by(intake: Intake, *inputs: bytes) -> set[What]:
    """Put inputs into an intake and name what broke."""
    door, found_now = Door(intake), set()
    for data in inputs:
        try:
            door.put(data)
        except BrokenError as error:
            found_now.add(error.what)
    return found_now


def of_all() -> list[bytes]:
    """Give every tenth seed: documents of all kinds and fates."""
    return seeds()[::10]


def test_a_short_guided_run_breaks_nothing() -> None:
    """Every fate is met, and what is new is kept to go on from."""
    start = seeds()[::4]

    result = guided(Door().put, start, INPUTS, 5)

    assert result.broken == {}
    assert result.inputs == INPUTS == sum(result.fates.values())
    assert set(result.fates) == {"recorded", "rejected", "parked"}
    assert result.kept > 0


def test_the_same_seed_gives_the_same_run() -> None:
    """Else what broke could not be run again."""
    start = of_all()

    first, second = (guided(Door().put, start, 300, 9) for _ in range(2))

    assert first == second
    assert guided(Door().put, start, 300, 10) != first


def test_what_broke_once_breaks_no_more() -> None:
    """Each file of tests/fuzz/found is put in again; the seeds hold them, too."""
    door = Door()

    for data in found():
        door.put(data)

    assert set(found()) <= set(seeds())


class _Raising(Intake):
    """A bug: a document without sets is not thought of."""

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Fail where there is no bracket."""
        (record.value or b"").index(b"[")
        return super().decide(record)


class _Twice(Intake):
    """A bug: a fact is told twice."""

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Say each fact again."""
        said = list(super().decide(record))
        return said * 2 if said[0].topic == FACTS else said


class _Unsteady(Intake):
    """A bug: what is said hangs on how often it was asked."""

    asked = 0

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Put a counter into each value."""
        self.asked += 1
        return [
            one._replace(value=(one.value or b"") + b" " * self.asked)
            for one in super().decide(record)
        ]


class _Wordy(Intake):
    """A bug: an answer has a field that its contract does not know."""

    def decide(self, record: Record) -> Iterable[Outgoing]:
        """Add a field."""
        return [
            one._replace(value=(one.value or b"")[:-1] + b',"more":1}')
            for one in super().decide(record)
        ]


@pytest.mark.parametrize(
    ("bug", "what"),
    [
        (_Raising, What.EXCEPTION),
        (_Twice, What.FATE),
        (_Unsteady, What.UNSTEADY),
        (_Wordy, What.CONTRACT),
    ],
)
def test_a_seeded_bug_is_named(bug: type[Intake], what: What) -> None:
    """And intake without the bug breaks nothing with the same inputs."""
    inputs = [*seeds()[::3], NOT_JSON]

    assert broken_by(bug(TOKENS, FEEDS), *inputs) == {what}
    assert broken_by(Intake(TOKENS, FEEDS), *inputs) == set()


def test_digits_in_a_finding_are_a_leak() -> None:
    """A finding that quotes what was sent may quote an identifier."""
    shown = b'{"code":"MIPS-STR-001","found":"000456789","pointer":"/a"}'
    event = b'{"findings":[' + shown + b"]}"
    output = Outgoing("qpp-submission-results", None, event, ())

    with pytest.raises(BrokenError, match=What.LEAK):
        list(front._shown(output))  # noqa: SLF001 - the check by itself


def test_a_slow_input_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a limit that every document exceeds."""
    monkeypatch.setattr(front, "SLOW_SECONDS", 0)

    assert broken_by(Intake(TOKENS, FEEDS), of_all()[0]) == {What.SLOW}


def test_runs_add_up() -> None:
    """A run that was cut and started again is told as one."""
    first = Result(2, {"parked": 2}, {"a"}, 1, {"x": b"1"})
    second = Result(3, {"parked": 1, "rejected": 2}, {"b"}, 2, {})

    both = first.with_more(second)

    assert both == Result(5, {"parked": 3, "rejected": 2}, {"a", "b"}, 3, {"x": b"1"})


def test_an_exception_keeps_its_shortest_input() -> None:
    """It is the easiest to read."""

    def door(_data: bytes) -> Passed:
        raise BrokenError(What.EXCEPTION, "KeyError")

    result = Result()
    for data in (b"123", b"1", b"12"):
        result.put(door, data)

    assert list(result.broken.values()) == [b"1"]
