"""CMS's own example documents: each meets exactly one fate, and nothing raises."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from qpp.library import years
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.runtime.judging import ACCEPTED, PARKED, REJECTED, judge_submission

SAMPLES = Path(__file__).parents[2] / ".." / "shared" / "samples"
# What the documentation writes for a year that the reader has to fill in.
PLACEHOLDER = re.compile(rb"<\s*performanceYearToBeReported\s*>")
AS_TEXT = re.compile(rb'"<\s*performanceYearToBeReported\s*>"')

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="CMS's samples are not here"),
]


@cache
def samples() -> dict[str, bytes]:
    """Read every document, and each submission with placeholders once a year."""
    found = {}
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix not in (".json", ".xml"):
            continue
        name, body = str(path.relative_to(SAMPLES)), path.read_bytes()
        found[name] = body
        if PLACEHOLDER.search(body) and judge_submission(body).kind:
            for year in years():
                found[f"{name} as of {year}"] = filled(body, year)
    return found


def filled(body: bytes, year: int) -> bytes:
    """Fill a year in: as a number where it stands alone, as digits within dates."""
    digits = str(year).encode()
    return PLACEHOLDER.sub(digits, AS_TEXT.sub(digits, body))


def test_each_sample_meets_exactly_one_fate() -> None:
    """Nothing raises, everything is answered, and what is accepted is scored."""
    fates: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    finals = []
    for name, body in samples().items():
        judged = judge_submission(body)
        fates[judged.fate] += 1
        codes.update({finding.code for finding in judged.findings})
        assert judged.fate == ACCEPTED or judged.findings, name
        if judged.fate == ACCEPTED:
            finals.append(score_document(judged, Feeds())[0].score["finalScore"])

    print(f"\n{len(samples())} samples: {dict(fates)}")  # noqa: T201 - what -s is for
    print(codes.most_common(10))  # noqa: T201 - what -s is for
    assert sum(fates.values()) == len(samples()) > 100
    assert set(fates) == {ACCEPTED, REJECTED, PARKED}
    assert len(finals) == fates[ACCEPTED]


def test_filled_in_placeholders_are_dates_and_years() -> None:
    """The seven documents with placeholders become documents of each year."""
    made = [name for name in samples() if " as of " in name]

    assert len(made) == 7 * len(years())
    for name in made:
        assert f'"performanceYear": {name[-4:]}' in json.dumps(
            json.loads(samples()[name])
        )
        assert judge_submission(samples()[name]).year == int(name[-4:])
