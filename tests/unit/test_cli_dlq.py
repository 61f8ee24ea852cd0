"""``qppflow dlq``, as an operator types it, on a broker in memory."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qppflow.cli import dlq as module
from qppflow.cli.main import app
from qppflow.cli.masking import masked_document
from qppflow.runtime import headers
from qppflow.runtime.dead_letters import shortened
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Header, Outgoing, Record
from qppflow.runtime.sealing import Sealer
from tests.helpers.broker_fakes import (
    LETTERS,
    SEALER,
    FakeKafka,
    activities,
    append,
    park,
)
from tests.helpers.documents import NPI, TIN, body, places, submission

WIDTH = 80
NO_ID = "00000000-0000-0000-0000-000000000000"
IDENTIFIERS = (TIN, NPI, "00-0123456", "12345 67893")


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    """Put a broker in memory under the command, and the key where it is looked for."""
    made = FakeKafka()
    monkeypatch.setattr(module, "find_stream", made.find_stream)
    monkeypatch.setattr(module, "AioReader", SimpleNamespace(connected=made.connected))
    monkeypatch.setattr(module, "find_sealer", lambda: SEALER)
    return made


def run(*words: str) -> Result:
    """Type the command."""
    return CliRunner().invoke(app, ["dlq", *words])


def as_json(*words: str) -> Any:  # noqa: ANN401 - whatever the command writes
    """Type the command with --json, and read what it wrote."""
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def parked(  # noqa: PLR0913 - each argument is one side of a letter
    kafka: FakeKafka,
    value: bytes | None,
    *,
    stage: str = "intake",
    error: BaseException | None = None,
    key: bytes | None = None,
    given: tuple[Header, ...] = (),
) -> str:
    """Park a record of these bytes, and give its letter's id."""
    record = append(kafka.log, Outgoing("qpp-submissions", key, value, given))
    letter = park(kafka.log, record, error or ParkError("MIPS-DOC-003"), stage)
    return headers.read(letter.headers).id or ""


def test_letters_are_grouped_by_cause_and_listed_one_by_one(kafka: FakeKafka) -> None:
    """How many, since when, and which."""
    first = parked(kafka, b"no JSON")
    second = parked(kafka, b"nor this")
    third = parked(kafka, b"{}", stage="entities", error=KeyError("x"))

    found = as_json("list")

    assert found["total"] == 3
    counts = {one["reason"]: one["count"] for one in found["groups"]}
    assert counts == {"MIPS-DOC-003": 2, "exception": 1}
    assert {one["id"] for one in found["letters"]} == {first, second, third}
    (bug,) = (one for one in found["letters"] if one["stage"] == "entities")
    assert bug["exception"] == "KeyError"
    assert bug["origin"].startswith("qpp-submissions/")


def test_the_newest_comes_first(kafka: FakeKafka) -> None:
    """In groups and in the list."""
    for number in range(3):
        parked(kafka, f"{number}".encode(), stage=f"stage-{number}")

    found = as_json("list")

    times = [one["at"] for one in found["letters"]]
    assert times == sorted(times, reverse=True)
    newest = [one["newest"] for one in found["groups"]]
    assert newest == sorted(newest, reverse=True)


def test_people_see_groups_and_letters_in_80_columns(kafka: FakeKafka) -> None:
    """The id stands whole, so that it can be copied."""
    letter = parked(kafka, b"x", stage="promoting_interoperability", error=KeyError())

    result = run("list")

    assert "1 x promoting_interoperability  exception" in result.output
    assert "1 of 1, the newest first:" in result.output
    assert letter in result.output
    assert max(map(len, result.output.splitlines())) <= WIDTH


def test_no_letters_is_said(kafka: FakeKafka) -> None:
    """Silence could be a fault of the command."""
    kafka.log.places.clear()

    result = run("list")

    assert result.exit_code == 0
    assert "No dead letters." in result.output


@pytest.mark.parametrize(
    ("option", "value", "count"),
    [
        ("--reason", "exception", 1),
        ("--reason", "not", 0),
        ("--stage", "intake", 2),
        ("--stage", "INTAKE", 0),
    ],
)
def test_only_what_is_asked_for_is_listed(
    kafka: FakeKafka, option: str, value: str, count: int
) -> None:
    """By reason or by stage, exactly as they are written."""
    parked(kafka, b"a")
    parked(kafka, b"b")
    parked(kafka, b"c", stage="entities", error=KeyError())

    assert as_json("list", option, value)["total"] == count


