"""Rosters: chunks that wait for each other, members who leave, and who is paid."""

from itertools import permutations

import pytest

from qppflow.intake.handlers import FEEDS
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import START, Json
from tests.helpers.corpus_sheet import NPI, TIN
from tests.helpers.practice import (
    APM,
    CANDIDATES,
    HER,
    HOME,
    OTHER,
    PAID,
    RESULTS,
    SCORES,
    Practice,
    apm,
    feed,
    herself,
    member,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    subgroup,
    virtual,
)

THIRD = "1234567893"
# A roster in three chunks.
CHUNKS = [
    roster(practice(), member(npi), chunk=number, chunks=3)
    for number, npi in enumerate((HER, OTHER, THIRD), start=1)
]


def place(document: Json, offset: int) -> Record:
    """Give a feed that lies at a place of the log, whenever it is read."""
    headers = (("ce_source", b"urn:cms"), ("ce_id", b"%d" % offset))
    body = documents.body(document)
    return Record(FEEDS, 7, offset, START + offset, None, body, headers)


def read(*placed: tuple[int, Json]) -> Practice:
    """Read feeds in turn, each from its place in the log."""
    told = Practice()
    for offset, document in placed:
        told.take(place(document, offset))
    return told


def members(told: Practice, who: Json) -> list[str]:
    """Give the NPIs of the roster that holds, chunk by chunk."""
    known = told.state(who).feed("roster")
    if known is None:
        return []
    return [
        item[NPI]
        for number in sorted(known["parts"], key=int)
        for item in known["parts"][number]
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_chunks_apply_when_the_last_one_is_there_in_any_order(
    order: tuple[int, ...],
) -> None:
    """Two of three change nothing; three are the roster."""
    placed = [(number, CHUNKS[number]) for number in order]

    partly, complete = read(*placed[:2]), read(*placed)

    assert members(partly, practice()) == []
    assert partly.state(practice()).revision == 0
    assert members(complete, practice()) == [HER, OTHER, THIRD]
    assert complete.state(practice()).revision == 1
    assert complete.state(practice()).rosters == {}


def test_a_chunk_that_waits_is_answered_without_a_revision() -> None:
    """It was taken, and nothing has changed yet."""
    told = read((1, CHUNKS[0]))

    (answer,) = told.events(RESULTS)

    assert (answer["effect"], answer["revision"]) == ("applied", None)


def test_the_old_roster_pays_until_the_new_one_is_complete() -> None:
    """Half a roster would retract half of the payments."""
    told = Practice(profile(practice()), roster(practice(), member(HER)))
    told.tell(reports(practice()))
    before = told.payments(HER)

    told.tell(roster(practice(), member(OTHER), name="r2", chunk=1, chunks=2))

    assert told.payments(HER) == before
    assert told.payments(OTHER) == []


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_corrected_chunk_replaces_itself_whenever_it_is_read(
    order: tuple[int, ...],
) -> None:
    """Its place in the log counts, before and after the roster is complete."""
    corrected = roster(practice(), member(THIRD), chunk=1, chunks=2)
    log = [
        roster(practice(), member(HER), chunk=1, chunks=2),
        corrected,
        roster(practice(), member(HER), chunk=2, chunks=2),
        roster(practice(), member(OTHER), chunk=2, chunks=2),
    ]

    told = read(*[(number, log[number]) for number in order])

    assert members(told, practice()) == [THIRD, OTHER]


def test_a_corrected_chunk_of_the_roster_that_holds_changes_it_at_once() -> None:
    """The others of its chunks are there already."""
    told = Practice(profile(practice()), *CHUNKS, reports(practice()))

    told.tell(roster(practice(), member(OTHER), chunk=1, chunks=3))

    assert members(told, practice()) == [OTHER, OTHER, THIRD]
    assert told.paid(HER)["kind"] == "score-retracted.v1"


def test_an_older_copy_of_a_chunk_is_stale() -> None:
    """In the making and afterwards."""
    old = roster(practice(), member(THIRD), chunk=1, chunks=2)
    new = roster(practice(), member(HER), chunk=1, chunks=2)
    last = roster(practice(), member(OTHER), chunk=2, chunks=2)

    making = read((5, new), (1, old))
    holding = read((5, new), (7, last), (1, old))

    assert [answer["effect"] for answer in making.answers()] == ["applied", "stale"]
    assert holding.last_answer()["effect"] == "stale"
    assert members(holding, practice()) == [HER, OTHER]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newest_chunk_says_which_group_a_subgroup_belongs_to(
    order: tuple[int, int],
) -> None:
    """Two that contradict each other: the later one counts, whichever is read first."""
    away = {TIN: "000000009"}
    log = {
        1: roster(subgroup(), member(HER), chunk=1, chunks=2),
        2: roster(subgroup(), member(OTHER, "000000009"), chunk=2, chunks=2)
        | {"affiliatedGroup": away},
    }

    told = read(*[(number, log[number]) for number in order])

    assert told.state(subgroup()).lenders == [told.token({**practice(), **away})]


def test_a_chunk_with_a_member_of_another_year_is_rejected() -> None:
    """The old roster stays, and pays whom it paid."""
    told = Practice(profile(practice()), roster(practice()), reports(practice()))

    told.tell(roster(practice(), member(OTHER, to="2024-12-31"), name="r2"))

    assert told.last_answer()["fate"] == "rejected"
    assert told.codes() == ["MIPS-ROS-004"]
    assert told.paid(HER)["kind"] == "payment-adjusted.v1"


def test_another_number_of_chunks_is_rejected_and_the_old_roster_stays() -> None:
    """Nobody knows any more when it would be complete."""
    told = Practice(profile(practice()), roster(practice()), reports(practice()))
    told.tell(roster(practice(), member(OTHER), name="r2", chunk=1, chunks=2))
    before = told.paid(HER)

    told.tell(roster(practice(), member(THIRD), name="r2", chunk=2, chunks=3))

    assert told.last_answer()["fate"] == "rejected"
    assert told.codes() == ["MIPS-MEM-003"]
    assert told.paid(HER) == before
    assert members(told, practice()) == [HER]


def test_a_number_of_chunks_that_contradicts_the_roster_that_holds_is_rejected() -> (
    None
):
    """A complete roster does not forget how many chunks it has."""
    told = Practice(*CHUNKS)

    told.tell(roster(practice(), member(HER), chunk=1, chunks=1))

    (finding,) = told.last_answer()["findings"]
    assert finding["code"] == "MIPS-MEM-003"
    assert (finding["found"], finding["pointer"]) == ("1 chunks", "/chunks")
    assert members(told, practice()) == [HER, OTHER, THIRD]


def test_a_roster_in_the_making_ends_with_a_newer_one_that_is_complete() -> None:
    """The chunk that it waited for comes late and is stale."""
    told = read(
        (1, CHUNKS[0]),
        (5, roster(practice(), member(OTHER), name="r2")),
        (2, CHUNKS[1]),
        (3, CHUNKS[2]),
    )

    effects = [answer["effect"] for answer in told.answers()]

    assert effects == ["applied", "applied", "stale", "stale"]
    assert members(told, practice()) == [OTHER]
    assert told.state(practice()).rosters == {}


def test_a_newer_roster_in_the_making_outlives_an_older_one_that_is_complete() -> None:
    """The twin of the test above: what came before does not end what came after."""
    first, second = (
        roster(practice(), member(npi), name="r2", chunk=number, chunks=2)
        for number, npi in enumerate((OTHER, THIRD), start=1)
    )

    told = read((5, first), (1, roster(practice(), member(HER))), (6, second))

    assert members(told, practice()) == [OTHER, THIRD]


def test_who_left_the_roster_is_withdrawn_and_who_stays_is_not() -> None:
    """The old roster minus the new one."""
    told = Practice(profile(practice()))
    told.tell(roster(practice(), member(HER), member(OTHER)), reports(practice()))

    told.tell(roster(practice(), member(OTHER), member(THIRD), name="r2"))

    withdrawn = [
        event["clinician"][NPI]
        for event in told.events(CANDIDATES)
        if event["kind"] == "payment-candidate-withdrawn.v1"
    ]
    assert withdrawn == [HER]
    assert told.paid(HER)["reason"] == "removed-from-roster"
    assert told.paid(OTHER)["kind"] == "payment-adjusted.v1"
    assert told.paid(THIRD)["kind"] == "payment-adjusted.v1"


def test_who_left_is_paid_by_her_own_score_again() -> None:
    """The group's was higher as long as she belonged to it."""
    told = Practice(profile(herself()), profile(practice()), roster(practice()))
    told.tell(reports(herself(), quality(5)), reports(practice(), quality(95)))
    by_group = told.paid(HER)["decidedBy"]["entityType"]

    told.tell(roster(practice(), member(OTHER), name="r2"))

    assert by_group == "group"
    assert told.paid(HER)["decidedBy"]["entityType"] == "individual"
    assert told.paid(HER)["reason"] == "other-entity-pays"


def test_members_of_an_apm_entity_count_on_its_snapshot_days_alone() -> None:
    """She left the day before the first one; her colleague was there on one."""
    gone = member(HER, to="2025-03-30")
    there = member(OTHER, **{"from": "2025-03-31"}, to="2025-04-01")
    told = Practice(profile(apm()), reports(apm()))

    told.tell(roster(apm(), gone, there))

    assert told.payments(HER) == []
    assert told.paid(OTHER)["decidedBy"]["entityType"] == "apm"


def test_members_of_a_group_count_on_any_day_of_the_year() -> None:
    """The twin of the test above: the same dates in a group."""
    gone = member(HER, to="2025-03-30")
    told = Practice(profile(practice()), reports(practice()))

    told.tell(roster(practice(), gone))

    assert told.paid(HER)["kind"] == "payment-adjusted.v1"


@pytest.mark.parametrize(
    ("who", "sets"),
    [(subgroup(), [pathway()]), (virtual(), [quality()]), (apm(), [quality()])],
)
def test_the_clinicians_of_a_profile_pay_nobody_without_a_tin(
    who: Json, sets: list[Json]
) -> None:
    """An NPI alone does not say which practice is paid; only a group's does."""
    named = feed("profile", who, specialStatuses=[], roster=[{NPI: HER}])

    told = Practice(named, registered(who), reports(who, *sets))

    profiled, _, reported = [answer["fate"] for answer in told.answers()]
    assert (profiled, reported) == ("rejected", "accepted")
    assert told.events(SCORES)[-1]["warnings"] == ["no-roster"]
    assert told.events(PAID) == []


def test_a_roster_goes_before_the_clinicians_of_a_profile() -> None:
    """It is the one with dates, and may be newer than any profile."""
    named = {**profile(practice()), "roster": [{NPI: HER}]}
    told = Practice(named, reports(practice()))
    before = told.paid(HER)["kind"]

    told.tell(roster(practice(), member(OTHER)))

    assert before == "payment-adjusted.v1"
    assert told.paid(HER)["kind"] == "score-retracted.v1"
    assert told.paid(OTHER)["decidedBy"]["entityType"] == "group"


def test_two_practices_of_one_clinician_are_paid_each_for_itself() -> None:
    """A clinician is paid by TIN and NPI; an APM entity names several practices."""
    told = Practice(profile(apm()), reports(apm()))

    told.tell(roster(apm(), member(HER), member(HER, "000000009")))

    paid = told.events(PAID)
    assert {event[TIN] for event in paid} == {HOME, "000000009"}
    assert {event["decidedBy"]["subject"] for event in paid} == {told.token(apm())}
    assert {event["subject"] for event in paid} != {told.token(apm())}
    assert APM not in repr(paid)
