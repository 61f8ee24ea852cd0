"""The data that ships with the law; the one module of ``qpp`` that opens files."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from qpp.advanced_apm.rules import AdvancedApmRules
from qpp.advanced_apm.rules import read_rules as read_advanced_apm_rules
from qpp.catalog_format import read_catalogue
from qpp.catalogue import Catalogue
from qpp.mips.rules import MipsRules, read_rules
from qpp.rulebook import RuleError

YEAR_FOLDER: Final = re.compile(r"py([0-9]{4})")
_ROOT: Final = files("qpp")


class YearUnknownError(KeyError):
    """This build has no rule book, or no catalogue, of a year."""

    def __str__(self) -> str:
        """Say so without the quotes that a KeyError adds."""
        return str(self.args[0])


@cache
def years() -> tuple[int, ...]:
    """Give the performance years that have a rule book and a catalogue, in order."""
    return tuple(sorted(_years_in(_rule_books()) & _years_in(_catalogues())))


def rule_years() -> tuple[int, ...]:
    """Give the performance years that have a rule book, scored or not, in order."""
    return tuple(sorted(_years_in(_rule_books())))


@cache
def catalogue(year: int) -> Catalogue:
    """Give the measures and benchmarks of a performance year.

    Raises:
        YearUnknownError: there is no catalogue of that year.
        CatalogueError: its files were changed or are incomplete.
    """
    name = f"py{year}"
    if year not in _years_in(_catalogues()):
        message = f"there is no catalogue of {year}"
        raise YearUnknownError(message)
    return read_catalogue(name, _contents(_catalogues() / name, ".csv", ".toml"))


@cache
def rules(year: int) -> MipsRules:
    """Give the MIPS rule book of a performance year.

    Raises:
        YearUnknownError: there is no rule book of that year.
        RuleError: one of its files says too little, too much or nonsense.
    """
    name = f"py{year}"
    if year not in _years_in(_rule_books()):
        message = f"there is no rule book of {year}"
        raise YearUnknownError(message)
    book = read_rules(f"mips/{name}", _contents(_rule_books() / name, ".toml"))
    if book.year != year:
        message = f"the rule book in {name} says it is of {book.year}"
        raise RuleError(message)
    return book


@cache
def advanced_apm_years() -> tuple[int, ...]:
    """Give the performance years that have Advanced APM rules, in order."""
    return tuple(sorted(_years_in(_advanced_apms())))


@cache
def advanced_apm_rules(year: int) -> AdvancedApmRules:
    """Give the rules on Advanced APMs of a performance year.

    Raises:
        YearUnknownError: there are none of that year.
        RuleError: their file says too little, too much or nonsense.
    """
    name = f"py{year}"
    if year not in advanced_apm_years():
        message = f"there are no Advanced APM rules of {year}"
        raise YearUnknownError(message)
    files_of_year = _contents(_advanced_apms() / name, ".toml")
    book = read_advanced_apm_rules(f"advanced_apm/{name}", files_of_year)
    if book.year != year:
        message = f"the Advanced APM rules in {name} say they are of {book.year}"
        raise RuleError(message)
    return book


@cache
def finding_rules() -> Mapping[str, bytes]:
    """Give the files that describe the finding codes: name to content."""
    return MappingProxyType(_contents(_ROOT / "rules" / "findings", ".toml"))


def _rule_books() -> Traversable:
    """Where each year has a folder of rule files."""
    return _ROOT / "rules" / "mips"


def _advanced_apms() -> Traversable:
    """Where each year has a folder with its rule file on Advanced APMs."""
    return _ROOT / "rules" / "advanced_apm"


def _catalogues() -> Traversable:
    """Where each year has a folder of facts."""
    return _ROOT / "catalog"


def _years_in(folder: Traversable) -> frozenset[int]:
    """Read the years from the names of folders, ``py2026`` and the like."""
    found = (YEAR_FOLDER.fullmatch(item.name) for item in folder.iterdir())
    return frozenset(int(match[1]) for match in found if match)


def _contents(folder: Traversable, *endings: str) -> dict[str, bytes]:
    """Read the files of a folder that have one of *endings*, in order of name."""
    items = sorted(folder.iterdir(), key=lambda item: item.name)
    return {
        item.name: item.read_bytes() for item in items if item.name.endswith(endings)
    }
