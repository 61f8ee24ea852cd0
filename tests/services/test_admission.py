"""What only memory can judge of a document: elections, registrations, data before."""

import pytest

from qppflow.intake.handlers import FEEDS
from qppflow.runtime.events import decode, encode
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import START, Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.practice import (
    ABOVE,
    ELIGIBILITY,
    HER,
    MAY_OPT_IN,
    SHEET,
    SUB,
    YEAR,
    Practice,
    elects,
    feed,
    herself,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    subgroup,
    takes_back,
)


def stands(told: Practice, who: Json) -> tuple[str, str]:
    """Give the outcome and reason that were said last of an entity."""
    last = told.events(ELIGIBILITY, of=told.token(who))[-1]
    return last["outcome"], last["reason"]


def kinds(told: Practice, npi: str = HER) -> list[str]:
    """Name what billing heard of a clinician, in order."""
    return [event["kind"].removesuffix(".v1") for event in told.payments(npi)]


def test_data_before_the_election_is_rejected_and_taken_after_it() -> None:
    """The same bytes under the same id are judged again: they were never applied."""
    told = Practice(profile(herself(), MAY_OPT_IN))
    document = reports(herself(), quality())
    told.tell(document)
    rejected, found = told.last_answer(), told.codes()
    told.tell(elects(herself()))
    told.count = 1

    told.tell(document)

    assert (rejected["fate"], rejected["revision"]) == ("rejected", None)
    assert "MIPS-MEM-002" in found
    assert (
        told.answers()[1]["submission"]["id"] == told.last_answer()["submission"]["id"]
    )
    assert (told.last_answer()["fate"], told.last_answer()["effect"]) == (
        "accepted",
        "applied",
    )
    assert stands(told, herself()) == ("optedIn", "electedOptIn")
    assert kinds(told) == ["payment-adjusted"]


def test_data_may_be_taken_back_without_an_election() -> None:
    """She lost her standing after she reported; nobody has to opt in to leave."""
    told = Practice(profile(herself()), reports(herself(), quality()))
    told.tell(profile(herself(), MAY_OPT_IN))

    told.tell(reports(herself(), takes_back()))

    assert told.last_answer()["fate"] == "accepted"
    assert told.score(herself())["kind"] == "final-score-retracted.v1"


def test_a_submission_that_takes_back_and_brings_needs_the_election() -> None:
    """The twin of the test above: new data are data."""
    told = Practice(profile(herself()), reports(herself(), quality()))
    told.tell(profile(herself(), MAY_OPT_IN))

    told.tell(reports(herself(), takes_back(), SHEET.ia()))

    assert told.last_answer()["fate"] == "rejected"
    assert "MIPS-MEM-002" in told.codes()
    assert told.score(herself())["kind"] == "final-score.v1"


def test_an_opt_in_cannot_be_taken_back() -> None:
    """It stands for the year, and so does what is paid."""
    told = Practice(profile(herself(), MAY_OPT_IN), elects(herself()))
    told.tell(reports(herself(), quality()))
    before = told.paid()

    told.tell(elects(herself(), "voluntary", "2025-12-01"))

    assert told.last_answer()["fate"] == "rejected"
    assert told.codes() == ["MIPS-MEM-006"]
    assert told.paid() == before


@pytest.mark.parametrize("words", [("optIn", "optIn"), ("voluntary", "optIn")])
def test_other_elections_may_change(words: tuple[str, str]) -> None:
    """The same word again, or an opt-in after the choice to report voluntarily."""
    told = Practice(profile(herself(), MAY_OPT_IN), elects(herself(), words[0]))

    told.tell(elects(herself(), words[1], "2025-12-01"))

    assert told.last_answer()["fate"] == "accepted"
    assert stands(told, herself()) == ("optedIn", "electedOptIn")


@pytest.mark.parametrize("first", [0, 1])
def test_an_opt_in_stands_whichever_of_two_elections_is_read_first(first: int) -> None:
    """The log has the opt-in first; read last it counts all the same."""
    log = [elects(herself()), elects(herself(), "voluntary", "2025-12-01")]
    told = Practice(profile(herself(), MAY_OPT_IN))

    for number in (first, 1 - first):
        headers = (("ce_source", b"urn:cms"), ("ce_id", b"%d" % number))
        body = documents.body(log[number])
        told.take(Record(FEEDS, 7, number, START + number, None, body, headers))

    assert stands(told, herself()) == ("optedIn", "electedOptIn")


