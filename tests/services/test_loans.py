"""What one entity uses of another: a group's for a subgroup, members' for an APM."""

from itertools import permutations

import pytest

from qppflow.runtime.events import decode
from tests.helpers.chain import Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.corpus_sheet import TIN
from tests.helpers.corpus_values import share, yes
from tests.helpers.practice import (
    FACTS,
    HER,
    HOME,
    OTHER,
    SHEET,
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
    scored,
    subgroup,
    takes_back,
)

AWAY = "000000009"
CLAIMS = [{"measureId": "479", "score": "15.5", "caseCount": 300}]
# Each under a key of its own; the registration goes before the submission it allows.
GROUP = [
    profile(practice()) | {"specialStatuses": ["rural"]},
    feed("administrative-claims", practice(), measures=CLAIMS),
    feed("complex-patient-bonus", practice(), points="3.75"),
    reports(practice(), SHEET.pi()),
]
PART = [
    registered(subgroup()),
    reports(subgroup(), pathway(), SHEET.ia("IA_BE_6", programName=MVP)),
]
ROSTER = [roster(subgroup())]


def loans(told: Practice, borrower: Json) -> list[Json]:
    """Read what was lent to an entity, in order."""
    of = told.events(FACTS, of=told.token(borrower))
    return [event for event in of if event["kind"] == "data-lent.v1"]


def declared(told: Practice, lender: Json) -> list[bool]:
    """Read what a lender was told: wanted, or no more."""
    of = told.events(FACTS, of=told.token(lender))
    return [event["wanted"] for event in of if event["kind"] == "borrowing-declared.v1"]


def percent(told: Practice, who: Json, category: str, program: str = "mips") -> str:
    """Give the percent of a category of a score."""
    found: str = told.score(who, program)["score"]["categories"][category]["percent"]
    return found


def test_a_subgroup_has_its_groups_status_data_and_bonus() -> None:
    """Statuses, low volume, PI, population health and bonus are the group's."""
    told = Practice(*GROUP, *ROSTER, *PART)

    given = told.input(subgroup(), MVP)

    assert given["profile"] == {"specialStatuses": ["rural"]}
    assert given["eligibility"] == "required"
    assert given["administrativeClaims"] == {"measures": CLAIMS}
    assert given["complexPatientBonus"] == {"points": "3.75"}
    assert percent(told, subgroup(), "pi", MVP) == "100.0000"
    assert {item["programName"] for item in given["measurementSets"]} == {MVP}


def test_a_subgroup_without_a_roster_has_nothing_of_a_group() -> None:
    """The twin of the test above; its sender is warned."""
    told = Practice(*GROUP, *PART)

    given = told.input(subgroup(), MVP)

    assert "MIPS-MEM-004" in told.codes()
    assert given["profile"] is None
    assert given["administrativeClaims"] is None
    assert percent(told, subgroup(), "pi", MVP) == "0.0000"


@pytest.mark.parametrize("order", list(permutations([GROUP, PART, ROSTER])))
def test_whatever_comes_first_ends_with_the_same_bytes(
    order: tuple[list[Json], ...],
) -> None:
    """The group first, the subgroup first or the roster last."""
    usual = Practice(*GROUP, *ROSTER, *PART)

    told = Practice(*[document for part in order for document in part])

    same = ("score", "adjustmentPercent", "billable", "others", "assumptions")
    assert scored(told.score(subgroup(), MVP)) == scored(usual.score(subgroup(), MVP))
    assert [told.paid()[name] for name in same] == [usual.paid()[name] for name in same]


def test_a_correction_of_the_group_reaches_its_subgroups() -> None:
    """Both of them, and without a word of theirs."""
    second = subgroup("SUB-2")
    more = [roster(second, member(OTHER)), reports(second, pathway())]
    told = Practice(*GROUP, *ROSTER, *PART, registered(second), *more)
    answered = len(told.answers())

    told.tell(reports(practice(), takes_back("pi")))

    assert percent(told, subgroup(), "pi", MVP) == "0.0000"
    assert percent(told, second, "pi", MVP) == "0.0000"
    assert len(told.answers()) == answered + 1


def test_a_change_of_the_group_that_no_subgroup_uses_lends_nothing() -> None:
    """Quality is the subgroup's own, and the group's clinicians are its own matter."""
    told = Practice(*GROUP, *ROSTER, *PART)
    before = len(loans(told, subgroup()))

    told.tell(reports(practice(), quality()), roster(practice()))
    told.tell(
        {**profile(practice()), "specialStatuses": ["rural"]}
        | {"roster": [{"nationalProviderIdentifier": HER}]}
    )

    assert len(loans(told, subgroup())) == before


def test_a_subgroup_keeps_what_it_has_itself_of_what_may_be_lent() -> None:
    """Its own bonus goes before the group's; its status is the group's all the same."""
    own = feed("complex-patient-bonus", subgroup(), points="1.25")
    mine = profile(subgroup(), None) | {"specialStatuses": ["smallPractice"]}

    told = Practice(*GROUP, *ROSTER, *PART, own, mine)

    given = told.input(subgroup(), MVP)
    assert given["complexPatientBonus"] == {"points": "1.25"}
    assert given["profile"] == {"specialStatuses": ["rural"]}


