"""No committed file names a package registry's host, or where it was written."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
# Neither committed nor ours: what tools keep beside the source.
PASSED_OVER: Final = frozenset({"__pycache__", "build", "dist", "node_modules"})
# Dotted folders are caches, but for those that are part of the project.
KEPT: Final = frozenset({".ci", ".github"})
LOCAL: Final = frozenset({".env", ".coverage"})

# Installers find packages by their own settings, so that a mirror serves as well. Each
# word is in pieces, or this file would be the first to hold it.
HOSTS: Final = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("repo1", "maven", "org"),
    ("maven", "apache", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("crates", "io"),
    ("proxy", "golang", "org"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
    ("anaconda", "org"),
)
# The project speaks of itself alone, not of who wrote it with what.
WORDS: Final = (
    ("Anthro", "pic"),
    ("Cla", "ude"),
    ("Open", "AI"),
    ("Chat", "GPT"),
    ("Co", "pilot"),
    ("language ", "model"),
    ("house", "-style"),
    ("score", "card"),
    ("/tm", "p/brief"),
    ("issues ", "show"),
)


def _pattern() -> re.Pattern[str]:
    hosts = "|".join(re.escape(".".join(host)) for host in HOSTS)
    words = "|".join(re.escape("".join(word)) for word in WORDS)
    places = "(?<![\\w.])/wo" + "rk\\b|shared/(?:design|reference|hooks)"
    return re.compile(
        rf"(?<![\w-])(?:[\w-]+\.)*(?:{hosts})\b|{words}|{places}", re.IGNORECASE
    )


FORBIDDEN: Final = _pattern()


def files(root: Path) -> Iterator[Path]:
    """Yield the files of a tree that are, or can be, committed."""
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in PASSED_OVER
            and not name.endswith(".egg-info")
            and (name in KEPT or not name.startswith("."))
        ]
        yield from (
            Path(folder, name)
            for name in names
            if name not in LOCAL and not name.startswith(".coverage.")
        )


def named(text: str) -> list[str]:
    """List the forbidden words of a text, as they stand there."""
    return FORBIDDEN.findall(text)


def test_no_file_names_a_host_or_a_workplace() -> None:
    """Every text file of the tree is read, names of files included."""
    found: dict[str, list[str]] = {}
    seen = 0
    for file in files(ROOT):
        path = file.relative_to(ROOT).as_posix()
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            text = ""
        seen += 1
        if words := named(f"{path}\n{text}"):
            found[path] = words

    assert seen > 200
    assert found == {}


@pytest.mark.parametrize("host", [".".join(host) for host in HOSTS])
@pytest.mark.parametrize("form", ["https://{}/simple", "files.{}", "FROM {}/x"])
def test_a_host_is_caught(host: str, form: str) -> None:
    """Its twin: each host, in a URL, under a prefix and as the place of an image."""
    assert len(named(form.format(host))) == 1


@pytest.mark.parametrize("word", ["".join(word) for word in WORDS])
def test_a_word_of_the_workplace_is_caught(word: str) -> None:
    """Its twin: each word, however it is written."""
    assert named(f"made by {word.upper()}, kindly") == [word.upper()]


def test_a_path_of_the_workplace_is_caught() -> None:
    """Its twin: the folders of the machine it was written on."""
    place = "/wo" + "rk"

    pages = "sha" + "red/design"
    assert named(f"see {place}/main and ../{pages}/x.md") == [place, pages]


@pytest.mark.parametrize(
    "text",
    ["/workers", "my.npmjs.organic", "aiokafka", "build/works", "cdn.apache.org", "."],
)
def test_what_only_looks_similar_passes(text: str) -> None:
    """Longer words and other hosts are not meant."""
    assert named(text) == []


def test_only_what_can_be_committed_is_read(tmp_path: Path) -> None:
    """Caches, environments and secrets of a machine are passed over."""
    for name in (".venv/a.py", "qpp/__pycache__/a.pyc", ".env", ".ci/run", "qpp/b.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")

    read = {file.relative_to(tmp_path).as_posix() for file in files(tmp_path)}

    assert read == {".ci/run", "qpp/b.py"}
