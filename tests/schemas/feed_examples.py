"""Examples of CMS's feeds: written by ``python -m tests.schemas.feed_examples``.

Each file says in its name which feed it is, what it shows and how it ends;
``expected.json`` beside it has fate and codes, as the rules ask for them. The table of
bad inputs gives those of its rows that are a feed's document; ``feed_cases`` and
``feed_cases_more``, ``feed_cases_apm`` and ``eligibility_cases`` the rest.
"""

import json
from pathlib import Path
from typing import Final

from qpp.codes import Code
from qppflow.runtime.judging import ACCEPTED, REJECTED
from tests.helpers import corpus_bad_feeds
from tests.helpers.corpus_bad_row import BadInput
from tests.helpers.corpus_case import Case
from tests.helpers.corpus_sheet import YEARS, Sheet
from tests.schemas import (
    eligibility_cases,
    feed_cases,
    feed_cases_apm,
    feed_cases_more,
)

FOLDER: Final = Path(__file__).parents[2] / "schemas" / "mips" / "feeds" / "examples"
EXPECTED: Final = "expected.json"
PREFIX: Final = "feed: "
# A row of these is no JSON, no feed, or not about one feed in particular.
ELSEWHERE: Final = frozenset(
    {
        Code.NOT_JSON,
        Code.NULL_VALUE,
        Code.EMPTY,
        Code.DUPLICATE_KEY,
        Code.NOT_A_SUBMISSION,
    }
)


def from_row(row: BadInput) -> Case:
    """Make an example of a row in the table of bad inputs."""
    document = json.loads(row.value or b"")
    slug = row.name.removeprefix(PREFIX).lower().replace(" ", "-")
    return Case(
        f"{document['feed']}.{slug}",
        "warn" if row.fate == ACCEPTED else "fail",
        lambda _sheet: document,
        (row.code,),
    )


CASES: Final = (
    *feed_cases.CASES,
    *feed_cases_more.CASES,
    *eligibility_cases.CASES,
    *feed_cases_apm.CASES,
    *(from_row(row) for row in corpus_bad_feeds.ROWS if row.code not in ELSEWHERE),
)


def written() -> dict[str, bytes]:
    """Give all files by name, as they have to be committed."""
    paper = Sheet(YEARS[0], "feeds")
    files = {
        case.file: f"{json.dumps(case.build(paper), indent=2)}\n".encode()
        for case in CASES
    }
    stated = {
        case.file: {
            "fate": REJECTED if case.ending == "fail" else ACCEPTED,
            "codes": sorted(case.codes),
        }
        for case in sorted(CASES, key=lambda case: case.file)
    }
    return {**files, EXPECTED: f"{json.dumps(stated, indent=2)}\n".encode()}


def main() -> None:
    """Write the examples, and remove what belongs to them no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = written()
    for name, body in files.items():
        (FOLDER / name).write_bytes(body)
    for path in FOLDER.iterdir():
        if path.name not in files:
            path.unlink()


if __name__ == "__main__":
    main()
