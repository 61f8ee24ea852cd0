"""Ids, tokens, headers, partitions: computed from what they name, and stable."""

import re
from pathlib import Path

import pytest
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from qppflow.runtime import codec, headers, ids, tokens
from qppflow.runtime.partitioner import partition_of, partition_of_keyless
from qppflow.runtime.records import Headers, Outgoing, Record, size

KEY = bytes(range(32))
SENT: Headers = (("ce_source", b"registry"), ("ce_id", b"7"))


def record(
    value: bytes | None = b"{}", given: Headers = SENT, offset: int = 5
) -> Record:
    """Make a record of the input topic."""
    return Record("qpp-submissions", 3, offset, 1_700_000_000_123, b"k", value, given)


def test_a_resend_is_the_same_submission_wherever_it_lies() -> None:
    """Source, id and bytes make the identity; the place does not."""
    assert ids.submission_identity(record(offset=5)) == ids.submission_identity(
        record(offset=9)
    )


def test_corrected_bytes_are_a_new_submission() -> None:
    """The same id with other bytes is another submission."""
    first, second = record(b"{}"), record(b"{ }")

    assert ids.submission_identity(first) != ids.submission_identity(second)


@pytest.mark.parametrize(
    "given",
    [
        (),
        (("ce_source", b"registry"),),
        (("ce_id", b"7"),),
        (("ce_source", None), ("ce_id", b"7")),
        (("ce_source", b"\xff\xfe"), ("ce_id", b"7")),
        (("ce_source", b""), ("ce_id", b"7")),
        (("ce_source", b"s" * 2_000), ("ce_id", b"7")),
    ],
)
def test_without_a_readable_sender_the_place_is_the_identity(given: Headers) -> None:
    """Two such records are two submissions, even with equal bytes."""
    first, second = record(given=given, offset=1), record(given=given, offset=2)

    assert ids.submission_identity(first) != ids.submission_identity(second)
    assert ids.submission_identity(first) == ids.submission_identity(first)


def test_parts_of_an_id_never_run_into_each_other() -> None:
    """A separator inside a part does not make two events one."""
    assert ids.event_id("s", "a|b", "c", 1, "p") != ids.event_id(
        "s", "a", "b|c", 1, "p"
    )


def test_ids_stay_as_they_are() -> None:
    """A change here would give every event of the past a new id."""
    assert ids.event_id("quality", "k1.x", "mips", 3, "score") == (
        "fa8c4f3d-1495-5d4d-a186-c8cdb509edd5"
    )
    assert ids.answer_id("intake", "abc") == "8e1436a0-57fc-5a18-9cf7-de0c93479d5c"
    assert ids.dead_letter_id("intake", record()) == (
        "12eaf6f4-f633-53ba-8622-17802d26011b"
    )


def test_the_token_says_nothing_and_never_changes() -> None:
    """Kinds are part of it, their order is not, the year is."""
    made = tokens.Tokens(KEY)
    one = made.token(2025, {"tin": "000000001", "npi": "0000000002"})

    assert one == "k1.zp701aUuRhUMv2KgToxduTZrjauLfvD_Oe1sYCtMbpU"
    assert one == made.token(2025, {"npi": "0000000002", "tin": "000000001"})
    assert one != made.token(2026, {"tin": "000000001", "npi": "0000000002"})
    assert one != made.token(2025, {"tin": "0000000002", "npi": "000000001"})
    assert tokens.is_token(one)
    assert not tokens.is_token("000000001")
    assert not re.search(r"\d{9}", one)


def test_a_short_token_key_is_refused() -> None:
    """A key that can be guessed would give the identifiers away."""
    with pytest.raises(ValueError, match="32 bytes"):
        tokens.Tokens(b"short")


def test_a_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    """The second start finds the key of the first."""
    file = tmp_path / "keys" / "token"

    first, second = tokens.kept_key(file, 32), tokens.kept_key(file, 32)

    assert first == second
    assert len(tokens.read_key(first)) == 32
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in file.parent.iterdir()] == ["token"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_source", "ce_time", "content-type", "x"]),
            st.none() | st.binary(max_size=40),
        )
    )
)
def test_reading_attributes_never_raises(found: list[tuple[str, bytes | None]]) -> None:
    """Missing, binary, null and repeated headers are all read as what they are."""
    read = headers.read(found)

    first = headers.first(found, "ce_id")
    assert read.id == headers.text(first)


def test_attributes_are_read_back_as_written() -> None:
    """The writer and the reader agree, and the time is the cause's."""
    written = headers.write(
        event_id="e",
        source="qppflow/quality",
        event_type="qppflow.score.v1",
        time_ms=1_700_000_000_123,
        subject="k1.x",
    )

    assert headers.read(written) == headers.Attributes(
        "1.0",
        "e",
        "qppflow/quality",
        "qppflow.score.v1",
        "2023-11-14T22:13:20.123Z",
        "k1.x",
        "application/json",
    )


@given(st.binary(max_size=60), st.integers(1, 50))
def test_a_key_goes_where_every_kafka_client_sends_it(key: bytes, count: int) -> None:
    """The remembered choice is the client's own."""
    places = list(range(count))

    assert partition_of(key, count) == DefaultPartitioner()(key, places, places)


def test_a_record_without_key_has_its_place_too() -> None:
    """The same bytes go to the same partition, other bytes elsewhere."""
    places = {partition_of_keyless(b"%d" % n, 4) for n in range(50)}

    assert places == {0, 1, 2, 3}
    assert partition_of_keyless(b"a", 4) == partition_of_keyless(b"a", 4)
    assert partition_of_keyless(None, 4) in places


def test_canonical_bytes_do_not_depend_on_order() -> None:
    """What is hashed is sorted; what is sent keeps the contract's order."""
    assert codec.canonical({"b": "1", "a": "2"}) == b'{"a":"2","b":"1"}'
    assert codec.encode({"b": "1", "a": "2"}) == b'{"b":"1","a":"2"}'


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b"1"])
def test_what_is_no_object_is_no_event_of_ours(value: bytes | None) -> None:
    """The caller parks on one exception."""
    with pytest.raises(ValueError, match=r".+"):
        codec.decode_object(value)


def test_a_size_is_never_below_what_the_broker_counts() -> None:
    """Key, value, header names and values are all in it."""
    small = size(Outgoing("t", None, None, ()))
    large = size(Outgoing("t", b"k" * 10, b"v" * 100, (("é", b"x" * 5), ("n", None))))

    assert large > small + 10 + 100 + len("é".encode()) + 5 + 1
