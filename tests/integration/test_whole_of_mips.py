"""Each way to report and to be counted through all services, and the law beside it.

Everything is told once, in waves; then each test reads what came of its own offices.
Scores are those of the pure functions byte for byte, and payments are decided once
more from them (``tests/helpers/pure_scores`` and ``pure_payments``). How a year is
closed and what is corrected for all have files of their own.
"""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias
from uuid import uuid4

import pytest

from qpp.codes import Code
from qpp.eligibility import determine
from qpp.library import rules
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message, headers
from qppflow.entities import states
from qppflow.runtime.events import decode, encode, kind_of
from qppflow.runtime.judging import ACCEPTED, REJECTED
from tests.helpers import whole_of_mips as whole
from tests.helpers.bad_stories import Story, stories, two_virtual_groups
from tests.helpers.chaos_memory import Memory, forgotten, memories, rebuilt
from tests.helpers.chaos_runs import passed
from tests.helpers.chaos_site import Site
from tests.helpers.corpus_entities import MVP
from tests.helpers.corpus_sheet import NPI, TIN
from tests.helpers.offices import FIRST, Office
from tests.helpers.practice import ABOVE, BELOW, MAY_OPT_IN
from tests.helpers.pure_entities import name_of
from tests.helpers.pure_payments import Paid, Person, pure_payments, streamed_payments
from tests.helpers.pure_scores import ScoreName, pure_scores, streamed_scores
from tests.helpers.stream_log import StreamLog, everything

pytestmark = pytest.mark.kafka

Json: TypeAlias = dict[str, Any]

ELIGIBILITY: Final = whole.eligibility()
ENTITIES: Final = whole.entities()
PATHWAYS: Final = whole.pathways()
PERFORMANCE_PATHWAY: Final = whole.performance_pathway()
ANESTHESIA: Final = whole.anesthesiologists()
SUBMITTERS: Final = whole.submitters()
REWEIGHTED: Final = whole.reweightings()
ADDITIONS: Final = whole.additions()
FIRST_YEAR: Final = whole.first_year()
ADVANCED: Final = whole.advanced_apm()
STORIES: Final = tuple(stories())
TWO_VIRTUAL_GROUPS: Final = two_virtual_groups()
OFFICES: Final = (
    ELIGIBILITY,
    ENTITIES,
    *PATHWAYS,
    *PERFORMANCE_PATHWAY,
    *ANESTHESIA,
    SUBMITTERS,
    *(office for office, _ in REWEIGHTED.values()),
    ADDITIONS,
    FIRST_YEAR,
    ADVANCED,
    *(story.office for story in STORIES),
    TWO_VIRTUAL_GROUPS,
)
WAVES: Final = (whole.KNOWN, whole.REPORTED, whole.CHANGED, whole.MENDED)
PAYMENTS: Final = "qpp-payment-adjustments"
MIPS: Final = "mips"
KIND: Final = "example.whole.v1"


def messages(wave: int) -> list[Message]:
    """Write what is told in a wave; an id names office and place."""
    return [
        Message(
            FEEDS if "feed" in told.document else SUBMISSIONS,
            None,
            json.dumps(told.document).encode(),
            headers(told.source, f"{office.name}/{number}", KIND),
            "told",
        )
        for office in OFFICES
        for number, told in enumerate(office.told)
        if told.wave == wave
    ]


