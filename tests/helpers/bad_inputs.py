"""The table of bad input: each kind has one fate and one code, here and over Kafka.

What is allowed but costs points stands in it as well: accepted, with one warning.
"""

import json
from typing import Final, NamedTuple

from qpp.codes import Code
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED
from qppflow.runtime.records import Headers

from tests.helpers.corpus_sheet import NPI, TIN, YEARS, Sheet
from tests.helpers.corpus_values import Json, minutes, rate, rates, share, six, yes

SUBMISSIONS: Final = "qpp-submissions"
FEEDS: Final = "qpp-cms-feeds"
YEAR: Final = 2025
SOURCE: Final = ("ce_source", b"https://registry.example")


class BadInput(NamedTuple):
    """One kind of bad input.

    ``code`` is the only code among its findings, or the reason why it is parked.
    ``refused`` says that a broker with our limits does not take the record at all.
    """

    name: str
    topic: str
    value: bytes | None
    fate: str
    code: Code
    headers: Headers
    key: bytes | None = None
    refused: bool = False


def _sheet(name: str) -> Sheet:
    """Give the sheet of a row, so that each is about an entity of its own."""
    facts = next(facts for facts in YEARS if facts.year == YEAR)
    return Sheet(facts, f"bad input: {name}")


def _row(  # noqa: PLR0913 - a row of the table
    name: str,
    value: bytes | None | Json,
    code: Code,
    fate: str = REJECTED,
    *,
    topic: str = SUBMISSIONS,
    headers: Headers | None = None,
    key: bytes | None = b"registry",
    refused: bool = False,
) -> BadInput:
    """Write one row; objects are written as JSON."""
    body = json.dumps(value).encode() if isinstance(value, dict) else value
    if headers is None:
        headers = (SOURCE, ("ce_id", name.replace(" ", "-").encode()))
    return BadInput(name, topic, body, fate, code, headers, key, refused)


def _quality(name: str, **replaced: Json) -> Json:
    """Write six registry measures, some of them replaced."""
    sheet = _sheet(name)
    return sheet.individual(sheet.quality(*six(**replaced)))


def _more(name: str, *added: Json) -> Json:
    """Write six registry measures and some more."""
    sheet = _sheet(name)
    return sheet.individual(sheet.quality(*six(), *added))


def _activities(name: str, *names: str, **changed: object) -> Json:
    """Write one set of activities."""
    sheet = _sheet(name)
    return sheet.individual(sheet.ia(*names, **changed))


def _pi(name: str, *answers: Json, **changed: object) -> Json:
    """Write one Promoting Interoperability set."""
    sheet = _sheet(name)
    return sheet.individual(sheet.pi(*answers, **changed))


def right(name: str) -> Json:
    """Write a submission that nothing is wrong with."""
    return _activities(name)


def _text(name: str) -> bytes:
    """Write a right submission as bytes, to be spoiled."""
    return json.dumps(right(name), separators=(",", ":")).encode()


def feed(name: str, kind: str, **fields: object) -> Json:
    """Write a feed about a group."""
    return {
        "feed": kind,
        "performanceYear": YEAR,
        "entityType": "group",
        TIN: _sheet(name).tin,
        **fields,
    }


def _wrong_npi(npi: str) -> str:
    """Change the check digit of an NPI."""
    return f"{npi[:-1]}{(int(npi[-1]) + 1) % 10}"


BYTES: Final = (
    _row("not JSON", b"{'entityType': 1", Code.NOT_JSON, PARKED),
    _row("XML", b"<ClinicalDocument/>", Code.NOT_JSON, PARKED),
    _row("empty", b"", Code.EMPTY, PARKED),
    _row("null value", None, Code.NULL_VALUE, PARKED),
    _row("invalid UTF-8", _text("utf") + b"\xff", Code.NOT_UTF8, PARKED),
    _row(
        "over the size limit",
        _text("size").ljust(SIZE_LIMIT + 1),
        Code.TOO_LARGE,
        refused=True,
    ),
    _row("deep nesting", b"[" * 5000 + b"]" * 5000, Code.TOO_DEEP),
    _row("NaN", _text("nan").replace(b"true", b"NaN"), Code.NOT_A_NUMBER),
    _row("Infinity", _text("inf").replace(b"true", b"Infinity"), Code.NOT_A_NUMBER),
    _row(
        "duplicate keys",
        _text("twice").replace(b"{", b'{"entityType":"group",', 1),
        Code.DUPLICATE_KEY,
    ),
    _row(
        "integer over 64 bits",
        _text("big").replace(b"true", b"18446744073709551616"),
        Code.NUMBER_TOO_LARGE,
    ),
    _row("other JSON", {"data": {"submission": right("data")}}, Code.NOT_A_SUBMISSION),
)

