"""Bad input: bytes and documents on the topic of submissions."""

from typing import Final

from qpp.codes import Code
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED, PARKED
from tests.helpers.corpus_bad_row import (
    activities,
    more,
    pi,
    quality,
    right,
    row,
    sheet,
    text,
    with_wrong_digit,
)
from tests.helpers.corpus_sheet import NPI, TIN
from tests.helpers.corpus_structure import without
from tests.helpers.corpus_values import minutes, rate, rates, share, yes

BYTES: Final = (
    row("not JSON", b"{'entityType': 1", Code.NOT_JSON, PARKED),
    row("XML", b"<ClinicalDocument/>", Code.NOT_JSON, PARKED),
    row("empty", b"", Code.EMPTY, PARKED),
    row("null value", None, Code.NULL_VALUE, PARKED),
    row("invalid UTF-8", text("utf") + b"\xff", Code.NOT_UTF8, PARKED),
    row(
        "over the size limit",
        text("size").ljust(SIZE_LIMIT + 1),
        Code.TOO_LARGE,
        refused=True,
    ),
    row("deep nesting", b"[" * 5000 + b"]" * 5000, Code.TOO_DEEP),
    row("NaN", text("nan").replace(b"true", b"NaN"), Code.NOT_A_NUMBER),
    row("Infinity", text("inf").replace(b"true", b"Infinity"), Code.NOT_A_NUMBER),
    row(
        "duplicate keys",
        text("twice").replace(b"{", b'{"entityType":"group",', 1),
        Code.DUPLICATE_KEY,
    ),
    row(
        "integer over 64 bits",
        text("big").replace(b"true", b"18446744073709551616"),
        Code.NUMBER_TOO_LARGE,
    ),
    row("other JSON", {"data": {"submission": right("data")}}, Code.NOT_A_SUBMISSION),
)

DOCUMENTS: Final = (
    row(
        "numbers as strings",
        quality("text", m236=rate("236", 85, 15, performanceMet="85")),
        Code.WRONG_TYPE,
    ),
    row("unknown field", {**right("field"), "programme": 1}, Code.FIELD_UNKNOWN),
    row("unknown year", {**right("year"), "performanceYear": 1999}, Code.YEAR_UNKNOWN),
    row(
        "year not scored",
        {**right("2019"), "performanceYear": 2019},
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    row(
        "unknown program",
        activities("program", programName="mipss"),
        Code.PROGRAM_UNKNOWN,
    ),
    row(
        "program not scored",
        activities("app", programName="ssp"),
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    row("unknown category", activities("cat", category="aci"), Code.NOT_IN_LIST),
    row("unknown measure", more("measure", rate("999", 1, 1)), Code.MEASURE_UNKNOWN),
    row(
        "wrong value shape",
        quality("shape", m236=yes("236")),
        Code.WRONG_VALUE_SHAPE,
    ),
    row(
        "more met than eligible",
        quality("met", m236=rate("236", 11, 0, 10)),
        Code.MET_ABOVE_POPULATION,
    ),
    row(
        "populations above the total",
        quality("sum", m236=rate("236", 90, 11, 100)),
        Code.POPULATIONS_ABOVE_TOTAL,
    ),
    row(
        "negative count",
        quality("negative", m236=rate("236", 90, -1, 100)),
        Code.OUT_OF_RANGE,
    ),
    row(
        "stratum missing",
        quality("stratum", m418=rates("052", {"spirometry": (80, 20)})),
        Code.STRATUM_MISSING,
    ),
    row(
        "period outside the year",
        activities("outside", performanceStart="2024-12-31"),
        Code.PERIOD_OUTSIDE_YEAR,
    ),
    row(
        "period reversed",
        activities("back", performanceStart="2025-07-02", performanceEnd="2025-07-01"),
        Code.PERIOD_REVERSED,
    ),
    row(
        "2025-02-30",
        activities("30", performanceEnd="2025-02-30"),
        Code.DATE_IMPOSSIBLE,
    ),
    row("malformed TIN", {**right("tin"), TIN: "00-1234567"}, Code.TIN_MALFORMED),
    row("malformed NPI", {**right("npi"), NPI: "123456789"}, Code.NPI_MALFORMED),
    row(
        "missing CEHRT id",
        sheet("cehrt").individual(without(sheet("cehrt").pi(), "cehrtId")),
        Code.CEHRT_MISSING,
    ),
    row(
        "measure and its exclusion",
        pi("both", *sheet("").pi_rest(), yes("PI_HIE_5"), yes("PI_LVPP_1")),
        Code.MEASURE_AND_EXCLUSION,
    ),
    row(
        "duplicate measure",
        activities("same", "IA_BE_4", "IA_BE_4"),
        Code.MEASURE_DUPLICATE,
    ),
    row(
        "duplicate set",
        {
            **right("sets"),
            "measurementSets": [sheet("").ia("IA_BE_4"), sheet("").ia("IA_BE_6")],
        },
        Code.SET_DUPLICATE,
    ),
)

COSTLY: Final = (
    row(
        "179 days",
        pi("179", performanceStart="2025-07-06"),
        Code.PI_PERIOD_SHORT,
        ACCEPTED,
    ),
    row(
        "74.9 percent complete",
        quality("74.9", m236=rate("236", 700, 49, 1000)),
        Code.COMPLETENESS_LOW,
        ACCEPTED,
    ),
    row(
        "19 cases",
        quality("19", m236=rate("236", 18, 1)),
        Code.CASES_BELOW_MINIMUM,
        ACCEPTED,
    ),
    row(
        "no outcome measure",
        quality(
            "outcome",
            m236=rate("118", 90, 10),
            m001=rate("326", 90, 10),
            m441=rate("117", 90, 10),
        ),
        Code.NO_OUTCOME_MEASURE,
        ACCEPTED,
    ),
    row(
        "no benchmark",
        quality("benchmark", m418=minutes("483", 81.5, 120)),
        Code.NO_BENCHMARK,
        ACCEPTED,
    ),
    row(
        "numerator of zero",
        pi(
            "zero",
            *sheet("").pi_rest("PI_PEA_1"),
            share("PI_PEA_1", 0, 9),
            yes("PI_HIE_5"),
        ),
        Code.PI_NUMERATOR_ZERO,
        ACCEPTED,
    ),
    row(
        "wrong NPI check digit",
        {**right("digit"), NPI: with_wrong_digit(sheet("digit").npi)},
        Code.NPI_CHECK_DIGIT,
        ACCEPTED,
    ),
)
