"""Provisions found by what a user typed: a path, a file, a score's assumption."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from qpp.mips.rules import MipsRules
from qpp.rule_text import provisions
from qpp.rulebook import Provision

Books = Mapping[int, MipsRules]

# The folders before a file's name; a score says "unverified:" before a path.
BEFORE: Final = re.compile(r"^(?:unverified:)?(?:qpp/)?(?:rules/)?(?:mips(?:/|$))?")
YEAR: Final = re.compile(r"^py([0-9]{4})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the start of a path, and the year that it named, if any."""

    path: str
    year: int | None = None


def asked(text: str) -> Asked:
    """Read ``quality.case_minimum``, ``quality``, ``qpp/rules/mips/py2026/…``."""
    rest = BEFORE.sub("", text.strip())
    year = None
    if found := YEAR.match(rest):
        year, rest = int(found[1]), rest[found.end() :]
    path = rest.replace(".toml", "").replace("/", ".").strip(".")
    return Asked(path, year)


def side_by_side(
    books: Books, wanted: str
) -> Iterator[dict[int, Provision[Any] | None]]:
    """Yield each provision that *wanted* names, in all years of *books*.

    A year that has no such provision holds None. Nothing is yielded for no match.
    """
    known = {
        year: {item.path: item for item in provisions(book)}
        for year, book in books.items()
    }
    paths = dict.fromkeys(path for year in known for path in known[year])
    for path in matching(list(paths), wanted):
        yield {year: known[year].get(path) for year in known}


def matching(paths: Iterable[str], wanted: str) -> list[str]:
    """Give the path itself, else what stands below it, else what begins like it."""
    every = list(paths)
    if wanted in every:
        return [wanted]
    below = [path for path in every if path.startswith(f"{wanted}." if wanted else "")]
    return below or [path for path in every if path.startswith(wanted)]


def nearest(books: Books, wanted: str) -> list[str]:
    """Give names like an unknown one, best first; the file may be left out."""
    every = {item.path for book in books.values() for item in provisions(book)}
    whole = get_close_matches(wanted, sorted(every))
    _, _, last = wanted.rpartition(".")
    by_name = {path.partition(".")[2]: path for path in sorted(every)}
    within = sorted(path for path in every if last and last in path)
    alike = [by_name[name] for name in get_close_matches(last, by_name)]
    return list(dict.fromkeys([*within, *alike, *whole]))[:3]
