"""Feeds and sets joined into the input of a score."""

from typing import Any

import pytest

from qpp.feeds import NAMES, compose, law_set, registration_for
from qpp.inputs import Registration, read_input
from qppflow.cli.feeds import entity

QUALITY = {"category": "quality", "submissionMethod": "registry", "measurements": []}
GONE = {"category": "quality", "submissionMethod": "registry", "withdrawn": True}
CHOSEN: dict[str, Any] = {
    "feed": "registration",
    "entityId": "A1",
    "registrations": [
        {"programName": "app1"},
        {
            "programName": "G0055",
            "populationHealthMeasure": "484",
            "outcomesMeasure": "492",
            "registeredOn": "2025-04-01",
        },
    ],
}


def test_an_input_names_its_program_and_what_was_chosen_for_it() -> None:
    """The day of registration and whom it is about stay outside."""
    feeds = {"registration": CHOSEN}

    written = compose(2025, "apm", [QUALITY], feeds, program_name="G0055")

    assert written["programName"] == "G0055"
    assert written["registration"] == {
        "populationHealthMeasure": "484",
        "outcomesMeasure": "492",
    }
    read = read_input({**written, "measurementSets": []}, "mips")
    assert read.registration == Registration("484", "492")
    assert "A1" not in str(written)


@pytest.mark.parametrize(
    ("program", "feed", "chosen"),
    [
        (None, CHOSEN, None),
        ("G0059", CHOSEN, None),
        ("G0055", None, None),
        ("app1", CHOSEN, {"populationHealthMeasure": None, "outcomesMeasure": None}),
    ],
)
def test_a_registration_is_found_by_its_program(
    program: str | None, feed: dict[str, Any] | None, chosen: dict[str, Any] | None
) -> None:
    """Registered without a choice is not the same as not registered."""
    assert registration_for(program, feed) == chosen


def test_a_withdrawn_set_is_none_to_score() -> None:
    """What is left of it only empties its place."""
    sets = [law_set({**item, "cehrtId": "x"}) for item in (GONE, QUALITY)]

    written = compose(2025, "group", sets, {})

    assert sets == [GONE, QUALITY]
    assert written["measurementSets"] == [QUALITY]
    assert written["programName"] is None
    assert read_input({**written, "measurementSets": []}, "mips").program_name == "mips"


def test_the_entity_id_of_a_feed_is_no_figure() -> None:
    """Only its own fields are scored."""
    feed = {"feed": "prior-scores", "entityId": "A1", "costPercent": "50"}

    written = compose(2025, "apm", [], {"prior-scores": feed})

    assert written["priorScores"] == {"costPercent": "50"}


def test_feeds_are_found_by_the_entity_id() -> None:
    """Two entities of one kind and year differ by nothing else."""
    one = {"performanceYear": 2025, "entityType": "apm", "entityId": "A1"}

    assert entity(one) == entity({**one, "feed": "profile"})
    assert entity(one) != entity({**one, "entityId": "A2"})


def test_every_feed_has_one_name() -> None:
    """The new ones stand beside the old."""
    assert len(set(NAMES)) == len(NAMES)
    assert {"roster", "registration", "paid-amount"} <= set(NAMES)
