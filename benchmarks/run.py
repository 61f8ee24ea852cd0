"""The command: which parts are measured, how much, and where the record goes."""

import logging
from datetime import UTC, datetime
from enum import StrEnum
from os.path import relpath
from pathlib import Path
from typing import Annotated

import structlog
import typer

from benchmarks import corpus, first_stage, machine, score, stream
from benchmarks.ratio import Ratio
from benchmarks.record import file_of, record, write
from benchmarks.show import console, progress, show
from qppflow.local.say import Say


class Part(StrEnum):
    """A part of the benchmarks."""

    STREAM = "a"
    SCORE = "b"
    FIRST_STAGE = "c"
    LATENCY = "d"


Only = Annotated[
    list[Part] | None,
    typer.Option(help="Only this part; may be given again.", show_default=False),
]
Documents = Annotated[
    int,
    typer.Option(
        min=50,
        max=corpus.DOCUMENTS,
        metavar="N",
        help="How much: documents of b, submissions in a round of a, and so on.",
    ),
]
Profile = Annotated[
    bool, typer.Option("--profile", help="Also print where the time of b goes.")
]
RecordFile = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Where the JSON record goes; by default benchmarks/records/TIME.json.",
        show_default=False,
    ),
]


def bench(
    *,
    only: Only = None,
    documents: Documents = corpus.DOCUMENTS,
    profile: Profile = False,
    record_file: RecordFile = None,
) -> None:
    """Measure ratios against baselines of the same run; keep them as JSON.

    (a) all services beside the empty topology, (b) score beside reading JSON,
    (c) the first stage beside a naive one, (d) latency beside the empty topology's.
    Ends with 0 whether targets are reached or not. See docs/benchmarks.md.
    """
    at, facts = datetime.now(UTC), machine.facts()
    parts = set(only or Part)
    with progress() as say:
        ratios = _measured(parts, documents, say)
    out = console()
    show(out, facts, ratios)
    file = record_file or file_of(at)
    write(file, record(at, facts, ratios))
    out.print(f"\nrecord: {relpath(file)}", markup=False, soft_wrap=True)
    if profile:
        score.profile(corpus.load(documents))


def _measured(parts: set[Part], documents: int, say: Say) -> list[Ratio]:
    """Measure the parts, in the order of their letters; d needs a's own rate."""
    found: list[Ratio] = []
    if Part.SCORE in parts:
        say("b: scoring the corpus")
        found.append(score.measure(corpus.load(documents)))
    if Part.FIRST_STAGE in parts:
        found.append(first_stage.measure(documents, say))
    if parts & {Part.STREAM, Part.LATENCY}:
        wanted = Part.LATENCY in parts
        found += stream.measure(documents, say, latency=wanted)
    return sorted(found, key=lambda one: one.part)


def main() -> None:
    """Run as ``python -m benchmarks``."""
    # Tracing decides every record once more; what was parked then was told before.
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name="benchmarks")(bench)
    app()
