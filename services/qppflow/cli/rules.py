"""The command ``qppflow rules``: read the law, compare years, list what is assumed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Final

import typer

from qpp import library
from qpp.inputs import ScoreInput
from qpp.rule_compare import compare_rules
from qppflow.cli.exits import Exit
from qppflow.cli.operations_meter import Meter
from qppflow.cli.rules_diff import diff_json, show_rule_diff
from qppflow.cli.rules_find import Books, asked, nearest, side_by_side
from qppflow.cli.rules_reference import from_examples, from_population
from qppflow.cli.rules_register import Assumed, register
from qppflow.cli.rules_show import show_provision, years_json
from qppflow.cli.rules_unverified import Measured, register_json, show_register
from qppflow.cli.terminal import complain, err, out, print_json
from qppflow.runtime.law import law_of

app: Final = typer.Typer(
    help="Read the rules with their citations, compare two years, and see what is"
    " assumed and how many points hang on it.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
Year = Annotated[
    int | None,
    typer.Option(
        help="Performance year; without it all that are scored.", show_default=False
    ),
]

SHOW_EXAMPLE: Final = (
    "Example: qppflow rules show quality.case_minimum --year 2026. "
    "Exit codes: 0 found; 1 no such provision; 2 wrong usage."
)
DIFF_EXAMPLE: Final = (
    "Example: qppflow rules diff 2025 2026. "
    "Exit codes: 0 compared, whatever is different; 2 wrong usage."
)
REGISTER_EXAMPLE: Final = (
    "Example: qppflow rules unverified --year 2026. "
    "Exit codes: 0 listed, however much is assumed; 2 wrong usage."
)


@app.command("show", epilog=SHOW_EXAMPLE)
def show(
    path: Annotated[
        str,
        typer.Argument(
            help="A provision such as quality.case_minimum; a file such as quality; the"
            " beginning of a name; or the path of a rule file.",
        ),
    ],
    *,
    year: Year = None,
    as_json: AsJson = False,
) -> None:
    """Show what a rule says, with its unit, citation and status.

    Without a year, all years that are scored stand side by side; what they share is
    said once. The
    name of an assumption, as a score gives it, is a path too.
    """
    wanted = asked(path)
    books = _books(year if wanted.year is None else wanted.year)
    if year is not None and wanted.year not in {None, year}:
        message = f"{path} is of {wanted.year}, not of {year}"
        raise typer.BadParameter(message)
    found = list(side_by_side(books, wanted.path))
    if not found:
        near = nearest(books, wanted.path)
        hint = f" Near it: {', '.join(near)}." if near else ""
        complain(f"No provision is called {wanted.path!r}.{hint}")
        raise typer.Exit(Exit.NOT_ACCEPTED)
    if as_json:
        print_json({"provisions": [years_json(item) for item in found]})
        return
    console = out()
    for item in found:
        show_provision(console, item)


@app.command("diff", epilog=DIFF_EXAMPLE)
def diff(
    old: Annotated[int, typer.Argument(help="A performance year.")],
    new: Annotated[int, typer.Argument(help="Another one.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say in words what one year's rules say differently from another's.

    Values, units, citations and status, provision by provision; of a table each row,
    of a list each member. What stayed the same is not mentioned. Notes and the days
    of checking are not compared.
    """
    before, after = _books(old)[old], _books(new)[new]
    changes = compare_rules(before, after)
    if as_json:
        print_json(diff_json(before, after, changes))
    else:
        show_rule_diff(out(), before, after, changes)


@app.command("unverified", epilog=REGISTER_EXAMPLE)
def unverified(
    *,
    year: Year = None,
    practices: Annotated[
        int,
        typer.Option(min=0, help="How many made-up practices to measure on."),
    ] = 3000,
    seed: Annotated[int, typer.Option(help="Which made-up practices.")] = 1,
    as_json: AsJson = False,
) -> None:
    """List what is assumed, why, and how many points hang on it.

    Every provision whose status is unverified. Made-up practices (and, in a source
    checkout, our examples) are scored as the rules stand; each score that carries the
    assumption is scored again by the other reading, if the program knows one.
    """
    years = sorted(_books(year))
    if year is not None and year not in library.years():
        there = ", ".join(map(str, library.years()))
        message = f"nothing is scored by the rules of {year}; scored are {there}"
        raise typer.BadParameter(message)
    with _busy(f"Making {practices:,} practices and what they send"):
        examples = list(from_examples(years))
        entities = [*examples, *from_population(practices, seed, years)]
    found = [item for one in years for item in _register(one, entities)]
    counts = {one: len(_of(one, entities)) for one in years}
    measured = Measured(len(examples), practices, seed, counts)
    if as_json:
        print_json(register_json(measured, found))
    else:
        show_register(out(), measured, found)


def _busy(what: str) -> AbstractContextManager[object]:
    """Show on a terminal that something is being done."""
    console = err()
    return console.status(what) if console.is_terminal else nullcontext()


def _register(year: int, entities: Sequence[ScoreInput]) -> list[Assumed]:
    """Measure one year; a terminal shows how far it is."""
    chosen = _of(year, entities)
    if not err().is_terminal:
        return register(law_of(year), chosen, _quiet)
    with Meter(f"Scoring {year}") as meter:
        return register(law_of(year), chosen, meter)


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


def _of(year: int, entities: Sequence[ScoreInput]) -> list[ScoreInput]:
    """Choose those of a year."""
    return [one for one in entities if one.performance_year == year]


def _books(year: int | None) -> Books:
    """Give the rule books asked for; an unknown year is a mistake in usage."""
    years = library.years() if year is None else (year,)
    try:
        return {one: library.rules(one) for one in years}
    except library.YearUnknownError as error:
        there = ", ".join(map(str, library.rule_years()))
        message = f"{error}; there are {there}"
        raise typer.BadParameter(message) from error
