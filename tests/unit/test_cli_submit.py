"""``qppflow submit``, as a user types it, on a broker in memory."""

import asyncio
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError
from rich.console import Console
from typer.testing import CliRunner, Result

from qppflow.cli import connection, submit_kafka, submit_run
from qppflow.cli import submit as module
from qppflow.cli.connection import NoKeyError, find_sealer, find_stream
from qppflow.cli.documents import Document
from qppflow.cli.main import app
from qppflow.cli.receipts import Receipt, ReceiptBook
from qppflow.cli.submit_prepare import Sender, prepare
from qppflow.cli.submit_send import Delivery, Outbox, in_batches
from qppflow.cli.submit_show import progress
from qppflow.cli.submit_wait import Waiting
from qppflow.intake.handlers import FACTS, FEEDS, SUBMISSIONS
from qppflow.local.stack_note import Note
from qppflow.runtime import headers
from qppflow.runtime.records import Outgoing, Record, size
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import new_key, read_key
from tests.helpers.broker_fakes import LETTERS, FakeKafka, activities, park
from tests.helpers.documents import NPI, TIN, body, feeds, submission

SOURCE = "urn:acme:registry"
Json = dict[str, Any]


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeKafka:
    """Put a broker in memory under the command, in an empty folder."""
    made = FakeKafka()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QPPFLOW_STATE_FOLDER", raising=False)
    monkeypatch.setattr(module, "find_stream", made.find_stream)
    monkeypatch.setattr(module, "find_target", made.find_target)
    edges = SimpleNamespace(connected=made.connected)
    monkeypatch.setattr(module, "AioReader", edges)
    monkeypatch.setattr(module, "AioCarrier", SimpleNamespace(connected=made.carrying))
    return made


def run(*words: str, source: str = SOURCE, given: str | None = None) -> Result:
    """Type the command."""
    typed = ["submit", *words, "--source", source]
    return CliRunner().invoke(app, typed, input=given)


def lines_of(result: Result) -> list[Json]:
    """Read what --json wrote."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def kept(path: Path = Path()) -> list[Json]:
    """Read the receipts of the only source."""
    (file,) = (path / ".qppflow").glob("receipts-*.ndjson")
    return [json.loads(line) for line in file.read_text().splitlines()]


def sent(kafka: FakeKafka, topic: str = SUBMISSIONS) -> list[headers.Attributes]:
    """Give the attributes of what lies in a topic."""
    return [headers.read(record.headers) for record in kafka.log.records(topic)]


def outbox(count: int) -> None:
    """Write a lined file of different submissions into the current folder."""
    documents = [body(activities(f"00012345{n}")) for n in range(count)]
    Path("outbox.ndjson").write_bytes(b"\n".join(documents))


def test_every_document_of_files_and_folders_is_sent_with_a_receipt(
    kafka: FakeKafka,
) -> None:
    """The receipt says what went where, and the record bears CloudEvents headers."""
    outbox(2)
    Path("folder/deep").mkdir(parents=True)
    Path("folder/deep/one.json").write_bytes(body(submission()))

    result = run("outbox.ndjson", "folder")

    assert result.exit_code == 0, result.output
    assert "3 sent, 0 sent before, 0 refused" in result.output
    receipts = kept()
    names = ["outbox.ndjson:1", "outbox.ndjson:2", "folder/deep/one.json"]
    assert [one["document"] for one in receipts] == names
    records = kafka.log.records(SUBMISSIONS)
    places = {(r.topic, r.partition, r.offset) for r in records}
    assert {(r["topic"], r["partition"], r["offset"]) for r in receipts} == places
    assert {one.id for one in sent(kafka)} == {one["id"] for one in receipts}
    assert {one.source for one in sent(kafka)} == {SOURCE}
    assert {one.specversion for one in sent(kafka)} == {"1.0"}
    assert {one.content_type for one in sent(kafka)} == {"application/json"}


def test_neither_key_nor_headers_nor_receipts_hold_an_identifier(
    kafka: FakeKafka,
) -> None:
    """What a document is about stands in its value only."""
    document = submission() | {"nationalProviderIdentifier": NPI}
    Path("one.json").write_bytes(body(document | {"entityType": "individual"}))

    run("one.json")

    (record,) = kafka.log.records(SUBMISSIONS)
    around = repr((record.key, record.headers)) + json.dumps(kept())
    assert TIN in str(record.value)
    assert TIN not in around
    assert NPI not in around


def test_a_second_run_sends_nothing_and_says_how_many_it_left_out(
    kafka: FakeKafka,
) -> None:
    """Receipts make running again harmless."""
    outbox(3)
    run("outbox.ndjson")

    result = run("outbox.ndjson")

    assert result.exit_code == 0
    assert "0 sent, 3 sent before" in result.output
    assert len(kafka.log.records(SUBMISSIONS)) == 3


def test_a_resumed_run_repeats_the_ids_of_what_has_no_receipt(
    kafka: FakeKafka,
) -> None:
    """A crash between the broker's word and the receipt shows as a duplicate."""
    outbox(3)
    run("outbox.ndjson")
    before = [one["id"] for one in kept()]
    (file,) = Path(".qppflow").glob("receipts-*.ndjson")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[1][:40])

    result = run("outbox.ndjson", "--wait", "--json")

    assert [one["id"] for one in kept()] == before
    ids = [one.id or "" for one in sent(kafka)]
    assert sorted(ids) == sorted([*before, *before[1:]])
    assert {one["fate"] for one in lines_of(result)} == {"accepted"}


