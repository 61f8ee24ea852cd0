"""What `intake` decides: answered when rejected, recorded when not, parked or not."""

import json
from typing import Any

import pytest

from qppflow.intake.app import Settings, door
from qppflow.intake.handlers import FACTS, FEEDS, RESULTS, SUBMISSIONS, Intake
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Headers, Outgoing, Record
from qppflow.runtime.tokens import new_key
from tests.helpers import documents
from tests.helpers.chain import (
    START,
    TOKENS,
    event_of,
    kind,
    measured,
    record_of,
    submission,
)

SENDER: Headers = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))
INTAKE = Intake(TOKENS, FEEDS)
# 2026-04-01 in UTC, when the window of 2025 has closed.
CLOSED = 1_775_001_600_000
WRONG_DIGIT = {
    "entityType": "individual",
    "nationalProviderIdentifier": documents.NPI[:-1] + "4",
}


def settings(environment: pytest.MonkeyPatch) -> Settings:
    """Give the settings of a process that has all it needs."""
    for name, value in (
        ("BOOTSTRAP_SERVERS", "localhost:9092"),
        ("TOKEN_KEY", new_key(32)),
        ("SEALING_KEY", new_key(64)),
        ("STATE_FOLDER", "state"),
    ):
        environment.setenv(f"QPPFLOW_{name}", value)
    return Settings()


def received(
    value: object, headers: Headers = SENDER, topic: str = SUBMISSIONS, offset: int = 7
) -> Record:
    """Give a record as a sender's software wrote it; bytes stay as they are."""
    body = value if isinstance(value, bytes | None) else documents.body(value)
    return Record(topic, 1, offset, START, b"registry", body, headers)


def at(record: Record, milliseconds: int) -> Record:
    """Give the record as it would be had it arrived at another time."""
    return record._replace(timestamp=milliseconds)


def decided(record: Record) -> tuple[Outgoing, dict[str, Any]]:
    """Give the one output of a record, and what it says."""
    (sent,) = INTAKE.decide(record)
    return sent, event_of(sent)


def parked_answers(record: Record) -> list[dict[str, Any]]:
    """Give what the sender of a parked record is answered."""
    return [event_of(sent) for sent in INTAKE.on_parked(record, "letter", "not-json")]


def test_an_accepted_submission_is_a_fact_of_its_entity() -> None:
    """Key and subject are the token; document and sender's own names are inside."""
    document = submission()

    sent, fact = decided(received(document))

    assert (sent.topic, kind(sent)) == (FACTS, "fact-recorded.v1")
    assert sent.key == fact["subject"].encode()
    assert fact["document"]["measurementSets"] == document["measurementSets"]
    assert fact["submission"]["source"] == "urn:registry:one"
    assert fact["submission"]["origin"] == "qpp-submissions/1/7"


def test_a_measurement_set_is_recorded_as_a_submission_of_one_set() -> None:
    """Both of CMS's shapes say the same, so both become the same document."""
    _, whole = decided(received(submission()))

    whole_document = submission()
    (only,) = whole_document.pop("measurementSets")
    _, single = decided(received({"submission": whole_document, **only}))

    assert single["document"] == whole["document"]
    assert single["subject"] == whole["subject"]


def test_decimals_of_a_document_keep_their_digits() -> None:
    """A figure that went through a float would be scored with other digits."""
    body = documents.body(submission()).replace(b"80", b"80.000000000000000000000")

    sent, _ = decided(received(body))

    assert b"80.000000000000000000000" in (sent.value or b"")


def test_a_rejected_document_is_answered_with_every_finding() -> None:
    """Three mistakes in three places are three findings, not the first one."""
    document = submission()
    document["unknownField"] = 1
    document["measurementSets"][0]["submissionMethod"] = "pigeon"
    document["measurementSets"][0]["performanceStart"] = "2025-02-30"

    sent, answer = decided(received(document))

    errors = {f["pointer"] for f in answer["findings"] if f["severity"] == "error"}
    assert (sent.topic, answer["fate"]) == (RESULTS, "rejected")
    assert {
        "/unknownField",
        "/measurementSets/0/submissionMethod",
        "/measurementSets/0/performanceStart",
    } <= errors


def test_an_error_in_one_set_rejects_the_whole_document() -> None:
    """Nothing of it becomes a fact: half a document would be scored as a whole."""
    document = submission()
    document["measurementSets"].append(measured(80, submissionMethod="pigeon"))

    sent, answer = decided(received(document))

    assert sent.topic == RESULTS
    assert answer["fate"] == "rejected"


def test_an_answer_names_no_entity() -> None:
    """Results are read by registries: no key, no subject, no identifier."""
    document = submission() | {"unknownField": documents.TIN}

    sent, answer = decided(received(document))

    assert (sent.key, answer["subject"]) == (None, None)
    assert documents.TIN.encode() not in (sent.value or b"")


