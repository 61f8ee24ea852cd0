"""The corpus of example documents: written by ``python -m tests.helpers.corpus``.

Each document says in its name what it proves; ``expected.json`` beside it says what
comes of it. Codes are stated in the cases, from the rules; scores are taken from the
program and a dozen of them recomputed by hand in ``tests/schemas/test_corpus.py``.
A further year needs an entry in ``YEARS`` and this command.
"""

import json
from pathlib import Path
from typing import Final

from qpp.codes import Code
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED, judge_submission
from tests.helpers import (
    corpus_accepted,
    corpus_entities,
    corpus_raw,
    corpus_rejected,
    corpus_scored,
    corpus_shapes,
    corpus_structure,
    corpus_warned,
)
from tests.helpers.corpus_case import Case
from tests.helpers.corpus_sheet import YEARS, Facts, Sheet
from tests.helpers.corpus_values import Json

ROOT: Final = Path(__file__).parents[2]
EXPECTED: Final = "expected.json"
# Without any document nobody can be answered, so these are set aside.
_SET_ASIDE: Final = frozenset({Code.NOT_JSON, Code.EMPTY, Code.NOT_UTF8})
_ALL: Final = (
    *corpus_shapes.CASES,
    *corpus_accepted.CASES,
    *corpus_scored.CASES,
    *corpus_warned.CASES,
    *corpus_entities.CASES,
    *corpus_structure.CASES,
    *corpus_rejected.CASES,
    *corpus_raw.CASES,
)


def folder_of(year: int) -> Path:
    """Give the folder that holds the examples of a year."""
    return ROOT / "schemas" / "mips" / f"py{year}" / "examples"


def cases_of(facts: Facts) -> dict[str, Case]:
    """Give the cases of a year by file name."""
    return {case.file: case for case in _ALL if case.when(facts)}


def fate_of(case: Case) -> str:
    """Say what becomes of a document by its name and codes alone."""
    if case.ending != "fail":
        return ACCEPTED
    return REJECTED if _SET_ASIDE.isdisjoint(case.codes) else PARKED


def body_of(case: Case, facts: Facts) -> bytes:
    """Write a document as it is committed."""
    made = case.build(Sheet(facts, case.file))
    if isinstance(made, bytes):
        return made
    return f"{json.dumps(made, indent=2)}\n".encode()


def expected_of(case: Case, body: bytes) -> Json:
    """Say what comes of a document: fate and codes as stated, the score as computed."""
    stated: Json = {
        "fate": fate_of(case),
        "codes": sorted(set(case.codes)),
        "finalScore": None,
        "adjustmentPercent": None,
    }
    judged = judge_submission(body)
    if stated["fate"] == judged.fate == ACCEPTED:
        # What withdraws every set of its own has no score; of several programs the
        # highest stands.
        for scored in score_document(judged, Feeds())[:1]:
            stated["finalScore"] = scored.score["finalScore"]
            stated["adjustmentPercent"] = scored.payment["adjustmentPercent"]
    return stated


def written(facts: Facts) -> dict[str, bytes]:
    """Give all files of a year by name, as they have to be committed."""
    files = {name: body_of(case, facts) for name, case in cases_of(facts).items()}
    expected = {
        name: expected_of(case, files[name]) for name, case in cases_of(facts).items()
    }
    text = json.dumps(dict(sorted(expected.items())), indent=2)
    return {**files, EXPECTED: f"{text}\n".encode()}


def main() -> None:
    """Write the corpus of every year, and remove what belongs to it no more."""
    for facts in YEARS:
        folder = folder_of(facts.year)
        (folder / "raw").mkdir(parents=True, exist_ok=True)
        files = written(facts)
        for name, body in files.items():
            (folder / name).write_bytes(body)
        for path in folder.rglob("*.json"):
            if str(path.relative_to(folder)) not in files:
                path.unlink()


if __name__ == "__main__":
    main()
