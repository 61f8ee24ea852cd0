"""Facts of one TIN in any order of arrival end in the same payments and scores."""

from collections.abc import Sequence
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import START, Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.practice import (
    APM,
    HER,
    MAY_OPT_IN,
    OTHER,
    SHEET,
    Practice,
    apm,
    elects,
    feed,
    herself,
    member,
    others,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    scored,
    subgroup,
    takes_back,
)

CLAIMS: Final = [{"measureId": "479", "score": "15.5", "caseCount": 300}]
# What must be there before a submission is taken: an election and a registration.
FIRST: Final = (
    profile(herself(OTHER), MAY_OPT_IN),
    elects(herself(OTHER)),
    registered(subgroup()),
)
# Each fills slots of its own, or is a chunk of a roster, or takes back what is older.
FACTS: Final = (
    profile(herself()),
    profile(practice()),
    profile(apm()),
    feed("administrative-claims", practice(), measures=CLAIMS),
    feed("complex-patient-bonus", practice(), points="2.5"),
    roster(practice(), member(HER), name="r1"),
    roster(practice(), member(HER), name="r2", chunk=1, chunks=2),
    roster(practice(), member(OTHER), name="r2", chunk=2, chunks=2),
    roster(subgroup(), member(HER), name="r1", chunk=1, chunks=2),
    roster(subgroup(), member(OTHER), name="r1", chunk=2, chunks=2),
    roster(subgroup(), member(HER), name="r1", chunk=2, chunks=2),
    roster(apm(), member(HER), member(OTHER)),
    reports(practice(), quality(70), SHEET.ia()),
    reports(practice(), SHEET.pi()),
    reports(practice(), takes_back("ia")),
    reports(herself(), quality(95), SHEET.pi()),
    reports(herself(), takes_back("pi")),
    reports(herself(OTHER), quality(10)),
    reports(subgroup(), pathway(), SHEET.ia("IA_BE_6", programName=MVP)),
    reports(apm(), quality(30)),
)
WHO: Final = (
    (practice(), "mips"),
    (herself(), "mips"),
    (herself(OTHER), "mips"),
    (subgroup(), MVP),
    (apm(), "mips"),
)
# What a payment says beside the revisions that it goes back to.
SAME: Final = (
    "kind",
    "score",
    "adjustmentPercent",
    "range",
    "status",
    "billable",
    "assumptions",
    "explanationHash",
)


def placed(number: int, document: Json) -> Record:
    """Give a document at its place in the log; each has a partition of its own."""
    headers = (("ce_source", b"urn:registry:one"), ("ce_id", b"%d" % number))
    topic = FEEDS if "feed" in document else SUBMISSIONS
    body = documents.body(document)
    return Record(topic, number, 0, START + number, None, body, headers)


LOG: Final = [placed(number, fact) for number, fact in enumerate(FACTS, start=10)]


def read(order: Sequence[Record]) -> Practice:
    """Read the log in an order; what must come first comes first."""
    told = Practice()
    for number, fact in enumerate(FIRST):
        told.take(placed(number, fact))
    for record in order:
        told.take(record)
    assert told.parked == []
    assert {answer["fate"] for answer in told.answers()} == {"accepted"}
    return told


def ends(told: Practice) -> list[object]:
    """Give the last payments and scores, without how often they were made."""
    paid = [told.paid(npi) for npi in (HER, OTHER)]
    return [
        *[[event[name] for name in SAME] for event in paid],
        *[sorted(others(event)) for event in paid],
        *[event["decidedBy"]["subject"] for event in paid],
        *[scored(told.score(who, program)) for who, program in WHO],
    ]


STRAIGHT: Final = read(LOG)


def test_every_entity_has_a_score_and_both_clinicians_are_paid() -> None:
    """What is compared below is not empty."""
    paid = STRAIGHT.paid()
    assert len({one["subject"] for one in (paid["decidedBy"], *paid["others"])}) == 4
    assert STRAIGHT.input(apm())["piRollUp"]["counted"] == 2
    assert [told["kind"] for told in (STRAIGHT.paid(HER), STRAIGHT.paid(OTHER))] == [
        "payment-adjusted.v1"
    ] * 2
    assert APM not in repr(STRAIGHT.payments())


@settings(max_examples=40, deadline=None)
@given(st.permutations(LOG))
def test_any_order_of_arrival_ends_in_the_same_payments(order: list[Record]) -> None:
    """Partitions overtake each other, and rosters, loans and statuses with them."""
    assert ends(read(order)) == ends(STRAIGHT)


@settings(max_examples=15, deadline=None)
@given(st.permutations([*LOG, *LOG]))
def test_every_fact_twice_in_any_order_ends_in_the_same_payments(
    order: list[Record],
) -> None:
    """At least once, and late."""
    told = Practice()
    for number, fact in enumerate(FIRST):
        told.take(placed(number, fact))
    for record in order:
        told.take(record)

    assert ends(told) == ends(STRAIGHT)


def test_another_log_ends_otherwise() -> None:
    """The comparison above is seen to fail."""
    worse = placed(99, reports(herself(), quality(1)))

    assert ends(read([*LOG, worse])) != ends(STRAIGHT)
