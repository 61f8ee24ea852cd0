"""What a run shows on a terminal of 80 columns: progress, ratios, and their figures."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.ratio import Figure, Ratio
from qppflow.local.say import Say

WIDTH: Final = 80


def console() -> Console:
    """Give the console for results; 80 columns even where the terminal has more."""
    return Console(width=WIDTH, highlight=False, emoji=False)


@contextmanager
def progress() -> Iterator[Say]:
    """Show what is being done and for how long; a line each where nobody watches."""
    err = Console(stderr=True, width=WIDTH, highlight=False, emoji=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    if not err.is_terminal:
        yield lambda text: err.print(text, markup=False)
        return
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda text: bar.update(task, description=text)


def show(out: Console, machine: Mapping[str, Figure], ratios: Iterable[Ratio]) -> None:
    """Print the machine, then each ratio beside its target and what it is made of."""
    facts = ", ".join(f"{name} {value}" for name, value in machine.items())
    out.print(facts, markup=False)
    shown = Table(box=None, padding=(0, 1), pad_edge=False)
    for name in ("", "Ratio of ours to the baseline", "Value", "Target", ""):
        right = name in {"Value", "Target"}
        shown.add_column(name, justify="right" if right else "left")
    found = list(ratios)
    for one in found:
        target = "" if one.target is None else f"{one.target:g}"
        shown.add_row(one.part, one.title, f"{one.value:.3g}", target, one.verdict)
    out.print()
    out.print(shown)
    for one in found:
        out.print(f"\n({one.part}) {one.title}", style="bold", markup=False)
        for name, value in one.figures.items():
            out.print(f"  {name.replace('_', ' '):<26} {value}", markup=False)
