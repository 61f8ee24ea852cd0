"""``qppflow snapshot``: who starts late holds what who read everything holds."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from examples.billing_consumer import Entry, keep
from qppflow.cli import snapshot
from qppflow.cli.exits import Exit
from qppflow.cli.main import app
from qppflow.cli.reading_topics import AioReader
from qppflow.cli.snapshot_file import FIELDS
from qppflow.cli.snapshot_fold import Ledger
from qppflow.runtime import headers
from qppflow.runtime.records import Outgoing, Place, Record
from tests.helpers.broker_fakes import FakeKafka, append

Event: TypeAlias = dict[str, Any]

TOPIC = "qpp-payment-adjustments"
ADJUSTED = "qppflow.payment-adjusted.v1"
KINDS = (
    ADJUSTED,
    "qppflow.score-held.v1",
    "qppflow.score-released.v1",
    "qppflow.score-retracted.v1",
)
YEARS = (2025, 2026)


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    """Give a broker in memory that the command finds."""
    made = FakeKafka()
    monkeypatch.setattr(snapshot, "find_stream", made.find_stream)
    monkeypatch.setattr(AioReader, "connected", made.connected)
    return made


def typed(*arguments: object) -> Result:
    """Type the command."""
    return CliRunner().invoke(app, ["snapshot", *map(str, arguments)])


def event(kind: str, revision: int, subject: str = "a", year: int = 2026) -> Outgoing:
    """Give an event of billing's topic."""
    payload: Event = {
        "subject": subject,
        "revision": revision,
        "performanceYear": year,
    }
    if kind == ADJUSTED:
        figures = {"score": f"{revision}.00", "adjustmentPercent": f"{revision}.0000"}
        payload |= figures | {"billable": True}
    named = headers.write(
        event_id=f"{subject}{revision}", source="s", event_type=kind, time_ms=0
    )
    return Outgoing(TOPIC, subject.encode(), json.dumps(payload).encode(), named)


def ledger_of(events: list[tuple[str, Event]]) -> list[tuple[Any, ...]]:
    """Run events through the sample consumer's ledger; gives its rows."""
    ledger = sqlite3.connect(":memory:")
    columns = ", ".join(Entry._fields)
    ledger.execute(f"CREATE TABLE ledger (subject PRIMARY KEY, {columns})")
    for kind, said in events:
        keep(ledger, kind.encode(), said)
    rows = ledger.execute("SELECT * FROM ledger ORDER BY subject").fetchall()
    ledger.close()
    return rows


def standing(records: list[Record], year: int | None = None) -> list[tuple[str, Event]]:
    """Fold records and give the events that count."""
    with Ledger.kept(year) as ledger:
        ledger.take(records)
        return [(one.type, json.loads(one.event)) for one in ledger.standing()]


def as_events(records: list[Record]) -> list[tuple[str, Event]]:
    """Give what a consumer sees of records."""
    return [
        (str(headers.read(record.headers).type), json.loads(record.value or b""))
        for record in records
    ]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Record], int]:
    """Draw what happened to clinicians, repeats included, and where it is cut."""
    records: list[Record] = []
    revisions = dict.fromkeys("abc", 0)
    for offset in range(draw(st.integers(0, 25))):
        if records and draw(st.integers(0, 4)) == 0:
            again = draw(st.sampled_from(records))
            records.append(again._replace(offset=offset))
            continue
        subject = draw(st.sampled_from("abc"))
        revisions[subject] += 1
        kind = draw(st.sampled_from(KINDS))
        year = YEARS[subject == "a"]
        sent = event(kind, revisions[subject], subject, year)
        records.append(Record(TOPIC, 0, offset, 0, *sent[1:]))
    return records, draw(st.integers(0, len(records)))


@given(histories())
def test_a_snapshot_and_what_follows_are_worth_the_whole_topic(
    history: tuple[list[Record], int],
) -> None:
    """Wherever it is cut: holds, releases and retractions included."""
    records, cut = history

    late = ledger_of(standing(records[:cut]) + as_events(records[cut:]))

    assert late == ledger_of(as_events(records))
    assert len(standing(records)) <= 2 * len("abc")


@given(histories())
def test_a_snapshot_of_a_year_has_that_year_alone(
    history: tuple[list[Record], int],
) -> None:
    """And all of it."""
    records, _ = history
    year, other = YEARS

    both = standing(records, year) + standing(records, other)

    assert {said["performanceYear"] for _, said in standing(records, year)} <= {year}
    assert sorted(map(str, both)) == sorted(map(str, standing(records)))


