"""Dead letters keep everything and tell nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qppflow.runtime import codec, dead_letters, headers
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Headers, Record
from qppflow.runtime.sealing import Sealer, UnsealError

SEALER = Sealer(bytes(range(64)))
OTHER = Sealer(bytes(range(1, 65)))
INTAKE = DeadLetters("intake", "qpp-dead-letters", SEALER, "1.0+abc", trusts_keys=False)
QUALITY = DeadLetters("quality", "qpp-dead-letters", SEALER, "1.0", trusts_keys=True)
TOKEN = b"k1." + b"a" * 43
TIN, NPI = b"123456789", b"1234567893"
ODD: Headers = (
    ("tin", TIN),
    ("ce_id", NPI),
    ("dlq-origin", b"qpp-submissions/0/" + TIN),
    ("dlq-lineage", TIN),
    ("x", None),
    ("x", b"\xff\x00"),
)


def record(
    key: bytes | None = TIN, value: bytes | None = b"{", given: Headers = ODD
) -> Record:
    """Make a record with identifiers in every place that we do not write."""
    return Record("qpp-submissions", 2, 7, 1_700_000_000_000, key, value, given)


def failed() -> Exception:
    """Make an exception that went through our own code, with a text from outside."""
    try:
        codec.decode_object(b"{" + TIN)
    except ValueError as error:
        return error
    raise AssertionError


def test_the_original_comes_back_from_the_seal() -> None:
    """Key, order, repeats, nulls and bytes are as they were."""
    letter = INTAKE.park(record(), "not-json")

    sealed = headers.first(letter.headers, "dlq-original") or b""

    assert letter.value == b"{"
    assert SEALER.open_envelope(sealed) == (TIN, ODD)
    with pytest.raises(UnsealError):
        OTHER.open_envelope(sealed)


def test_no_identifier_stands_in_key_or_headers() -> None:
    """A canary in the key, in a header, in its name's value, in an exception."""
    letter = INTAKE.park(record(), "exception", failed())

    shown = b" ".join(name.encode() + b"=" + (v or b"") for name, v in letter.headers)
    assert letter.key is None
    assert TIN not in shown
    assert NPI not in shown


def test_the_same_record_gives_the_same_dead_letter() -> None:
    """A replay writes equal bytes, so a second copy can be dropped."""
    assert INTAKE.park(record(), "not-json") == INTAKE.park(record(), "not-json")


def test_reason_class_and_place_in_our_code_are_named() -> None:
    """An operator groups by them without seeing a text."""
    error = failed()

    letter = INTAKE.park(record(), dead_letters.reason_of(error), error)

    site = headers.first(letter.headers, "dlq-call-site") or b""
    assert headers.first(letter.headers, "dlq-reason") == b"exception"
    assert headers.first(letter.headers, "dlq-exception") == b"JSONDecodeError"
    assert re.fullmatch(rb"qppflow/runtime/codec\.py:\d+", site)
    assert re.fullmatch(
        rb"[a-z]{12}", headers.first(letter.headers, "dlq-group") or b""
    )


def test_a_reason_given_on_purpose_is_kept() -> None:
    """A service parks with its own code."""
    assert dead_letters.reason_of(ParkError("not-json")) == "not-json"


def test_a_null_value_is_told_from_no_bytes() -> None:
    """A null in the topic would be a tombstone."""
    null, empty = record(value=None), record(value=b"")

    first, second = INTAKE.park(null, "null-value"), INTAKE.park(empty, "empty")

    assert first.value == second.value == b""
    assert headers.first(first.headers, "dlq-null-value") == b"1"
    assert headers.first(second.headers, "dlq-null-value") is None


def test_the_first_origin_survives_every_replay() -> None:
    """A replayed record that fails again says where it failed first."""
    first = INTAKE.park(record(), "not-json")
    lineage = headers.first(first.headers, "dlq-lineage")
    again = record(given=(*ODD[:3], ("dlq-lineage", lineage)))._replace(offset=99)

    second = INTAKE.park(again, "not-json")

    assert headers.first(second.headers, "dlq-origin") == b"qpp-submissions/2/7"
    assert headers.first(second.headers, "dlq-place") == b"qpp-submissions/2/99"
    assert headers.read(first.headers).id != headers.read(second.headers).id


def test_an_origin_that_we_did_not_seal_is_not_believed() -> None:
    """Else a sender could write a number into our headers."""
    letter = INTAKE.park(record(), "not-json")

    assert headers.first(letter.headers, "dlq-origin") == b"qpp-submissions/2/7"


@pytest.mark.parametrize(
    ("letters", "key", "shown"),
    [(QUALITY, TOKEN, TOKEN), (QUALITY, TIN, None), (INTAKE, TOKEN, None)],
)
def test_only_a_token_that_we_wrote_is_a_key(
    letters: DeadLetters, key: bytes, shown: bytes | None
) -> None:
    """Behind intake, keys are ours; before it, anybody writes them."""
    assert letters.park(record(key=key), "exception").key == shown


def test_a_giant_envelope_is_left_out_of_a_shortened_letter() -> None:
    """What cannot be sent at all would stop the partition."""
    giant = record(given=(("x", b"y" * 100_000),))

    short = dead_letters.shortened(INTAKE.park(giant, "not-json"))

    assert headers.first(short.headers, "dlq-original") is None
    assert short.value == b""


@given(
    st.none() | st.binary(max_size=50),
    st.lists(st.tuples(st.text(max_size=10), st.none() | st.binary(max_size=30))),
)
def test_sealing_is_deterministic_and_loses_nothing(
    key: bytes | None, given: list[tuple[str, bytes | None]]
) -> None:
    """Any key and any headers come back."""
    sealed = SEALER.seal_envelope(key, tuple(given))

    assert SEALER.seal_envelope(key, tuple(given)) == sealed
    assert SEALER.open_envelope(sealed) == (key, tuple(given))


@pytest.mark.parametrize("harm", [b"", b"!", b"AAAA", b"\xff"])
def test_an_altered_seal_does_not_open(harm: bytes) -> None:
    """Neither garbage nor a seal for another purpose opens."""
    with pytest.raises(UnsealError):
        SEALER.open_envelope(harm)
    with pytest.raises(UnsealError):
        SEALER.open_envelope(SEALER.seal_origin("t/0/1"))


def test_the_seal_needs_its_full_key() -> None:
    """Half a key is refused at the start, not at the first dead letter."""
    with pytest.raises(ValueError, match="64 bytes"):
        Sealer(bytes(32))


def test_a_frame_outside_our_packages_is_no_call_site() -> None:
    """An exception that never was in our code has none."""
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0

    assert dead_letters.call_site(caught.value) == ""
    assert dead_letters.call_site(None) == ""