def test_new_bytes_under_the_same_name_are_a_new_submission(kafka: FakeKafka) -> None:
    """A corrected file is sent again, with an id of its own."""
    outbox(1)
    run("outbox.ndjson")
    Path("outbox.ndjson").write_bytes(body(submission(2024)))

    run("outbox.ndjson")

    assert len({one.id for one in sent(kafka)}) == 2


def test_receipts_of_one_cluster_say_nothing_of_another(kafka: FakeKafka) -> None:
    """What a test cluster has, the real one still needs; the id stays the same."""
    outbox(1)
    run("outbox.ndjson")
    kafka.cluster = "cluster-b"

    result = run("outbox.ndjson")

    assert "1 sent, 0 sent before" in result.output
    assert len(sent(kafka)) == 2
    assert len({one.id for one in sent(kafka)}) == 1


def test_what_is_not_known_to_be_stored_gets_no_receipt(kafka: FakeKafka) -> None:
    """The command ends with 4, and the next run sends the rest under the same ids."""
    outbox(3)
    kafka.carrier.loses = 1

    result = run("outbox.ndjson")

    assert result.exit_code == 4
    assert "run this again" in result.output
    assert len(kept()) == 1
    kafka.carrier.loses = None
    assert "2 sent, 1 sent before" in run("outbox.ndjson").output


def test_a_document_over_the_limit_is_refused_before_it_is_sent(
    kafka: FakeKafka,
) -> None:
    """With the finding that the front door would give; the others go."""
    outbox(1)
    large = submission() | {"practiceId": "x" * kafka.limit}
    Path("large.json").write_bytes(body(large))

    result = run("outbox.ndjson", "large.json", "--json")

    assert result.exit_code == 1
    small, refused = sorted(
        lines_of(result), key=lambda one: one["state"], reverse=True
    )
    assert small["state"] == "sent"
    assert refused["state"] == "refused"
    assert [one["code"] for one in refused["findings"]] == ["MIPS-DOC-005"]
    assert len(kafka.log.records(SUBMISSIONS)) == 1