DOCUMENTS: Final = (
    _row(
        "numbers as strings",
        _quality("text", m236=rate("236", 85, 15, performanceMet="85")),
        Code.WRONG_TYPE,
    ),
    _row("unknown field", {**right("field"), "programme": 1}, Code.FIELD_UNKNOWN),
    _row("unknown year", {**right("year"), "performanceYear": 1999}, Code.YEAR_UNKNOWN),
    _row(
        "year not scored",
        {**right("2019"), "performanceYear": 2019},
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    _row(
        "unknown program",
        _activities("program", programName="mipss"),
        Code.PROGRAM_UNKNOWN,
    ),
    _row(
        "program not scored",
        _activities("app", programName="app1"),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    _row("unknown category", _activities("cat", category="aci"), Code.NOT_IN_LIST),
    _row("unknown measure", _more("measure", rate("999", 1, 1)), Code.MEASURE_UNKNOWN),
    _row(
        "wrong value shape",
        _quality("shape", m236=yes("236")),
        Code.WRONG_VALUE_SHAPE,
    ),
    _row(
        "more met than eligible",
        _quality("met", m236=rate("236", 11, 0, 10)),
        Code.MET_ABOVE_POPULATION,
    ),
    _row(
        "populations above the total",
        _quality("sum", m236=rate("236", 90, 11, 100)),
        Code.POPULATIONS_ABOVE_TOTAL,
    ),
    _row(
        "negative count",
        _quality("negative", m236=rate("236", 90, -1, 100)),
        Code.OUT_OF_RANGE,
    ),
    _row(
        "stratum missing",
        _quality("stratum", m418=rates("052", {"spirometry": (80, 20)})),
        Code.STRATUM_MISSING,
    ),
    _row(
        "period outside the year",
        _activities("outside", performanceStart="2024-12-31"),
        Code.PERIOD_OUTSIDE_YEAR,
    ),
    _row(
        "period reversed",
        _activities("back", performanceStart="2025-07-02", performanceEnd="2025-07-01"),
        Code.PERIOD_REVERSED,
    ),
    _row(
        "2025-02-30",
        _activities("30", performanceEnd="2025-02-30"),
        Code.DATE_IMPOSSIBLE,
    ),
    _row("malformed TIN", {**right("tin"), TIN: "00-1234567"}, Code.TIN_MALFORMED),
    _row("malformed NPI", {**right("npi"), NPI: "123456789"}, Code.NPI_MALFORMED),
    _row("missing CEHRT id", _pi("cehrt", cehrtId=""), Code.CEHRT_MISSING),
    _row(
        "measure and its exclusion",
        _pi("both", *_sheet("").pi_rest(), yes("PI_HIE_5"), yes("PI_LVPP_1")),
        Code.MEASURE_AND_EXCLUSION,
    ),
    _row(
        "duplicate measure",
        _activities("same", "IA_BE_4", "IA_BE_4"),
        Code.MEASURE_DUPLICATE,
    ),
    _row(
        "duplicate set",
        {
            **right("sets"),
            "measurementSets": [_sheet("").ia("IA_BE_4"), _sheet("").ia("IA_BE_6")],
        },
        Code.SET_DUPLICATE,
    ),
)

COSTLY: Final = (
    _row(
        "179 days",
        _pi("179", performanceStart="2025-07-06"),
        Code.PI_PERIOD_SHORT,
        ACCEPTED,
    ),
    _row(
        "74.9 percent complete",
        _quality("74.9", m236=rate("236", 700, 49, 1000)),
        Code.COMPLETENESS_LOW,
        ACCEPTED,
    ),
    _row(
        "19 cases",
        _quality("19", m236=rate("236", 18, 1)),
        Code.CASES_BELOW_MINIMUM,
        ACCEPTED,
    ),
    _row(
        "no outcome measure",
        _quality(
            "outcome",
            m236=rate("118", 90, 10),
            m001=rate("326", 90, 10),
            m441=rate("117", 90, 10),
        ),
        Code.NO_OUTCOME_MEASURE,
        ACCEPTED,
    ),
    _row(
        "no benchmark",
        _quality("benchmark", m418=minutes("483", 81.5, 120)),
        Code.NO_BENCHMARK,
        ACCEPTED,
    ),
    _row(
        "numerator of zero",
        _pi(
            "zero",
            *_sheet("").pi_rest("PI_PEA_1"),
            share("PI_PEA_1", 0, 9),
            yes("PI_HIE_5"),
        ),
        Code.PI_NUMERATOR_ZERO,
        ACCEPTED,
    ),
    _row(
        "wrong NPI check digit",
        {**right("digit"), NPI: _wrong_npi(_sheet("digit").npi)},
        Code.NPI_CHECK_DIGIT,
        ACCEPTED,
    ),
)
