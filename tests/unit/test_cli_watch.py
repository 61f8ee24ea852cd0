"""``qppflow watch``, as a user types it, on a broker in memory."""

import itertools
import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from qppflow.cli import watch as module
from qppflow.cli.main import app
from qppflow.runtime import headers, resources
from qppflow.runtime.records import Outgoing
from tests.helpers.broker_fakes import FakeKafka, append, park
from tests.helpers.documents import NPI, TIN

RESULTS = "qpp-submission-results"
SCORES = "qpp-final-scores"
PAYMENTS = "qpp-payment-adjustments"
WIDTH = 80
TIN_OF_EXAMPLES = "000456789"
NPI_OF_EXAMPLES = "0123456789"


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    """Put a broker in memory under the command; Ctrl-C when nothing more comes."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    made = FakeKafka()
    made.reader.idle = interrupt
    monkeypatch.setattr(module, "find_stream", made.find_stream)
    monkeypatch.setattr(module, "AioReader", SimpleNamespace(connected=made.connected))
    return made


def run(*words: str) -> Result:
    """Type the command."""
    return CliRunner().invoke(app, ["watch", *words])


def examples(event: str) -> list[bytes]:
    """Give the passing examples of an event from the contracts, one line each."""
    folder = resources.contracts() / "events" / event / "examples"
    files = sorted(folder.glob("*.pass.json"))
    return [json.dumps(json.loads(file.read_bytes())).encode() for file in files]


def publish(kafka: FakeKafka, topic: str, kind: str, value: bytes) -> None:
    """Put an event into a topic."""
    attributes = headers.write(
        event_id="id", source="urn:qppflow:test", event_type=kind, time_ms=1
    )
    append(kafka.log, Outgoing(topic, b"k", value, attributes))


def answer(kafka: FakeKafka, **changes: object) -> None:
    """Publish an answer after changes to what it says of the submission."""
    told = json.loads(examples("submission-answered")[0])
    told["submission"] |= changes
    kind = "qppflow.submission-answered.v1"
    publish(kafka, RESULTS, kind, json.dumps(told).encode())


@pytest.mark.parametrize(
    ("what", "topic", "event", "words"),
    [
        ("results", RESULTS, "submission-answered", "accepted applied"),
        ("scores", SCORES, "final-score", "2026 k1.rZNvy-1… r3 group"),
        ("payments", PAYMENTS, "payment-adjusted", "pays 0.0000..5.3100 % estimate"),
        ("payments", PAYMENTS, "score-held", "held: input-parked"),
        ("payments", PAYMENTS, "score-retracted", "retracted: submission-withdrawn"),
        ("payments", PAYMENTS, "score-released", "k1.h927Tlz…"),
    ],
)
def test_every_event_of_the_contracts_is_one_readable_line(
    kafka: FakeKafka, what: str, topic: str, event: str, words: str
) -> None:
    """In 80 columns, and without TIN and NPI."""
    given = examples(event)
    for value in given:
        publish(kafka, topic, f"qppflow.{event}.v1", value)

    result = run(what, "--from-start")

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert len(lines) == len(given)
    assert max(map(len, lines)) <= WIDTH
    assert words in result.output
    assert "not an event" not in result.output
    assert TIN_OF_EXAMPLES not in result.output
    assert NPI_OF_EXAMPLES not in result.output


@pytest.mark.parametrize(
    ("status", "billable", "word"),
    [
        ("final", True, "final"),
        ("final", False, "not billable"),
        ("estimate", False, "estimate"),
    ],
)
def test_a_payment_says_whole_whether_it_can_be_billed(
    kafka: FakeKafka, status: str, *, billable: bool, word: str
) -> None:
    """The line ends with it, at its longest as well."""
    told = json.loads(examples("payment-adjusted")[0])
    told |= {"status": status, "billable": billable, "revision": 123}
    told |= {"score": "100.00", "adjustmentPercent": "-9.0000"}
    if status == "estimate":
        told |= {"adjustmentPercent": None, "range": {"low": "0.0", "high": "9.0000"}}
    kind = "qppflow.payment-adjusted.v1"
    publish(kafka, PAYMENTS, kind, json.dumps(told).encode())

    line = run("payments", "--from-start").output.rstrip()

    assert line.endswith(f"% {word}")
    assert len(line) <= WIDTH


def test_a_score_that_adjusts_no_payment_says_so(kafka: FakeKafka) -> None:
    """A voluntary reporter has a score, and no percentage at all."""
    told = json.loads(examples("payment-adjusted")[0])
    told |= {"status": "none", "billable": False, "score": "62.50"}
    told |= {"adjustmentPercent": None, "range": None}
    kind = "qppflow.payment-adjusted.v1"
    publish(kafka, PAYMENTS, kind, json.dumps(told).encode())

    line = run("payments", "--from-start").output.rstrip()

    assert line.endswith("score  62.50 adjusts no payment")


def test_json_gives_each_payload_as_it_is(kafka: FakeKafka) -> None:
    """What billing reads, byte for byte, a line each."""
    given = examples("payment-adjusted")
    for value in given:
        publish(kafka, PAYMENTS, "qppflow.payment-adjusted.v1", value)

    result = run("payments", "--from-start", "--json")

    assert result.output.encode() == b"\n".join(given) + b"\n"


def test_a_dead_letter_is_told_without_its_content(kafka: FakeKafka) -> None:
    """Its id stands whole, since `dlq show` takes it; --json has no body either."""
    sent = Outgoing("qpp-submissions", TIN.encode(), f"no JSON {NPI}".encode(), ())
    letter = park(kafka.log, append(kafka.log, sent), KeyError(TIN), "x" * 30)
    letter_id = headers.read(letter.headers).id or ""

    line = run("dead-letters", "--from-start").output
    told = json.loads(run("dead-letters", "--from-start", "--json").output)

    assert letter_id in line
    assert len(line.rstrip("\n")) <= WIDTH
    assert told["id"] == letter_id
    assert told["exception"] == "KeyError"
    for identifier in (TIN, NPI, "no JSON"):
        assert identifier not in line
        assert identifier not in str(told)


def test_only_answers_to_the_sender_are_shown(kafka: FakeKafka) -> None:
    """Others' are none of its business."""
    answer(kafka, source="urn:mine")
    answer(kafka, source="urn:theirs")
    publish(kafka, RESULTS, "odd", b"no JSON")
    publish(kafka, RESULTS, "odd", b'{"submission": []}')

    result = run("results", "--source", "urn:mine", "--from-start")

    assert len(result.output.splitlines()) == 1
    assert "urn:mine" in result.output


