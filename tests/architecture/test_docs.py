"""What the pages for readers name is there: commands, options, settings, paths, links.

A page is README.md or one of ``docs/``. Each check is a function of a page's text, and
has a twin that was seen to fail on a bad one.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import typer

from qpp.codes import Code
from qppflow.cli.main import app

Check: TypeAlias = Callable[[str], Iterator[str]]

ROOT: Final = Path(__file__).parents[2]
# What a reader is meant to start with, and the pages of decisions, which keep names
# that are gone.
READERS: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
EVERY: Final = (
    *READERS,
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
)
COMMANDS: Final[Any] = typer.main.get_command(app)

BLOCK: Final = re.compile(r"^```[\s\S]*?^```|(?:^ {4}.*\n?)+", re.MULTILINE)
SPAN: Final = re.compile(r"`([^`]+)`")
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
CALL: Final = re.compile(r"(?<![\w./-])qppflow +([^|;&>()]*)")
OPTION: Final = re.compile(r"--[a-z][a-z-]*")
VARIABLE: Final = re.compile(r"\bQPPFLOW_[A-Z][A-Z_]*[A-Z]\b")
CODE: Final = re.compile(r"\bMIPS-[A-Z]{3}-\d{3}\b")
TARGET: Final = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
YEAR_FOLDER: Final = re.compile(r"py20\d\d")
TOP: Final = frozenset(path.name for path in ROOT.iterdir() if path.is_dir())


def pieces(text: str) -> Iterator[str]:
    """Yield each quoted piece of a page: lines of blocks, and spans of prose."""
    for block in BLOCK.findall(text):
        yield from re.sub(r"\\\n\s*", "", block).splitlines()
    yield from spans(text)


def spans(text: str) -> Iterator[str]:
    """Yield what is quoted within prose, each on one line."""
    for quoted in SPAN.findall(BLOCK.sub("\n", text)):
        yield " ".join(quoted.split())


def options_of(command: Any) -> set[str]:  # noqa: ANN401 - Click's, which Typer hides
    """Give the options of a command, with both words of a switch."""
    named = {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    return {*named, "--help"}


def all_options(command: Any) -> set[str]:  # noqa: ANN401 - Click's, which Typer hides
    """Give the options of a command and of all below it."""
    found = options_of(command)
    for below in getattr(command, "commands", {}).values():
        found |= all_options(below)
    return found


def wrong_commands(text: str) -> Iterator[str]:
    """Yield each command line of qppflow that names what it does not have."""
    for piece in pieces(text):
        for call in CALL.findall(piece):
            yield from wrong_call(call)


def wrong_call(call: str) -> Iterator[str]:
    """Yield what one call of qppflow gets wrong; arguments may be anything."""
    known = COMMANDS
    for word in (found.strip("'\"`,.:") for found in call.split()):
        below = getattr(known, "commands", None)
        if option := OPTION.match(word):
            if option[0] not in options_of(known):
                yield f"qppflow {call.strip()}: no {option[0]}"
        elif below is not None and word and word != "…":
            if word not in below:
                yield f"qppflow {call.strip()}: no {word}"
                return
            known = below[word]


def wrong_options(text: str) -> Iterator[str]:
    """Yield each option that stands alone and that no command of ours has."""
    ours = all_options(COMMANDS)
    tools = (ROOT / "benchmarks", ROOT / "tests" / "mutation")
    for file in [file for folder in tools for file in folder.glob("*.py")]:
        ours |= set(re.findall(r'"(--[a-z-]+)"', file.read_text("utf-8")))
    for quoted in spans(text):
        if (option := OPTION.match(quoted)) and option[0] not in ours:
            yield option[0]


def wrong_variables(text: str) -> Iterator[str]:
    """Yield each setting that no service, command or deployment reads."""
    sources = [*(ROOT / "services").rglob("*.py"), ROOT / "docker-compose.yml"]
    code = "\n".join(file.read_text("utf-8") for file in sources)
    for name in VARIABLE.findall(text):
        field = name.removeprefix("QPPFLOW_").lower()
        if not re.search(rf"^    {field}: |\b{name}\b", code, re.MULTILINE):
            yield name


def wrong_codes(text: str) -> Iterator[str]:
    """Yield each finding code that was never given out."""
    yield from (code for code in CODE.findall(text) if code not in set(Code))


def wrong_targets(text: str) -> Iterator[str]:
    """Yield each target that the Makefile does not have."""
    known = TARGET.findall((ROOT / "Makefile").read_text("utf-8"))
    for piece in pieces(text):
        words = piece.split()
        if words[:1] == ["make"] and len(words) > 1 and words[1] not in known:
            yield f"make {words[1]}"


def wrong_paths(text: str) -> Iterator[str]:
    """Yield each path of the repository that is not there.

    A path begins with one of our folders. A year to come stands for the latest one.
    """
    for piece in pieces(text):
        for word in (found.strip("'\"`,.:;()$") for found in piece.split()):
            # A line of a file, or a test in it, follows a colon.
            path = word.partition(":")[0]
            top, slash, _ = path.partition("/")
            if not slash or top not in TOP or re.search(r"[<…*{@=]|\.\.", path):
                continue
            if not (ROOT / YEAR_FOLDER.sub("py2026", path)).exists():
                yield path


CHECKS: Final[tuple[Check, ...]] = (
    wrong_commands,
    wrong_options,
    wrong_variables,
    wrong_codes,
    wrong_targets,
    wrong_paths,
)


def anchors(text: str) -> set[str]:
    """Give the anchors that a page's headings have."""
    heads = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.strip().replace(" ", "-") for head in kept}


