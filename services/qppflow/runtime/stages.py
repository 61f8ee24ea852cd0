"""What the stages between `entities` and `final_scores` share: all without memory."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from qpp.inputs import ScoreInput, read_input
from qpp.mips.scoring import Law
from qpp.parts import part
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES
from qppflow.runtime import headers, ids
from qppflow.runtime.events import Payload, decode, emit, expect
from qppflow.runtime.law import pinned
from qppflow.runtime.records import Decision, Outgoing, ParkedHook, Record

PARTS: Final = "qpp-score-parts"
INPUT: Final = "score-input.v1"
HEAD: Final = (
    "subject",
    "program",
    "revision",
    "performanceYear",
    "ruleBook",
    "catalogue",
    "cause",
    "receivedAt",
)

Scorer = Callable[[Payload, ScoreInput, Law], CategoryScore]


def opened(record: Record, kind: str) -> tuple[Payload, ScoreInput, Law]:
    """Read a record of a revision, of this kind only, and find the law it pins.

    Raises:
        ParkError: the record is none of our events, or of another kind or version.
        RuleBookMissingError: this build has another rule book or catalogue.
    """
    event = decode(record.value)
    expect(record, kind)
    law = pinned(event)
    program = law.rules.submission.default_program.value
    return event, read_input(event["input"], program), law


def head(event: Payload) -> Payload:
    """Give what every event of a revision starts with."""
    return {name: event[name] for name in HEAD}


class Says(NamedTuple):
    """What a stage sends: its own name, the topic, and the event's kind."""

    stage: str
    topic: str
    kind: str

    def of(self, event: Payload, more: Payload, record: Record) -> Outgoing:
        """Say it of a revision; the id names stage, revision and category or kind."""
        subject = event["subject"]
        name = more.get("category", self.kind)
        return emit(
            self.stage,
            self.topic,
            self.kind,
            {**head(event), **more},
            event_id=ids.event_id(
                self.stage, subject, event["program"], event["revision"], name
            ),
            subject=subject,
            cause=record,
        )


def scoring(stage: str, score: Scorer, reads: str = INPUT) -> Decision:
    """Make the decision of a stage that scores one category from a kind of event."""
    says = Says(stage, PARTS, "score-part.v1")

    def decide(record: Record) -> Iterable[Outgoing]:
        event, entity, law = opened(record, reads)
        found = score(event, entity, law)
        more = {"category": found.category, "part": part(found, explain=True)}
        return [says.of(event, more, record)]

    return decide


def holding(stage: str, category: str) -> ParkedHook:
    """Tell `final_scores` that a category's input was parked, if it can be told."""
    assert category in CATEGORIES
    says = Says(stage, PARTS, "score-part-parked.v1")

    def on_parked(record: Record, letter: str, reason: str) -> Iterable[Outgoing]:
        event = decode(record.value)
        if headers.read(record.headers).subject != event.get("subject"):
            return []
        more = {"category": category, "deadLetter": letter, "reason": reason}
        return [says.of(event, more, record)]

    return on_parked
