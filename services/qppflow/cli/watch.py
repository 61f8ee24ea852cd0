"""`qppflow watch`: what comes out of the stream, as it comes."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from enum import StrEnum
from time import monotonic
from typing import Annotated, Final, NamedTuple

import orjson
import typer

from qppflow.cli.connection import Stream, find_stream, reaching
from qppflow.cli.dlq_letters import read_letter
from qppflow.cli.exits import Exit
from qppflow.cli.reading_topics import AioReader, Reader
from qppflow.cli.terminal import complain
from qppflow.cli.watch_lines import line_of, sender_of
from qppflow.runtime.records import Record


class Subject(StrEnum):
    """What can be watched."""

    SCORES = "scores"
    RESULTS = "results"
    PAYMENTS = "payments"
    DEAD_LETTERS = "dead-letters"


SILENT_SECONDS: Final = 20.0
TOPICS: Final = {
    Subject.SCORES: "qpp-final-scores",
    Subject.RESULTS: "qpp-submission-results",
    Subject.PAYMENTS: "qpp-payment-adjustments",
    Subject.DEAD_LETTERS: "qpp-dead-letters",
}

What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT", help=f"One of {', '.join(Subject)}.", show_default=False
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        metavar="URI", help="Only answers to this sender.", show_default=False
    ),
]
FromStart = Annotated[
    bool, typer.Option("--from-start", help="Begin with the oldest event there is.")
]
Limit = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="End after N events.", show_default=False),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="The events as they are, with TIN and NPI."),
]


class Wanted(NamedTuple):
    """What to watch: the contract's topic, whose answers, from where, how many."""

    topic: str
    source: str | None
    from_start: bool
    limit: int | None


def watch(
    what: What,
    *,
    source: Source = None,
    from_start: FromStart = False,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Follow scores, results, payments or dead letters; Ctrl-C ends it.

    Each event is one line, with its time in UTC. TIN and NPI are not shown: an
    entity is named by the start of its token. With --json each line is the event as
    billing reads it, TIN and NPI included; of a dead letter it is never the content.

    Examples:
      qppflow watch results --source urn:acme:registry

      qppflow watch payments --from-start --limit 10 --json
    """
    if what not in set(Subject):
        complain(f"There is no {what!r} to watch. There are {', '.join(Subject)}.")
        raise typer.Exit(Exit.USAGE)
    subject = Subject(what)
    if source is not None and subject is not Subject.RESULTS:
        complain("Only results name their sender: --source goes with watch results.")
        raise typer.Exit(Exit.USAGE)
    wanted = Wanted(TOPICS[subject], source, from_start, limit)
    with reaching():
        stream = find_stream()
        try:
            asyncio.run(_watch(stream, wanted, as_json=as_json))
        except KeyboardInterrupt:
            return
        except BrokenPipeError:
            leave_stdout()


def leave_stdout() -> None:
    """Write the rest nowhere; at the end of the process it would raise once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _watch(stream: Stream, wanted: Wanted, *, as_json: bool) -> None:
    async with AioReader.connected(stream.bootstrap_servers) as reader:
        name = stream.names.physical(wanted.topic)
        async for record in events_of(reader, name, wanted):
            line = (json_of if as_json else encoded_line_of)(wanted.topic, record)
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()


async def events_of(
    reader: Reader, topic: str, wanted: Wanted
) -> AsyncIterator[Record]:
    """Give the wanted events of the broker's *topic*, without end or to the limit.

    Raises:
        BrokerError: Kafka does not answer.
        StopServiceError: the topic is not there.
    """
    find = reader.starts if wanted.from_start else reader.ends
    reader.follow(await find([topic]))
    told, heard = 0, monotonic()
    while True:
        records = await reader.poll()
        # Polling a broker that has gone gives nothing, for ever and without a word.
        if not records and monotonic() - heard > SILENT_SECONDS:
            await reader.ends([topic])
            heard = monotonic()
        for record in records:
            heard = monotonic()
            if wanted.source is not None and sender_of(record) != wanted.source:
                continue
            yield record
            told += 1
            if told == wanted.limit:
                return


def encoded_line_of(topic: str, record: Record) -> bytes:
    """Give an event's line for people."""
    return line_of(topic, record).encode()


def json_of(topic: str, record: Record) -> bytes:
    """Give an event's payload as it is; of a dead letter what is known of it."""
    if topic == TOPICS[Subject.DEAD_LETTERS]:
        return orjson.dumps(read_letter(record).as_json())
    return record.value or b"null"