def test_figures_before_a_hold_are_in_a_snapshot() -> None:
    """A release puts them in force again; of several holds only the last is there."""
    kinds = [ADJUSTED, ADJUSTED, KINDS[1], KINDS[1]]
    records = [
        Record(TOPIC, 0, number, 0, *event(kind, number)[1:])
        for number, kind in enumerate(kinds, 1)
    ]

    found = [(kind, said["revision"]) for kind, said in standing(records)]

    assert found == [(ADJUSTED, 2), (KINDS[1], 4)]


def test_the_file_names_its_cut_and_its_hash(kafka: FakeKafka, tmp_path: Path) -> None:
    """Anybody can check the hash, and go on reading at the cut."""
    for number, subject in enumerate("abcd", 1):
        append(kafka.log, event(ADJUSTED, number, subject))
    file = tmp_path / "payments.ndjson"

    result = typed("take", file, "--json")

    first, *lines = file.read_bytes().splitlines(keepends=True)
    head = json.loads(first)
    assert result.exit_code == Exit.OK
    assert json.loads(result.stdout) == head
    assert tuple(head) == FIELDS
    assert head["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()
    assert sum(head["cut"].values()) == head["lines"] == len(lines) == 4
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    for line in map(json.loads, lines):
        kept = kafka.log.places[Place(TOPIC, line["partition"])][line["offset"]]
        assert json.loads(kept.value or b"") == line["event"]


def test_a_snapshot_that_was_not_touched_is_verified(
    kafka: FakeKafka, tmp_path: Path
) -> None:
    """For people it says how many events, of what, and where to go on."""
    append(kafka.log, event(ADJUSTED, 1))
    file = tmp_path / "payments.ndjson"
    typed("take", file, "--year", 2026)

    result = typed("verify", file)

    assert result.exit_code == Exit.OK
    assert "1 events of year 2026" in result.stdout
    assert f"go on reading {TOPIC} at" in result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda all_: all_.replace(b"1.0000", b"9.0000"), "not those"),
        (lambda all_: all_ + all_.splitlines(keepends=True)[1], "2 lines of events"),
        (lambda all_: all_.splitlines(keepends=True)[0], "0 lines of events"),
        (lambda all_: all_.replace(b"qppflow-snapshot-1", b"x"), "first line"),
        (lambda _all: b"[1]\n", "first line"),
        (lambda _all: b"", "first line"),
    ],
)
def test_a_changed_snapshot_is_found(
    change: Any,  # noqa: ANN401 - a function of bytes
    said: str,
    kafka: FakeKafka,
    tmp_path: Path,
) -> None:
    """A figure, a line more, a line less, or no snapshot at all."""
    append(kafka.log, event(ADJUSTED, 1))
    file = tmp_path / "payments.ndjson"
    typed("take", file)
    file.write_bytes(change(file.read_bytes()))

    result = typed("verify", file)

    assert result.exit_code == Exit.NOT_ACCEPTED
    assert said in result.stderr


def test_a_record_that_nobody_understands_stops_it(
    kafka: FakeKafka, tmp_path: Path
) -> None:
    """A snapshot that left it out would be wrong, and nobody would see it."""
    append(kafka.log, event("qppflow.score-doubted.v1", 1))
    file = tmp_path / "payments.ndjson"

    result = typed("take", file)

    assert result.exit_code == Exit.NEEDS_OPERATOR
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(kafka: FakeKafka, tmp_path: Path) -> None:
    """For both, without a trace."""
    nowhere = tmp_path / "none" / "payments.ndjson"

    taken, checked = typed("take", nowhere), typed("verify", nowhere)

    assert kafka.log.places == {}
    assert (taken.exit_code, checked.exit_code) == (Exit.NEEDS_OPERATOR, Exit.USAGE)
    assert "No such file" in taken.stderr
    assert "No such file" in checked.stderr


def test_an_older_snapshot_stays_until_the_new_one_is_whole(
    kafka: FakeKafka, tmp_path: Path
) -> None:
    """One that cannot be taken leaves the file as it was."""
    append(kafka.log, event(ADJUSTED, 1))
    file = tmp_path / "payments.ndjson"
    typed("take", file)
    before = file.read_bytes()
    append(kafka.log, event("qppflow.score-doubted.v1", 2))

    result = typed("take", file)

    assert result.exit_code == Exit.NEEDS_OPERATOR
    assert file.read_bytes() == before
