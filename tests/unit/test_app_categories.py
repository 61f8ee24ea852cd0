"""The APP beyond quality: activities, cost, lists of measures, the APM's credit."""

import pytest

from qpp.library import catalogue
from qpp.mips.scoring import PARTS, Law, activities_part, cost_part, score
from qpp.numbers import plain
from qpp.results import CategoryScore
from tests.helpers.law import YEARS, a_set, amended, book, entity, interoperability, law

PARTICIPANT = ("apmParticipant",)


def period(year: int) -> dict[str, str]:
    """Give the whole year as the period of a set."""
    return {"start": f"{year}-01-01", "end": f"{year}-12-31"}


def figures(found: CategoryScore) -> str:
    """Put the figures of a category into words."""
    assert found.percent is not None
    figure = [plain(item) for item in (found.percent, found.points, found.possible)]
    return "{} percent, {} of {}".format(*figure)


@pytest.mark.parametrize("year", YEARS)
def test_participation_is_worth_all_activities(year: int) -> None:
    """Nothing has to be attested; that it is 100 percent is declared."""
    found = activities_part(entity(year, programName="app1"), law(year))

    assert figures(found) == "100 percent, 40 of 40"
    assert found.assumptions == {"unverified:programs.app_ia"}
    assert (found.has_data, found.cancels_reweighting) == (False, False)


@pytest.mark.parametrize(("answer", "cancels"), [(True, True), (False, False)])
def test_an_attested_activity_is_data_all_the_same(
    *, answer: bool, cancels: bool
) -> None:
    """It brings an approved category's weight back, and the points stay."""
    sent = a_set("ia", {"IA_HIGH_1": answer})
    found = activities_part(entity(sets=[sent], programName="app1"), law(2025))

    assert found.percent == 100
    assert (found.has_data, found.cancels_reweighting) == (True, cancels)


def test_another_share_gives_other_points() -> None:
    """CMS may set the value of participation anew."""
    rules = amended(book(2025), programs__app_ia=50)
    found = activities_part(entity(programName="app1"), Law(rules, law(2025).catalogue))

    assert figures(found) == "50 percent, 20 of 40"


def test_cost_is_not_scored() -> None:
    """Neither costs nor their absence say anything in the APP."""
    costs = {"measures": [{"measureId": "TPCC_1", "score": "1", "caseCount": 20}]}
    given = cost_part(entity(costs=costs, programName="app1"), law(2025))
    absent = cost_part(entity(programName="app1"), law(2025))

    assert given == absent
    assert (given.percent, given.assumptions) == (None, frozenset())
    assert [step.rule.path for step in given.steps] == ["programs.app_cost"]


@pytest.mark.parametrize("year", YEARS)
def test_the_lists_of_measures_are_those_of_the_catalogue(year: int) -> None:
    """Every measure CMS opens to the program has a slot, or is computed by CMS."""
    rules, facts = book(year).programs, catalogue(year)
    surveys = {name for name in facts.quality if name.startswith("CAHPS_")}

    for program, slots in rules.app_slots.value.items():
        listed = {name for names in slots.values() for name in names}
        listed |= set(rules.app_claims_measures.value[program])
        opened = {
            item.measure_id
            for item in facts.quality.values()
            if program in item.allowed_programs
        }
        assert listed == opened - surveys


@pytest.mark.parametrize("year", YEARS)
def test_app_plus_begins_in_2025(year: int) -> None:
    """In 2024 there is the APP alone."""
    programs = set(book(year).programs.app_slots.value)

    assert programs == {"app1"} | ({"appPlus"} if year > 2024 else set())


@pytest.mark.parametrize("year", YEARS)
def test_a_full_app_score_says_its_program(year: int) -> None:
    """The score names the program and rests on its rules."""
    found = score(entity(year, programName="app1"), law(year))

    assert found.score["programName"] == "app1"
    assert "programs.app_ia" in {item["rule"] for item in found.explanation}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("category", "answers"),
    [
        ("quality", {}),
        ("pi", interoperability()),
        ("ia", {"IA_PCMH": False, "IA_MEDIUM_1": True}),
    ],
)
def test_a_participant_of_an_apm_gets_half_once_anything_was_sent(
    year: int, category: str, answers: dict[str, object]
) -> None:
    """An activity, a quality set or a PI set is enough for 20 of 40."""
    sent = a_set(category, answers, **period(year))
    found = activities_part(entity(year, [sent], PARTICIPANT), law(year))

    assert figures(found) == "50 percent, 20 of 40"
    assert activities_part(entity(year, [sent]), law(year)).points < 20 or year > 2024


@pytest.mark.parametrize(
    "sets", [[], [a_set("ia", {"IA_HIGH_1": False})]], ids=["nothing", "a no"]
)
def test_a_participant_who_sent_nothing_gets_nothing(
    sets: list[dict[str, object]],
) -> None:
    """Neither silence nor an activity that was not performed is enough."""
    found = activities_part(entity(sets=sets, statuses=PARTICIPANT), law(2025))

    assert figures(found) == "0 percent, 0 of 40"
    assert "improvement_activities.apm_credit_needs" in [
        step.rule.path for step in found.steps
    ]


@pytest.mark.parametrize(
    ("names", "points"),
    [
        # Medium 10, high 20: below, at and above the half.
        (("IA_MEDIUM_1",), 20),
        (("IA_HIGH_1",), 20),
        (("IA_HIGH_1", "IA_MEDIUM_1"), 30),
    ],
)
def test_the_credit_is_a_minimum(names: tuple[str, ...], points: int) -> None:
    """It raises what is below half of the points, and nothing else."""
    sent = a_set("ia", dict.fromkeys(names, True), **period(2024))
    found = activities_part(entity(2024, [sent], PARTICIPANT), law(2024))

    assert found.points == points


def test_another_credit_gives_other_points() -> None:
    """The points of the credit are the rule file's."""
    rules = amended(book(2025), improvement_activities__apm_credit=30)
    who = entity(sets=[a_set("quality", {})], statuses=PARTICIPANT)

    assert activities_part(who, Law(rules, law(2025).catalogue)).points == 30


def test_without_a_profile_there_is_no_credit() -> None:
    """Nobody knows whether the entity takes part in an APM."""
    who = entity(sets=[a_set("quality", {})], statuses=None)

    assert PARTS["ia"](who, law(2025)).points == 0