def test_of_a_refused_document_the_size_of_the_whole_is_told(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though no more than one byte over the limit was read; of a pipe nobody knows."""
    size_of_file = 1024 * kafka.limit
    with Path("huge.json").open("wb") as stream:
        stream.truncate(size_of_file)
    most: list[int] = []
    real = Outbox.sort

    def sort(outbox: Any, document: Document) -> Any:  # noqa: ANN401 - as the real one
        most.append(len(document.body))
        return real(outbox, document)

    monkeypatch.setattr(Outbox, "sort", sort)

    (file,) = lines_of(run("huge.json", "--json"))
    (pipe,) = lines_of(run("-", "--json", given="[" * (kafka.limit + 9)))

    found = [one["findings"][0]["found"] for one in (file, pipe)]
    assert int(found[0].partition(" ")[0]) > size_of_file
    assert found[1] == f"more than {kafka.limit} bytes"
    assert most == [kafka.limit + 1] * 2
    assert not kafka.log.places


def test_a_document_at_the_limit_is_sent(kafka: FakeKafka) -> None:
    """One byte decides, headers counted."""
    Path("one.json").write_bytes(body(submission()))
    run("one.json", "--receipts", "first.ndjson")
    (record,) = kafka.log.records(SUBMISSIONS)
    whole = size(Outgoing(SUBMISSIONS, record.key, record.value, record.headers))
    kafka.limit = whole

    fits = run("one.json", "--receipts", "second.ndjson")
    kafka.limit = whole - 1
    does_not = run("one.json", "--receipts", "third.ndjson")

    assert (fits.exit_code, does_not.exit_code) == (0, 1)


def test_waiting_ends_with_each_of_the_three_fates(kafka: FakeKafka) -> None:
    """Accepted, rejected with findings, parked with its dead letter: exit 1."""
    Path("good.json").write_bytes(body(activities()))
    Path("wrong.json").write_bytes(body(submission() | {"performanceYear": 1066}))
    Path("broken.json").write_bytes(b"not JSON at all")

    result = run("good.json", "wrong.json", "broken.json", "--wait", "--json")

    assert result.exit_code == 1
    found = {one["document"]: one for one in lines_of(result)}
    assert found["good.json"]["fate"] == "accepted"
    assert found["good.json"]["effect"] == "applied"
    assert found["wrong.json"]["fate"] == "rejected"
    assert found["wrong.json"]["findings"]
    assert found["broken.json"]["fate"] == "parked"
    (letter,) = sent(kafka, LETTERS)
    assert found["broken.json"]["deadLetter"] == letter.id


def test_waiting_for_accepted_ones_only_ends_with_0(kafka: FakeKafka) -> None:
    """And says so to people."""
    outbox(2)

    result = run("outbox.ndjson", "--wait")

    assert result.exit_code == 0, result.output
    assert "2 accepted, 0 rejected, 0 parked, 0 open" in result.output
    assert kafka.carrier.batches == 1


def test_people_see_findings_and_the_way_to_the_dead_letter(kafka: FakeKafka) -> None:
    """What is good is counted, what is not is told."""
    Path("wrong.json").write_bytes(body(submission() | {"performanceYear": 1066}))
    Path("broken.json").write_bytes(b"not JSON at all")

    result = run("wrong.json", "broken.json", "--wait")

    assert "rejected: 1 error" in result.output
    (letter,) = sent(kafka, LETTERS)
    assert f"qppflow dlq show {letter.id}" in " ".join(result.output.split())
    assert "0 accepted, 1 rejected, 1 parked, 0 open" in result.output


def test_a_resumed_run_waits_for_what_was_answered_before_it_too(
    kafka: FakeKafka,
) -> None:
    """It goes back to the time of the oldest receipt."""
    outbox(2)
    run("outbox.ndjson")
    kafka.door.answer_all()

    result = run("outbox.ndjson", "--wait", "--json")

    assert result.exit_code == 0, result.output
    assert [one["fate"] for one in lines_of(result)] == ["accepted"] * 2


def test_what_has_no_answer_in_time_is_named_and_ends_with_1(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was answered, since nobody runs behind the broker."""
    outbox(1)
    kafka.reader.idle = lambda: None
    times = iter(range(1000))
    monkeypatch.setattr(submit_run, "monotonic", lambda: next(times))

    result = run("outbox.ndjson", "--wait", "--timeout", "5")

    assert result.exit_code == 1
    assert "open      outbox.ndjson:1" in result.output
    assert "0 accepted, 0 rejected, 0 parked, 1 open" in result.output


def test_a_broker_that_went_away_while_waiting_ends_with_4(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence of the broker is no silence of the services."""
    outbox(1)
    times = iter(range(1000))
    monkeypatch.setattr(submit_run, "monotonic", lambda: next(times))

    def leave() -> None:
        kafka.log.away = True

    kafka.reader.idle = leave

    result = run("outbox.ndjson", "--wait", "--timeout", "5")

    assert result.exit_code == 4
    assert "do not answer" in result.output


def test_a_parked_fact_parks_its_submission(kafka: FakeKafka) -> None:
    """A bug behind the front door: the fact names the submission in its value."""
    outbox(1)
    run("outbox.ndjson")
    kafka.door.answer_all()
    (fact,) = kafka.log.records(FACTS)
    waiting = Waiting([Receipt(**one) for one in kept()], LETTERS)

    fate = waiting.take(park(kafka.log, fact, KeyError(), "entities"))

    assert fate is not None
    assert (fate.fate, fate.reason) == ("parked", "exception")
    assert waiting.done


def test_a_document_from_outside_cannot_close_another_submission(
    kafka: FakeKafka,
) -> None:
    """A parked document may claim to be anything; only its place counts."""
    outbox(1)
    run("outbox.ndjson")
    (receipt,) = [Receipt(**one) for one in kept()]
    claim = {"submission": {"origin": receipt.origin}}
    Path("claim.json").write_bytes(body(claim))
    run("claim.json", source="urn:other")
    (claimed,) = (
        record
        for record in kafka.log.records(SUBMISSIONS)
        if b"origin" in (record.value or b"")
    )
    waiting = Waiting([receipt], LETTERS)

    fate = waiting.take(park(kafka.log, claimed, KeyError()))

    assert fate is None
    assert waiting.left == [receipt]


def test_feeds_go_to_the_topic_of_feeds(kafka: FakeKafka) -> None:
    """And are answered like submissions."""
    good = [one for one in feeds() if one["feed"] != "administrative-claims"]
    Path("feeds.ndjson").write_bytes(b"\n".join(map(body, good)))

    result = run("feeds.ndjson", "--feed", "--wait")

    assert result.exit_code == 0, result.output
    assert len(kafka.log.records(FEEDS)) == len(good)
    assert not kafka.log.records(SUBMISSIONS)


def test_standard_input_is_one_document(kafka: FakeKafka) -> None:
    """Nobody can count it before it is read."""
    result = run("-", given=json.dumps(submission()))

    assert result.exit_code == 0, result.output
    assert [one["document"] for one in kept()] == ["standard input"]
    assert len(sent(kafka)) == 1


def test_an_id_prefix_starts_every_id(kafka: FakeKafka) -> None:
    """The rest stays the same for the same document."""
    outbox(1)
    run("outbox.ndjson", "--id-prefix", "march-", "--receipts", "a.ndjson")
    run("outbox.ndjson", "--receipts", "b.ndjson")

    first, second = sorted(one.id or "" for one in sent(kafka))

    assert {first.removeprefix("march-"), second.removeprefix("march-")} == {
        min(first, second, key=len)
    }


@pytest.mark.parametrize(
    ("source", "prefix", "said"),
    [
        ("", "", "--source takes printable ASCII"),
        ("urn:two words", "", "--source takes printable ASCII"),
        ("notauri", "", "--source takes a URI, such as urn:acme:registry"),
        ("://acme", "", "--source takes a URI"),
        (f"urn:tin:{TIN}", "", "could be a TIN or NPI"),
        ("urn:" + "x" * 2000, "", "at most 1024"),
        (SOURCE, f"{NPI}-", "--id-prefix has a run of digits"),
    ],
)
def test_a_source_or_prefix_unfit_for_a_header_is_wrong_usage(
    kafka: FakeKafka, source: str, prefix: str, said: str
) -> None:
    """Headers are read by everybody on the way."""
    outbox(1)

    result = run("outbox.ndjson", "--id-prefix", prefix, source=source)

    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert TIN not in result.output
    assert not kafka.log.places


@pytest.mark.parametrize("text", ['{"no": "receipt"}\n', "half a line", "[1]\n"])
def test_a_file_of_something_else_is_never_written_to(
    kafka: FakeKafka, text: str
) -> None:
    """A slip of the finger must not spoil a submission."""
    outbox(1)
    Path("march.json").write_text(text)

    result = run("outbox.ndjson", "--receipts", "march.json")

    assert result.exit_code == 2
    assert Path("march.json").read_text() == text
    assert not kafka.log.places


def test_two_runs_do_not_share_a_receipts_file(kafka: FakeKafka) -> None:
    """The second one would not see what the first one sends."""
    outbox(1)

    with ReceiptBook.opened(Path("mine.ndjson")):
        result = run("outbox.ndjson", "--receipts", "mine.ndjson")

    assert result.exit_code == 2
    assert "another run" in result.output
    assert not kafka.log.places


def test_an_unreadable_path_is_found_before_anything_is_sent(
    kafka: FakeKafka,
) -> None:
    """Half of an outbox is worse than none."""
    outbox(1)

    result = run("outbox.ndjson", "missing.json")

    assert result.exit_code == 2
    assert "missing.json" in result.output
    assert not kafka.log.places


def test_without_a_stream_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 4, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QPPFLOW_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.delenv("QPPFLOW_STATE_FOLDER", raising=False)
    outbox(1)

    result = run("outbox.ndjson")

    assert result.exit_code == 4
    assert "qppflow up" in result.output


class OddProducer:
    """aiokafka as it fails: with a future, at once, or never."""

    def __init__(self, *acts: str) -> None:
        self.acts = list(acts)

    async def send(self, *_: object, **__: object) -> "asyncio.Future[Any]":
        """Do with the record what the plan says."""
        act = self.acts.pop(0)
        if act == "raises":
            raise KafkaTimeoutError
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if act == "stored":
            future.set_result(SimpleNamespace(partition=1, offset=2, timestamp=3))
        elif act == "fails":
            future.set_exception(KafkaTimeoutError())
        return future


@pytest.mark.parametrize(
    ("acts", "stored"),
    [
        (("stored", "stored", "stored"), [True, True, True]),
        (("stored", "fails", "stored"), [True, False, True]),
        (("stored", "raises"), [True, False, False]),
        (("hangs", "stored", "stored"), [False, True, True]),
        (("raises",), [False, False, False]),
    ],
)
def test_only_what_the_broker_acknowledged_counts_as_stored(
    monkeypatch: pytest.MonkeyPatch, acts: tuple[str, ...], stored: list[bool]
) -> None:
    """Whatever else happens to a record, it is sent again by the next run."""
    monkeypatch.setattr(submit_kafka, "SEND_SECONDS", 0.05)
    carrier = submit_kafka.AioCarrier(OddProducer(*acts))
    batch = [Outgoing(SUBMISSIONS, b"k", b"v", ())] * 3

    found = asyncio.run(carrier.carry(batch))

    assert [one is not None for one in found] == stored
    assert {one for one in found if one is not None} <= {Delivery(1, 2, 3)}


def test_batches_are_bounded_by_number_and_by_size() -> None:
    """And keep the order."""
    sender = Sender(SOURCE, "", SUBMISSIONS)
    small = [prepare(Document(f"d{n}", b"x"), sender) for n in range(450)]
    large = [prepare(Document(f"d{n}", b"x" * 3_000_000), sender) for n in range(3)]

    assert [len(batch) for batch in in_batches(small)] == [200, 200, 50]
    assert [len(batch) for batch in in_batches(large)] == [2, 1]
    assert [one for batch in in_batches(small) for one in batch] == small


def test_where_nobody_watches_progress_is_a_line_for_every_thousand() -> None:
    """Logs of a nightly job stay short."""
    console = Console(file=io.StringIO(), force_terminal=False)
    with progress(console, "sent", 2500) as steps:
        for _ in range(5):
            steps.step(500)

    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "sent 1000 of 2500\nsent 2000 of 2500\n"


def test_on_a_terminal_progress_is_a_bar_that_goes_away() -> None:
    """With how many of how many."""
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with progress(console, "sent", 3) as steps:
        steps.step(2)

    assert isinstance(console.file, io.StringIO)
    assert "2/3" in console.file.getvalue()


def test_answers_that_are_no_events_close_nothing(kafka: FakeKafka) -> None:
    """Somebody else wrote into the topics."""
    outbox(1)
    run("outbox.ndjson")
    kafka.door.answer_all()
    waiting = Waiting([Receipt(**one) for one in kept()], LETTERS)
    noise = [
        Record("qpp-submission-results", 0, 0, 0, None, b"no JSON", ()),
        Record("qpp-submission-results", 0, 1, 0, None, b"{}", ()),
        Record(LETTERS, 0, 0, 0, None, b"no JSON", (("dlq-stage", b"entities"),)),
        Record(LETTERS, 0, 1, 0, None, b"{}", (("dlq-stage", b"entities"),)),
    ]

    assert [waiting.take(record) for record in noise] == [None] * 4
    assert not waiting.done


def test_named_brokers_come_first(tmp_path: Path) -> None:
    """With the prefix that is named beside them, and no state folder needed."""
    environment = {
        "QPPFLOW_BOOTSTRAP_SERVERS": "kafka:9092",
        "QPPFLOW_TOPIC_PREFIX": "test.",
        "QPPFLOW_STATE_FOLDER": str(tmp_path / "none"),
    }

    stream = find_stream(environment)

    assert stream.bootstrap_servers == "kafka:9092"
    assert stream.names.physical("t") == "test.t"


@pytest.mark.parametrize(
    ("servers", "physical"), [("", "noted.t"), ("a:1", "noted.t"), ("b:1", "t")]
)
def test_what_up_noted_is_used_for_its_own_cluster_only(
    tmp_path: Path, servers: str, physical: str
) -> None:
    """The prefix of one cluster says nothing of another."""
    Note(
        bootstrap_servers="a:1",
        local=False,
        topic_prefix="noted.",
        processes=1,
        store="sqlite",
        services=(),
    ).write(tmp_path)
    environment = {
        "QPPFLOW_BOOTSTRAP_SERVERS": servers,
        "QPPFLOW_STATE_FOLDER": str(tmp_path),
    }

    stream = find_stream(environment)

    assert stream.bootstrap_servers == (servers or "a:1")
    assert stream.names.physical("t") == physical


def test_the_broker_of_the_state_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is named."""
    here = SimpleNamespace(attach=lambda _: SimpleNamespace(bootstrap_servers="l:1"))
    monkeypatch.setattr(connection, "LocalKafka", here)

    stream = find_stream({"QPPFLOW_STATE_FOLDER": str(tmp_path)})

    assert stream.bootstrap_servers == "l:1"


def test_the_sealing_key_is_named_or_lies_in_the_state_folder(tmp_path: Path) -> None:
    """Where `qppflow up` keeps it."""
    text = new_key(64)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "sealing").write_text(text)
    folder = {"QPPFLOW_STATE_FOLDER": str(tmp_path)}
    sealed = Sealer(read_key(text)).seal_origin("here")

    assert find_sealer(folder).open_origin(sealed) == "here"
    assert find_sealer({"QPPFLOW_SEALING_KEY": text}).open_origin(sealed) == "here"
    other = {**folder, "QPPFLOW_SEALING_KEY": new_key(64)}
    assert find_sealer(other).open_origin(sealed) is None


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "not base64!"])
def test_what_is_no_sealing_key_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    """And the message does not repeat it."""
    environment = {
        "QPPFLOW_STATE_FOLDER": str(tmp_path),
        "QPPFLOW_SEALING_KEY": text,
    }

    with pytest.raises(NoKeyError, match="QPPFLOW_SEALING_KEY") as caught:
        find_sealer(environment)

    assert not text or text not in str(caught.value)


def test_a_receipts_file_that_cannot_be_is_wrong_usage(kafka: FakeKafka) -> None:
    """A folder, or a state folder that is a file."""
    outbox(1)
    Path("folder").mkdir()
    Path(".qppflow").write_text("a file")

    given = run("outbox.ndjson", "--receipts", "folder")
    default = run("outbox.ndjson")

    assert (given.exit_code, default.exit_code) == (2, 2)
    assert "folder" in given.output
    assert ".qppflow" in default.output
    assert not kafka.log.places
