"""What of the benchmarks can be judged without a clock: arithmetic, corpus, record."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
import pytest

from benchmarks import corpus, plan, score
from benchmarks.empty import Replay
from benchmarks.first_stage import steady_rate
from benchmarks.latency import waits
from benchmarks.naive import mistakes, validators
from benchmarks.played import Phase, Played, Run
from benchmarks.ratio import NOT_REACHED, REACHED, Ratio, percentile, quotient
from benchmarks.record import FORMAT, file_of, record
from benchmarks.site import BenchmarkError
from benchmarks.supply import Portion, Supply
from qppflow.demo.messages import FEEDS, SUBMISSIONS
from qppflow.local.stack_plan import StackConfig, service_variables
from qppflow.runtime.contracts import topics
from qppflow.runtime.judging import ACCEPTED, judge_submission
from qppflow.runtime.records import Outgoing, Place, Record
from qppflow.runtime.tokens import Tokens, read_key
from qppflow.services import SERVICES
from tests.helpers.chain import Chain

PAYMENTS: Final = "qpp-payment-adjustments"
TEN: Final = [float(number) for number in range(1, 11)]
MOMENT: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def read_back(ids: Sequence[str], topic: str, time: int) -> list[Record]:
    """Give records of one partition, each with an event's id."""
    return [
        Record(topic, 0, offset, time, b"k", b"v", (("ce_id", name.encode()),))
        for offset, name in enumerate(ids)
    ]


@pytest.mark.parametrize(("percent", "value"), [(50, 5.0), (99, 10.0), (0, 1.0)])
def test_a_percentile_is_one_of_the_values(percent: float, value: float) -> None:
    """Nearest rank, so that no latency is shown that nobody waited."""
    assert percentile(TEN[::-1], percent) == value


def test_no_percentile_of_nothing() -> None:
    """A phase that paid nobody has no latency, not one of zero."""
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_a_ratio_without_a_measurement_is_refused() -> None:
    """A clock that stood still would make any ratio."""
    with pytest.raises(ValueError, match="no ratio"):
        quotient(1.0, 0.0)

    assert quotient(1.0, 4.0) == 0.25


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [(0.35, 0.35, REACHED), (0.349, 0.35, NOT_REACHED), (0.1, None, "")],
)
def test_a_verdict_follows_the_target(
    value: float, target: float | None, verdict: str
) -> None:
    """A target that is met exactly is reached; without one there is no verdict."""
    assert Ratio("a", "title", value, target).verdict == verdict


def test_a_steady_rate_leaves_the_start_out() -> None:
    """Two records a second after the first batch, however late that came."""
    assert steady_rate([5000, 5000, 5000, 5500, 6000]) == 2.0


def test_a_rate_of_one_moment_is_refused() -> None:
    """One batch says nothing about speed."""
    with pytest.raises(BenchmarkError, match="too few"):
        steady_rate([5000, 5000])


def test_the_corpus_is_of_the_stated_size() -> None:
    """Its hash, count and bytes are those that figures were compared on."""
    found = corpus.load()

    assert len(found.documents) == corpus.DOCUMENTS
    assert found.size == corpus.BYTES == sum(map(len, found.documents))


def test_the_corpus_holds_accepted_documents_of_every_year() -> None:
    """Rejected ones would be done sooner than scored ones."""
    judged = [judge_submission(body) for body in corpus.load(60).documents]

    assert {one.fate for one in judged} == {ACCEPTED}
    assert {one.year for one in judged} == {2024, 2025, 2026}


def test_another_corpus_is_refused(tmp_path: Path) -> None:
    """Its twin: one document changed, and the figures would be of something else."""
    other = tmp_path / "other.gz"
    other.write_bytes(gzip.compress(corpus.written([b"{}"])))

    with pytest.raises(corpus.WrongCorpusError, match=r"other\.gz"):
        corpus.load(file=other)


def test_the_corpus_can_be_drawn_again() -> None:
    """The generator still gives the first documents, byte for byte."""
    drawn = corpus.drawn()
    again = [next(drawn) for _ in range(5)]

    assert again == list(corpus.load(5).documents)


def test_scoring_is_measured_in_one_process() -> None:
    """The figures say of how many documents and bytes they are; no time is asserted."""
    found = score.measure(corpus.load(3), passes=1)

    assert (found.part, found.target) == ("b", 0.04)
    assert found.figures["documents"] == 3
    assert found.value > 0