def test_one_group_can_be_listed_and_a_limit_cuts_single_letters_only(
    kafka: FakeKafka,
) -> None:
    """Counts stay true."""
    for number in range(4):
        parked(kafka, f"{number}".encode())
    parked(kafka, b"c", stage="entities", error=KeyError())
    (group,) = (one for one in as_json("list")["groups"] if one["count"] == 4)

    found = as_json("list", "--group", group["group"], "--limit", "1")

    assert found["total"] == 4
    assert [one["count"] for one in found["groups"]] == [4]
    assert len(found["letters"]) == 1


def test_a_letter_that_was_written_twice_counts_once(kafka: FakeKafka) -> None:
    """A replay repeats it, byte for byte."""
    record = append(kafka.log, Outgoing("qpp-submissions", None, b"x", ()))
    park(kafka.log, record, ParkError("MIPS-DOC-003"))
    park(kafka.log, record, ParkError("MIPS-DOC-003"))

    assert as_json("list")["total"] == 1
    assert len(kafka.log.records(LETTERS)) == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"no JSON", "Not JSON (MIPS-DOC-001): expected ident"),
        (b"<xml/>", "what looks like XML at line 1, column 1"),
        (b"", "0 bytes, none of them JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1, 2]", "a JSON array of 2 values"),
        (body(activities()), "a submission"),
        (b'{"feed": "profile"}', "a CMS feed event"),
    ],
)
def test_it_says_what_the_bytes_look_like(
    kafka: FakeKafka, value: bytes, words: str
) -> None:
    """Without showing them."""
    letter = parked(kafka, value)

    found = as_json("show", letter)

    assert words in found["looksLike"]
    assert found["sameBytes"] is True
    assert found["size"] == len(value)


def test_a_null_value_is_told_from_an_empty_one(kafka: FakeKafka) -> None:
    """A dead letter cannot keep a null, so a header says it."""
    letter = parked(kafka, None)

    assert as_json("show", letter)["nullValue"] is True
    assert "null, no bytes" in run("show", letter).output


def test_other_bytes_than_the_letter_names_are_noticed(kafka: FakeKafka) -> None:
    """Somebody altered the log, or the letter."""
    letter = parked(kafka, b"x")
    (place,) = (one for one in kafka.log.places if one.topic == LETTERS)
    (record,) = kafka.log.places[place]
    kafka.log.places[place] = [record._replace(value=b"y")]

    assert as_json("show", letter)["sameBytes"] is False
    assert "other bytes are here" in one_line(run("show", letter).output)


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.split())


def test_bytes_that_were_too_large_are_named_by_their_place(kafka: FakeKafka) -> None:
    """Even the dead letter could not hold them."""
    letter = parked(kafka, b"x")
    (place,) = (one for one in kafka.log.places if one.topic == LETTERS)
    (record,) = kafka.log.places[place]
    small = shortened(Outgoing(LETTERS, record.key, record.value, record.headers))
    kept = record._replace(value=small.value, headers=small.headers)
    kafka.log.places[place] = [kept]

    found = as_json("show", letter)

    assert "the bytes are at qpp-submissions/" in found["looksLike"]
    assert found["sameBytes"] is None
    assert found["body"] is None


def test_a_submission_is_shown_with_its_identifiers_in_words(kafka: FakeKafka) -> None:
    """Measures and values stay, so that the mistake can be seen."""
    letter = parked(kafka, body(activities() | {"nationalProviderIdentifier": NPI}))

    found = as_json("show", letter)["body"]

    assert found["taxpayerIdentificationNumber"] == "<text of 9 digits>"
    assert found["nationalProviderIdentifier"] == "<text of 10 digits>"
    (one,) = found["measurementSets"]
    assert one["performanceStart"] == "2025-01-01"
    assert one["measurements"][0] == {"measureId": "IA_BE_12", "value": True}


