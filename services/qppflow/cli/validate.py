"""`qppflow validate`: every mistake of a document at once, on this computer."""

from pathlib import Path
from typing import Annotated

import typer

from qppflow.cli.documents import UnreadableError, read_documents
from qppflow.cli.exits import Exit
from qppflow.cli.show_findings import show_fate
from qppflow.cli.terminal import complain, out, print_json
from qppflow.runtime.judging import ACCEPTED, Judged, judge_submission

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
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a document, a line each.")
]


def validate(
    files: Files, *, strict_npi: StrictNpi = False, as_json: AsJson = False
) -> None:
    """Say whether submissions would be accepted, and every mistake in them.

    Nothing is sent anywhere. Errors reject a submission; warnings say what
    something costs. Each finding has a code, the place in your file, what was
    found, what is needed and the paragraph.

    Examples:
      qppflow validate march.json

      qppflow validate outbox/ --json > findings.ndjson
    """
    console = out()
    good = True
    try:
        for name, body in read_documents(files):
            judged = judge_submission(body, strict_npi=strict_npi)
            good &= judged.fate == ACCEPTED
            if as_json:
                print_json(answer(name, judged))
            else:
                show_fate(console, name, judged.fate, judged.findings)
    except UnreadableError as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from None
    if not good:
        raise typer.Exit(Exit.NOT_ACCEPTED)


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
