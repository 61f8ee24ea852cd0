"""`qppflow validate`: every mistake of a document at once, on this computer."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qppflow.cli.documents import read_documents
from qppflow.cli.judge import judge
from qppflow.cli.show_findings import show_fate
from qppflow.cli.tally import Tally
from qppflow.cli.terminal import out, print_json
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import Judged

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="JSON files, .ndjson files (one document a line), folders, or - for"
        " standard input.",
        show_default=False,
    ),
]
StrictNpi = Annotated[
    bool,
    typer.Option(
        "--strict-npi",
        help="A wrong NPI check digit rejects. CMS, and a stream whose"
        " QPPFLOW_STRICT_NPI is not set, only warn of it.",
    ),
]
Received = Annotated[
    datetime | None,
    typer.Option(
        "--received",
        metavar="YYYY-MM-DD",
        formats=["%Y-%m-%d"],
        help="Judge the submission window, too, as if the documents arrived on this"
        " day (UTC).",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a document, a line each.")
]


def validate(
    files: Files,
    *,
    strict_npi: StrictNpi = False,
    received: Received = None,
    as_json: AsJson = False,
) -> None:
    """Say whether submissions would be accepted, and every mistake in them.

    Nothing is sent anywhere. Errors reject a submission; warnings say what
    something costs. Each finding has a code, the place in your file, what was
    found, what is needed and the paragraph. What cannot be read is told, the rest
    is judged, and the command ends with 2.

    Examples:
      qppflow validate march.json

      qppflow validate outbox/ --json > findings.ndjson

      qppflow validate march.json --received 2027-04-01
    """
    console, tally = out(), Tally()
    day = None if received is None else received.date()
    for document in read_documents(files, tally.unreadable, limit=SIZE_LIMIT):
        judged = judge(document, strict_npi=strict_npi, received=day)
        tally.add(judged.fate)
        if as_json:
            print_json(answer(document.name, judged))
        else:
            show_fate(console, document.name, judged.fate, judged.findings)
    if not as_json:
        tally.sum_up(console)
    tally.end()


def answer(name: str, judged: Judged) -> dict[str, object]:
    """Write a verdict as JSON."""
    return {
        "document": name,
        "fate": judged.fate,
        "reason": judged.parked,
        "kind": judged.kind,
        "performanceYear": judged.year,
        "findings": [item.as_json() for item in judged.findings],
    }
