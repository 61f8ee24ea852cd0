"""CMS's own example documents through the command ``qppflow demo --input``.

The documentation leaves the year of some submissions open; each of these goes in as
it is, and once more for every year that this version scores.
"""

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from qpp.library import years
from qppflow.cli.exits import Exit
from qppflow.demo.messages import SUBMISSIONS
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED, judge_submission
from tests.helpers.demo_run import Demonstrated, demonstrate

SAMPLES: Final = Path(__file__).parents[2] / ".." / "shared" / "samples"
SENT: Final = (".json", ".xml")
WITH_OPEN_YEAR: Final = 7
# A year that stands alone is written as text, and becomes a number.
OPEN: Final = rb"<\s*performanceYearToBeReported\s*>"
ALONE: Final = rb'"' + OPEN + rb'"'

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="CMS's samples are not here"),
]


class Sent(NamedTuple):
    """What came of the documents, and how many they were."""

    shown: Demonstrated
    files: int
    filled: int


def has_open_year(body: bytes) -> bool:
    """Say whether bytes are a submission, in either form, whose year is open."""
    return re.search(OPEN, body) is not None and bool(judge_submission(body).kind)


def fill(file: Path, year: int) -> None:
    """Write a copy of a document beside it with its year filled in."""
    digits = str(year).encode()
    body = re.sub(OPEN, digits, re.sub(ALONE, digits, file.read_bytes()))
    file.with_name(f"{file.stem}-of-{year}.json").write_bytes(body)


@pytest.fixture(scope="module")
def sent(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Send every document once."""
    folder = tmp_path_factory.mktemp("samples")
    outbox = folder / "outbox"
    shutil.copytree(SAMPLES, outbox)
    files = [file for file in outbox.rglob("*") if file.suffix in SENT]
    open_ones = [file for file in files if has_open_year(file.read_bytes())]
    for file in open_ones:
        for year in years():
            fill(file, year)
    shown = demonstrate(kafka, folder / "state", "--input", outbox)
    filled = len(open_ones) * len(years())
    return Sent(shown, len(files) + filled, filled)


def test_all_documents_are_received_and_conservation_holds(sent: Sent) -> None:
    """None is left out, and the command ends well."""
    printed = sent.shown.printed

    assert sent.shown.exit_code == Exit.OK
    assert printed["conservation"] is True
    assert printed["received"] == sent.files
    assert sent.filled == WITH_OPEN_YEAR * len(years())


def test_each_document_has_exactly_one_fate(sent: Sent) -> None:
    """One answer for each, whatever it is: the sender of all of them is known."""
    log = sent.shown.log
    answers = log.answers()
    fates = Counter(found["fate"] for (found,) in answers.values())
    codes: Counter[str] = Counter(sent.shown.printed["findings"])

    print(f"\n{sent.files} documents: {dict(fates)}, {codes.most_common(10)}")  # noqa: T201 - what -s is for
    assert answers.keys() == {record.origin for record in log.records[SUBMISSIONS]}
    assert set(fates) == {ACCEPTED, REJECTED, PARKED}
    assert fates[PARKED] == len(log.records["qpp-dead-letters"])
    assert {fate: sent.shown.printed[fate] for fate in fates} == fates


def test_what_was_accepted_is_scored(sent: Sent) -> None:
    """Each in its revision; a document that came in two folders is a duplicate."""
    log = sent.shown.log
    scored = {
        (event["subject"], event["revision"])
        for event in log.events("qpp-final-scores")
    }
    accepted = {
        (event["subject"], event["revision"])
        for event in log.events("qpp-submission-results")
        if event["fate"] == ACCEPTED
    }

    assert accepted == scored
    assert len(scored) > 0