def links(page: Path, text: str) -> Iterator[tuple[str, Path, str]]:
    """Yield the links of a page to files: as written, the file, the anchor."""
    for target in LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            name, _, anchor = target.partition("#")
            yield target, (page.parent / name if name else page).resolve(), anchor


def dead_links(page: Path, text: str) -> Iterator[str]:
    """Yield each link that leads to no file, or to no heading of its page."""
    for target, file, anchor in links(page, text):
        if file.exists() and not anchor:
            continue
        if not file.exists() or anchor not in anchors(file.read_text("utf-8")):
            yield target


def reached(start: Path) -> set[Path]:
    """Give every page that a reader can come to from *start* by links alone."""
    found, left = {start.resolve()}, [start.resolve()]
    while left:
        page = left.pop()
        for _, file, _ in links(page, page.read_text("utf-8")):
            file = file / "README.md" if file.is_dir() else file  # noqa: PLW2901 - a folder shows its README
            if file.suffix == ".md" and file.exists() and file not in found:
                found.add(file)
                left.append(file)
    return found


@pytest.mark.parametrize("page", READERS, ids=lambda page: page.name)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_a_page_names_is_there(page: Path, check: Check) -> None:
    """A reader who follows a page to the letter never meets what is not there."""
    found = list(check(page.read_text("utf-8")))

    assert found == []


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files and headings, relative to the page."""
    found = list(dead_links(page, page.read_text("utf-8")))

    assert found == []


def test_no_page_is_an_orphan() -> None:
    """Every page can be reached from README.md."""
    orphans = {page.resolve() for page in EVERY} - reached(ROOT / "README.md")

    assert orphans == set()


def test_the_pages_show_commands() -> None:
    """A check that finds nothing to look at would prove nothing."""
    texts = [page.read_text("utf-8") for page in READERS]
    calls = [
        call for text in texts for one in pieces(text) for call in CALL.findall(one)
    ]

    assert len(calls) > 20
    assert len({call.split()[0] for call in calls if call.split()}) > 8


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        (wrong_commands, "`qppflow approve x`", "qppflow approve x: no approve"),
        (wrong_commands, "    $ qppflow dlq mend 1\n", "qppflow dlq mend 1: no mend"),
        (wrong_commands, "`qppflow score\n--all`", "qppflow score --all: no --all"),
        (wrong_commands, "    qppflow up \\\n    --x=1\n", "qppflow up --x=1: no --x"),
        (wrong_commands, "```\nqppflow up && qppflow go\n```", "qppflow go: no go"),
        (wrong_commands, "    a\n\nprose, `qppflow go`", "qppflow go: no go"),
        (wrong_options, "Add `--loud`.", "--loud"),
        (wrong_variables, "Set QPPFLOW_LUCK.", "QPPFLOW_LUCK"),
        (wrong_codes, "See MIPS-XYZ-001.", "MIPS-XYZ-001"),
        (wrong_targets, "Run `make coffee`.", "make coffee"),
        (wrong_paths, "`qpp/nowhere.py`", "qpp/nowhere.py"),
        (wrong_paths, "    $ cat qpp/rules/py2031/x:3\n", "qpp/rules/py2031/x"),
    ],
)
def test_what_is_not_there_is_caught(check: Check, text: str, found: str) -> None:
    """Its twin: one bad page for each check and each form of quoting."""
    assert list(check(text)) == [found]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_right_page_passes(check: Check) -> None:
    """Prose, arguments, a year to come and other people's options are left alone."""
    page = (
        "qppflow is approved; `qppflow --version`, `--explain`, MIPS-PER-005,\n"
        "`QPPFLOW_STRICT_NPI=true qppflow run intake`, `make bench`, `outbox/`,\n"
        "`qpp/rules/mips/py2099/payment.toml`\n\n"
        "    $ qppflow dlq show 1 --unseal | jq .body > out.json\n"
    )

    assert list(check(page)) == []


@pytest.mark.parametrize("link", ["gone.md", "other.md#nowhere", "#up"])
def test_a_dead_link_is_caught(tmp_path: Path, link: str) -> None:
    """Its twin: no file, no such heading there, no such heading here."""
    text = f"# Title\n[{link}]({link}) [web](https://example.org/x) [top](#title)\n"
    page = tmp_path / "page.md"
    page.write_text(text)
    (tmp_path / "other.md").write_text("# Other, `quoted`\n")

    assert list(dead_links(page, text)) == [link]
    assert list(dead_links(page, "[o](other.md#other-quoted)")) == []


def test_an_orphan_is_caught(tmp_path: Path) -> None:
    """Its twin: a page that only itself links to is not reached."""
    (tmp_path / "README.md").write_text("[a](docs/a.md)")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("[back](../README.md)")
    (tmp_path / "docs" / "orphan.md").write_text("[me](orphan.md)")

    names = {page.name for page in reached(tmp_path / "README.md")}

    assert names == {"README.md", "a.md"}
