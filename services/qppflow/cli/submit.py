"""`qppflow submit`: documents to the stream, each with a receipt, and their fates."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from qppflow.cli.connection import Stream, find_stream, reaching, state_folder
from qppflow.cli.documents import STANDARD_INPUT, UnreadableError, read_documents
from qppflow.cli.exits import Exit
from qppflow.cli.reading_topics import AioReader
from qppflow.cli.receipts import Receipt, ReceiptBook, ReceiptsError, default_file
from qppflow.cli.submit_kafka import AioCarrier, find_target
from qppflow.cli.submit_prepare import (
    FEEDS,
    SUBMISSIONS,
    Sender,
    fault_in_headers,
)
from qppflow.cli.submit_run import begin, send_all, wait_for_all
from qppflow.cli.submit_send import Outbox, Target
from qppflow.cli.submit_show import Teller, progress
from qppflow.cli.terminal import complain, err, out
from qppflow.runtime.decode import SIZE_LIMIT

Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="JSON files, .ndjson files (one document a line), folders, or - for"
        " standard input.",
        show_default=False,
    ),
]
Source = Annotated[
    str,
    typer.Option(
        metavar="URI",
        help="Who sends, such as urn:acme:registry; answers carry it.",
        show_default=False,
    ),
]
Prefix = Annotated[
    str, typer.Option("--id-prefix", metavar="P", help="What each id starts with.")
]
Feed = Annotated[
    bool, typer.Option("--feed", help="These are CMS feeds, no submissions.")
]
Wait = Annotated[
    bool, typer.Option("--wait", help="Wait until each has its fate, and say which.")
]
Timeout = Annotated[
    float,
    typer.Option(metavar="S", min=0, help="Seconds to wait after the last was sent."),
]
ReceiptsFile = Annotated[
    Path | None,
    typer.Option(
        "--receipts",
        metavar="FILE",
        help="Where receipts are kept; without it a file of the source in .qppflow.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a document, a line each.")
]


class Plan(NamedTuple):
    """One run of the command; ``total`` is None where nobody can count before."""

    paths: Sequence[Path]
    sender: Sender
    total: int | None
    receipts: Path
    wait: bool
    seconds: float


def submit(  # noqa: PLR0913 - each argument is an option of the command
    paths: Paths,
    *,
    source: Source,
    id_prefix: Prefix = "",
    feed: Feed = False,
    wait: Wait = False,
    timeout: Timeout = 300.0,
    receipts: ReceiptsFile = None,
    as_json: AsJson = False,
) -> None:
    """Send submissions to the stream, and keep a receipt of each.

    A run that was cut short is simply run again: what has a receipt is not sent a
    second time, and the rest goes out under the same ids. A document with new bytes
    is a new submission. What is too large is refused before it is sent.

    With --wait the command ends when each submission is accepted, rejected or
    parked: with 0 if all are accepted, with 1 if not or if some are still open.

    Examples:
      qppflow submit march.json --source urn:acme:registry --wait

      qppflow submit outbox/ --source urn:acme:registry --json > sent.ndjson

      qppflow submit profiles.ndjson --source urn:cms:feeds --feed
    """
    fault = fault_in_headers(source, id_prefix)
    if fault is not None:
        complain(fault)
        raise typer.Exit(Exit.USAGE)
    teller = Teller(out(), as_json=as_json, waits=wait)
    sender = Sender(source, id_prefix, FEEDS if feed else SUBMISSIONS)
    try:
        file = receipts or default_file(source, state_folder())
        once = list(dict.fromkeys(paths))
        plan = Plan(once, sender, _count(once), file, wait, timeout)
        with reaching():
            asyncio.run(_run(plan, find_stream(), teller))
    except (ReceiptsError, UnreadableError) as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from None
    if not teller.good:
        raise typer.Exit(Exit.NOT_ACCEPTED)


def _count(paths: Iterable[Path]) -> int | None:
    """Count the documents, which also finds an unreadable file before any is sent."""
    if any(str(path) == STANDARD_INPUT for path in paths):
        return None
    return sum(1 for _ in read_documents(paths, limit=SIZE_LIMIT))


async def _run(plan: Plan, stream: Stream, teller: Teller) -> None:
    """Send everything; where asked, wait for every fate."""
    target = await find_target(stream, plan.sender.topic)
    with ReceiptBook.opened(plan.receipts) as book:
        try:
            if not plan.wait:
                await _send(plan, stream, target, book, teller)
                return
            async with AioReader.connected(stream.bootstrap_servers) as reader:
                following = await begin(reader, stream.names)
                sent = await _send(plan, stream, target, book, teller)
                with progress(err(), "answered", len(sent)) as steps:
                    await wait_for_all(following, sent, plan.seconds, teller, steps)
        finally:
            teller.sum_up(plan.receipts)


async def _send(
    plan: Plan, stream: Stream, target: Target, book: ReceiptBook, teller: Teller
) -> list[Receipt]:
    """Send all documents, and give the receipts of all."""
    async with AioCarrier.connected(stream.bootstrap_servers, target.limit) as carrier:
        outbox = Outbox(plan.sender, target, book, carrier)
        with progress(err(), "sent", plan.total) as steps:
            # One byte over the limit is enough to refuse a document by.
            documents = read_documents(plan.paths, limit=target.limit)
            return await send_all(outbox, documents, teller, steps)