@pytest.mark.parametrize("value", [b"\xff\xfe", b"", None, b"{"])
def test_bytes_that_are_no_document_are_parked(value: bytes | None) -> None:
    """Nobody can be told where in a document something is wrong."""
    with pytest.raises(ParkError):
        INTAKE.decide(received(value))


def test_a_sender_who_can_be_named_hears_that_the_record_was_parked() -> None:
    """The answer gives the dead letter, the reason and the sender's own id."""
    (answer,) = parked_answers(received(b"{"))

    assert (answer["fate"], answer["reason"]) == ("parked", "not-json")
    assert answer["deadLetter"] == "letter"
    assert answer["submission"]["id"] == "a-1"


def test_a_sender_without_a_name_cannot_be_answered_about_a_parked_record() -> None:
    """The dead letter is the only trace of it."""
    assert parked_answers(received(b"{", (("ce_source", None),))) == []


@pytest.mark.parametrize("headers", [(), SENDER[:1], SENDER[1:], (SENDER[0],) * 2])
def test_a_sender_without_a_name_gets_a_warning(headers: Headers) -> None:
    """Accepted, though a resend of it would be scored a second time."""
    _, fact = decided(received(submission(), headers))

    found = [f for f in fact["findings"] if f["code"] == "MIPS-IDN-006"]

    assert [f["severity"] for f in found] == ["warning"]
    assert all(f["severity"] == "warning" for f in fact["findings"])


def test_a_named_sender_gets_no_such_warning() -> None:
    """The twin of the test above."""
    _, fact = decided(received(submission()))

    assert not [f for f in fact["findings"] if f["code"] == "MIPS-IDN-006"]


def test_a_resend_has_the_identity_of_the_first_and_an_id_of_its_own() -> None:
    """`entities` tells them apart by place and knows them as one by identity."""
    _, first = decided(received(submission(), offset=1))
    _, again = decided(received(submission(), offset=2))

    assert first["submission"]["identity"] == again["submission"]["identity"]
    assert first["eventId"] != again["eventId"]


def test_a_replay_gives_the_same_bytes() -> None:
    """A crash between sending and committing repeats the record."""
    record = received(submission())

    assert INTAKE.decide(record) == INTAKE.decide(record)


def test_two_senders_of_one_entity_are_two_submitters() -> None:
    """Their sets must not overwrite each other."""
    other = (("ce_source", b"urn:registry:two"), SENDER[1])

    _, one = decided(received(submission()))
    _, two = decided(received(submission(), other))

    assert one["subject"] == two["subject"]
    assert one["submitter"] != two["submitter"]


@pytest.mark.parametrize(
    ("text", "topic", "severity"),
    [
        (None, FACTS, "warning"),
        ("false", FACTS, "warning"),
        ("true", RESULTS, "error"),
    ],
)
def test_a_setting_makes_a_wrong_check_digit_an_error(
    monkeypatch: pytest.MonkeyPatch, text: str | None, topic: str, severity: str
) -> None:
    """The process reads it once; without it the digit is a warning."""
    if text is not None:
        monkeypatch.setenv("QPPFLOW_STRICT_NPI", text)
    intake = door(settings(monkeypatch))

    (sent,) = intake.decide(received(submission() | WRONG_DIGIT))

    found = [f for f in event_of(sent)["findings"] if f["code"] == "MIPS-IDN-003"]
    assert sent.topic == topic
    assert [f["severity"] for f in found] == [severity]


@pytest.mark.parametrize(
    ("text", "topic", "severity"),
    [
        (None, FACTS, "warning"),
        ("false", FACTS, "warning"),
        ("true", RESULTS, "error"),
    ],
)
def test_a_setting_makes_a_late_arrival_an_error(
    monkeypatch: pytest.MonkeyPatch, text: str | None, topic: str, severity: str
) -> None:
    """The broker's time decides, and no clock."""
    if text is not None:
        monkeypatch.setenv("QPPFLOW_STRICT_WINDOW", text)
    intake = door(settings(monkeypatch))

    (sent,) = intake.decide(at(received(submission()), CLOSED))

    found = [f for f in event_of(sent)["findings"] if f["code"] == "MIPS-WIN-001"]
    assert sent.topic == topic
    assert [f["severity"] for f in found] == [severity]


@pytest.mark.parametrize("milliseconds", [0, CLOSED - 1])
def test_what_arrives_before_the_window_closed_is_not_late(
    monkeypatch: pytest.MonkeyPatch, milliseconds: int
) -> None:
    """The last millisecond of the last day is in time, and so is a preview."""
    monkeypatch.setenv("QPPFLOW_STRICT_WINDOW", "true")
    intake = door(settings(monkeypatch))

    (sent,) = intake.decide(at(received(submission()), milliseconds))

    assert sent.topic == FACTS
    assert "MIPS-WIN-001" not in [f["code"] for f in event_of(sent)["findings"]]


