"""The committed corpus: accepted submissions of the demonstration's population.

The file holds one document a line, as a JSON string of its text, since documents have
line ends of their own. ``python -m benchmarks.corpus`` writes it anew.
"""

import gzip
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from qppflow.demo.messages import SUBMISSIONS
from qppflow.demo.population import population
from qppflow.demo.years import years_to_play
from qppflow.runtime.judging import ACCEPTED, judge_submission

FILE: Final = Path(__file__).parent / "corpus" / "submissions.ndjson.gz"
DOCUMENTS: Final = 1000
BYTES: Final = 2_199_739
SHA256: Final = "7b6ab8b542ec3b33947c95df27ae4bfa10c703e1432e79ae505802c24dec02b1"
SEED: Final = 7
# Enough practices for so many documents: some are sent as several, a few not at all.
PRACTICES: Final = 1600


class Corpus(NamedTuple):
    """Documents as they were sent, and how much text they are."""

    documents: tuple[bytes, ...]
    size: int


class WrongCorpusError(Exception):
    """The file is not the corpus that figures are compared on."""


def load(limit: int | None = None, file: Path = FILE) -> Corpus:
    """Read the corpus, or its first *limit* documents.

    Raises:
        WrongCorpusError: the file holds other bytes than those that were agreed.
    """
    lines = gzip.decompress(file.read_bytes())
    if sha256(lines).hexdigest() != SHA256:
        message = f"{file.name} is not the agreed corpus: python -m benchmarks.corpus"
        raise WrongCorpusError(message)
    documents = tuple(
        orjson.loads(line).encode() for line in islice(lines.splitlines(), limit)
    )
    return Corpus(documents, sum(map(len, documents)))


def written(documents: Sequence[bytes]) -> bytes:
    """Write documents as the lines of the file, not yet compressed."""
    return b"".join(orjson.dumps(one.decode()) + b"\n" for one in documents)


def drawn() -> Iterator[bytes]:
    """Draw the accepted first submissions of the population, in sending order."""
    for message in population(PRACTICES, SEED, years_to_play(), plain=True):
        if (
            message.topic == SUBMISSIONS
            and message.kind == "submission"
            and message.value is not None
            and judge_submission(message.value).fate == ACCEPTED
        ):
            yield message.value


def main() -> None:
    """Draw the corpus again, write it and say what to agree on."""
    documents = list(islice(drawn(), DOCUMENTS))
    lines = written(documents)
    FILE.parent.mkdir(exist_ok=True)
    # No file name and no time in the header: equal documents give equal bytes.
    FILE.write_bytes(gzip.compress(lines, 9, mtime=0))
    size = sum(map(len, documents))
    sys.stdout.write(
        f"{len(documents)} documents, {size} bytes, {sha256(lines).hexdigest()}\n"
    )


if __name__ == "__main__":
    main()
