"""The short way to read JSON gives what the strict way gives, or leaves it alone."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qppflow.runtime import decode as strict
from qppflow.runtime.plain_json import read_plainly

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


SEPARATORS = ((",", ":"), (", ", ": "), (" ,\n\t", "\r\n: "))


@given(
    st.dictionaries(st.text(max_size=6), VALUES, max_size=4),
    st.sampled_from([None, 2, "\t"]),
    st.sampled_from(SEPARATORS),
)
def test_what_is_read_plainly_is_what_strict_reading_gives(
    document: dict[str, object], indent: int | str | None, separators: tuple[str, str]
) -> None:
    """Both give equal values, in the same order."""
    body = json.dumps(
        document, ensure_ascii=False, indent=indent, separators=separators
    ).encode()

    plain = read_plainly(body)

    if plain is not None:
        expected = strict._strict(body)  # noqa: SLF001 - the reader it must agree with
        assert json.dumps(plain) == json.dumps(expected)


NAMES = st.sampled_from(["a", "b", "a b", " a", "ab", "{", '"a": 1, "b'])
MEMBERS = st.lists(st.tuples(NAMES, st.integers(0, 2)), max_size=5)


@given(MEMBERS, MEMBERS, st.sampled_from(SEPARATORS))
def test_no_name_is_met_twice(
    outer: list[tuple[str, int]], inner: list[tuple[str, int]], marks: tuple[str, str]
) -> None:
    """Whatever blanks are around names and in them, each is read or told as double."""
    comma, colon = marks

    def written(members: list[tuple[str, str]]) -> str:
        texts = (f"{json.dumps(name)}{colon}{value}" for name, value in members)
        return f"{{{comma.join(texts)}}}"

    nested = written([(name, str(value)) for name, value in inner])
    body = written([*((name, str(value)) for name, value in outer), ("z", nested)])
    plain = read_plainly(body.encode())

    single = len(dict(outer)) == len(outer) and len(dict(inner)) == len(inner)
    assert plain == (dict(outer) | {"z": dict(inner)} if single else None)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"b":[true,null,"x"]}',
        b'{"a": 1, "b": [true, null, "x y"]}',
        b'{\n  "a": 1,\n  "b": [\n    "x"\n  ]\n}\n',
        b'\r\n{"a"\t:1}',
    ],
    ids=["close together", "as Python writes it", "indented", "odd blanks"],
)
def test_sound_documents_take_the_short_way(body: bytes) -> None:
    """It is not skipped without being noticed."""
    assert read_plainly(body) == orjson.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"a":18446744073709551616}',
        b'{"a":-9223372036854775809}',
        b'{"a":1e2}',
        b'{"a":0.1}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":1e-7}',
        b'{"a": 1e-150}',
        b'{"a": 1e22}',
        b'{"a":1e+22}',
        b'{"a": 1e+308}',
        b'{"a": 1, "a" :1}',
        b'{"a ": 1, "a " :1}',
        b'{"a":"\\u0041"}',
        b'{"a":"\xff"}',
        b"[1]",
        b"",
        b'{"a":' + b"[" * 201 + b"]" * 201 + b"}",
    ],
    ids=str,
)
def test_whatever_could_hide_something_is_left_to_the_strict_way(body: bytes) -> None:
    """Equal names, huge or broken numbers, other spelling and depth all are."""
    assert read_plainly(body) is None
