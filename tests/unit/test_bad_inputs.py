"""The table of bad input against the judges and the front door; canaries beside it."""

import json
from base64 import b64encode
from collections.abc import Iterator

import pytest

from qpp.codes import Code
from qpp.findings import Finding, Severity
from qppflow.intake.handlers import Intake
from qppflow.runtime.contracts import topics
from qppflow.runtime.faults import ParkError
from qppflow.runtime.judging import (
    ACCEPTED,
    PARKED,
    REJECTED,
    Judged,
    judge_feed,
    judge_submission,
)
from qppflow.runtime.records import Headers, Outgoing, Record
from qppflow.runtime.tokens import Tokens
from tests.helpers.bad_inputs import TABLE, Canary, canaries
from tests.helpers.corpus_bad_row import FEEDS, BadInput, right
from tests.helpers.leaks import DEAD_LETTERS, FIELDS, SENDER, Planted
from tests.helpers.leaks import TIN as TIN_FIELD

TIN = "000451236"
NPI = "0987654328"
PLANTED = Planted(TIN, NPI)

ROW = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)


def judged(topic: str, value: bytes | None) -> Judged:
    """Judge a value as its topic's consumer does."""
    return (judge_feed if topic == FEEDS else judge_submission)(value)


def intake() -> Intake:
    """Make the front door with a key of its own."""
    return Intake(Tokens(b"k" * 32), FEEDS)


def record(
    topic: str, key: bytes | None, value: bytes | None, headers: Headers
) -> Record:
    """Put a value into the log."""
    return Record(topic, 0, 7, 1_750_000_000_000, key, value, headers)


def met(row: BadInput) -> tuple[str, set[str]]:
    """Say which fate and which codes a row meets at the front door."""
    taken = record(row.topic, row.key, row.value, row.headers)
    try:
        sent = list(intake().decide(taken))
    except ParkError as error:
        return PARKED, {error.reason}
    (only,) = sent
    assert only.value is not None
    payload = json.loads(only.value)
    return payload.get("fate", ACCEPTED), {f["code"] for f in payload["findings"]}


@ROW
def test_each_kind_meets_its_one_fate_and_code_at_the_front_door(row: BadInput) -> None:
    """Each kind of bad input has one fate and one code."""
    assert met(row) == (row.fate, {row.code})


@ROW
def test_the_judges_alone_say_the_same_of_the_document(row: BadInput) -> None:
    """What the command line says of a file is what the stream says of a record."""
    found = judged(row.topic, row.value)
    codes = {finding.code for finding in found.findings}
    about_headers = row.code == Code.SOURCE_MISSING

    assert found.fate == row.fate
    assert codes == (set() if about_headers else {row.code})


def test_each_kind_of_the_table_has_a_name_of_its_own() -> None:
    """Names find a row again, here and over Kafka; each fate occurs."""
    names = [row.name for row in TABLE]

    assert len(set(names)) == len(names)
    assert {row.fate for row in TABLE} == {ACCEPTED, REJECTED, PARKED}
    assert len(TABLE) > 60


def test_a_right_document_has_no_finding() -> None:
    """The rows spoil one thing each, so the document they spoil must be right."""
    found = judge_submission(json.dumps(right("alone")).encode())

    assert found.fate == ACCEPTED
    assert found.findings == ()


def test_a_row_that_names_another_code_would_be_seen() -> None:
    """The comparison sees a wrong code and a wrong fate."""
    row = TABLE[0]

    assert met(row) != (row.fate, {Code.EMPTY})
    assert met(row) != (REJECTED, {row.code})


def released() -> Iterator[tuple[str, Outgoing]]:
    """Send every canary through the front door; parked ones are answered as well."""
    door = intake()
    for canary in canaries(TIN, NPI):
        taken = record(canary.topic, canary.key, canary.value, canary.headers)
        try:
            sent = list(door.decide(taken))
        except ParkError as error:
            sent = list(door.on_parked(taken, "letter", error.reason))
            sent.append(Outgoing("exception", repr(error).encode(), None, ()))
        yield from ((canary.place, item) for item in sent)


def leaks(sent: Outgoing) -> list[str]:
    """Say where a record shows a planted identifier though it must not."""
    return list(PLANTED.leaks(sent.topic, record(*sent)))


def test_no_canary_shows_where_the_contracts_name_no_identifier() -> None:
    """No TIN or NPI shows in a key, a header or a finding, wherever one was planted."""
    shown = {(place, leak) for place, item in released() for leak in leaks(item)}

    assert shown == set()


def test_canaries_are_planted_everywhere_and_every_fate_occurs() -> None:
    """A canary that is never planted proves nothing."""
    flock = list(canaries(TIN, NPI))
    fates = {judged(canary.topic, canary.value).fate for canary in flock}
    planted = [
        canary
        for canary in flock
        if any(PLANTED.shown_in(part) for part in _parts(canary))
    ]

    assert fates == {ACCEPTED, REJECTED, PARKED}
    assert len(planted) == len(flock) > 500


def _parts(canary: Canary) -> Iterator[bytes]:
    """Give the places of a record in which an identifier can be planted."""
    yield canary.value
    yield canary.key or b""
    for name, value in canary.headers:
        yield name.encode()
        yield value or b""


def test_a_finding_that_shows_a_canary_would_be_seen() -> None:
    """The canary test sees a leak in a finding, a key and a header."""
    finding = Finding("/x", Code.EMPTY, Severity.ERROR, f"00-{TIN[2:]}", "y", "z")
    value = json.dumps({"findings": [finding.as_json()]}).encode()
    sent = Outgoing("t", NPI.encode(), value, (("h", TIN.encode()),))

    assert leaks(sent) == ["key", "header 0", "findings/0/found"]


@pytest.mark.parametrize(
    "text",
    [
        f"{TIN[:2]}-{TIN[2:]}",
        " ".join(TIN),
        TIN.lstrip("0"),
        NPI.encode().hex(),
        *(
            b64encode(b"x" * before + NPI.encode() + b"y").decode()
            for before in range(5)
        ),
    ],
)
def test_an_identifier_is_seen_however_it_is_written(text: str) -> None:
    """Grouped, without its first zeros, in hexadecimal or at any place in base64."""
    assert PLANTED.shown_in(f"it is {text}!".encode())
    assert PLANTED.shown_in(text.encode("utf-16-le"))
    assert not PLANTED.shown_in(text[:4].encode())


def test_identifiers_may_show_in_the_fields_that_the_contracts_name() -> None:
    """The sender's own name, and an entity's identifiers where a topic has them."""
    answer = json.dumps({"submission": {"source": TIN, "sha256": TIN}}).encode()
    final = json.dumps({"entity": {TIN_FIELD: TIN, "entityType": TIN}}).encode()

    assert leaks(Outgoing("qpp-submission-results", None, answer, ())) == [
        "submission/sha256"
    ]
    assert leaks(Outgoing("qpp-final-scores", None, final, ())) == ["entity/entityType"]
    assert len(leaks(Outgoing("qpp-score-inputs", None, final, ()))) == 2
    assert leaks(Outgoing("qpp-dead-letters", None, TIN.encode(), ())) == []


def test_only_topics_that_say_so_carry_identifiers() -> None:
    """Beside the sender's own name, which comes back to it as it wrote it."""
    with_fields = {
        topic for topic, fields in FIELDS.items() if set(fields) - set(SENDER)
    }

    told = {name for name, topic in topics().items() if topic.pii == "payload"}

    assert with_fields == told - {"qpp-submissions", "qpp-cms-feeds", DEAD_LETTERS}
