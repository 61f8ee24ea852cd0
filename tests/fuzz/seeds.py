"""What a fuzzer starts from: every document that the repository has."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from qppflow.intake.handlers import FEEDS, SUBMISSIONS
from tests.fuzz.door import input_of
from tests.helpers.bad_inputs import TABLE

ROOT: Final = Path(__file__).parents[2]
FOUND: Final = Path(__file__).with_name("found")
CORPUS: Final = ROOT / "benchmarks" / "corpus" / "submissions.ndjson.gz"
OF_THE_CORPUS: Final = 100
# A longer one would only make each of its many variants slow.
LONGEST: Final = 20_000


def seeds() -> list[bytes]:
    """Give the inputs to start from, each once, in an order that stays."""
    found = dict.fromkeys(one for one in _all() if len(one) <= LONGEST)
    return list(found)


def _all() -> Iterator[bytes]:
    for path in sorted((ROOT / "schemas").rglob("examples/*.json")):
        topic = FEEDS if "feeds" in path.parts else SUBMISSIONS
        # Read and written again, as senders do: shorter, and the same document.
        document = json.loads(path.read_bytes())
        yield input_of(topic, json.dumps(document).encode())
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for _number, line in zip(range(OF_THE_CORPUS), lines, strict=False):
            yield input_of(SUBMISSIONS, json.loads(line).encode())
    for row in TABLE:
        yield input_of(row.topic, row.value or b"")
    yield from found()


def found() -> list[bytes]:
    """Give the inputs that were found to break something once."""
    return [path.read_bytes() for path in sorted(FOUND.glob("*.bin"))]