def plant(identifier: str, container: Any, key: Any) -> None:  # noqa: ANN401 - any JSON value
    """Put an identifier in a place, and beside it as the name of a field."""
    container[key] = identifier
    if isinstance(container, dict):
        container[identifier] = {identifier: [identifier]}
        container[f"a{identifier}"] = identifier


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_no_identifier_shows_whatever_place_of_a_document_has_it(
    identifier: str,
) -> None:
    """One place after the other, whole branches too."""
    for number in range(len(list(places(submission())))):
        document = submission()
        plant(identifier, *list(places(document))[number])
        assert identifier in json.dumps(document)

        shown = json.dumps(masked_document(document))

        assert identifier not in shown


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_no_identifier_shows_in_any_output(kafka: FakeKafka, identifier: str) -> None:
    """In every leaf, as names, in key and headers, also unsealed."""
    document = submission()
    for container, key in list(places(document)):
        if not isinstance(container[key], dict | list):
            plant(identifier, container, key)
    planted = identifier.encode()
    given: tuple[Header, ...] = (
        ("ce_source", planted),
        (identifier, planted),
        ("binary", b"\xff" + planted),
        ("null", None),
    )
    letter = parked(kafka, body(document), key=planted, given=given)

    outputs = [
        run("list").output,
        run("list", "--json").output,
        run("show", letter, "--unseal").output,
        run("show", letter, "--unseal", "--json").output,
    ]

    for output in outputs:
        assert letter in output
        assert identifier not in output


