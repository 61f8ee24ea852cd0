"""Help texts break where the terminal ends, their examples where they were broken."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
import typer

from qppflow.cli.help import flow_all, flowing
from qppflow.cli.main import app
from tests.helpers.cli import run, too_wide


def commands(group: typer.Typer, *words: str) -> Iterator[tuple[str, ...]]:
    """Name every command of the program, in the words that a user types."""
    for command in group.registered_commands:
        assert command.callback is not None
        yield (*words, command.name or command.callback.__name__)
    for below in group.registered_groups:
        if below.typer_instance is not None:
            yield from commands(below.typer_instance, *words, str(below.name))


@pytest.mark.parametrize("words", list(commands(app)), ids=" ".join)
def test_no_line_of_help_ends_in_the_middle_of_a_sentence(
    words: tuple[str, ...],
) -> None:
    """A line is cut only where the next word would not have fitted."""
    text = run(*words, "--help").stdout.partition("╭")[0]
    told = text[text.index("Usage:") :].splitlines()[1:]
    prose = [line.strip() for line in told if not line.startswith("   ")]

    for line, following in pairwise(prose):
        word = following.partition(" ")[0]
        if line and word and not line.endswith((".", ":", "?")):
            assert len(line) + 1 + len(word) > 78
    assert too_wide("\n".join(told)) == []


def test_paragraphs_flow_and_examples_stay() -> None:
    """Indented lines and empty ones are kept."""
    text = "Say it.\n\nOne line\nand its end.\n\nExamples:\n  qppflow\n\n  more"

    assert flowing(text) == (
        "Say it.\n\nOne line and its end.\n\nExamples:\n  qppflow\n\n  more"
    )


def test_a_help_text_of_its_own_is_kept() -> None:
    """Only docstrings were broken for a reader of code."""
    made = typer.Typer()

    @made.command(help="as\nit is")
    def one() -> None:
        """Say another.

        thing.
        """

    @made.command()
    def two() -> None:
        """Say it.

        Say another
        thing.
        """

    flow_all(made)

    told = [command.help for command in made.registered_commands]
    assert told == ["as\nit is", "Say it.\n\nSay another thing."]
