"""Corpus: one document and what the rules say comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from qpp.codes import Code
from tests.helpers.corpus_sheet import Facts, Sheet
from tests.helpers.corpus_values import Json

Build: TypeAlias = Callable[[Sheet], Json | bytes]
When: TypeAlias = Callable[[Facts], object]


def always(_facts: Facts) -> bool:
    """Say that a case exists in every year."""
    return True


@dataclass(frozen=True)
class Case:
    """One document of the corpus.

    ``codes`` are all finding codes that the rules ask for, whatever the program says;
    ``when`` says in which years the case exists.
    """

    name: str
    ending: str
    build: Build
    codes: tuple[Code, ...] = ()
    when: When = always

    @property
    def file(self) -> str:
        """The file's name, which says what the document proves and what comes of it."""
        return f"{self.name}.{self.ending}.json"


def passes(name: str, build: Build, when: When = always) -> Case:
    """Make a case that is accepted without any finding."""
    return Case(name, "pass", build, (), when)


def warns(name: str, build: Build, *codes: Code, when: When = always) -> Case:
    """Make a case that is accepted with warnings."""
    return Case(name, "warn", build, codes, when)


def fails(name: str, build: Build, *codes: Code, when: When = always) -> Case:
    """Make a case that is rejected or, if nobody can read it, parked."""
    return Case(name, "fail", build, codes, when)
