"""Run each mutant in a fork of one warm process, with the tests that reach its lines.

As a plugin of pytest it takes the place of the usual loop over tests: it runs every
test once, noting which lines of the law it reaches; then, for each mutant, a fork
exchanges the code of one function and runs those tests until one fails.
"""

import functools
import gc
import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.operators import Mutant

KILLED: Final = 0
SURVIVED: Final = 1
UNCHANGED: Final = 2
FOUND: Final = {KILLED: "killed", SURVIVED: "survived", UNCHANGED: "not applied"}
SECONDS: Final = 60
MEMORY: Final = 6_000_000_000
Line = tuple[str, int]


@dataclass
class Reach:
    """Which tests reach which line, by their place in the collection."""

    root: Path
    files: frozenset[str]
    slow: float
    lines: dict[Line, set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[int, float] = field(default_factory=dict)

    def reaching(self, mutant: Mutant) -> list[int]:
        """Give the tests that reach a mutant's lines, the quickest first."""
        path = str(self.root / mutant.file)
        reached: set[int] = set()
        for line in range(mutant.line, mutant.end + 1):
            reached |= self.lines.get((path, line), set())
        return sorted(reached, key=lambda index: self.seconds[index])

    def watch(self, index: int, item: pytest.Item) -> bool:
        """Run one test and note what it reaches, if it passes soon enough."""
        seen: set[Line] = set()
        started = time.process_time()
        sys.settrace(self._tracer(seen))
        try:
            passed = passes(item)
        finally:
            sys.settrace(None)
        self.seconds[index] = time.process_time() - started
        if passed and self.seconds[index] <= self.slow:
            for line in seen:
                self.lines[line].add(index)
        return passed

    def _tracer(self, seen: set[Line]) -> Callable[..., Any]:
        """Make a trace function that notes the lines of the mutated files."""
        files = self.files

        def within(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            if event == "line":
                seen.add((frame.f_code.co_filename, frame.f_lineno))
            return within

        def enter(frame: FrameType, _: str, __: object) -> Callable[..., Any] | None:
            return within if frame.f_code.co_filename in files else None

        return enter


@dataclass
class Loop:
    """The plugin: what to mutate, and where the outcome goes."""

    root: Path
    mutants: Sequence[Mutant]
    record: Path
    slow: float
    say: Callable[[str], None]
    live: list[FunctionType] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of the usual loop over the tests."""
        files = frozenset(str(self.root / mutant.file) for mutant in self.mutants)
        reach = Reach(self.root, files, self.slow)
        caches = caches_of(str(self.root / "qpp"))
        for index, item in enumerate(session.items):
            for cached in caches:
                cached.cache_clear()
            if not reach.watch(index, item):
                self.say(f"fails without any mutant: {item.nodeid}")
        slow = sum(seconds > self.slow for seconds in reach.seconds.values())
        self.say(f"{len(session.items)} tests, {slow} of them too slow to take part")
        self.live = functions_of(files)
        gc.freeze()
        with self.record.open("w", encoding="utf-8") as file:
            for count, mutant in enumerate(self.mutants, 1):
                outcome = self._outcome(mutant, session.items, reach, caches)
                file.write(json.dumps(row(mutant, outcome)) + "\n")
                file.flush()
                if outcome != "killed":
                    place = f"{count} of {len(self.mutants)}"
                    self.say(f"{place}: {outcome}: {mutant.name}")
        return True

    def _outcome(
        self,
        mutant: Mutant,
        items: Sequence[pytest.Item],
        reach: Reach,
        caches: Sequence[Any],
    ) -> str:
        """Say what the tests made of a mutant."""
        tests = reach.reaching(mutant)
        if not tests:
            return "not reached"
        child = os.fork()
        if child == 0:
            os._exit(self._try(mutant, [items[index] for index in tests], caches))
        _, status = os.waitpid(child, 0)
        # A signal ended it: out of time or of memory, which a suite would notice.
        return FOUND.get(os.waitstatus_to_exitcode(status), "killed")

    def _try(
        self, mutant: Mutant, items: Sequence[pytest.Item], caches: Sequence[Any]
    ) -> int:
        """Run a mutant in this process, which ends afterwards."""
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if not exchange(mutant, str(self.root / mutant.file), self.live):
            return UNCHANGED
        for cached in caches:
            cached.cache_clear()
        return SURVIVED if all(passes(item) for item in items) else KILLED


def passes(item: pytest.Item) -> bool:
    """Run one test with its own fixtures and say whether it passed."""
    reports = runtestprotocol(item, log=False, nextitem=None)
    return not any(report.failed for report in reports)


def caches_of(folder: str) -> list[Any]:
    """Find the caches of functions of a folder, the shipped data's left alone."""
    wrapper = type(functools.cache(len))
    return [
        item
        for item in gc.get_objects()
        if isinstance(item, wrapper)
        and (code := getattr(item.__wrapped__, "__code__", None))
        and code.co_filename.startswith(folder)
        and not code.co_filename.endswith("library.py")
    ]


def functions_of(files: Collection[str]) -> list[FunctionType]:
    """Find the functions and methods that were read from files."""
    functions = (item for item in gc.get_objects() if isinstance(item, FunctionType))
    return [item for item in functions if item.__code__.co_filename in files]


def exchange(mutant: Mutant, path: str, live: Iterable[FunctionType]) -> bool:
    """Give a live function the mutant's code; say whether there was one to change."""
    made = compile(mutant.tree(), path, "exec")
    codes = [code for code in nested(made) if code.co_qualname == mutant.function]
    changed = False
    for item in live:
        for code in codes:
            if item.__code__.co_filename == path and same_place(item.__code__, code):
                item.__code__ = code
                changed = True
    return changed


def same_place(one: CodeType, other: CodeType) -> bool:
    """Say whether two pieces of code are the same function of a module."""
    return (one.co_qualname, one.co_firstlineno) == (
        other.co_qualname,
        other.co_firstlineno,
    )


def nested(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a module's functions and methods, and of what is in them."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from nested(constant)


def row(mutant: Mutant, outcome: str) -> dict[str, object]:
    """Write down what became of a mutant."""
    return {"file": mutant.file, "name": mutant.name, "outcome": outcome}
