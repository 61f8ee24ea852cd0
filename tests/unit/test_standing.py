"""What an entity is, joined into what it is scored on: eligibility and statuses."""

from dataclasses import replace
from typing import Any

import pytest

from qpp import library
from qpp.feeds import compose
from qpp.mips.rules import MipsRules
from qpp.standing import score_input_of

RULES = library.rules(2025)
ABOVE = {
    "segment": 1,
    "allowedCharges": "90000.01",
    "beneficiaries": 201,
    "coveredServices": 201,
    "clinicians": 15,
}
MAY_OPT_IN = {**ABOVE, "beneficiaries": 200, "coveredServices": 200}


def profile(*statuses: str, **facts: object) -> dict[str, Any]:
    """Write a profile; *facts* are those that decide on eligibility."""
    told: dict[str, Any] = {"specialStatuses": list(statuses)}
    return {**told, "eligibility": facts} if facts else told


def given(
    feeds: dict[str, Any], kind: str = "group", rules: MipsRules = RULES
) -> dict[str, Any]:
    """Write the score input of an entity without sets."""
    return score_input_of(kind, [], feeds, rules, program_name="mips")


@pytest.mark.parametrize("mock", [False, True])
def test_without_a_profile_it_is_what_the_feeds_say_and_nothing_more(
    mock: bool,  # noqa: FBT001 - a case
) -> None:
    """Nobody knows what the entity is, and the input does not pretend to."""
    written = score_input_of(
        "group", [], {}, RULES, program_name="mips", with_mock_benchmarks=mock
    )

    assert written == compose(
        2025, "group", [], {}, program_name="mips", with_mock_benchmarks=mock
    )
    assert "eligibility" not in written


def test_statuses_that_the_facts_show_stand_beside_those_that_cms_gave() -> None:
    """Fifteen clinicians are a small practice; nobody had to say so."""
    written = given({"profile": profile("rural", segments=[ABOVE])})

    assert written["profile"] == {"specialStatuses": ["rural", "smallPractice"]}
    assert written["eligibility"] == "required"


def test_sixteen_clinicians_are_no_small_practice() -> None:
    """The twin of the test above."""
    facts = [{**ABOVE, "clinicians": 16}]

    written = given({"profile": profile("rural", segments=facts)})

    assert written["profile"] == {"specialStatuses": ["rural"]}


def test_the_facts_may_be_told_to_count_alone() -> None:
    """Which of the two counts is a word of the rule file."""
    word = replace(RULES.eligibility.given_statuses, value="derived_alone")
    alone = replace(RULES, eligibility=replace(RULES.eligibility, given_statuses=word))

    written = given({"profile": profile("rural", segments=[ABOVE])}, rules=alone)

    assert written["profile"] == {"specialStatuses": ["smallPractice"]}


@pytest.mark.parametrize(
    ("election", "outcome"),
    [
        (None, "optInEligible"),
        ("optIn", "optedIn"),
        ("voluntary", "voluntaryReporter"),
    ],
)
def test_an_election_counts_where_it_may_be_made(
    election: str | None, outcome: str
) -> None:
    """One threshold is exceeded, two are only met."""
    feeds: dict[str, Any] = {"profile": profile(segments=[MAY_OPT_IN])}
    if election is not None:
        feeds["election"] = {"election": election, "electedOn": "2025-11-30"}

    assert given(feeds)["eligibility"] == outcome


def test_a_profile_without_facts_leaves_eligibility_unknown() -> None:
    """The score says that it takes something for granted."""
    written = given({"profile": profile("smallPractice")})

    assert written["eligibility"] == "unknown"
    assert "eligibility-not-declared" in written["assumptions"]
    assert written["profile"] == {"specialStatuses": ["smallPractice"]}


def test_a_profile_with_facts_assumes_nothing_of_that_kind() -> None:
    """The twin of the test above; what it takes for granted is in order."""
    written = given({"profile": profile(segments=[ABOVE])})

    assert "eligibility-not-declared" not in written["assumptions"]
    assert written["assumptions"] == sorted(written["assumptions"])


def test_a_clinicians_profession_may_exclude_her() -> None:
    """What kind of entity it is decides what is asked."""
    facts = profile(segments=[ABOVE], clinicianType="midwife of no list")

    assert given({"profile": facts}, "individual")["eligibility"] == "excluded"
    assert given({"profile": facts}, "group")["eligibility"] == "required"
