"""Sets that are taken back: what is left is scored as if they had never been there."""

from qppflow.intake.handlers import SUBMISSIONS
from qppflow.runtime.records import Record
from tests.helpers import documents
from tests.helpers.chain import START, Json
from tests.helpers.corpus_entities import MVP
from tests.helpers.practice import (
    HER,
    INPUTS,
    ONE,
    SHEET,
    TWO,
    Practice,
    herself,
    pathway,
    practice,
    profile,
    quality,
    registered,
    reports,
    roster,
    scored,
    takes_back,
)


def late(document: Json, offset: int) -> Record:
    """Give a document that lies at a place of the log, whenever it is read."""
    headers = (("ce_source", ONE.encode()), ("ce_id", b"late%d" % offset))
    body = documents.body(document)
    return Record(SUBMISSIONS, 7, offset, START + offset, None, body, headers)


def test_withdrawing_what_was_added_restores_the_score_byte_for_byte() -> None:
    """Score, explanation and its hash; the revisions alone went on."""
    told = Practice(profile(herself()), reports(herself(), quality()))
    before = told.score(herself())
    told.tell(reports(herself(), SHEET.pi(), SHEET.ia()))
    between = told.score(herself())

    told.tell(reports(herself(), takes_back("pi"), takes_back("ia")))

    after = told.score(herself())
    assert scored(between) != scored(before)
    assert scored(after) == scored(before)
    assert after["revision"] > between["revision"] > before["revision"]
    effects = [item["effect"] for item in told.last_answer()["sets"]]
    assert effects == ["withdrawn", "withdrawn"]


def test_a_withdrawn_slot_keeps_its_place_against_an_older_set() -> None:
    """The older one comes late and must not bring back what was taken back."""
    told = Practice()
    told.take(late(reports(herself(), quality(80), SHEET.ia()), 1))
    told.take(late(reports(herself(), takes_back()), 9))

    told.take(late(reports(herself(), quality(90)), 5))

    categories = [item["category"] for item in told.input(herself())["measurementSets"]]
    assert told.last_answer()["effect"] == "stale"
    assert categories == ["ia"]


def test_a_newer_set_fills_a_withdrawn_slot_again() -> None:
    """The twin of the test above: taken back is not forbidden."""
    told = Practice()
    told.take(late(reports(herself(), quality(80), SHEET.ia()), 1))
    told.take(late(reports(herself(), takes_back()), 9))

    told.take(late(reports(herself(), quality(90)), 10))

    categories = [item["category"] for item in told.input(herself())["measurementSets"]]
    assert told.last_answer()["sets"][0]["effect"] == "added"
    assert sorted(categories) == ["ia", "quality"]


def test_a_withdrawal_that_comes_first_keeps_the_older_set_out() -> None:
    """Nothing was there to take back yet; its place in the order counts anyhow."""
    told = Practice()
    told.take(late(reports(herself(), takes_back(), SHEET.ia()), 9))

    told.take(late(reports(herself(), quality(90)), 5))

    assert told.last_answer()["effect"] == "stale"


def test_only_the_set_of_the_same_submitter_is_withdrawn() -> None:
    """One registry cannot take back what another one sent."""
    told = Practice()
    told.tell(reports(herself(), quality(80)), source=ONE)
    told.tell(reports(herself(), quality(90)), source=TWO)

    told.tell(reports(herself(), takes_back()), source=TWO)

    (left,) = told.input(herself())["measurementSets"]
    assert left["measurements"][0]["value"]["performanceMet"] == 80


def test_the_same_measure_by_two_submitters_is_pooled() -> None:
    """Each measure counts once, by the better line; both sets are scored."""
    both = Practice()
    both.tell(reports(herself(), quality(95)), source=ONE)
    both.tell(reports(herself(), quality(5)), source=TWO)
    alone = Practice(reports(herself(), quality(95)))

    pooled = both.score(herself())["score"]["categories"]["quality"]

    best = alone.score(herself())["score"]["categories"]["quality"]
    of_236 = [item for item in pooled["measures"] if item["measureId"] == "236"]
    assert len(both.input(herself())["measurementSets"]) == 2
    assert [item["used"] for item in of_236].count(True) == 1
    assert pooled["percent"] == best["percent"]
    assert pooled["possible"] == best["possible"]


