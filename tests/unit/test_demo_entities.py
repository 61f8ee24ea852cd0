"""The demo's entities: whom they join, what they report, what CMS says of them."""

import json
from collections import Counter, defaultdict
from functools import cache
from typing import Any

from qpp.eligibility import determine, united
from qpp.inputs import APM_ENTITY, GROUP, INDIVIDUAL, SUBGROUP, VIRTUAL_GROUP
from qpp.library import rules
from qppflow.cli.feeds import entity
from qppflow.demo.alliances import practices
from qppflow.demo.chance import draw
from qppflow.demo.memberships import CHUNK
from qppflow.demo.messages import FEEDS, Message
from qppflow.demo.offer import APP, APP_PLUS, MIPS, choices, offers, pathway
from qppflow.demo.payees import ENTITIES, kind_of_program
from qppflow.demo.population import population
from qppflow.demo.practices import Practice
from qppflow.demo.profiles import profile
from qppflow.demo.specialties import SPECIALTIES
from qppflow.demo.years import years_to_play
from qppflow.runtime.judging import ACCEPTED, judge_feed

Json = dict[str, Any]
SEED = 11
MANY = 2000
FEW = 600


@cache
def drawn() -> tuple[Practice, ...]:
    """Draw enough entities for their shares to be near what they are meant to be."""
    return tuple(practices(MANY, SEED, years_to_play()))


@cache
def sent() -> tuple[Message, ...]:
    """Give what is sent about some of them."""
    return tuple(population(FEW, SEED, years_to_play()))


def of_feed(name: str) -> list[Json]:
    """Give the documents of a feed in the order they are sent."""
    documents = [json.loads(m.value or b"") for m in sent() if m.topic == FEEDS]
    return [document for document in documents if document["feed"] == name]


def of_kind(entity_type: str) -> list[Practice]:
    """Give the entities of a kind."""
    return [one for one in drawn() if one.entity_type == entity_type]


def test_a_plain_population_has_nothing_that_waits_for_anything() -> None:
    """Clinicians and groups in traditional MIPS; nobody elects, borrows or leaves."""
    messages = list(population(FEW, SEED, years_to_play(), plain=True))
    documents = [json.loads(m.value or b"") for m in messages if m.topic == FEEDS]
    found = list(practices(FEW, SEED, years_to_play(), plain=True))

    assert len(found) == FEW
    assert {one.entity_type for one in found} == {INDIVIDUAL, GROUP}
    assert {one.program for one in found} == {MIPS}
    feeds = {document["feed"] for document in documents}
    assert feeds.isdisjoint({"election", "registration"})
    assert {d["rosterId"] for d in documents if d["feed"] == "roster"} == {"R1"}
    kinds = {message.kind for message in messages}
    assert kinds.isdisjoint({"withdrawal", "late chunk", "contradicting roster"})
    profiled = [d for d in documents if d["feed"] == "profile"]
    assert len({entity(one) for one in profiled}) == len(profiled)
    assert {entity(one)[1:] for one in profiled} <= {
        (one.entity_type, None, one.tin, one.npi) for one in found
    }


def test_every_kind_of_entity_has_its_share() -> None:
    """Most are clinicians and groups; the others are there in every run."""
    shares = {kind: 100 * len(of_kind(kind)) / MANY for kind in ENTITIES}

    assert 35 < shares[INDIVIDUAL] < 50
    assert 35 < shares[GROUP] < 50
    assert 5 < shares[SUBGROUP] < 9
    assert 2 < shares[VIRTUAL_GROUP] < 5
    assert 2 < shares[APM_ENTITY] < 5


def test_programs_have_their_shares() -> None:
    """About one in seven reports an MVP, a few the APP; some report twice."""
    kinds = Counter(kind_of_program(one.program) for one in drawn())

    assert 0.11 < kinds["mvp"] / MANY < 0.19
    assert 0.02 < kinds["app"] / MANY < 0.08
    assert {one.program for one in drawn()} > {MIPS, APP, APP_PLUS}
    assert any(one.also_traditional for one in drawn())


def test_a_subgroup_is_a_part_of_one_group_and_reports_an_mvp() -> None:
    """Its clinicians bill under the group's TIN, and no two subgroups share one."""
    groups = {one.tin: set(one.members) for one in of_kind(GROUP)}
    taken: dict[str | None, list[Any]] = defaultdict(list)
    for one in of_kind(SUBGROUP):
        taken[one.group_tin] += one.members

    assert all(set(taken[tin]) < groups[tin] for tin in taken)
    assert all(len(set(found)) == len(found) for found in taken.values())
    assert {kind_of_program(one.program) for one in of_kind(SUBGROUP)} == {"mvp"}


def test_a_virtual_group_joins_small_practices() -> None:
    """Two TINs or more, none of more than ten clinicians; it reports no MVP."""
    sizes = [
        Counter(member.tin for member in one.members) for one in of_kind(VIRTUAL_GROUP)
    ]

    assert min(len(found) for found in sizes) >= 2
    assert max(max(found.values()) for found in sizes) <= 10
    assert {one.program for one in of_kind(VIRTUAL_GROUP)} == {MIPS}


def test_an_apm_entity_has_practices_that_report_as_well() -> None:
    """What it has in Promoting Interoperability is theirs."""
    reporting = {one.tin for one in drawn() if one.tin is not None}
    entities = of_kind(APM_ENTITY)
    homes = [{member.tin for member in one.members} for one in entities]

    assert min(map(len, homes)) >= 2
    assert any(found & reporting for found in homes)
    assert {one.program for one in entities} == {MIPS, APP, APP_PLUS}


