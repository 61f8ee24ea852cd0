"""What CONTRIBUTING.md, the Makefile and the index of decisions point to exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DECISIONS: Final = ROOT / "docs" / "adr"
QUOTED: Final = re.compile(r"`([^`]+)`")
TARGET: Final = re.compile(r"^([a-z][a-z-]*):(.*)$", re.MULTILINE)
SUFFIXES: Final = (".md", ".toml", ".py", ".yml", ".lock")


def rows(text: str) -> list[str]:
    """Give the rows of the tables of a page."""
    return [line for line in text.splitlines() if line.startswith("|")]


def paths(text: str) -> Iterator[str]:
    """Yield what is quoted in the tables of a page and has a path's form."""
    for row in rows(text):
        for quoted in QUOTED.findall(row):
            if " " not in quoted and ("/" in quoted or quoted.endswith(SUFFIXES)):
                yield quoted


def asked(text: str) -> Iterator[str]:
    """Yield the targets that a page tells its readers to make."""
    for quoted in QUOTED.findall(text):
        if quoted.startswith("make "):
            yield quoted.removeprefix("make ").split()[0]


def targets(makefile: str) -> dict[str, bool]:
    """Give each target of a Makefile, and whether ``make help`` explains it."""
    return {name: "## " in rest for name, rest in TARGET.findall(makefile)}


def phony(makefile: str) -> list[str]:
    """Give the targets that a Makefile promises in ``.PHONY``."""
    return [
        name
        for line in makefile.splitlines()
        if line.startswith(".PHONY:")
        for name in line.removeprefix(".PHONY:").split()
    ]


def test_every_path_of_the_table_exists() -> None:
    """Whoever wants to change something finds the place at once."""
    found = list(paths((ROOT / "CONTRIBUTING.md").read_text("utf-8")))

    assert len(found) > 10
    assert [path for path in found if not (ROOT / path).exists()] == []


def test_every_target_that_contributors_are_told_exists() -> None:
    """Instructions can be followed to the letter."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = set(asked((ROOT / "CONTRIBUTING.md").read_text("utf-8")))

    assert {"quick", "test"} <= told
    assert told - set(targets(makefile)) == set()


def test_make_help_explains_every_target() -> None:
    """A target that no help names is known to its author alone."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = targets(makefile)

    assert [name for name, explained in found.items() if not explained] == []
    assert sorted(set(phony(makefile)) ^ set(found)) == []


def test_the_index_names_every_decision_once() -> None:
    """Decisions are numbered without a gap, and each has its line in the index."""
    files = sorted(file.name for file in DECISIONS.glob("[0-9]*.md"))
    index = (DECISIONS / "README.md").read_text("utf-8")
    linked = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", index)

    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert linked == files


def test_a_dead_path_is_caught() -> None:
    """Its twin: a path of a table that is not there; a command is no path."""
    page = "`x/y`\n| a | `qpp/nowhere.py`, `last_checked` | `make lock all` |\n"

    assert list(paths(page)) == ["qpp/nowhere.py"]
    assert not (ROOT / "qpp/nowhere.py").exists()
    assert list(asked(page)) == ["lock"]


@pytest.mark.parametrize("rule", ["demo: setup", "demo:", "demo: # no help"])
def test_a_target_without_help_is_caught(rule: str) -> None:
    """Its twin: one hash is a remark, not help."""
    makefile = f".PHONY: demo gone\nsetup: $(STAMP) ## Install\n{rule}\n\tcommand: x\n"

    assert targets(makefile) == {"setup": True, "demo": False}
    assert phony(makefile) == ["demo", "gone"]
