"""`qppflow eligibility` joins profiles and elections, and tells what they make."""

from pathlib import Path

import pytest

from qpp.eligibility import outcome as words
from qppflow.cli.assumptions import SENTENCES
from qppflow.cli.eligibility_words import CHANGES, MEANINGS, REASONS
from qppflow.cli.exits import Exit
from tests.helpers.cli import Json, feed_about, lines, profile, put, run, too_wide
from tests.helpers.submissions import NPI, TIN

SEGMENT: Json = {
    "segment": 1,
    "allowedCharges": "90000.00",
    "beneficiaries": 201,
    "coveredServices": 201,
    "clinicians": 15,
    "inRuralArea": True,
}


def facts(**changed: object) -> Json:
    """Make an individual's profile with the facts of one segment."""
    return profile(
        eligibility={
            "clinicianType": "physician",
            "segments": [{**SEGMENT, **changed}],
        }
    )


def election(word: str = "optIn", on: str = "2026-02-01") -> Json:
    """Make an election of the same individual."""
    return feed_about(feed="election", election=word, electedOn=on)


def test_an_outcome_is_told_with_all_that_rests_on_it(tmp_path: Path) -> None:
    """Reasons with paragraphs, statuses, what would change it; no line too wide."""
    file = put(tmp_path, "profile.json", facts())

    ended = run("eligibility", file)

    text = " ".join(ended.stdout.split())
    assert ended.exit_code == Exit.OK
    assert "optInEligible: this individual of 2025 may opt in" in text
    assert "allowed charges of 90000 dollars do not exceed 90000" in text
    assert "42 CFR 414.1305" in text
    assert "Special statuses: rural, smallPractice" in text
    assert "of which the facts add: rural" in text
    assert "Electing to opt in, from 2025-01-01 to 2026-03-31" in text
    assert "unverified:eligibility.given_statuses" in text
    assert "The election changes nothing." not in text
    assert too_wide(ended.stdout) == []
    assert TIN not in ended.output
    assert NPI not in ended.output


def test_statuses_that_cms_gave_already_add_nothing(tmp_path: Path) -> None:
    """Where facts and profile agree nothing is assumed."""
    agreed = {**facts(), "specialStatuses": ["rural", "smallPractice"]}

    ended = run("eligibility", put(tmp_path, "profile.json", agreed))

    assert "Special statuses: rural, smallPractice" in ended.stdout
    assert "of which the facts add" not in ended.stdout
    assert "Rests on" not in ended.stdout


def test_an_election_is_joined_with_its_profile(tmp_path: Path) -> None:
    """Whatever the order of the files; opting in stands."""
    files = [
        put(tmp_path, "2.json", election("voluntary", "2026-02-02")),
        put(tmp_path, "1.json", election()),
        put(tmp_path, "profile.json", facts()),
    ]

    ended = run("eligibility", *files, "--json")

    [line] = lines(ended)
    assert ended.exit_code == Exit.OK
    assert line["eligibility"]["outcome"] == "optedIn"
    assert line["election"] == "optIn"
    assert line["documents"] == [str(file) for file in files]
    assert "unverified:eligibility.irrevocable_elections" in line["assumptions"]
    assert line["specialStatuses"] == ["rural", "smallPractice"]
    assert TIN not in ended.output


def test_an_election_that_changes_nothing_is_told(tmp_path: Path) -> None:
    """Who has to report cannot opt in."""
    above = put(tmp_path, "above.json", facts(allowedCharges="90000.01"))

    ended = run("eligibility", above, put(tmp_path, "election.json", election()))

    assert "The election changes nothing." in ended.stdout
    assert "required: " in ended.stdout


def test_an_election_alone_leaves_the_outcome_unknown(tmp_path: Path) -> None:
    """Without figures nobody can say; an APM entity is known by its id."""
    alone = {**election(), "entityType": "apm", "entityId": "A1001"}
    del alone["taxpayerIdentificationNumber"], alone["nationalProviderIdentifier"]

    ended = run("eligibility", put(tmp_path, "election.json", alone))

    assert ended.exit_code == Exit.OK
    assert "unknown: this APM entity of 2025" in ended.stdout
    assert "eligibility-not-declared" in ended.stdout
    assert "changes nothing" not in ended.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_wrong_feed_is_told_and_the_rest_judged(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    """The command ends with 1."""
    wrong = put(tmp_path, "wrong.json", facts(segment=3))
    right = put(tmp_path, "right.json", facts())

    ended = run("eligibility", wrong, right, *options)

    assert ended.exit_code == Exit.NOT_ACCEPTED
    assert "MIPS-STR-004" in ended.stdout
    assert "optInEligible" in ended.stdout


def test_another_feed_is_wrong_usage(tmp_path: Path) -> None:
    """It says nothing about eligibility."""
    bonus = feed_about(feed="complex-patient-bonus", points="3")

    ended = run("eligibility", put(tmp_path, "bonus.json", bonus))

    assert ended.exit_code == Exit.USAGE
    assert "takes profile and election, this is complex-patient-bonus" in ended.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The command ends with 2."""
    ended = run("eligibility", tmp_path / "nothing.json")

    assert ended.exit_code == Exit.USAGE


def test_a_profile_that_replaces_another_is_told(tmp_path: Path) -> None:
    """The last one counts; the same one again is no news."""
    first, again = put(tmp_path, "1.json", facts()), put(tmp_path, "2.json", facts())
    other = put(tmp_path, "3.json", facts(allowedCharges="90000.01"))

    ended = run("eligibility", first, again, other)

    assert ended.stderr.count("another profile of the same entity") == 1
    assert "required: " in ended.stdout


def test_every_word_has_its_sentence() -> None:
    """A word that nobody explains would end the command with an error."""
    names = {
        name: value
        for name, value in vars(words).items()
        if name.isupper() and isinstance(value, str)
    }
    assumptions = {value for value in names.values() if "-" in value}

    assert set(MEANINGS) == set(words.OUTCOMES)
    assert set(REASONS) == set(CHANGES)
    assert set(names.values()) == set(MEANINGS) | set(REASONS) | assumptions
    assert assumptions <= set(SENTENCES)
