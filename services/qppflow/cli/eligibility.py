"""`qppflow eligibility`: who takes part in a year, why, and what would change it."""

from pathlib import Path
from typing import Annotated

import typer

from qppflow.cli.documents import UnreadableError, read_documents
from qppflow.cli.eligibility_entities import Entities, Entity, WrongFeedError
from qppflow.cli.exits import Exit
from qppflow.cli.judge import judge_as_feed
from qppflow.cli.show_eligibility import show_entity
from qppflow.cli.show_findings import show_fate
from qppflow.cli.tally import Tally
from qppflow.cli.terminal import complain, out, print_json
from qppflow.cli.validate import answer
from qppflow.runtime.decode import SIZE_LIMIT
from qppflow.runtime.judging import ACCEPTED

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Profiles and elections: JSON files, .ndjson files (one document a line),"
        " folders, or - for standard input.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object an entity, a line each.")
]


def eligibility(files: Files, *, as_json: AsJson = False) -> None:
    """Say who has to report, may opt in, may report voluntarily, or is excluded.

    Profiles carry the facts, elections what was made of a choice; they are matched by
    year and entity. Each outcome has its reasons with their paragraphs, the special
    statuses that the facts show, and what would change it. A feed that is wrong is
    told with all its mistakes, and the command ends with 1.

    Examples:
      qppflow eligibility profile.json election.json

      qppflow eligibility feeds/ --json > eligibility.ndjson
    """
    tally, entities = Tally(), Entities()
    try:
        for document in read_documents(files, tally.unreadable, limit=SIZE_LIMIT):
            judged = judge_as_feed(document)
            tally.add(judged.fate)
            if judged.fate == ACCEPTED and judged.document is not None:
                entities.add(document.name, judged.document)
            if as_json and judged.fate != ACCEPTED:
                print_json(answer(document.name, judged))
            elif not as_json and judged.findings:
                show_fate(out(), document.name, judged.fate, judged.findings)
    except (UnreadableError, WrongFeedError) as error:
        complain(str(error))
        raise typer.Exit(Exit.USAGE) from None
    for told in entities.replaced:
        complain(f"warning: {told}; the last one counts")
    for entity in entities:
        _tell(entity, as_json=as_json)
    tally.end()


def _tell(entity: Entity, *, as_json: bool) -> None:
    """Print what became of one entity."""
    if as_json:
        print_json(entity.as_json())
    else:
        show_entity(out(), entity)
