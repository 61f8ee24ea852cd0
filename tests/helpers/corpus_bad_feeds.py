"""Bad input: what may be wrong on the topic of CMS's feeds."""

from typing import Final

from qpp.codes import Code
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED
from tests.helpers.corpus_bad_row import (
    FEEDS,
    BadInput,
    feed,
    row,
    sheet,
    text,
    with_wrong_digit,
)
from tests.helpers.corpus_sheet import NPI, TIN
from tests.helpers.corpus_values import Json

_COST: Final = {"measureId": "TPCC_1", "score": "1500.00", "caseCount": 40}


def _feed_row(
    name: str, value: bytes | Json | None, code: Code, fate: str = REJECTED
) -> BadInput:
    """Write a row on the feeds' topic."""
    return row(f"feed: {name}", value, code, fate, topic=FEEDS)


def _profile(name: str, **fields: object) -> Json:
    """Write a group's profile, statuses unless others are given none."""
    return feed(name, "profile", **{"specialStatuses": [], **fields})


def _clinicians(*npis: str) -> list[Json]:
    """Write a roster."""
    return [{NPI: npi} for npi in npis]


def _costs(name: str, **changed: object) -> Json:
    """Write a cost attribution of one measure."""
    return feed(name, "cost-attribution", measures=[{**_COST, **changed}])


ROWS: Final = (
    _feed_row("not JSON", b'{"feed": "profile"', Code.NOT_JSON, PARKED),
    _feed_row("null value", None, Code.NULL_VALUE, PARKED),
    _feed_row("empty", b"", Code.EMPTY, PARKED),
    _feed_row("duplicate keys", b'{"feed": "profile", "feed": 1}', Code.DUPLICATE_KEY),
    _feed_row("a submission", text("on the feeds"), Code.NOT_A_SUBMISSION),
    _feed_row("of no known name", feed("name", "profiles"), Code.NOT_A_SUBMISSION),
    _feed_row(
        "unknown year", {**_profile("year"), "performanceYear": 2150}, Code.YEAR_UNKNOWN
    ),
    _feed_row(
        "year not scored",
        {**_profile("2019"), "performanceYear": 2019},
        Code.NOT_SCORED_BY_THIS_VERSION,
    ),
    _feed_row("statuses missing", feed("none", "profile"), Code.FIELD_MISSING),
    _feed_row("unknown field", _profile("field", size=3), Code.FIELD_UNKNOWN),
    _feed_row(
        "unknown status",
        _profile("status", specialStatuses=["small"]),
        Code.STATUS_UNKNOWN,
    ),
    _feed_row("malformed TIN", {**_profile("tin"), TIN: "12"}, Code.TIN_MALFORMED),
    _feed_row(
        "individual without NPI",
        {**_profile("npi"), "entityType": "individual"},
        Code.IDENTIFIER_MISSING,
    ),
    _feed_row(
        "group with NPI",
        {**_profile("group"), NPI: sheet("group").npi},
        Code.IDENTIFIER_NOT_ALLOWED,
    ),
    _feed_row(
        "clinician twice in the roster",
        _profile("roster", roster=_clinicians(*[sheet("roster").npi] * 2)),
        Code.ROSTER_DUPLICATE,
    ),
    _feed_row(
        "roster of an individual",
        {
            **_profile("alone", roster=_clinicians(sheet("roster").npi)),
            "entityType": "individual",
            NPI: sheet("alone").npi,
        },
        Code.ROSTER_NOT_FOR_INDIVIDUAL,
    ),
    _feed_row(
        "roster with a wrong check digit",
        _profile("digit", roster=_clinicians(with_wrong_digit(sheet("digit").npi))),
        Code.NPI_CHECK_DIGIT,
        ACCEPTED,
    ),
    _feed_row(
        "quality measure among costs",
        _costs("measure", measureId="236"),
        Code.FEED_MEASURE_UNKNOWN,
    ),
    _feed_row(
        "cost measure twice",
        feed("twice", "cost-attribution", measures=[_COST, _COST]),
        Code.FEED_MEASURE_DUPLICATE,
    ),
    _feed_row("negative cost", _costs("negative", score="-1"), Code.WRONG_FORM),
    _feed_row("cost as a number", _costs("number", score=1500), Code.WRONG_TYPE),
    _feed_row(
        "survey score above 100",
        feed("survey", "cahps", measures=[{"measureId": "CAHPS_1", "score": "101"}]),
        Code.FEED_FIGURE_IMPOSSIBLE,
    ),
    _feed_row(
        "bonus above its maximum",
        feed("bonus", "complex-patient-bonus", points="10.5"),
        Code.WRONG_FORM,
    ),
    _feed_row(
        "unknown reason of reweighting",
        feed(
            "reason",
            "reweighting",
            decisions=[{"category": "pi", "reason": "holiday", "approved": True}],
        ),
        Code.NOT_IN_LIST,
    ),
    _feed_row(
        "null dropped",
        feed("null", "prior-scores", costPercent=None),
        Code.FIELD_DROPPED,
        ACCEPTED,
    ),
)