def test_what_was_lent_is_never_lent_on() -> None:
    """An APM entity that asks the same group hears of the group's own data alone."""
    told = Practice(*GROUP, *ROSTER, *PART, profile(apm()), roster(apm()))

    told.tell(reports(apm()))

    lenders = {event["lender"] for event in loans(told, apm())}
    assert told.token(subgroup()) not in lenders
    assert declared(told, subgroup()) == []
    assert declared(told, apm()) == []


def test_a_borrower_that_left_is_told_nothing_more() -> None:
    """Its roster names another TIN now: the old group's data count no more."""
    told = Practice(*GROUP, *ROSTER, *PART)
    away = roster(subgroup(), member(HER, AWAY), name="r2")
    told.tell({**away, "affiliatedGroup": {TIN: AWAY}})
    before = loans(told, subgroup())

    told.tell(reports(practice(), SHEET.pi(performanceStart="2025-02-01")))

    assert declared(told, practice()) == [True, False]
    assert loans(told, subgroup()) == before
    assert told.input(subgroup(), MVP)["profile"] is None
    assert percent(told, subgroup(), "pi", MVP) == "0.0000"


def test_a_borrower_that_comes_back_is_lent_what_there_is() -> None:
    """Also where the group said nothing new in between."""
    told = Practice(*GROUP, *ROSTER, *PART)
    before = told.score(subgroup(), MVP)
    away = roster(subgroup(), member(HER, AWAY), name="r2")
    told.tell({**away, "affiliatedGroup": {TIN: AWAY}})

    told.tell(roster(subgroup(), name="r3"))

    assert declared(told, practice()) == [True, False, True]
    assert scored(told.score(subgroup(), MVP)) == scored(before)
    ids = [event["eventId"] for event in loans(told, subgroup())]
    assert len(set(ids)) == len(ids)


def test_a_group_that_has_nothing_changes_no_score_of_its_subgroup() -> None:
    """The loan is sent, and makes no revision of its borrower."""
    told = Practice(*PART, *ROSTER)

    (loan,) = loans(told, subgroup())

    assert loan["revision"] == 0
    assert told.state(subgroup()).revision == 3
    assert told.state(subgroup()).lent == {}


def repeated(told: Practice, who: Json, kind: str) -> list[bytes]:
    """Read the records of a kind under an entity's key again; gives what was said."""
    decide, _ = told.services["entities"]
    made = []
    for record in list(told.log[FACTS]):
        event = decode(record.value)
        header = dict(record.headers)["ce_type"] or b""
        if event["subject"] == told.token(who) and kind.encode() in header:
            made += [sent.value or b"" for sent in decide(record)]
    return made


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        (practice(), "borrowing-declared"),
        (practice(), "fact-recorded"),
        (subgroup(), "data-lent"),
        (subgroup(), "fact-recorded"),
    ],
)
def test_a_repeated_loan_or_fact_says_nothing_new(who: Json, kind: str) -> None:
    """It was taken once; its revision is not newer than the one that is held."""
    told = Practice(*GROUP, *ROSTER, *PART)
    before = dict(told.services["entities"][0].stored)  # type: ignore[attr-defined] # a memory

    made = repeated(told, who, kind)

    assert made == []
    assert told.services["entities"][0].stored == before  # type: ignore[attr-defined] # a memory


def test_a_crash_repeats_the_same_ids_and_bytes() -> None:
    """Everything is read again by a process that remembers nothing."""
    first = Practice(*GROUP, *ROSTER, *PART, profile(apm()), roster(apm()))
    again = Practice(*GROUP, *ROSTER, *PART, profile(apm()), roster(apm()))

    values = [
        [record.value for topic in sorted(told.log) for record in told.log[topic]]
        for told in (first, again)
    ]
    assert values[0] == values[1]


def test_a_late_word_of_a_borrower_that_left_lends_nothing() -> None:
    """Both words of a borrower under one key; the higher revision counts."""
    told = Practice(*GROUP, *ROSTER, *PART)
    wanted = [
        record
        for record in told.log[FACTS]
        if decode(record.value).get("wanted") is True
    ]
    away = roster(subgroup(), member(HER, AWAY), name="r2")
    told.tell({**away, "affiliatedGroup": {TIN: AWAY}})
    decide, _ = told.services["entities"]

    assert list(decide(wanted[0])) == []


def test_a_loan_of_whom_nobody_borrows_from_is_left_alone() -> None:
    """It was on its way when the roster changed."""
    told = Practice(*GROUP, *ROSTER, *PART)
    lent = [record for record in told.log[FACTS] if "lender" in decode(record.value)]
    away = roster(subgroup(), member(HER, AWAY), name="r2")
    told.tell({**away, "affiliatedGroup": {TIN: AWAY}})
    decide, _ = told.services["entities"]

    assert list(decide(lent[-1])) == []
    assert set(told.state(subgroup()).lent) <= {told.token({**practice(), TIN: AWAY})}


