"""The scores of a stream once more, without it: by the command's own function.

A small model of what stands at each revision of an entity: the sets that each sender
said last, and the last feed of each name. It reads what was sent and the answers to
it, and none of the services' memories.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.demo.messages import FEEDS, SUBMISSIONS
from qppflow.runtime import headers
from qppflow.runtime.events import encode
from qppflow.runtime.judging import Judged, judge_submission
from qppflow.runtime.records import Record
from tests.helpers.cli import lines, run
from tests.helpers.stream_log import StreamLog

Json: TypeAlias = dict[str, Any]
Revision: TypeAlias = tuple[str, int]

ACCEPTED = "accepted"
APPLIED = "applied"


class Standing(NamedTuple):
    """What stands at a revision: documents whole or in part, and feeds, as sent."""

    sets: list[tuple[Record, Json]]
    feeds: list[Record]

    @property
    def alone(self) -> bytes | None:
        """Give the bytes of the one submission that stands, if it stands whole."""
        (record, _), *_ = self.sets
        sets = [item for _, item in self.sets]
        return record.value if sets == _document(record)["measurementSets"] else None


@dataclass
class _Entity:
    """What was said last, by slot: a sender's set of one kind, or a feed."""

    sets: dict[tuple[str | None, ...], tuple[Record, Json]] = field(
        default_factory=dict
    )
    feeds: dict[str, Record] = field(default_factory=dict)

    def submit(self, record: Record) -> None:
        """Take the sets of a document that are no older than those they replace."""
        source = headers.read(record.headers).source
        for item in _document(record)["measurementSets"]:
            program = item.get("programName", "mips")
            slot = (source, item["category"], item["submissionMethod"], program)
            before = self.sets.get(slot)
            if before is None or _order(before[0]) < _order(record):
                self.sets[slot] = (record, item)

    def feed(self, record: Record) -> None:
        """Take a feed that is no older than the one it replaces."""
        name = json.loads(record.value or b"")["feed"]
        before = self.feeds.get(name)
        if before is None or _order(before) < _order(record):
            self.feeds[name] = record


def _document(record: Record) -> Json:
    """Read an accepted submission as a whole."""
    document = judge_submission(record.value).document
    assert document is not None
    return document


def _order(record: Record) -> tuple[int, str, int, int]:
    """Order by the broker's time; within a partition that is also the log's order."""
    return record.timestamp, record.topic, record.partition, record.offset


def standing(log: StreamLog) -> Iterator[tuple[Revision, Standing]]:
    """Give what stands at each revision of each entity that has a submission."""
    sent = {r.origin: r for name in (SUBMISSIONS, FEEDS) for r in log.records[name]}
    submissions = {record.origin for record in log.records[SUBMISSIONS]}
    steps: dict[str, dict[int, str]] = defaultdict(dict)
    for origin, answers in log.answers().items():
        for answer in answers:
            if answer["effect"] == APPLIED:
                steps[answer["subject"]][answer["revision"]] = origin
    for subject, applied in steps.items():
        entity = _Entity()
        for revision, origin in sorted(applied.items()):
            take = entity.submit if origin in submissions else entity.feed
            take(sent[origin])
            if entity.sets:
                now = Standing(list(entity.sets.values()), list(entity.feeds.values()))
                yield (subject, revision), now


def united(now: Standing) -> Judged:
    """Give the one document that stands, or one made of all the sets that stand."""
    (first, _), *_ = now.sets
    sets = [item for _, item in now.sets]
    document = {**_document(first), "measurementSets": sets}
    return replace(judge_submission(first.value), document=document)


def feeds_of(now: Standing, file: Path) -> Feeds:
    """Have the command's own reader read the feeds that stand."""
    found = Feeds()
    if now.feeds:
        file.write_bytes(b"\n".join(record.value or b"" for record in now.feeds))
        found.add([file], "--feed")
    return found


def pure_scores(log: StreamLog, folder: Path) -> dict[Revision, bytes]:
    """Score every revision with the function of ``qppflow score``."""
    file = folder / "feeds.ndjson"
    return {
        revision: encode(score_document(united(now), feeds_of(now, file))[0].score)
        for revision, now in standing(log)
    }


def command_scores(log: StreamLog, folder: Path) -> dict[Revision, bytes]:
    """Score each submission that stands alone with ``qppflow score``, file by file.

    A revision is one at which a submission was accepted. Those of an entity come in
    rounds, since a run of the command knows one feed of a name about an entity.
    """
    wanted = set(accepted_submissions(log).values())
    rounds: dict[int, dict[Revision, Standing]] = defaultdict(dict)
    seen: Counter[str] = Counter()
    for revision, now in standing(log):
        if revision in wanted and now.alone is not None:
            rounds[seen[revision[0]]][revision] = now
            seen[revision[0]] += 1
    found: dict[Revision, bytes] = {}
    for number, chosen in rounds.items():
        place = folder / str(number)
        place.mkdir()
        found |= _one_round(list(chosen.items()), place)
    return found


def _one_round(
    chosen: list[tuple[Revision, Standing]], folder: Path
) -> dict[Revision, bytes]:
    """Run the command over documents of different entities with all their feeds."""
    feeds = folder / "feeds.ndjson"
    said = [record.value or b"" for _, now in chosen for record in now.feeds]
    feeds.write_bytes(b"\n".join(said))
    files = []
    for number, (_, now) in enumerate(chosen):
        files.append(folder / f"{number}.json")
        files[-1].write_bytes(now.alone or b"")
    result = run("score", *files, *(["--feed", feeds] if said else []), "--json")
    scores = [encode(line["score"]) for line in lines(result)]
    return dict(zip((revision for revision, _ in chosen), scores, strict=True))


def streamed_scores(log: StreamLog) -> dict[Revision, bytes]:
    """Give the ``score`` member of every final score event, as bytes."""
    return {
        (event["subject"], event["revision"]): encode(event["score"])
        for event in log.events("qpp-final-scores")
    }


def accepted_submissions(log: StreamLog) -> dict[str, Revision]:
    """Say in which revision each accepted submission first counted."""
    submissions = {record.origin for record in log.records[SUBMISSIONS]}
    return {
        origin: (answers[0]["subject"], answers[0]["revision"])
        for origin, answers in log.answers().items()
        if origin in submissions and answers[0]["fate"] == ACCEPTED
    }


def differing(
    one: Mapping[Revision, bytes], other: Mapping[Revision, bytes]
) -> list[Revision]:
    """List the revisions whose bytes differ or that one side lacks."""
    every = sorted(one.keys() | other.keys())
    return [key for key in every if one.get(key) != other.get(key)]