def test_the_canary_would_see_a_body_that_is_not_masked(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test before: without masking it fails."""
    from qppflow.cli import dlq_look

    monkeypatch.setattr(dlq_look, "masked_document", lambda value: value)
    letter = parked(kafka, body(activities()))

    assert TIN in run("show", letter).output


def test_original_headers_are_shown_by_name_only(kafka: FakeKafka) -> None:
    """Their values could be anything."""
    given: tuple[Header, ...] = (("ce_source", b"urn:x"), ("odd", None))
    letter = parked(kafka, b"x", key=b"the key", given=given)

    found = as_json("show", letter)["original"]

    assert found == {"headerNames": ["ce_source", "odd"]}
    assert "ce_source, odd" in run("show", letter).output
    assert "urn:x" not in run("show", letter).output


def test_unsealed_headers_are_shown_with_values(kafka: FakeKafka) -> None:
    """Order, nulls and binary values as they came."""
    given: tuple[Header, ...] = (("a", b"urn:x"), ("a", None), ("b", b"\xff"))
    letter = parked(kafka, b"x", key=b"the key", given=given)

    found = as_json("show", letter, "--unseal")["original"]

    assert found["key"] == "the key"
    assert found["headers"] == [
        {"name": "a", "value": "urn:x"},
        {"name": "a", "value": None},
        {"name": "b", "value": "<1 bytes>"},
    ]
    assert "a = urn:x" in run("show", letter, "--unseal").output


def test_without_the_key_headers_stay_sealed(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All else is shown; --unseal ends with 3 and says what is missing."""
    from qppflow.cli.connection import find_sealer

    letter = parked(kafka, b"x", given=(("ce_source", b"urn:x"),))
    monkeypatch.setattr(module, "find_sealer", find_sealer)
    monkeypatch.delenv("QPPFLOW_SEALING_KEY", raising=False)
    monkeypatch.setenv("QPPFLOW_STATE_FOLDER", str(tmp_path))

    shown, unsealed = run("show", letter), run("show", letter, "--unseal")

    assert shown.exit_code == 0
    assert "sealed (the sealing key is not here" in one_line(shown.output)
    assert unsealed.exit_code == 3
    assert "QPPFLOW_SEALING_KEY" in unsealed.output


def test_another_key_does_not_open_them(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and shows nothing."""
    letter = parked(kafka, b"x", given=(("ce_source", b"urn:x"),))
    monkeypatch.setattr(module, "find_sealer", lambda: Sealer(bytes(64)))

    result = run("show", letter, "--unseal")

    assert result.exit_code == 3
    assert "sealed with another key" in one_line(result.output)
    assert "urn:x" not in result.output


def test_a_bug_shows_its_exception_and_place_in_the_code(kafka: FakeKafka) -> None:
    """What a developer needs, and no text of the document."""
    error = _raised()
    letter = parked(kafka, b"{}", stage="entities", error=error)

    result = run("show", letter)

    assert "exception AttributeError" in one_line(result.output)
    assert "in qppflow/runtime/" in one_line(result.output)


def _raised() -> BaseException:
    """Let our own code raise."""
    from qppflow.runtime.headers import timestamp

    wrong: Any = "no number"
    try:
        timestamp(wrong)
    except TypeError as error:
        return AttributeError(TIN).with_traceback(error.__traceback__)
    raise AssertionError


def test_an_unknown_id_ends_with_1(kafka: FakeKafka) -> None:
    """And says where ids are found."""
    parked(kafka, b"x")

    result = run("show", NO_ID)

    assert result.exit_code == 1
    assert "qppflow dlq list" in result.output


def test_letters_that_come_while_reading_are_left_out(kafka: FakeKafka) -> None:
    """Else a flood would never let it end."""
    parked(kafka, b"x")
    poll = kafka.reader.poll

    async def flooded() -> list[Record]:
        parked(kafka, b"one more")
        return await poll()

    kafka.reader.poll = flooded  # type: ignore[method-assign]  # the flood

    assert as_json("list")["total"] == 1


def test_a_log_that_gives_nothing_more_ends_with_4(
    kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker went away in the middle."""
    from qppflow.runtime import log_reader

    parked(kafka, b"x")

    async def silent() -> list[Record]:
        return []

    times = iter(range(0, 1000, 5))
    monkeypatch.setattr(log_reader, "monotonic", lambda: next(times))
    kafka.reader.poll = silent  # type: ignore[method-assign]  # the silence

    result = run("list")

    assert result.exit_code == 4


def test_what_lies_before_the_log_starts_is_not_waited_for(kafka: FakeKafka) -> None:
    """Old letters were deleted; the partition begins later."""
    parked(kafka, b"x")
    (place,) = (one for one in kafka.log.places if one.topic == LETTERS)
    kafka.log.low[place] = 1

    assert as_json("list")["total"] == 0


def test_a_sealed_header_that_was_left_out_is_said(kafka: FakeKafka) -> None:
    """An envelope of an unusual size goes where even the dead letter is too large."""
    letter = parked(kafka, b"x")
    (place,) = (one for one in kafka.log.places if one.topic == LETTERS)
    (record,) = kafka.log.places[place]
    rest = tuple(one for one in record.headers if one[0] != "dlq-original")
    kafka.log.places[place] = [record._replace(headers=rest)]

    assert as_json("show", letter)["original"] is None
    assert "left out for their size" in one_line(run("show", letter).output)


def test_a_fact_of_the_stream_is_called_one(kafka: FakeKafka) -> None:
    """Its own fields are shown by name, the document inside is masked."""
    event = {"subject": "k1.x", "program": "mips", "document": activities()}
    letter = parked(kafka, body(event), stage="entities", error=KeyError())

    found = as_json("show", letter)

    assert found["looksLike"] == "an event of the stream"
    hidden = found["body"]["document"]["taxpayerIdentificationNumber"]
    assert hidden == "<text of 9 digits>"


def test_a_very_long_body_is_cut_for_people_only(kafka: FakeKafka) -> None:
    """A screen has an end."""
    document = activities()
    document["measurementSets"] *= 20
    letter = parked(kafka, body(document))

    assert "more lines: --json has all" in run("show", letter).output
    assert len(as_json("show", letter)["body"]["measurementSets"]) == 20


def test_without_letters_asked_for_groups_stand_alone(kafka: FakeKafka) -> None:
    """An overview in a few lines."""
    letter = parked(kafka, b"x")

    result = run("list", "--limit", "0")

    assert "1 x intake" in result.output
    assert letter not in result.output


def test_two_names_that_are_hidden_alike_are_both_there(kafka: FakeKafka) -> None:
    """Numbers keep their digits unless they could identify."""
    odd = {"1" * 9: 1, "2" * 9: 2, "points": 1.5, "numerator": 1234567890}
    letter = parked(kafka, json.dumps(odd).encode())

    found = as_json("show", letter)["body"]

    assert found == {
        "a name of 9 characters": "<a number>",
        "a name of 9 characters'": "<a number>",
        "points": "1.5",
        "numerator": "<a long number>",
    }
