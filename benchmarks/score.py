"""(b) `score` without --explain in bulk, beside reading the same bytes as JSON.

The loop calls what the command `score` calls for each document, with no feeds; what it
prints is left out, as nothing is printed for the baseline either.
"""

import cProfile
import os
import pstats
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import process_time
from typing import Final

import orjson

from benchmarks.corpus import Corpus
from benchmarks.ratio import Ratio, quotient
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.runtime.judging import judge_submission

TARGET: Final = 0.04
PASSES: Final = 7
# One reading of the corpus is over in milliseconds; so many are one pass.
READINGS: Final = 20
SHOWN: Final = 45


def measure(corpus: Corpus, passes: int = PASSES) -> Ratio:
    """Take processor time on one core, the best of several passes of each in turn."""
    documents = corpus.documents
    with one_core() as pinned:
        score_all(documents)  # reads rule books and catalogues, compiles the schemas
        read_all(documents)
        ours, baseline = [], []
        for _ in range(passes):
            baseline.append(timed(read_all, documents) / READINGS)
            ours.append(timed(score_all, documents))
    best, floor = min(ours), min(baseline)
    count = len(documents)
    return Ratio(
        part="b",
        title="score in bulk / orjson.loads, one core",
        value=quotient(floor, best),
        target=TARGET,
        figures={
            "documents": count,
            "bytes": corpus.size,
            "pinned_to_one_core": "yes" if pinned else "no",
            "passes": passes,
            "score_us_per_document": round(best / count * 1e6, 2),
            "score_us_worst_pass": round(max(ours) / count * 1e6, 2),
            "loads_us_per_document": round(floor / count * 1e6, 3),
            "score_documents_per_s": round(count / best),
        },
    )


def score_all(documents: Sequence[bytes]) -> None:
    """Judge and score each document, as the command does without feeds."""
    feeds = Feeds()
    for body in documents:
        score_document(judge_submission(body), feeds)


def read_all(documents: Sequence[bytes]) -> None:
    """Read each document as JSON, and again, until there is something to time."""
    loads = orjson.loads
    for _ in range(READINGS):
        for body in documents:
            loads(body)


def timed(work: Callable[[Sequence[bytes]], None], documents: Sequence[bytes]) -> float:
    """Give the processor seconds of one pass."""
    start = process_time()
    work(documents)
    return process_time() - start


@contextmanager
def one_core() -> Iterator[bool]:
    """Keep this process on one core for a block, where the system can; says if so."""
    if sys.platform != "linux":
        yield False
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, before)


def profile(corpus: Corpus) -> None:
    """Print where the processor time of scoring goes, function by function."""
    score_all(corpus.documents)
    profiler = cProfile.Profile()
    profiler.runcall(score_all, corpus.documents)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(SHOWN)