def test_nobody_reports_a_program_that_the_year_does_not_have() -> None:
    """The APP Plus began in 2025, and each MVP is one of its year's."""
    assert not offers(2024, APP_PLUS)
    assert offers(2025, APP_PLUS)
    for one in drawn():
        offered = {MIPS, APP, pathway(one.year, one.specialty)}
        assert one.program in offered or offers(one.year, one.program)


def test_most_specialties_have_an_mvp_with_measures_enough() -> None:
    """One whose measures are in none reports traditional MIPS instead."""
    for year in years_to_play():
        found = {item: pathway(year, item) for item in SPECIALTIES}
        named = {item: mvp for item, mvp in found.items() if mvp is not None}

        assert len(named) > len(SPECIALTIES) / 3
        assert all(
            len(choices(year, item, "registry", mvp)) >= 4
            for item, mvp in named.items()
        )
    assert None in {pathway(2024, item) for item in SPECIALTIES}


def test_rosters_come_in_chunks_and_some_come_again() -> None:
    """Of the first version all chunks are sent; of some there is a second one."""
    versions: dict[Any, dict[int, int]] = defaultdict(dict)
    for document in of_feed("roster"):
        name = (*entity(document), document["rosterId"], document["chunks"])
        versions[name][document["chunk"]] = len(document["members"])
    whole = {name: parts for name, parts in versions.items() if name[-1] == len(parts)}

    assert any(len(parts) > 1 for parts in whole.values())
    assert max(max(parts.values()) for parts in versions.values()) == CHUNK
    # Chunks that contradict the others are alone.
    assert {len(parts) for name, parts in versions.items() if name not in whole} == {1}
    assert {name[-2] for name in whole} == {"R1", "R2"}


def test_some_members_leave_and_some_join() -> None:
    """A second version has others than the first; a few memberships have dates."""
    members: dict[Any, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    dated = set()
    for document in of_feed("roster"):
        listed = members[entity(document)][document["rosterId"]]
        for item in document["members"]:
            listed.add(item["nationalProviderIdentifier"])
            dated |= item.keys() & {"from", "to"}
    changed = [found for found in members.values() if len(found) > 1]

    assert changed
    assert all(found["R1"] - found["R2"] for found in changed)
    assert any(found["R2"] - found["R1"] for found in changed)
    assert dated == {"from", "to"}


def test_contradicting_late_and_withdrawing_documents_occur() -> None:
    """Each is right by itself; only who remembers knows better."""
    kinds = Counter(message.kind for message in sent())

    assert kinds["contradicting roster"] > 0
    assert kinds["late chunk"] > 0
    assert kinds["withdrawal"] > 0
    assert all(
        judge_feed(message.value).fate == ACCEPTED
        for message in sent()
        if message.topic == FEEDS
    )


def test_some_withdraw_one_set_and_some_all() -> None:
    """By the same sender, which alone can take back what it sent."""
    taken = [
        len(document.get("measurementSets", [document]))
        for message in sent()
        if message.kind == "withdrawal"
        for document in [json.loads(message.value or b"")]
    ]

    assert min(taken) == 1 < max(taken)


def test_elections_and_registrations_come_from_those_who_make_them() -> None:
    """Who forgets to elect, and who registers late or never, is there as well."""
    elected = Counter(document["election"] for document in of_feed("election"))
    forgetful = [
        one
        for one in drawn()
        if one.standing.volume == "between" and one.standing.election is None
    ]

    assert {"optIn", "voluntary", "participateAsPartialQp"} <= elected.keys()
    assert forgetful
    assert {
        kind_of_program(item["programName"])
        for document in of_feed("registration")
        for item in document["registrations"]
    } == {"mvp"}


def test_outcomes_of_every_kind_are_drawn() -> None:
    """From who must report to who is excluded, by the law of the year."""
    found: Counter[tuple[str, str]] = Counter()
    elections = {entity(one): one for one in of_feed("election")}
    for document in of_feed("profile"):
        year, kind = document["performanceYear"], document["entityType"]
        made = determine(
            kind,
            document.get("eligibility"),
            elections.get(entity(document)),
            rules(year).eligibility,
            year=year,
        )
        found[made.outcome, made.reason] += 1

    outcomes, reasons = ({pair[part] for pair in found} for part in (0, 1))
    assert outcomes == {
        "required",
        "optInEligible",
        "optedIn",
        "voluntary",
        "voluntaryReporter",
        "excluded",
        "unknown",
    }
    assert {"qp", "partialQpNotElected", "newlyEnrolled", "clinicianType"} <= reasons
    assert found["required", "aboveLowVolume"] > sum(found.values()) / 2


def test_facts_show_the_statuses_that_a_practice_has() -> None:
    """Whether CMS gives them or its facts show them, they are the same."""
    told = Counter[bool]()
    for number, one in enumerate(drawn()[:400]):
        if one.group_tin is not None:
            continue
        written = profile(one, draw("profile", number), with_roster=False)
        facts = written.get("eligibility")
        book = rules(one.year).eligibility
        shown = determine(one.entity_type, facts, None, book, year=one.year).statuses
        found = united(written["specialStatuses"], shown, book).names

        missing = set(one.statuses) - found
        # Of two places of service a clinician's facts show the one of most services.
        assert missing <= {"hospitalBased", "ascBased"}
        told[bool(shown)] += 1

    assert told[True] > told[False] > 0
