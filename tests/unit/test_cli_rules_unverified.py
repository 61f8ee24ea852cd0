"""``qppflow rules unverified``: what is assumed, and how many points hang on it."""

import json
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from typing import Any, Self

import pytest

from qpp import library
from qpp.inputs import ScoreInput
from qpp.mips.scoring import Law, score
from qpp.rule_choices import other_readings, with_value
from qpp.rule_text import provisions
from qppflow.cli import rules
from qppflow.cli.rules_reference import from_examples, from_population
from qppflow.cli.rules_register import register
from qppflow.demo.years import years_to_play
from qppflow.runtime import resources
from qppflow.runtime.law import law_of
from tests.helpers.cli import run, too_wide

pytestmark = pytest.mark.slow

FEW = 60


def one_line(text: str) -> str:
    """Undo the wrapping of a terminal."""
    return " ".join(text.split())


def of(year: int, size: int = FEW) -> list[ScoreInput]:
    """Give the examples of a year, and its part of a small population."""
    both = [*from_examples([year]), *from_population(size, 1, years_to_play())]
    return [item for item in both if item.performance_year == year]


def told(_done: int, _total: int) -> None:
    """Hear nothing of the progress."""


@pytest.mark.parametrize("year", library.years())
def test_the_register_holds_every_unverified_provision(year: int) -> None:
    """Each once, with its note."""
    found = register(law_of(year), [], told)

    assert [item.rule for item in found] == [
        item for item in provisions(library.rules(year)) if item.status == "unverified"
    ]
    assert all(item.rule.note for item in found)
    assert {item.scores for item in found} == {0}


def test_the_change_is_measured_by_scoring_twice() -> None:
    """As whoever does it by hand finds it."""
    law, entities = law_of(2026), of(2026)
    path = "promoting_interoperability.false_is_missing"
    other = Law(with_value(law.rules, path, value=False), law.catalogue)
    carrying = [
        (Decimal(made.score["finalScore"]), item)
        for item in entities
        if f"unverified:{path}" in (made := score(item, law)).score["assumptions"]
    ]
    moved = [
        abs(points - Decimal(score(item, other).score["finalScore"]))
        for points, item in carrying
    ]

    (found,) = [
        item for item in register(law, entities, told) if item.rule.path == path
    ]

    (effect,) = found.effects
    assert found.scores == len(moved) > 0
    assert effect.reading is False
    assert effect.largest == max(moved) > 0
    assert effect.changed == sum(map(bool, moved))
    assert effect.mean == sum(moved) / len(moved)


@pytest.mark.parametrize("year", years_to_play())
def test_no_score_moves_that_does_not_say_what_it_assumes(year: int) -> None:
    """A value that were used and not declared would move one."""
    law, entities = law_of(year), of(year)
    scored = [(item, score(item, law, explain=False)) for item in entities]
    silent = []
    for rule in provisions(law.rules):
        for reading in other_readings(law.rules, rule) if rule.assumption else ():
            other = Law(with_value(law.rules, rule.path, reading), law.catalogue)
            silent += [
                rule.path
                for item, made in scored
                if rule.assumption not in made.payment["assumptions"]
                and score(item, other, explain=False).score["finalScore"]
                != made.score["finalScore"]
            ]

    assert len(scored) > FEW
    assert silent == []


def test_a_reading_that_the_data_cannot_follow_is_told() -> None:
    """Activities have no weights any more, so nobody can count by them."""
    found = {item.rule.path: item for item in register(law_of(2026), of(2026), told)}

    (effect,) = found["improvement_activities.formula"].effects
    assert effect.reading == "by_weight"
    assert not effect.computable
    assert found["improvement_activities.formula"].scores > 0


def test_the_register_tells_how_far_it_is() -> None:
    """Provision by provision, the last one at the end."""
    heard: list[tuple[int, int]] = []

    found = register(law_of(2024), [], lambda done, total: heard.append((done, total)))

    assert heard == [(number, len(found)) for number in range(1, len(found) + 1)]