@dataclass(frozen=True)
class Streamed:
    """What came of everything, and what the services remembered of it."""

    log: StreamLog
    remembered: dict[str, Memory]
    anew: dict[str, Memory]

    @cached_property
    def tokens(self) -> dict[tuple[Any, ...], str]:
        """Map year and identifiers of each entity to its token."""
        return {
            (event["performanceYear"], *name_of(event["entity"])): event["subject"]
            for event in self.log.events("qpp-entity-facts")
            if "entity" in event
        }

    @cached_property
    def pure(self) -> dict[ScoreName, bytes]:
        """Score every revision without the stream."""
        return pure_scores(self.log)

    @cached_property
    def streamed(self) -> dict[ScoreName, bytes]:
        """Give the score of every revision as it was published."""
        return streamed_scores(self.log)

    @cached_property
    def paid(self) -> tuple[dict[Person, Paid], dict[Person, Paid]]:
        """Give who is paid by what, as published and as decided once more."""
        return streamed_payments(self.log), pure_payments(self.log)

    def token(self, office: Office, who: Json) -> str:
        """Give the token of an entity."""
        return self.tokens[office.year, *name_of(who)]

    def scores(self, office: Office, who: Json, program: str = MIPS) -> list[Json]:
        """Give each score of an entity in a program, in order."""
        name = self.token(office, who), program
        found = sorted(key for key in self.streamed if key[:2] == name)
        return [decode(self.streamed[key]) for key in found]

    def last(self, office: Office, who: Json, program: str = MIPS) -> Json:
        """Give the last score of an entity in a program."""
        return self.scores(office, who, program)[-1]

    def payments(self, office: Office, number: int = 0) -> list[Json]:
        """Give what billing heard of a clinician, in order, each with its kind."""
        her = office.year, office.sheet.tin, office.npi(number)
        found = [
            {**event, "kind": kind_of(record).removesuffix(".v1")}
            for record in self.log.records[PAYMENTS]
            if (event := decode(record.value))["performanceYear"] == her[0]
            and (event[TIN], event[NPI]) == her[1:]
        ]
        return sorted(found, key=lambda event: int(event["revision"]))

    def answers(self, office: Office) -> list[Json]:
        """Give the answers to an office's documents, in the order they were told."""
        told = {f"{office.name}/{number}": number for number in range(len(office.told))}
        found = {
            told[event["submission"]["id"]]: event
            for event in self.log.events("qpp-submission-results")
            if event["submission"]["id"] in told
        }
        return [found[number] for number in range(len(told))]

    def agree(self, *offices: Office) -> bool:
        """Say whether scores and payments of offices are those of the law alone."""
        tins = {office.sheet.tin for office in offices}
        tokens = {
            self.token(office, told.document)
            for office in offices
            for told in office.told
        }
        scores = [
            {name: score for name, score in made.items() if name[0] in tokens}
            for made in (self.streamed, self.pure)
        ]
        paid = [
            {who: one for who, one in made.items() if who[1] in tins}
            for made in self.paid
        ]
        return scores[0] == scores[1] != {} and paid[0] == paid[1]


@pytest.fixture(scope="module")
def streamed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Streamed:
    """Tell everything, then forget all and remember it again from the topics."""
    folder = tmp_path_factory.mktemp("whole")
    site = Site(kafka, f"whole-{uuid4().hex[:8]}-", folder)
    with site.calm():
        for wave in WAVES:
            asyncio.run(passed(site, messages(wave)))
    log = asyncio.run(everything(kafka, site.prefix))
    remembered = memories(site)
    forgotten(site)
    codes = rebuilt(site)
    assert not any(codes.values()), f"not rebuilt: {codes}"
    return Streamed(log, remembered, memories(site))


def kinds(events: Iterable[Json]) -> list[str]:
    """Name what billing heard."""
    return [event["kind"] for event in events]


def weights(score: Json) -> dict[str, str]:
    """Give the weight of each category."""
    return {name: part["weight"] for name, part in score["categories"].items()}