def test_the_last_set_of_a_program_ends_its_score() -> None:
    """The score is retracted, and so is the payment that rested on it."""
    told = Practice(profile(herself()), reports(herself(), quality()))
    before = told.score(herself())

    told.tell(reports(herself(), takes_back()))

    ended, payment = told.score(herself()), told.paid()
    assert ended["kind"] == "final-score-retracted.v1"
    assert ended["supersedes"] == before["revision"]
    assert ended["reason"] == "submission-withdrawn"
    assert payment["kind"] == "score-retracted.v1"
    assert payment["reason"] == "retracted"


def test_what_was_taken_back_may_be_sent_again() -> None:
    """It is the same score, and it pays as the first one did."""
    told = Practice(profile(herself()), reports(herself(), quality()))
    before, paid = told.score(herself()), told.paid()
    told.tell(reports(herself(), takes_back()))

    told.tell(reports(herself(), quality()))

    assert scored(told.score(herself())) == scored(before)
    assert told.paid()["kind"] == "payment-adjusted.v1"
    assert told.paid()["score"] == paid["score"]
    assert told.paid()["reason"] == "first-score"


def test_a_withdrawal_of_nothing_says_nothing_of_a_score() -> None:
    """There was no score that could end, and billing never heard of one."""
    told = Practice(reports(herself(), takes_back()))

    assert told.last_answer()["effect"] == "applied"
    assert told.scores(herself()) == []
    assert told.payments() == []


def test_a_program_that_ends_leaves_the_other_one_alone() -> None:
    """The score of the MVP is neither retracted nor made again."""
    told = Practice(profile(herself()), registered(herself()))
    told.tell(reports(herself(), quality(), pathway()))
    before = told.score(herself(), MVP)

    told.tell(reports(herself(), takes_back()))

    assert told.score(herself())["kind"] == "final-score-retracted.v1"
    assert told.score(herself(), MVP) == before
    assert told.paid()["decidedBy"]["program"] == MVP


def test_a_set_touches_only_the_score_of_its_own_program() -> None:
    """Activities for the MVP are no news for traditional MIPS."""
    told = Practice(registered(herself()))
    told.tell(reports(herself(), quality(), pathway()))

    told.tell(reports(herself(), SHEET.ia("IA_BE_6", programName=MVP)))

    assert len(told.scores(herself())) == 1
    assert len(told.scores(herself(), MVP)) == 2
    assert [event["program"] for event in told.events(INPUTS)][-1] == MVP


def test_two_programs_have_two_scores_and_the_higher_one_pays() -> None:
    """The other one stands in the payment with the reason why it does not."""
    told = Practice(profile(herself()), registered(herself()))
    told.tell(reports(herself(), quality(), pathway()))
    finals = {
        program: float(told.score(herself(), program)["score"]["finalScore"])
        for program in ("mips", MVP)
    }

    paid = told.paid()

    higher, lower = sorted(finals, key=lambda name: finals[name], reverse=True)
    assert finals[higher] != finals[lower]
    assert paid["decidedBy"]["program"] == higher
    assert float(paid["score"]) == finals[higher]
    (other,) = paid["others"]
    assert (other["program"], other["reason"]) == (
        lower,
        "lower-score-of-another-program",
    )


def test_another_program_of_the_same_entity_takes_over_a_payment() -> None:
    """It is another score that decides, and billing is told so."""
    told = Practice(profile(herself()), registered(herself()))
    told.tell(reports(herself(), pathway(met=100)))

    told.tell(reports(herself(), quality(95), SHEET.pi(), SHEET.ia()))

    assert told.paid()["decidedBy"]["program"] == "mips"
    assert told.paid()["reason"] == "other-entity-pays"


def test_what_is_said_of_all_programs_has_one_revision_each() -> None:
    """A fact makes one revision of the entity, whatever it touches."""
    told = Practice(registered(herself()), reports(herself(), quality(), pathway()))

    told.tell(profile(herself()))

    last = [told.score(herself(), program) for program in ("mips", MVP)]
    assert [event["revision"] for event in last] == [3, 3]
    assert [event["supersedes"] for event in last] == [2, 2]


def test_a_group_that_takes_its_score_back_frees_its_members() -> None:
    """Each is paid by her own score again, if she has one."""
    told = Practice(profile(herself()), profile(practice()), roster(practice()))
    told.tell(reports(herself(), quality(5)))
    told.tell(reports(practice(), quality(95), SHEET.pi()))
    by_group = told.paid(HER)

    told.tell(reports(practice(), takes_back(), takes_back("pi")))

    assert by_group["decidedBy"]["entityType"] == "group"
    assert told.paid(HER)["decidedBy"]["entityType"] == "individual"
    assert told.paid(HER)["others"] == []
