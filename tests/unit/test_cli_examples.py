"""The commands that the pages for newcomers show work on the examples they name."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.helpers.cli import lines, run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
README = (ROOT / "README.md").read_text("utf-8")
STEPS = README.partition("## First steps")[2].partition("\n\nSub")[0]
SHOWN = re.findall(r"^ +qppflow ((?:validate|score) .*)$", STEPS, re.MULTILINE)


REGISTRIES = (ROOT / "docs" / "registries.md").read_text("utf-8")
SESSIONS = re.findall(
    r"^    \$ qppflow ((?:validate|score) .*)\n((?:(?:    (?!\$).*)?\n)+)",
    REGISTRIES,
    re.MULTILINE,
)


def missing(shown: str, told: str) -> list[str]:
    """List the lines shown that are not told, in order; an ellipsis stands for some."""
    left = iter([line.rstrip() for line in told.splitlines()])
    lines_shown = (line.removeprefix("    ").rstrip() for line in shown.splitlines())
    return [
        line
        for line in lines_shown
        if line and "…" not in line and not any(line == one for one in left)
    ]


@pytest.mark.parametrize(("words", "shown"), SESSIONS)
def test_what_the_page_shows_is_what_the_command_tells(
    words: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the figure, so that a reader can compare."""
    monkeypatch.chdir(ROOT)

    ended = run(*shlex.split(words))

    assert missing(shown, ended.stdout) == []


def test_a_line_that_is_not_told_is_caught() -> None:
    """Its twin: another figure, and another order."""
    commands = [words.split()[0] for words, _ in SESSIONS]
    assert commands == ["validate", "validate", "score"]
    assert missing("    a 1\n    …\n\n    c\n", "a 1\nb\nc  \n") == []
    assert missing("    a 2\n", "a 1\n") == ["a 2"]
    assert missing("    c\n    a\n", "a\nc\n") == ["a"]


@pytest.mark.parametrize("words", SHOWN)
def test_the_first_steps_end_well(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newcomer's first commands answer, and not with a thousand lines."""
    monkeypatch.chdir(ROOT)

    ended = run(*shlex.split(words))

    assert ended.exit_code == 0, ended.output
    assert ended.stdout.startswith("accepted  examples/submission.json\n")
    assert len(ended.stdout.splitlines()) < 200
    assert not ended.stderr


def test_the_first_steps_show_both_commands() -> None:
    """A check of no command would prove nothing."""
    assert {words.split()[0] for words in SHOWN} == {"validate", "score"}
    assert re.search(r"qppflow submit examples/submission.json ", STEPS)


def test_the_example_feeds_are_about_the_example_submission() -> None:
    """With both of them every category is scored."""
    ended = run(
        "score", EXAMPLES / "submission.json", "--json",
        "--profile", EXAMPLES / "profile.json", "--costs", EXAMPLES / "costs.json",
    )  # fmt: skip

    (line,) = lines(ended)
    assert not line["findings"]
    assert not ended.stderr
    categories = line["score"]["categories"].values()
    assert all(item["withoutWeight"] is None for item in categories)
    assumed = set(line["payment"]["assumptions"])
    assert assumed.isdisjoint({"no-profile", "no-costs-given"})


@pytest.mark.parametrize("name", ["submission", "profile", "costs"])
def test_the_examples_are_about_nobody(name: str) -> None:
    """No TIN begins with 000, and no NPI with 0."""
    document = json.loads((EXAMPLES / f"{name}.json").read_bytes())

    assert document["taxpayerIdentificationNumber"].startswith("000")
    assert document["nationalProviderIdentifier"].startswith("0")