def test_eligibility_is_said_again_when_it_changes_and_decides_payments_again(
    streamed: Streamed,
) -> None:
    """One falls below and is above again, one opts in late, one only volunteers."""
    falls, opts, volunteers = (ELIGIBILITY.alone(number) for number in range(3))
    book = rules(ELIGIBILITY.year).eligibility
    said = [
        [
            (event["outcome"], event["reason"], event["explanation"])
            for event in streamed.log.events("qpp-eligibility")
            if event["subject"] == streamed.token(ELIGIBILITY, who)
        ]
        for who in (falls, opts, volunteers)
    ]

    def determined(facts: Json, election: str | None = None) -> tuple[Any, ...]:
        known = {"clinicianType": "physician", **facts}
        elected = None if election is None else ELIGIBILITY.elects(opts, election)
        found = determine("individual", known, elected, book, year=ELIGIBILITY.year)
        return found.outcome, found.reason, found.reasons

    by_law = [
        [determined(ABOVE), determined(BELOW), determined(ABOVE)],
        [determined(MAY_OPT_IN), determined(MAY_OPT_IN, "optIn")],
        [determined(BELOW, "voluntary")],
    ]
    assert encode({"of": said[:2]}) == encode({"of": by_law[:2]})
    assert encode({"of": said[2][-1:]}) == encode({"of": by_law[2]})
    first, none, again = streamed.payments(ELIGIBILITY)[:3]
    assert kinds((first, none, again)) == [
        "payment-adjusted",
        "score-retracted",
        "payment-adjusted",
    ]
    assert (none["reason"], again["billable"]) == ("lowVolume", True)
    assert kinds(streamed.payments(ELIGIBILITY, 1)) == ["payment-adjusted"]
    assert kinds(streamed.payments(ELIGIBILITY, 2)) == ["score-retracted"]
    assert streamed.last(ELIGIBILITY, volunteers)["eligibility"] == "voluntaryReporter"
    rejected = [a for a in streamed.answers(ELIGIBILITY) if a["fate"] == REJECTED]
    assert [f["code"] for f in rejected[0]["findings"][-1:]] == [Code.ELECTION_MISSING]
    assert streamed.agree(ELIGIBILITY)


def test_a_clinician_is_paid_by_one_of_all_entities_that_name_her(
    streamed: Streamed,
) -> None:
    """Rosters in chunks, a virtual group, a subgroup, an APM entity, and a removal."""
    group = streamed.token(ENTITIES, ENTITIES.group)
    own, in_virtual, in_part, in_apm = (
        streamed.payments(ENTITIES, number) for number in range(4)
    )

    assert streamed.agree(ENTITIES)
    # The removed one falls back to her own, lower score.
    payers = [event["decidedBy"] for event in own]
    assert payers[-2]["subject"] == group
    assert payers[-1]["entityType"] == "individual"
    assert own[-1]["reason"] == "other-entity-pays"
    assert in_virtual[-1]["decidedBy"]["entityType"] == "virtualGroup"
    assert {one["reason"] for one in in_virtual[-1]["others"]} == {"virtual-group-pays"}
    assert {one["entityType"] for one in in_part[-1]["others"]} | {
        in_part[-1]["decidedBy"]["entityType"]
    } == {"group", "subgroup"}
    assert {one["entityType"] for one in in_apm[-1]["others"]} | {
        in_apm[-1]["decidedBy"]["entityType"]
    } == {"group", "apm"}
    # The subgroup has its group's set, the APM entity its member's group's score.
    part = streamed.last(ENTITIES, ENTITIES.entity("subgroup"), MVP)
    apm = streamed.last(ENTITIES, ENTITIES.entity("apm"), "app1")
    assert part["categories"]["pi"]["percent"] == "100.0000"
    assert apm["categories"]["pi"]["percent"] == "100.0000"
    withdrawn = [
        event["clinician"][NPI]
        for record in streamed.log.records["qpp-payment-inputs"]
        if kind_of(record) == "payment-candidate-withdrawn.v1"
        and (event := decode(record.value))["candidate"] == group
    ]
    assert withdrawn == [ENTITIES.npi(0)]


@pytest.mark.parametrize("office", PATHWAYS, ids=lambda office: str(office.year))
def test_the_anesthesia_pathway_of_each_year(
    streamed: Streamed, office: Office
) -> None:
    """Registered or not the score is the same; 424 is gone in 2026."""
    registered = streamed.last(office, office.alone(), MVP)
    answers = streamed.answers(office)

    assert streamed.agree(office)
    assert registered["programName"] == MVP
    used = registered["categories"]["quality"]["measures"]
    assert {one["measureId"] for one in used} >= {"404", "430", "463", "477"}
    codes = [{finding["code"] for finding in one["findings"]} for one in answers[4:]]
    gone = office.year == whole.YEARS[-1]
    # What is rejected at the door is not asked for its registration.
    unknown = [Code.NOT_REGISTERED in found for found in codes]
    assert unknown == [False, True, not gone]
    assert (answers[-1]["fate"] == REJECTED) == gone
    assert (Code.MEASURE_UNKNOWN in codes[-1]) == gone


