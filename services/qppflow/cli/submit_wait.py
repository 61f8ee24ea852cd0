"""Which fate each submission has met, read from answers and dead letters. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from qppflow.cli.receipts import Receipt
from qppflow.runtime import headers
from qppflow.runtime.events import decode
from qppflow.runtime.faults import ParkError
from qppflow.runtime.records import Record

RESULTS: Final = "qpp-submission-results"
LETTERS: Final = "qpp-dead-letters"
PARKED: Final = "parked"
# The stage whose dead letters are facts, each made of one submission.
AFTER_INTAKE: Final = "entities"


class Fate(NamedTuple):
    """The end of one submission; ``findings`` are as the answer has them."""

    receipt: Receipt
    fate: str
    effect: str | None
    findings: tuple[Mapping[str, Any], ...]
    dead_letter: str | None
    reason: str | None


class Waiting:
    """Submissions whose fate is still open, found by place or by their ids.

    *letters* is the broker's name of the topic of dead letters.
    """

    def __init__(self, receipts: Iterable[Receipt], letters: str) -> None:
        self._open = {receipt.origin: receipt for receipt in receipts}
        self._named = {_identity(one): one.origin for one in self._open.values()}
        self._letters = letters

    @property
    def done(self) -> bool:
        """Say whether each has its fate."""
        return not self._open

    @property
    def left(self) -> list[Receipt]:
        """Give those that are still open."""
        return list(self._open.values())

    def take(self, record: Record) -> Fate | None:
        """Read one record; gives the fate it tells of one of ours, the first only."""
        if record.topic == self._letters:
            return self._of_letter(record)
        try:
            answer = decode(record.value)
        except ParkError:
            return None
        receipt = self._close(answer.get("submission"))
        if receipt is None:
            return None
        return Fate(
            receipt,
            answer["fate"],
            answer["effect"],
            tuple(answer["findings"]),
            answer["deadLetter"],
            answer["reason"],
        )

    def _of_letter(self, record: Record) -> Fate | None:
        """Take a dead letter of the submission itself, or of the fact made of it."""
        origin = headers.text(headers.first(record.headers, "dlq-origin"))
        receipt = self._open.pop(origin or "", None)
        stage = headers.text(headers.first(record.headers, "dlq-stage"))
        # Only facts are ours; a document from outside could name any submission.
        if receipt is None and stage == AFTER_INTAKE:
            try:
                receipt = self._close(decode(record.value).get("submission"))
            except ParkError:
                return None
        if receipt is None:
            return None
        letter = headers.read(record.headers).id
        reason = headers.text(headers.first(record.headers, "dlq-reason"))
        return Fate(receipt, PARKED, None, (), letter, reason)

    def _close(self, told: object) -> Receipt | None:
        """Close the submission that an event names, by its place or its ids."""
        if not isinstance(told, dict):
            return None
        identity = (told.get("source"), told.get("id"), told.get("sha256"))
        origin = told.get("origin")
        if origin not in self._open:
            origin = self._named.get(identity)
        return self._open.pop(origin, None) if isinstance(origin, str) else None


def _identity(receipt: Receipt) -> tuple[Any, ...]:
    return (receipt.source, receipt.id, receipt.sha256)
