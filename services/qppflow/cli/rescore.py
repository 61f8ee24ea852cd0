"""`qppflow rescore`: scores of a year made anew by the rules of this build."""

import asyncio
import os
import signal
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, NoReturn

import typer

from qpp import library
from qppflow.cli.closing_cut import AioGroupReader
from qppflow.cli.closing_run import Site
from qppflow.cli.closing_steps import telling
from qppflow.cli.connection import Stream, find_stream, reaching
from qppflow.cli.exits import Exit
from qppflow.cli.operations import AsJson
from qppflow.cli.rescore_run import NotOrderedError, Plan, Report, rescore
from qppflow.cli.rescore_show import report_json, show
from qppflow.cli.submit_kafka import AioCarrier
from qppflow.cli.terminal import complain, err, out, print_json
from qppflow.runtime.contracts import topics
from qppflow.runtime.law import law_of
from qppflow.runtime.settings import SHARED_PREFIX
from qppflow.runtime.tokens import is_token

FACTOR: Final = f"{SHARED_PREFIX}SCALING_FACTOR"

Year = Annotated[int, typer.Option("--year", metavar="Y", help="The performance year.")]
Entity = Annotated[
    list[str] | None,
    typer.Option(
        "--entity",
        metavar="TOKEN",
        help="Only this entity; once for each.",
        show_default=False,
    ),
]
Rules = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="The rule book that is meant; refused if this build has another.",
        show_default=False,
    ),
]
Rate = Annotated[
    int, typer.Option(metavar="N", min=1, help="Entities a second, at most.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would change, and send nothing.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with the order that was paused.")
]


def rescore_year(  # noqa: PLR0913 - each argument is an option of the command
    *,
    year: Year,
    entity: Entity = None,
    rules: Rules = None,
    rate: Rate = 100,
    dry_run: DryRun = False,
    resume: Resume = False,
    as_json: AsJson = False,
) -> None:
    """Order the scores of a year anew, by the rule book and catalogue of this build.

    Each entity gets a fact that makes one revision more; who is scored by them
    already is skipped. Ctrl-C pauses between two batches, and --resume goes on; who
    does not go on has cancelled the rest.

    With --dry-run the newest inputs are scored here, and the command says how many
    scores and payments would change, by how much, and which rules moved them.

    Examples:
      qppflow rescore --year 2026 --dry-run

      qppflow rescore --year 2026 --rate 50 --json
    """
    plan = _plan(year, frozenset(entity or ()), rules)
    plan = plan._replace(rate=rate, dry_run=dry_run, resume=resume)
    try:
        with reaching():
            report = asyncio.run(_run(find_stream(), plan))
    except NotOrderedError as error:
        if as_json:
            print_json({"ok": False, "refused": error.word, "message": str(error)})
        else:
            complain(str(error))
        raise typer.Exit(Exit.NOT_ACCEPTED) from None
    if as_json:
        print_json(report_json(report, plan))
    else:
        show(out(), report, plan)
    if report.left and not dry_run:
        raise typer.Exit(Exit.NOT_ACCEPTED)


def _plan(year: int, only: frozenset[str], rules: str | None) -> Plan:
    """Read what is wanted; ends the command where that cannot be."""
    if year not in library.years():
        known = ", ".join(map(str, library.years()))
        _usage(f"This build has no rule book of {year}; it has {known}.")
    law = law_of(year)
    if rules is not None and rules != law.rules.id:
        _usage(f"This build has {law.rules.id}, not the rule book that is asked for.")
    if not all(map(is_token, only)):
        _usage("--entity takes an entity's token, as k1. and 43 signs.")
    return Plan(law, only, 1, False, False, scaling_factor())  # noqa: FBT003 - set by the caller


def scaling_factor(environment: Mapping[str, str] = os.environ) -> Decimal | None:
    """Give the factor that `final_scores` is set to, if one is."""
    text = environment.get(FACTOR, "").strip()
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        _usage(f"{FACTOR} is no number.")


def _usage(message: str) -> NoReturn:
    complain(message)
    raise typer.Exit(Exit.USAGE)


async def _run(stream: Stream, plan: Plan) -> Report:
    """Connect, and do it; the first Ctrl-C only pauses."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    largest = max(topic.max_message_bytes for topic in topics().values())
    servers = stream.bootstrap_servers
    loop.add_signal_handler(signal.SIGINT, stop.set)
    try:
        async with (
            AioGroupReader.connected(servers) as reader,
            AioCarrier.connected(servers, largest) as carrier,
        ):
            with telling(err(), "records") as steps:
                site = Site(reader, carrier, stream.names, steps)
                return await rescore(site, plan, stop)
    finally:
        loop.remove_signal_handler(signal.SIGINT)
