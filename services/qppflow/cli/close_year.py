"""`qppflow close-year`: the scaling factor of a year, and every estimate made final."""

import asyncio
from typing import Annotated, NoReturn

import typer

from qpp import library
from qppflow.cli.closing_cut import AioGroupReader
from qppflow.cli.closing_order import Mode, Order, RefusedError
from qppflow.cli.closing_run import Report, Site, close
from qppflow.cli.closing_show import refusal_json, report_json, show
from qppflow.cli.closing_steps import telling
from qppflow.cli.connection import Stream, find_stream, reaching
from qppflow.cli.exits import Exit
from qppflow.cli.operations import AsJson
from qppflow.cli.submit_kafka import AioCarrier
from qppflow.cli.terminal import complain, err, out, print_json
from qppflow.runtime.contracts import topics
from qppflow.runtime.tokens import is_token

Year = Annotated[
    int, typer.Argument(metavar="YEAR", help="The performance year.", min=2017)
]
AcceptHeld = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-held",
        metavar="TOKEN",
        help="Close although this clinician's score is held; once for each.",
        show_default=False,
    ),
]
AcceptInFlight = Annotated[
    bool,
    typer.Option("--accept-in-flight", help="Close although records are on their way."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would come of it, and send nothing.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Close a closed year anew, at today's cut.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Complete a closing that was cut short.")
]
Late = Annotated[
    bool,
    typer.Option("--late", help="Give the factor to those who came after the closing."),
]


def close_year(  # noqa: PLR0913 - each argument is an option of the command
    year: Year,
    *,
    accept_held: AcceptHeld = None,
    accept_in_flight: AcceptInFlight = False,
    dry_run: DryRun = False,
    again: Again = False,
    resume: Resume = False,
    late: Late = False,
    as_json: AsJson = False,
) -> None:
    """Close a performance year: find its scaling factor, and make estimates final.

    All that is paid before the cut counts, which is where the topics end now. The
    year is not closed while scores are held or on their way, unless you accept that.
    Each clinician's payment is told the factor; her later scores use it, too.

    A run that was cut short is completed by --resume: nobody is told anything else.

    Examples:
      qppflow close-year 2026 --dry-run

      qppflow close-year 2026 --json

      qppflow close-year 2026 --late
    """
    order = _order(year, [again, resume, late], frozenset(accept_held or ()))
    order = order._replace(accept_in_flight=accept_in_flight, dry_run=dry_run)
    try:
        with reaching():
            report = asyncio.run(_run(find_stream(), order))
    except RefusedError as error:
        if as_json:
            print_json(refusal_json(error))
        else:
            complain(str(error))
        raise typer.Exit(Exit.NOT_ACCEPTED) from None
    if as_json:
        print_json(report_json(report, order))
    else:
        show(out(), report, order)


def _order(year: int, asked: list[bool], accept_held: frozenset[str]) -> Order:
    """Read what is wanted; ends the command where that is no one thing."""
    if year not in library.years():
        known = ", ".join(map(str, library.years()))
        _usage(f"This build has no rule book of {year}; it has {known}.")
    if sum(asked) > 1:
        _usage("--again, --resume and --late exclude each other.")
    if not all(map(is_token, accept_held)):
        _usage("--accept-held takes a clinician's token, as k1. and 43 signs.")
    named = zip((Mode.AGAIN, Mode.RESUME, Mode.LATE), asked, strict=True)
    mode = next((mode for mode, wanted in named if wanted), Mode.FIRST)
    return Order(library.rules(year), mode, accept_held)


def _usage(message: str) -> NoReturn:
    complain(message)
    raise typer.Exit(Exit.USAGE)


async def _run(stream: Stream, order: Order) -> Report:
    """Connect, and close the year."""
    servers = stream.bootstrap_servers
    largest = max(topic.max_message_bytes for topic in topics().values())
    async with (
        AioGroupReader.connected(servers) as reader,
        AioCarrier.connected(servers, largest) as carrier,
    ):
        with telling(err(), "records") as steps:
            return await close(Site(reader, carrier, stream.names, steps), order)