def test_what_cms_says_is_never_late() -> None:
    """The window is for submissions."""
    feed = documents.feed("profile", specialStatuses=[])

    _, fact = decided(at(received(feed, topic=FEEDS), CLOSED))

    assert fact["findings"] == []


def test_a_strict_setting_takes_a_roster_with_a_wrong_check_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One mistyped clinician must not cost a whole group its profile."""
    monkeypatch.setenv("QPPFLOW_STRICT_NPI", "true")
    wrong = WRONG_DIGIT["nationalProviderIdentifier"]
    roster = [{"nationalProviderIdentifier": wrong}]
    feed = documents.feed("profile", specialStatuses=[], roster=roster)

    (sent,) = door(settings(monkeypatch)).decide(received(feed, topic=FEEDS))

    found = [(f["code"], f["severity"]) for f in event_of(sent)["findings"]]
    assert sent.topic == FACTS
    assert found == [("MIPS-IDN-003", "warning")]


def test_an_individual_and_her_group_are_two_entities() -> None:
    """The same TIN names both; the NPI makes the difference."""
    alone = submission() | {
        "entityType": "individual",
        "nationalProviderIdentifier": documents.NPI,
    }

    _, group = decided(received(submission()))
    _, individual = decided(received(alone))

    assert group["entity"]["nationalProviderIdentifier"] is None
    assert individual["entity"]["nationalProviderIdentifier"] == documents.NPI
    assert group["subject"] != individual["subject"]


@pytest.mark.parametrize("kind", ["subgroup", "virtualGroup", "apm"])
def test_an_entity_with_an_entity_id_is_known_by_it(kind: str) -> None:
    """Feeds and submissions of it meet under one token, which nobody else has."""
    about = {"entityType": kind, "entityId": "A1", "performanceYear": 2025}
    program = "mips" if kind == "virtualGroup" else "app1"
    activity = {"measureId": "IA_BE_6", "value": True}
    item = measured(80, category="ia", measurements=[activity], programName=program)
    feed = {**about, "feed": "profile", "specialStatuses": []}

    _, fact = decided(received({**about, "measurementSets": [item]}))
    _, told = decided(received(feed, topic=FEEDS))
    _, other = decided(received({**feed, "entityId": "A2"}, topic=FEEDS))

    assert (
        fact["entity"]
        == told["entity"]
        == {
            "entityType": kind,
            "taxpayerIdentificationNumber": None,
            "nationalProviderIdentifier": None,
            "entityId": "A1",
        }
    )
    assert fact["subject"] == told["subject"] != other["subject"]


def test_tokens_of_clinicians_and_groups_stay_what_they_were() -> None:
    """Whoever kept a token finds the same entity by it."""
    group = {"entityType": "group", "taxpayerIdentificationNumber": documents.TIN}

    _, fact = decided(received(submission()))

    assert fact["subject"] == TOKENS.token(2025, group)


FEED_DOCUMENTS = [
    {**feed, "measures": [{**feed["measures"][0], "measureId": "479"}]}
    if feed["feed"] == "administrative-claims"
    else feed
    for feed in documents.feeds()
]


@pytest.mark.parametrize("feed", FEED_DOCUMENTS, ids=lambda feed: feed["feed"])
def test_a_feed_is_a_fact_under_the_key_of_its_entity(feed: dict[str, Any]) -> None:
    """Feeds and submissions of an entity must meet in one partition."""
    _, other = decided(received(submission()))

    sent, fact = decided(received(feed, topic=FEEDS))

    assert (fact["kind"], fact["feed"]) == ("feed", feed["feed"])
    assert sent.key == other["subject"].encode()


def test_a_wrong_feed_is_rejected_like_a_submission() -> None:
    """CMS's own mistakes are answered, too."""
    feed = documents.feed("complex-patient-bonus", points=3)

    sent, answer = decided(received(feed, topic=FEEDS))

    assert (sent.topic, answer["fate"]) == (RESULTS, "rejected")


def test_a_feed_on_the_submissions_topic_is_rejected() -> None:
    """The topic says who is speaking."""
    (feed, *_) = documents.feeds()

    _, answer = decided(received(feed))

    assert answer["fate"] == "rejected"


def test_no_identifier_is_in_a_key_or_a_header() -> None:
    """Keys and headers are read by everybody who can list a topic."""
    sent, fact = decided(received(submission()))

    shown = (sent.key or b"") + json.dumps([str(h) for h in sent.headers]).encode()

    assert fact["entity"]["taxpayerIdentificationNumber"] == documents.TIN
    assert documents.TIN.encode() not in shown
    assert record_of(sent).key == fact["subject"].encode()