def test_a_sender_goes_with_results_only(kafka: FakeKafka) -> None:
    """Other events do not carry it, and to show nothing would mislead."""
    answer(kafka)

    result = run("payments", "--source", "urn:mine")

    assert result.exit_code == 2
    assert "watch results" in result.output


def test_what_cannot_be_watched_is_wrong_usage(kafka: FakeKafka) -> None:
    """The names that there are stand in the answer."""
    answer(kafka)

    result = run("nonsense")

    assert result.exit_code == 2
    assert result.output == (
        "There is no 'nonsense' to watch. There are scores, results, payments,"
        " dead-letters.\n"
    )


def test_a_limit_ends_it(kafka: FakeKafka) -> None:
    """Without waiting for more."""
    for number in range(5):
        answer(kafka, id=f"n{number}")

    result = run("results", "--from-start", "--limit", "2")

    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 2


def test_without_from_start_only_new_events_are_shown(kafka: FakeKafka) -> None:
    """What was there before stays where it is."""
    answer(kafka, id="old")
    kafka.reader.idle = lambda: answer(kafka, id="new")

    result = run("results", "--limit", "1")

    assert "new" in result.output
    assert "old" not in result.output


def test_a_broker_that_goes_away_while_nothing_comes_ends_it_with_4(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks at an empty screen all night."""
    polls = itertools.count()

    def leave() -> None:
        kafka.log.away = next(polls) > 2

    kafka.reader.idle = leave
    times = itertools.count(0.0, module.SILENT_SECONDS / 2)
    monkeypatch.setattr(module, "monotonic", lambda: next(times))

    result = run("results")

    assert result.exit_code == 4
    assert "do not answer" in result.output


def test_a_senders_name_can_neither_identify_nor_steer_the_terminal(
    kafka: FakeKafka,
) -> None:
    """Ids come from outside, so they are masked and made printable."""
    answer(kafka, source="urn:\x1b[2Jx", id=f"for-{TIN}")

    result = run("results", "--from-start")

    assert "\x1b" not in result.output
    assert TIN not in result.output
    assert "for-<9 digits>" in result.output


def test_what_is_no_event_is_one_line_with_its_place(kafka: FakeKafka) -> None:
    """Somebody else wrote into the topic; watching goes on."""
    publish(kafka, SCORES, "odd", b"\xff")
    publish(kafka, SCORES, "odd", b"{}")
    publish(kafka, SCORES, "odd", b'{"submission": 3, "subject": 5}')

    result = run("scores", "--from-start")

    assert result.output.count("not an event of ours, at qpp-final-scores/") == 3


def test_a_missing_topic_is_the_operators_business(kafka: FakeKafka) -> None:
    """It says what to type."""
    kafka.reader.missing.add(SCORES)

    result = run("scores")

    assert result.exit_code == 3
    assert "qppflow topics create" in " ".join(result.output.split())


def test_a_broker_that_is_away_ends_with_4(kafka: FakeKafka) -> None:
    """And no stack trace."""
    kafka.log.away = True

    result = run("scores")

    assert result.exit_code == 4
    assert "do not answer" in result.output


def test_a_long_list_of_findings_is_counted(kafka: FakeKafka) -> None:
    """Two codes, and how many more; a sender without a name is a dash."""
    told = json.loads(examples("submission-answered")[0])
    told["submission"] |= {"source": None, "id": None}
    told["findings"] *= 5
    kind = "qppflow.submission-answered.v1"
    publish(kafka, RESULTS, kind, json.dumps(told).encode())

    result = run("results", "--from-start")

    assert " - - MIPS-PER-005 MIPS-PER-005 +3" in result.output


def test_a_closed_pipe_ends_it_with_0(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever read has seen enough."""
    answer(kafka)
    closed: list[object] = []

    def broken(*_: object) -> bytes:
        raise BrokenPipeError

    monkeypatch.setattr(module, "encoded_line_of", broken)
    monkeypatch.setattr(module, "leave_stdout", lambda: closed.append(1))

    result = run("results", "--from-start")

    assert result.exit_code == 0
    assert closed == [1]
