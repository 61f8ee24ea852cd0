"""What stands at the end of a run: the newest word about each score and clinician."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from qppflow.runtime.events import decode, kind_of
from qppflow.runtime.records import Record

JsonObject: TypeAlias = dict[str, Any]
# An entity has a score for each program that it reports in.
ScoreName: TypeAlias = tuple[str, str]

ENDED: Final = "final-score-retracted.v1"
PAID: Final = "payment-adjusted.v1"
HELD: Final = "score-held.v1"
RELEASED: Final = "score-released.v1"
RETRACTED: Final = "score-retracted.v1"
# These say nothing of what is paid: that stays as the payment before has it.
_WITHOUT_PAYMENT: Final = frozenset({HELD, RELEASED})


@dataclass(slots=True)
class Latest:
    """The newest event by score, clinician and entity; each has its ``kind``.

    Under ``payments``, what is held or released keeps what the payment before said.
    """

    scores: dict[ScoreName, JsonObject] = field(default_factory=dict)
    payments: dict[str, JsonObject] = field(default_factory=dict)
    eligibility: dict[str, JsonObject] = field(default_factory=dict)

    def score(self, batch: Iterable[Record]) -> None:
        """Take final scores, and words that one stands no more."""
        for record in batch:
            event = _read(record)
            name = (event["subject"], event["program"])
            if _is_newer(event, self.scores.get(name)):
                self.scores[name] = event

    def pay(self, batch: Iterable[Record]) -> None:
        """Take payments, holds, releases and retractions."""
        for record in batch:
            event = _read(record)
            before = self.payments.get(event["subject"])
            if not _is_newer(event, before):
                continue
            if event["kind"] in _WITHOUT_PAYMENT:
                event = {**(before or {}), **event}
            self.payments[event["subject"]] = event

    def stand(self, batch: Iterable[Record]) -> None:
        """Take what entities are: required to report, excluded, and so on."""
        for record in batch:
            event = _read(record)
            if _is_newer(event, self.eligibility.get(event["subject"])):
                self.eligibility[event["subject"]] = event

    def standing_scores(self) -> dict[ScoreName, JsonObject]:
        """Give the scores that nobody retracted."""
        return {
            name: event for name, event in self.scores.items() if event["kind"] != ENDED
        }


def _read(record: Record) -> JsonObject:
    """Read an event, with its kind beside it."""
    return {**decode(record.value), "kind": kind_of(record)}


def _is_newer(event: JsonObject, kept: Mapping[str, Any] | None) -> bool:
    """Say whether an event has a higher revision than what is kept."""
    return kept is None or event["revision"] > kept["revision"]