def test_a_subgroup_that_is_not_registered_is_refused() -> None:
    """CMS refuses it, too; its sender is told which MVP it was."""
    told = Practice(roster(subgroup()), reports(subgroup(), pathway()))

    found = [item for item in told.last_answer()["findings"] if "MEM" in item["code"]]

    assert told.last_answer()["fate"] == "rejected"
    assert [item["code"] for item in found] == ["MIPS-MEM-001"]
    assert MVP in found[0]["found"]
    assert found[0]["pointer"] == "/measurementSets/0/programName"


def test_a_subgroup_is_taken_once_it_is_registered() -> None:
    """The twin of the test above."""
    told = Practice(roster(subgroup()), registered(subgroup()))

    told.tell(reports(subgroup(), pathway()))

    assert told.last_answer()["fate"] == "accepted"
    assert told.score(subgroup(), MVP)["entity"]["entityId"] == SUB


def test_others_that_are_not_registered_are_warned() -> None:
    """Not every registration may be known here."""
    told = Practice(reports(herself(), pathway()))

    (found,) = [
        item
        for item in told.last_answer()["findings"]
        if item["code"] == "MIPS-MEM-001"
    ]

    assert found["severity"] == "warning"
    assert told.last_answer()["fate"] == "accepted"


@pytest.mark.parametrize("who", [herself(), subgroup()])
def test_a_registration_for_another_mvp_refuses_this_one(who: Json) -> None:
    """What is registered is known, and this is not among it."""
    told = Practice(registered(who, "G0055"))

    told.tell(reports(who, pathway()))

    assert told.last_answer()["fate"] == "rejected"
    assert "MIPS-MEM-001" in told.codes()


def test_a_set_of_an_mvp_may_be_taken_back_after_the_registration_changed() -> None:
    """Else it would be scored for ever."""
    told = Practice(registered(herself()), reports(herself(), pathway()))
    told.tell(registered(herself(), "G0055"))

    told.tell(reports(herself(), takes_back(programName=MVP)))

    assert told.last_answer()["fate"] == "accepted"
    assert told.score(herself(), MVP)["kind"] == "final-score-retracted.v1"


def test_a_reweighting_after_data_is_taken_with_a_warning() -> None:
    """The data may cancel it; the rules say when."""
    hardship = {"category": "pi", "reason": "hardship", "approved": True}
    told = Practice(reports(herself(), SHEET.pi()))

    told.tell(feed("reweighting", herself(), decisions=[hardship]))

    (found,) = told.last_answer()["findings"]
    assert told.last_answer()["fate"] == "accepted"
    assert (found["code"], found["pointer"]) == (
        "MIPS-MEM-005",
        "/decisions/0/category",
    )


@pytest.mark.parametrize("taken", [SHEET.ia(), takes_back("pi")])
def test_a_reweighting_of_a_category_without_data_needs_no_warning(taken: Json) -> None:
    """The twin of the test above; a set that was taken back is no data."""
    hardship = {"category": "pi", "reason": "hardship", "approved": True}
    told = Practice(reports(herself(), taken))

    told.tell(feed("reweighting", herself(), decisions=[hardship]))

    assert told.codes() == []


def of_2026(document: Json) -> Json:
    """Move a document to 2026, whose rules on groups and MVPs are others."""
    moved: Json = decode(
        encode(document).replace(str(YEAR).encode(), str(YEAR + 1).encode())
    )
    return moved


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        ([], "accepted"),
        (["multispecialty"], "rejected"),
        (["multispecialty", "smallPractice"], "accepted"),
    ],
)
def test_from_2026_on_a_group_of_several_specialties_reports_an_mvp_by_subgroups(
    statuses: list[str], fate: str
) -> None:
    """A small practice may go on as a group."""
    told = Practice(
        of_2026(profile(practice(), ABOVE, *statuses)),
        of_2026(registered(practice())),
    )

    told.tell(of_2026(reports(practice(), pathway())))

    assert told.last_answer()["fate"] == fate
    assert ("MIPS-MEM-007" in told.codes()) is (fate == "rejected")


def test_until_2025_a_group_of_several_specialties_may_report_an_mvp() -> None:
    """The twin of the test above: the same group a year before."""
    told = Practice(
        profile(practice(), ABOVE, "multispecialty"), registered(practice())
    )

    told.tell(reports(practice(), pathway()))

    assert told.last_answer()["fate"] == "accepted"
