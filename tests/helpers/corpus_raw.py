"""Corpus: bytes that are no submission at all, though they come in its place."""

import json
from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, fails, passes
from tests.helpers.corpus_sheet import Sheet
from tests.helpers.corpus_values import Json


def _text(document: object) -> bytes:
    """Write JSON close together."""
    return json.dumps(document, separators=(",", ":")).encode()


def _right(sheet: Sheet) -> Json:
    """Write a submission that would be accepted."""
    return sheet.individual(sheet.ia())


CASES: Final[tuple[Case, ...]] = (
    fails("raw/cut-off", lambda s: _text(_right(s))[:-40], Code.NOT_JSON),
    fails("raw/xml", lambda _: b"<ClinicalDocument/>\n", Code.NOT_JSON),
    fails("raw/single-quotes", lambda _: b"{'entityType': 'group'}\n", Code.NOT_JSON),
    fails("raw/two-documents", lambda s: _text(_right(s)) * 2, Code.NOT_JSON),
    fails("raw/empty", lambda _: b"", Code.EMPTY),
    fails("raw/blanks", lambda _: b" \t\r\n", Code.EMPTY),
    fails(
        "raw/utf-16",
        lambda s: b"\xff\xfe" + _text(_right(s)).decode().encode("utf-16-le"),
        Code.NOT_UTF8,
    ),
    fails(
        "raw/latin-1",
        lambda s: _text(_right(s)).replace(b'"mips"', '"mïps"'.encode("latin-1")),
        Code.NOT_UTF8,
    ),
    fails("raw/nested-300-deep", lambda _: b"[" * 300 + b"]" * 300, Code.TOO_DEEP),
    fails(
        "raw/nan",
        lambda s: _text(_right(s)).replace(b"true", b"NaN", 1),
        Code.NOT_A_NUMBER,
    ),
    fails(
        "raw/infinity",
        lambda s: _text(_right(s)).replace(b"true", b"-Infinity", 1),
        Code.NOT_A_NUMBER,
    ),
    fails(
        "raw/name-twice",
        lambda s: _text(_right(s)).replace(b"{", b'{"entityType":"group",', 1),
        Code.DUPLICATE_KEY,
    ),
    fails(
        "raw/integer-of-65-bits",
        lambda s: _text(_right(s)).replace(b"true", b"18446744073709551616", 1),
        Code.NUMBER_TOO_LARGE,
    ),
    fails(
        "raw/exponent-beyond-measure",
        lambda s: _text(_right(s)).replace(b"true", b"1e999999", 1),
        Code.NUMBER_TOO_LARGE,
    ),
    fails("raw/json-null", lambda _: b"null", Code.NOT_A_SUBMISSION),
    fails("raw/json-text", lambda _: b'"submission"', Code.NOT_A_SUBMISSION),
    fails(
        "raw/list-of-submissions", lambda s: _text([_right(s)]), Code.NOT_A_SUBMISSION
    ),
    fails(
        "raw/answer-of-the-api",
        lambda s: _text({"data": {"submission": _right(s)}}),
        Code.NOT_A_SUBMISSION,
    ),
    fails(
        "raw/measurement-set-without-submission",
        lambda s: _text(s.ia()),
        Code.NOT_A_SUBMISSION,
    ),
    fails(
        "raw/feed-in-the-place-of-a-submission",
        lambda s: _text({"feed": "profile", "performanceYear": s.year}),
        Code.NOT_A_SUBMISSION,
    ),
    passes("raw/mark-before-the-text", lambda s: b"\xef\xbb\xbf" + _text(_right(s))),
)
