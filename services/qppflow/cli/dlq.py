"""`qppflow dlq`: what could not be answered, grouped by cause, and one by one."""

import asyncio
from typing import Annotated, Final

import typer

from qppflow.cli.connection import (
    NoKeyError,
    Stream,
    find_sealer,
    find_stream,
    reaching,
)
from qppflow.cli.dlq_letters import Letter, Wanted, grouped, newest_first, read_letter
from qppflow.cli.dlq_look import Original, look_at, original_of
from qppflow.cli.dlq_show import show_letter, show_list
from qppflow.cli.exits import EPILOG, Exit
from qppflow.cli.reading_topics import AioReader, Reader, read_to_end
from qppflow.cli.terminal import complain, out, print_json
from qppflow.runtime import headers
from qppflow.runtime.records import Record
from qppflow.runtime.sealing import UnsealError

LETTERS: Final = "qpp-dead-letters"

app: Final = typer.Typer(
    help="Look at the records that could not be answered.", no_args_is_help=True
)

Reason = Annotated[
    str | None, typer.Option(metavar="R", help="Only this reason.", show_default=False)
]
Stage = Annotated[
    str | None, typer.Option(metavar="S", help="Only this stage.", show_default=False)
]
Group = Annotated[
    str | None, typer.Option(metavar="G", help="Only this group.", show_default=False)
]
Limit = Annotated[
    int, typer.Option(metavar="N", min=0, help="How many single letters to list.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
Id = Annotated[
    str, typer.Argument(metavar="ID", help="As dlq list gives it.", show_default=False)
]
Unseal = Annotated[
    bool,
    typer.Option(
        "--unseal",
        help="Show the original key and headers too, masked; needs the sealing key.",
    ),
]


@app.command("list", epilog=EPILOG)
def list_(
    *,
    reason: Reason = None,
    stage: Stage = None,
    group: Group = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List what was parked: groups with one cause, then single letters, newest first.

    Letters of one group failed for the same reason at the same place in the code.

    Examples:
      qppflow dlq list

      qppflow dlq list --stage intake --limit 100 --json
    """
    wanted = Wanted(reason, stage, group)
    with reaching():
        letters = asyncio.run(_list(find_stream(), wanted))
    groups, listed = grouped(letters), newest_first(letters)[:limit]
    if as_json:
        print_json(
            {
                "total": len(letters),
                "groups": [one.as_json() for one in groups],
                "letters": [one.as_json() for one in listed],
            }
        )
    else:
        show_list(out(), groups, listed, len(letters))


@app.command(epilog=EPILOG)
def show(letter_id: Id, *, unseal: Unseal = False, as_json: AsJson = False) -> None:
    """Show one letter: why it was parked, what its bytes are, and its content masked.

    TIN, NPI and everything that looks like one are put into words. The original key
    and headers are sealed; without --unseal only the names of headers are shown, and
    those only where the sealing key is here.

    Examples:
      qppflow dlq show 2140ba32-d86e-5473-99e0-e28c969cc715

      qppflow dlq show 2140ba32-d86e-5473-99e0-e28c969cc715 --unseal --json
    """
    with reaching():
        record = asyncio.run(_find(find_stream(), letter_id))
    if record is None:
        complain("There is no such dead letter; qppflow dlq list gives their ids.")
        raise typer.Exit(Exit.NOT_ACCEPTED)
    original, why_not = _original(record, unseal=unseal)
    look = look_at(record)
    if not as_json:
        show_letter(out(), look, original, why_not, values=unseal)
        return
    told = None if original is None else original.as_json(values=unseal)
    print_json(
        {
            **look.letter.as_json(),
            "looksLike": look.looks_like,
            "sameBytes": look.same_bytes,
            "body": look.body,
            "original": told,
        }
    )


def _original(record: Record, *, unseal: bool) -> tuple[Original | None, str]:
    """Open the sealed header if that can be done; else say why not.

    Ends the command where --unseal asks for what cannot be opened.
    """
    try:
        found = original_of(record, find_sealer())
    except (NoKeyError, UnsealError) as error:
        if unseal:
            complain(f"The original headers stay sealed: {error}.")
            raise typer.Exit(Exit.NEEDS_OPERATOR) from None
        return None, f"sealed ({error})"
    return found, "" if found is not None else "left out for their size"


async def _list(stream: Stream, wanted: Wanted) -> list[Letter]:
    async with AioReader.connected(stream.bootstrap_servers) as reader:
        return await letters_of(reader, stream.names.physical(LETTERS), wanted)


async def _find(stream: Stream, letter_id: str) -> Record | None:
    async with AioReader.connected(stream.bootstrap_servers) as reader:
        return await find_letter(reader, stream.names.physical(LETTERS), letter_id)


async def letters_of(reader: Reader, topic: str, wanted: Wanted) -> list[Letter]:
    """Read all letters that are asked for; one written twice is one.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: the topic is not there.
    """
    found: dict[str, Letter] = {}
    async for batch in read_to_end(reader, topic):
        for letter in map(read_letter, batch):
            if wanted.has(letter):
                found.setdefault(letter.id, letter)
    return list(found.values())


async def find_letter(reader: Reader, topic: str, letter_id: str) -> Record | None:
    """Find the record of a letter; None if there is none of this id.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: the topic is not there.
    """
    async for batch in read_to_end(reader, topic):
        for record in batch:
            if headers.read(record.headers).id == letter_id:
                return record
    return None
