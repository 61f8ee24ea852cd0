"""``python -m tests.mutation``: how many small mistakes in the law the tests notice."""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.forks import Loop
from tests.mutation.operators import Mutant, mutants_of
from tests.mutation.targets import MODULES, TESTS

ROOT: Final = Path(__file__).parents[2]
SEED: Final = 4


def main() -> int:
    """Run the mutants that were asked for and print a table."""
    asked = arguments()
    mutants = chosen(asked)
    say(f"{len(mutants)} mutants in {len({item.file for item in mutants})} modules")
    # The same examples for each mutant, and no time spent on a smaller one.
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")
    loop = Loop(ROOT, mutants, asked.record, asked.slow, say)
    options = ["-q", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist"]
    pytest.main([*options, *(str(ROOT / test) for test in TESTS)], plugins=[loop])
    say(table(asked.record))
    return 0


def arguments() -> argparse.Namespace:
    """Read what to run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("modules", nargs="*", help="paths, such as qpp/deciles.py")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn by a seed")
    parser.add_argument("--again", type=Path, help="what survived in this record")
    parser.add_argument(
        "--slow", type=float, default=1, help="leave out tests of more seconds"
    )
    parser.add_argument("--record", type=Path, default=ROOT / ".mutants.jsonl")
    return parser.parse_args()


def chosen(asked: argparse.Namespace) -> list[Mutant]:
    """Make the mutants that were asked for."""
    modules = asked.modules or [
        str(path.relative_to(ROOT))
        for pattern in MODULES
        for path in sorted(ROOT.glob(pattern))
    ]
    mutants = [
        mutant
        for module in modules
        for mutant in mutants_of(module, (ROOT / module).read_text("utf-8"))
    ]
    if asked.again:
        before = rows(asked.again)
        left = {row["name"] for row in before if row["outcome"] != "killed"}
        mutants = [mutant for mutant in mutants if mutant.name in left]
    if asked.sample and asked.sample < len(mutants):
        drawn = random.Random(SEED)  # noqa: S311 - a sample that anyone can draw again
        mutants = drawn.sample(mutants, asked.sample)
    return mutants


def rows(record: Path) -> list[dict[str, str]]:
    """Read a record."""
    return [json.loads(line) for line in record.read_text("utf-8").splitlines()]


def table(record: Path) -> str:
    """Count what became of the mutants of each module, in Markdown."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(record):
        counts[row["file"]][row["outcome"]] += 1
    lines = ["| Module | Mutants | Killed | Left |", "|---|---:|---:|---:|"]
    lines += [line(file, found) for file, found in sorted(counts.items())]
    return "\n".join([*lines, line("all", sum(counts.values(), Counter()))])


def line(name: str, found: Counter[str]) -> str:
    """Write the row of a module."""
    every = found.total()
    killed = found["killed"]
    share = f"{100 * killed / max(every, 1):.1f} %"
    return f"| `{name}` | {every} | {killed} ({share}) | {every - killed} |"


def say(text: str) -> None:
    """Write a line at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