def test_the_same_seed_measures_the_same() -> None:
    """A figure that somebody cites can be found again."""
    words = ("rules", "unverified", "--year", 2025, "--practices", FEW, "--json")

    assert run(*words).stdout == run(*words).stdout
    assert run(*words).stdout != run(*words, "--seed", 2).stdout


def test_an_installed_program_measures_on_the_population_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Examples are in a source checkout only."""
    monkeypatch.setattr(resources, "schemas", lambda: resources.data_root() / "none")

    assert list(from_examples(library.years())) == []
    assert len(list(from_population(FEW, 1, library.years()))) >= FEW - 20


def test_a_year_that_the_demo_does_not_play_is_measured_on_examples_alone() -> None:
    """Of 2017 there are none, so its values are counted and no score is."""
    ended = run("rules", "unverified", "--year", 2017, "--practices", FEW)

    assert list(from_population(FEW, 1, [2017])) == []
    assert ended.exit_code == 0
    assert one_line(ended.stdout).startswith("Measured on 0 of 2017: ")


def test_the_register_is_printed_with_what_matters_first() -> None:
    """Why it is assumed, its source, and a line a year with the figures."""
    ended = run("rules", "unverified", "--practices", FEW)

    assert ended.exit_code == 0
    assert ended.stderr == ""
    assert too_wide(ended.stdout) == []
    words = one_line(ended.stdout)
    assert words.startswith("Measured on ")
    assert f"population ({FEW} practices, seed 1)" in words
    assert "A rate of 0 was the alternative" in words
    assert "no other reading is computed." in words
    assert "With by_weight: cannot be computed with the data of 2026." in words
    assert "With other: excluded: " in words
    assert "or nobody met it. With" not in words
    assert "No score carries it: it decides what is accepted" in words
    assert "1 score carries it. With no: 1 of 1 change, by at most 22.5 points" in words
    titles = [
        line for line in ended.stdout.splitlines() if line and not line.startswith(" ")
    ]
    assert titles.index("promoting_interoperability.false_is_missing") < titles.index(
        "quality.ties"
    )


def test_the_register_for_programs() -> None:
    """Figures as text; null where another reading cannot be computed."""
    ended = run("rules", "unverified", "--year", 2026, "--practices", FEW, "--json")
    found: dict[str, Any] = json.loads(ended.stdout)

    measured = found["measuredOn"]
    assert (measured["practices"], measured["seed"]) == (FEW, 1)
    assert measured["scores"]["2026"] > measured["examples"] > 50
    by_path = {item["path"]: item for item in found["provisions"]}
    formula = by_path["improvement_activities.formula"]
    assert formula["otherReadings"] == [
        {
            "value": "by_weight",
            "changed": None,
            "largestChange": None,
            "meanChange": None,
        }
    ]
    missing = by_path["promoting_interoperability.false_is_missing"]
    assert missing["performanceYear"] == 2026
    assert missing["status"] == "unverified"
    assert missing["note"].startswith("A required measure answered no")
    assert missing["otherReadings"][0]["largestChange"] == "22.5000"


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a pipe does not."""
    begun: list[str] = []

    class FakeMeter:
        """Notes what would be shown."""

        def __init__(self, title: str) -> None:
            begun.append(title)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_error: object) -> None:
            begun.append("ended")

        def __call__(self, done: int, total: int) -> None:
            begun.append(f"{done}/{total}")

    class Terminal:
        is_terminal = True

        def status(self, what: str) -> AbstractContextManager[None]:
            begun.append(what)
            return nullcontext()

    monkeypatch.setattr(rules, "Meter", FakeMeter)
    monkeypatch.setattr(rules, "err", Terminal)

    run("rules", "unverified", "--year", 2026, "--practices", 0)

    assert begun[:2] == ["Making 0 practices and what they send", "Scoring 2026"]
    assert begun[2].startswith("1/")
    assert begun[-1] == "ended"