@pytest.mark.parametrize(
    "office", PERFORMANCE_PATHWAY, ids=lambda office: str(office.year)
)
def test_an_apm_entity_in_the_performance_pathways(
    streamed: Streamed, office: Office
) -> None:
    """Each program has a score and weights of its own; the higher one pays."""
    apm = office.entity("apm")
    plus = office.year > whole.YEARS[0]
    scores = {
        name: streamed.last(office, apm, name)
        for name in (("app1", "appPlus") if plus else ("app1",))
    }

    assert streamed.agree(office)
    for score in scores.values():
        assert weights(score) == {"quality": "50", "cost": "0", "ia": "20", "pi": "30"}
        assert score["categories"]["ia"]["percent"] == "100.0000"
    paid = streamed.payments(office)[-1]
    assert paid["score"] == max((s["finalScore"] for s in scores.values()), key=float)
    assert len(paid["others"]) == len(scores) - 1


@pytest.mark.parametrize("office", ANESTHESIA, ids=lambda office: str(office.year))
def test_an_anesthesiologist_with_four_measures(
    streamed: Streamed, office: Office
) -> None:
    """All that applies to her is enough; one who leaves some out has six slots."""
    whole_topic, partly = (
        streamed.last(office, office.alone(number))["categories"]["quality"]
        for number in range(2)
    )

    assert streamed.agree(office)
    assert (whole_topic["possible"], partly["possible"]) == ("40.0000", "60.0000")


def test_two_submitters_are_pooled_and_one_takes_back(streamed: Streamed) -> None:
    """What was added and withdrawn leaves the score byte for byte as it was."""
    first, pooled, back = streamed.scores(SUBMITTERS, SUBMITTERS.group)
    answers = streamed.answers(SUBMITTERS)

    assert streamed.agree(SUBMITTERS)
    assert float(first["finalScore"]) < float(pooled["finalScore"])
    assert encode(back) == encode(first)
    assert [one["sets"][0]["effect"] for one in answers[3:]] == [
        "added",
        "added",
        "withdrawn",
    ]
    late = [[f["code"] for f in one["findings"]] for one in answers[3:]]
    assert all(Code.ARRIVED_LATE in found for found in late)
    assert len({event["score"] for event in streamed.payments(SUBMITTERS)}) == 2


@pytest.mark.parametrize("name", REWEIGHTED, ids=lambda name: "-".join(map(str, name)))
def test_each_reason_of_reweighting_without_and_with_data(
    streamed: Streamed, name: tuple[int, str, str, bool]
) -> None:
    """Without data the category weighs nothing; with data some reasons stay."""
    year, reason, category, with_data = name
    office, who = REWEIGHTED[name]
    book = rules(year).reweighting

    part = streamed.last(office, who)["categories"][category]

    stays = (
        who["entityType"] in book.entity_types_keep_theirs.value
        or reason in book.reasons_stay_with_data.value
    )
    assert streamed.agree(office)
    assert (part["weight"] == "0") == (stays or not with_data)
    assert part["withoutWeight"] == (reason if stays or not with_data else None)


def test_improvement_complex_patients_and_a_facility(streamed: Streamed) -> None:
    """Each adds what the feed of it brings, and nothing for the others."""
    better, complex_one, facility = (
        streamed.last(ADDITIONS, ADDITIONS.alone(number)) for number in range(3)
    )

    assert streamed.agree(ADDITIONS)
    improved = [
        score["categories"]["quality"]["improvement"] for score in (better, facility)
    ]
    assert float(improved[0]) > float(improved[1]) == 0
    assert float(complex_one["complexPatientBonus"]) > 0
    assert float(better["complexPatientBonus"]) == 0
    at_hospital = {name: facility["categories"][name] for name in ("quality", "cost")}
    assert {name: part["percent"] for name, part in at_hospital.items()} == {
        "quality": "88.5000",
        "cost": "71.0000",
    }