def test_an_apm_entity_has_the_mean_of_its_members() -> None:
    """One by herself, one by her group, one of another practice without anything."""
    told = Practice(
        profile(apm()),
        roster(apm(), member(HER), member(OTHER), member(OTHER, AWAY)),
        reports(apm()),
        reports(herself(), SHEET.pi(*SHEET.pi_rest())),
    )
    alone = told.input(apm())["piRollUp"]

    told.tell(reports(practice(), SHEET.pi()))

    assert alone == {"percent": "0", "counted": 3, "excepted": 0}
    rolled = told.input(apm())["piRollUp"]
    assert (rolled["counted"], rolled["excepted"]) == (3, 0)
    assert rolled["percent"].startswith("66.666")
    assert percent(told, apm(), "pi") == "66.6667"


def test_a_member_counts_by_the_higher_of_her_own_and_her_groups() -> None:
    """The group's 100 percent go before her own; without the group's hers count."""
    some = SHEET.pi(
        *SHEET.pi_rest("PI_PEA_1"), share("PI_PEA_1", 1, 25), yes("PI_HIE_5")
    )
    told = Practice(profile(apm()), roster(apm()), reports(apm()))
    told.tell(reports(herself(), some))
    by_herself = told.input(apm())["piRollUp"]["percent"]
    told.tell(reports(practice(), SHEET.pi()))
    by_group = told.input(apm())["piRollUp"]["percent"]

    told.tell(reports(practice(), takes_back("pi")))

    assert 0 < float(by_herself) < 100
    assert by_group == "100"
    assert told.input(apm())["piRollUp"]["percent"] == by_herself


def test_a_member_who_is_excepted_is_left_out() -> None:
    """An approved hardship without data; who merely sent nothing counts 0."""
    hardship = {"category": "pi", "reason": "hardship", "approved": True}
    told = Practice(
        profile(apm()),
        roster(apm(), member(HER), member(OTHER), member(HER, AWAY)),
        reports(apm()),
        reports({**practice(), TIN: AWAY}, SHEET.pi()),
    )

    told.tell(feed("reweighting", herself(OTHER), decisions=[hardship]))

    rolled = told.input(apm())["piRollUp"]
    assert rolled == {"percent": "50", "counted": 2, "excepted": 1}


def test_an_apm_entity_of_members_who_are_all_excepted_has_no_roll_up() -> None:
    """Nobody is left whose score could be averaged."""
    hardship = {"category": "pi", "reason": "hardship", "approved": True}
    told = Practice(profile(apm()), roster(apm()), reports(apm()))

    told.tell(feed("reweighting", herself(), decisions=[hardship]))

    assert told.input(apm())["piRollUp"] is None


def test_a_member_who_left_counts_no_more() -> None:
    """Her practice is told that nobody borrows there now."""
    told = Practice(profile(apm()), roster(apm(), member(HER), member(OTHER, AWAY)))
    told.tell(reports(apm()), reports(herself(), SHEET.pi()))
    before = told.input(apm())["piRollUp"]["counted"]

    told.tell(roster(apm(), member(OTHER, AWAY), name="r2"))

    assert before == 2
    assert told.input(apm())["piRollUp"] == {
        "percent": "0",
        "counted": 1,
        "excepted": 0,
    }
    assert declared(told, herself()) == [True, False]
    assert declared(told, practice()) == [True, False]
    assert told.state(practice()).borrowers[told.token(apm())]["wanted"] is False


def test_members_without_anything_make_no_revision_of_their_apm_entity() -> None:
    """A thousand members who sent nothing would else be two thousand revisions."""
    told = Practice(profile(apm()), roster(apm(), member(HER), member(OTHER)))

    assert len(loans(told, apm())) == 3
    assert told.state(apm()).revision == 2


def test_a_figure_of_nothing_is_lent_when_what_was_there_is_withdrawn() -> None:
    """What is held must be undone: a loan of nothing counts then."""
    told = Practice(profile(apm()), roster(apm()), reports(apm()))
    told.tell(reports(herself(), SHEET.pi()))
    before = told.input(apm())["piRollUp"]["percent"]

    told.tell(reports(herself(), takes_back("pi")))

    assert before == "100"
    assert told.input(apm())["piRollUp"]["percent"] == "0"


def test_no_loan_names_a_clinician_beyond_what_is_lent() -> None:
    """A group's clinicians are not lent to its subgroup."""
    named = {**GROUP[0], "roster": [{"nationalProviderIdentifier": HER}]}

    told = Practice(named, *ROSTER, *PART)

    lent = loans(told, subgroup())[-1]
    assert "roster" not in lent["content"]["profile"]
    assert HOME in repr(lent["content"]["profile"])
