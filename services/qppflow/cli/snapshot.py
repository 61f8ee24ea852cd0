"""`qppflow snapshot`: what billing's topic comes to, for those who start late."""

import asyncio
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from qppflow.cli.connection import Stream, find_stream, reaching
from qppflow.cli.exits import EPILOG, Exit
from qppflow.cli.operations import AsJson
from qppflow.cli.operations_meter import Meter
from qppflow.cli.reading_topics import AioReader
from qppflow.cli.snapshot_file import Head, NoSnapshotError, check, write
from qppflow.cli.snapshot_fold import Ledger
from qppflow.cli.terminal import complain, out, print_json
from qppflow.runtime.faults import ParkError
from qppflow.runtime.log_reader import read_between

PAYMENTS: Final = "qpp-payment-adjustments"

app: Final = typer.Typer(
    help="The state of billing's topic as a file, for who starts late.",
    no_args_is_help=True,
)

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="The snapshot.", show_default=False)
]
Year = Annotated[
    int | None,
    typer.Option(
        metavar="Y", help="Only this performance year.", min=2017, show_default=False
    ),
]


@app.command(epilog=EPILOG)
def take(file: File, *, year: Year = None, as_json: AsJson = False) -> None:
    """Write what the topic of payments comes to now.

    The first line names the cut: the offset of each partition to go on from. Then
    comes one line an event, at most two of a clinician: apply them in their order, as
    if they came from the topic. The file has TIN and NPI, and is yours alone.

    Examples:
      qppflow snapshot take payments.ndjson --year 2026

      qppflow snapshot verify payments.ndjson
    """
    try:
        with reaching():
            head = asyncio.run(_take(find_stream(), file, year))
    except ParkError as error:
        complain(f"{PAYMENTS} holds a record that this build cannot read: {error}.")
        raise typer.Exit(Exit.NEEDS_OPERATOR) from None
    except OSError as error:
        _unusable(file, error, Exit.NEEDS_OPERATOR)
    _tell(head, file, as_json=as_json)


@app.command(epilog=EPILOG)
def verify(file: File, *, as_json: AsJson = False) -> None:
    """Check that a snapshot is whole, and still what was written.

    Ends with 1 if it is not.
    """
    try:
        head = check(file)
    except NoSnapshotError as error:
        complain(f"{file}: {error}.")
        raise typer.Exit(Exit.NOT_ACCEPTED) from None
    except OSError as error:
        _unusable(file, error, Exit.USAGE)
    _tell(head, file, as_json=as_json)


async def _take(stream: Stream, file: Path, year: int | None) -> Head:
    """Read the topic to its end now, and write the file."""
    topic = stream.names.physical(PAYMENTS)
    async with AioReader.connected(stream.bootstrap_servers) as reader:
        starts, ends = await reader.starts([topic]), await reader.ends([topic])
        total = sum(ends.values()) - sum(starts.values())
        with Ledger.kept(year) as ledger, Meter("reading payments") as meter:
            done = 0
            async for batch in read_between(reader, starts, ends):
                ledger.take(batch)
                done += len(batch)
                meter(done, total)
            cut = {str(at.partition): end for at, end in sorted(ends.items())}
            head = Head(PAYMENTS, year, cut, 0, "")
            return write(file, head, ledger.standing())


def _tell(head: Head, file: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(head.as_json())
        return
    console = out()
    year = "all years" if head.year is None else f"year {head.year}"
    cut = ", ".join(f"{part}: {offset}" for part, offset in head.cut.items())
    for line in (
        f"{file}: {head.lines:,} events of {year}",
        f"go on reading {head.topic} at {cut}",
        f"sha256 {head.sha256}",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _unusable(file: Path, error: OSError, code: Exit) -> NoReturn:
    complain(f"{file}: {error.strerror or 'cannot be used'}.")
    raise typer.Exit(code)