def test_a_submission_of_the_first_year(streamed: Streamed) -> None:
    """Advancing care and a bonus end to end; the threshold is far below."""
    score = streamed.last(FIRST_YEAR, FIRST_YEAR.group)

    assert streamed.agree(FIRST_YEAR)
    assert score["performanceYear"] == FIRST
    assert weights(score) == {"quality": "60", "cost": "0", "ia": "15", "pi": "25"}
    assert score["categories"]["quality"]["bonus"] == "1.0000"
    assert score["categories"]["pi"]["percent"] == "70.0000"
    assert kinds(streamed.payments(FIRST_YEAR)) == ["payment-adjusted"]


@pytest.mark.parametrize("number", [0, 1])
def test_members_of_an_apm_entity_that_qualifies_are_paid_no_more(
    streamed: Streamed, number: int
) -> None:
    """After a correction of the snapshot they are paid again, as much as before."""
    first, none, *between, again = streamed.payments(ADVANCED, number)

    assert streamed.agree(ADVANCED)
    assert kinds((first, none, again)) == [
        "payment-adjusted",
        "score-retracted",
        "payment-adjusted",
    ]
    assert none["reason"] == "qp"
    # Until the entity has its new score, its old one pays nobody either.
    assert set(kinds(between)) <= {"score-retracted"}
    assert again["score"] == first["score"]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.office.name)
def test_bad_input_is_named_and_what_stood_before_stays(
    streamed: Streamed, story: Story
) -> None:
    """The finding says what was found and needed; score and payment go on standing."""
    answer = streamed.answers(story.office)[-1]
    before, *after = streamed.scores(story.office, story.who, story.program)
    paid = streamed.payments(story.office)

    found = [one for one in answer["findings"] if one["code"] == story.code]
    assert answer["fate"] == story.fate
    assert len(found) == 1
    assert found[0]["found"] != found[0]["needed"] != ""
    assert len(after) == (story.fate == ACCEPTED)
    assert {one["finalScore"] for one in after} <= {before["finalScore"]}
    assert kinds(paid[-1:]) == ["payment-adjusted"]
    assert {one["score"] for one in paid} == {before["finalScore"]}
    assert streamed.agree(story.office)


def test_of_two_virtual_groups_the_first_goes_on_paying(streamed: Streamed) -> None:
    """That there are two is an assumption of the payment."""
    first, second = streamed.payments(TWO_VIRTUAL_GROUPS)

    assert first["decidedBy"]["subject"] == second["decidedBy"]["subject"]
    assert first["score"] == second["score"]
    assert [one["reason"] for one in second["others"]] == ["another-virtual-group"]
    assert "two-virtual-groups" in second["assumptions"]
    assert streamed.agree(TWO_VIRTUAL_GROUPS)


def test_every_score_and_payment_is_that_of_the_pure_functions(
    streamed: Streamed,
) -> None:
    """At each revision and in each program; billing's last word on each clinician."""
    published, decided = streamed.paid

    assert streamed.streamed == streamed.pure
    assert published == decided
    assert len(streamed.pure) > len(REWEIGHTED)
    assert len(decided) > len(OFFICES) / 4


def test_memories_made_anew_from_the_topics_are_the_same_bytes(
    streamed: Streamed,
) -> None:
    """Loans, rosters and exclusions are in the log, as everything is."""
    kept = [states.load(one) for one in streamed.remembered["entities"].states.values()]

    assert streamed.anew == streamed.remembered
    assert len(kept) > len(OFFICES)
    # A subgroup and an APM entity hold loans, others have lent; see the entities above.
    assert sum(bool(entity.lent) for entity in kept) >= 2
    assert sum(bool(entity.borrowers) for entity in kept) >= 2
