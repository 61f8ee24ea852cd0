"""The command ``qppflow catalog``: import CMS's measures, look one up, compare."""

from pathlib import Path
from typing import Annotated, Final

import typer

from qpp import library
from qpp.catalog_compare import compare
from qpp.catalog_format import CatalogueError
from qpp.catalogue import Catalogue
from qpp.cms_record import CmsError
from qpp.rulebook import RuleError
from qppflow.cli.catalog_diff import KINDS, diff_json, show_diff
from qppflow.cli.catalog_facts import facts_json, mvp_json, near
from qppflow.cli.catalog_import import (
    Choices,
    FolderError,
    import_year,
    packaged_folder,
)
from qppflow.cli.catalog_pathway import show_mvp
from qppflow.cli.catalog_report import report_json, show_report
from qppflow.cli.catalog_show import show_measure
from qppflow.cli.catalog_sides import UsageError, sides
from qppflow.cli.exits import Exit
from qppflow.cli.terminal import complain, out, print_json

app: Final = typer.Typer(
    help="Import CMS's measures and benchmarks, look one up, compare years.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]

IMPORT_EXAMPLE: Final = (
    "Example: qppflow catalog import ../qpp-measures-data --year 2026 "
    "--mock-method administrativeClaims. "
    "Exit codes: 0 imported; 1 the data contradict themselves, nothing is written; "
    "2 wrong usage or a file is missing."
)
SHOW_EXAMPLE: Final = (
    "Example: qppflow catalog show 404 --year 2026. "
    "Exit codes: 0 found; 1 no such measure or MVP; 2 wrong usage."
)
DIFF_EXAMPLE: Final = (
    "Example: qppflow catalog diff 2025 2026 --kind mvps. "
    "Exit codes: 0 compared, whatever is different; 1 the files of a folder are no "
    "catalogue; 2 wrong usage or a folder cannot be read."
)


@app.command("import", epilog=IMPORT_EXAMPLE)
def import_(  # noqa: PLR0913 - one parameter for each option
    checkout: Annotated[
        Path,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="A checkout of https://github.com/CMSgov/qpp-measures-data",
        ),
    ],
    *,
    year: Annotated[int, typer.Option("--year", help="Performance year.")],
    target: Annotated[
        Path | None,
        typer.Option(
            "--out",
            file_okay=False,
            help="Folder to write; in a source checkout qpp/catalog/pyYEAR is usual.",
        ),
    ] = None,
    mock_method: Annotated[
        list[str] | None,
        typer.Option(
            "--mock-method",
            help="Collection type whose benchmarks of this year are stand-ins and "
            "score nothing; may be repeated. Without it, what the last import "
            "recorded still holds.",
        ),
    ] = None,
    no_mock_methods: Annotated[
        bool, typer.Option("--no-mock-methods", help="All benchmarks are real now.")
    ] = False,
    source_version: Annotated[
        str,
        typer.Option(
            help="Version of CMS's data for the manifest; usually read from the "
            "checkout's package.json."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Turn CMS's measures data of one year into our own reviewable files.

    Prints counts, what changed, and what could not be used. Same data, same bytes.
    """
    if mock_method and no_mock_methods:
        message = "--mock-method and --no-mock-methods exclude each other"
        raise typer.BadParameter(message)
    folder = target or packaged_folder(year)
    if folder is None:
        message = "qppflow is installed, not a source checkout: say where with --out"
        raise typer.BadParameter(message)
    methods = frozenset(mock_method or ())
    chosen = methods if mock_method or no_mock_methods else None
    choices = Choices(year, folder, chosen, source_version)
    try:
        report = import_year(checkout, choices)
    except FolderError as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from error
    except (CmsError, CatalogueError, RuleError) as error:
        complain(f"Nothing was written. {error}")
        raise typer.Exit(Exit.NOT_ACCEPTED) from error
    if as_json:
        print_json(report_json(report))
    else:
        show_report(out(), report)


@app.command("show", epilog=SHOW_EXAMPLE)
def show(
    measure_id: Annotated[
        str,
        typer.Argument(
            help="CMS's id, such as 404, AQI48, PI_EP_1 or COST_KA_1, or of an MVP, "
            "such as G0059."
        ),
    ],
    *,
    year: Annotated[int, typer.Option("--year", help="Performance year.")],
    as_json: AsJson = False,
) -> None:
    """Show what the catalogue knows of one measure or MVP.

    A measure comes with its decile ladders and the topics and sets it belongs to, an
    MVP with its measures and activities.
    """
    catalogue = _catalogue(year)
    if mvp := catalogue.mvps.get(measure_id):
        if as_json:
            print_json(mvp_json(mvp, catalogue))
        else:
            show_mvp(out(), mvp, catalogue)
        return
    if catalogue.category_of(measure_id) is None:
        found = near(measure_id, catalogue)
        hint = f" Near it: {', '.join(found)}." if found else ""
        complain(f"{year} has no measure or MVP {measure_id!r}.{hint}")
        raise typer.Exit(Exit.NOT_ACCEPTED)
    if as_json:
        print_json(facts_json(measure_id, catalogue))
    else:
        show_measure(out(), measure_id, catalogue)


@app.command("diff", epilog=DIFF_EXAMPLE)
def diff(
    old: Annotated[
        str,
        typer.Argument(help="A year, or a folder that an import wrote (--out)."),
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            help="The same; without it a folder is compared with its packaged year."
        ),
    ] = None,
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these: {', '.join(KINDS)}; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what one catalogue says differently from another, fact by fact.

    Measures and activities that came, went, or have another id or title; what an MVP
    lost and gained; benchmarks with their old and new cut points.
    """
    if unknown := set(kind or ()) - set(KINDS):
        message = f"no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}"
        raise typer.BadParameter(message)
    try:
        before, after = sides(old, new)
    except UsageError as error:
        raise typer.BadParameter(str(error)) from error
    except FolderError as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from error
    except CatalogueError as error:
        complain(str(error))
        raise typer.Exit(Exit.NOT_ACCEPTED) from error
    changes = [item for item in compare(before, after) if item.kind in (kind or KINDS)]
    if as_json:
        print_json(diff_json(before, after, changes))
    else:
        show_diff(out(), before, after, changes)


def _catalogue(year: int) -> Catalogue:
    """Load a year's catalogue; a year that is not there is a mistake in usage."""
    try:
        return library.catalogue(year)
    except library.YearUnknownError as error:
        there = ", ".join(map(str, library.years()))
        message = f"{error}; there are {there}"
        raise typer.BadParameter(message) from error