def test_a_record_names_no_place_and_no_person() -> None:
    """It holds what the ratios were made of, and when; nothing of the file system."""
    found = record(MOMENT, {"cores": 2}, [Ratio("a", "t", 0.36, 0.35, {"rounds": 3})])

    assert found == {
        "format": FORMAT,
        "at": "2026-01-02T03:04:05+00:00",
        "machine": {"cores": 2},
        "ratios": [
            {
                "part": "a",
                "title": "t",
                "value": 0.36,
                "target": 0.35,
                "verdict": REACHED,
                "figures": {"rounds": 3},
            }
        ],
    }
    assert file_of(MOMENT).name == "2026-01-02T0304Z.json"


def test_a_portion_has_the_feeds_up_to_its_last_submission() -> None:
    """Drawn again, the population is the same, so both topologies get the same."""
    first, again = (Supply().take(20) for _ in range(2))

    assert first == again
    assert len(first.submissions) == 20
    assert {one.topic for one in first.submissions} == {SUBMISSIONS}
    assert {one.topic for one in first.feeds} == {FEEDS}


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Binary headers, null values and all: sizes must be those of the real run."""
    sent = Outgoing("t", b"k", bytes(range(256)), (("h", None), ("b", b"\xff\x00")))
    made = plan.Plan({"quality": {"id": (sent, sent._replace(key=None))}})
    plan.write(made, tmp_path / "plan")

    found = plan.read(tmp_path / "plan", "quality")

    assert found == made.outputs["quality"]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """Give what services read, with keys of their own; no broker is there."""
    return service_variables(StackConfig(state=tmp_path), "localhost:1", None)


@pytest.fixture
def chain(variables: dict[str, str]) -> Chain:
    """Carry two submissions through all services in memory."""
    carried = Chain(Tokens(read_key(variables["QPPFLOW_TOKEN_KEY"])))
    for body in corpus.load(2).documents:
        carried.send(SUBMISSIONS, body)
    return carried


def test_every_event_is_traced_to_its_submission(
    chain: Chain, variables: dict[str, str]
) -> None:
    """Deciding again gives the events of the topics, and what each goes back to."""
    log = dict.fromkeys(topics(), ()) | chain.log
    made = plan.planned(log, variables)

    scores = [made.roots[plan.name_of(one)] for one in log["qpp-final-scores"]]

    assert scores == [f"{SUBMISSIONS}/0/0", f"{SUBMISSIONS}/0/1"]
    assert len(made.outputs["entities"]) == 2
    assert made.outputs.keys() == set(SERVICES)


def test_an_event_that_no_record_explains_is_told(
    chain: Chain, variables: dict[str, str]
) -> None:
    """Its twin: the empty topology would carry less, and look faster."""
    (stray,) = read_back(["stray"], "qpp-final-scores", 0)
    scores = [*chain.log["qpp-final-scores"], stray]
    log = dict.fromkeys(topics(), ()) | chain.log | {stray.topic: scores}

    with pytest.raises(BenchmarkError, match="qpp-final-scores: 1 events"):
        plan.planned(log, variables)


def test_the_empty_topology_sends_what_was_planned() -> None:
    """By the event's id, or by its place where a sender wrote it; else nothing."""
    ours, sent = read_back(["e1", "e2"], "qpp-score-inputs", 0)
    outside = read_back(["e1"], SUBMISSIONS, 0)[0]
    output = Outgoing("t", None, b"v", ())
    replay = Replay({"e1": (output,), f"{SUBMISSIONS}/0/0": (output, output)})

    state, replayed = replay.decide(None, ours)

    assert (state, list(replayed)) == (None, [output])
    assert list(replay(sent)) == []
    assert list(replay(outside)) == [output, output]


def test_a_wait_ends_with_the_last_payment_of_a_submission() -> None:
    """Submissions of other phases, and those that changed no payment, do not count."""
    received = read_back(["s0", "s1", "s2"], SUBMISSIONS, 1000)
    late = read_back(["p0", "p1"], PAYMENTS, 1500)
    paid = [late[0]._replace(timestamp=1400), late[1], *read_back(["p2"], PAYMENTS, 9)]
    place = Place(SUBMISSIONS, 0)
    played = Played(2, 1.0, 0.0, {place: 1}, {place: 3})
    run = Run([Phase(Portion((), ()), 100.0)], [played], {})
    log = {SUBMISSIONS: received, PAYMENTS: paid}
    roots = {"p0": received[1].origin, "p1": received[1].origin}

    found = waits(run._replace(log=log), played, roots | {"p2": received[0].origin})

    assert found == [500.0]


def test_the_naive_stage_judges_by_the_same_schemas() -> None:
    """It accepts the corpus, nested or whole, and finds an unknown field."""
    judges = validators()
    documents = [orjson.loads(body) for body in corpus.load(40).documents]

    assert {"submission" in one for one in documents} == {True, False}
    assert [mistakes(one, judges) for one in documents] == [[]] * 40
    assert mistakes({**documents[0], "surplus": 1}, judges) != []
