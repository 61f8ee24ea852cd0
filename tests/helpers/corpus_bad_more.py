"""Bad input: what nobody may send, odd bytes, and odd headers."""

import json
from typing import Final

from qpp.codes import Code
from qpp.library import years
from qppflow.runtime.headers import LONGEST_ATTRIBUTE
from qppflow.runtime.judging import ACCEPTED, PARKED
from tests.helpers.corpus_bad_row import (
    SOURCE,
    activities,
    more,
    pi,
    quality,
    right,
    row,
    sheet,
    text,
)
from tests.helpers.corpus_sheet import NPI, TIN
from tests.helpers.corpus_structure import without
from tests.helpers.corpus_values import rate, share, six, six_ecqms, yes

_ID: Final = ("ce_id", b"1")
# So much that, sealed, it does not fit into a dead letter beside the value.
_LARGE: Final = b"\xfe" * 4_000_000

BYTES: Final = (
    row(
        "10,000 sets",
        {**right("many"), "measurementSets": [sheet("many").ia()] * 10_000},
        Code.TOO_MANY,
    ),
    row(
        "80,000 measurements",
        activities("wide", *(f"IA_BE_{number}" for number in range(80_000))),
        Code.TOO_MANY,
    ),
    row("white space alone", b" \r\n\t", Code.EMPTY, PARKED),
    row("cut off", text("cut")[:-20], Code.NOT_JSON, PARKED),
    row("two documents", text("two") * 2, Code.NOT_JSON, PARKED),
    row("zero byte at the end", text("zero") + b"\0", Code.NOT_JSON, PARKED),
    row("UTF-16", text("16").decode().encode("utf-16"), Code.NOT_UTF8, PARKED),
    row(
        "half a surrogate",
        text("half").replace(b'"mips"', b'"\\ud800"'),
        Code.NOT_JSON,
        PARKED,
    ),
    row(
        "negative infinity",
        text("-inf").replace(b"true", b"-Infinity"),
        Code.NOT_A_NUMBER,
    ),
    row(
        "duplicate keys deep inside",
        text("inside").replace(b'"category"', b'"category":"pi","category"'),
        Code.DUPLICATE_KEY,
    ),
    row(
        "integer under 64 bits",
        text("low").replace(b"true", b"-9223372036854775809"),
        Code.NUMBER_TOO_LARGE,
    ),
    row(
        "exponent beyond all numbers",
        text("exp").replace(b"true", b"1e400"),
        Code.NUMBER_TOO_LARGE,
    ),
    row(
        "count over 64 bits",
        quality("count", m236=rate("236", 2**64, 0)),
        Code.NUMBER_TOO_LARGE,
    ),
    row("submissions in a list", b"[" + text("list") + b"]", Code.NOT_A_SUBMISSION),
    row("the word null", b"null", Code.NOT_A_SUBMISSION),
    row("a text", b'"a submission"', Code.NOT_A_SUBMISSION),
)

UNSCORED: Final = (
    row(
        "year to come",
        {**right("to come"), "performanceYear": years()[-1] + 1},
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    *(
        row(
            f"{program} not scored",
            activities(program, "IA_BE_6", programName=program),
            code,
        )
        for program, code in (
            ("pcf", Code.NOT_SCORED_BY_THIS_VERSION),
            ("M1498", Code.PROGRAM_UNKNOWN),
        )
    ),
    *(
        row(
            f"{kind} for {program}",
            sheet(kind).entity(kind, sheet(kind).ia("IA_BE_6", programName=program)),
            code,
        )
        for kind, program, code in (
            ("subgroup", "mips", Code.SUBGROUP_OUTSIDE_AN_MVP),
            ("virtualGroup", "app1", Code.ENTITY_NOT_IN_PROGRAM),
        )
    ),
    row(
        "withdrawn with measurements",
        activities("withdrawn", withdrawn=True),
        Code.WITHDRAWN_WITH_CONTENT,
    ),
)

DOCUMENTS: Final = (
    row(
        "year as text", {**right("as text"), "performanceYear": "2025"}, Code.WRONG_TYPE
    ),
    row("half a year", {**right("half"), "performanceYear": 2025.5}, Code.WRONG_TYPE),
    row(
        "unknown kind of entity",
        {**right("kind"), "entityType": "clinic"},
        Code.NOT_IN_LIST,
    ),
    row("no sets", {**right("no sets"), "measurementSets": []}, Code.TOO_FEW),
    row("no measurements", activities("empty", measurements=[]), Code.TOO_FEW),
    row("TIN missing", without(right("no TIN"), TIN), Code.IDENTIFIER_MISSING),
    row("TIN as a number", {**right("number"), TIN: 123456789}, Code.TIN_MALFORMED),
    row(
        "NPI with a letter", {**right("letter"), NPI: "123456789O"}, Code.NPI_MALFORMED
    ),
    row(
        "NPI of a group",
        {**right("of a group"), "entityType": "group"},
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    row(
        "period into the next year",
        activities("into", performanceEnd="2026-01-01"),
        Code.PERIOD_OUTSIDE_YEAR,
    ),
    row(
        "duplicate quality measure",
        more("again", rate("236", 85, 15)),
        Code.MEASURE_DUPLICATE,
    ),
    row(
        "numerator above denominator",
        pi(
            "above",
            *sheet("").pi_rest("PI_PEA_1"),
            share("PI_PEA_1", 10, 9),
            yes("PI_HIE_5"),
        ),
        Code.NUMERATOR_ABOVE_DENOMINATOR,
    ),
    row("malformed CEHRT id", pi("malformed", cehrtId="0015"), Code.CEHRT_MALFORMED),
    row(
        "eCQMs without CEHRT id",
        sheet("ecqm").individual(
            without(
                sheet("ecqm").quality(*six_ecqms(), method="electronicHealthRecord"),
                "cehrtId",
            )
        ),
        Code.CEHRT_MISSING,
    ),
    row(
        "claims measures from a registry",
        sheet("claims").individual(sheet("claims").quality(*six(), method="claims")),
        Code.CLAIMS_FROM_REGISTRY,
    ),
    row(
        "yes for a count",
        quality("yes", m236=rate("236", 1, 0, performanceMet=True)),
        Code.WRONG_TYPE,
    ),
)

HEADERS: Final = (
    row(
        "ce_source longer than is read",
        right("long"),
        Code.SOURCE_MISSING,
        ACCEPTED,
        headers=(("ce_source", b"x" * (LONGEST_ATTRIBUTE + 1)), _ID),
    ),
    row(
        "null ce_source before a readable one",
        right("null"),
        Code.SOURCE_MISSING,
        ACCEPTED,
        headers=(("ce_source", None), SOURCE, _ID),
    ),
    row(
        "binary headers and no JSON",
        b"{",
        Code.NOT_JSON,
        PARKED,
        key=b"\xff\x00",
        headers=(("ce_source", b"\xff"), ("ce_id", None), ("", b"\x00"), ("x", b"")),
    ),
    row(
        "headers too large for a dead letter",
        b"{" * 3,
        Code.NOT_JSON,
        PARKED,
        headers=(("x", _LARGE),),
    ),
    row(
        "null headers and a mistake",
        json.dumps({**right("mistake"), "performanceYear": 1999}).encode(),
        Code.YEAR_UNKNOWN,
        headers=(SOURCE, ("ce_id", b"null-headers"), ("x", None)),
    ),
)
