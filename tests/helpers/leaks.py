"""Finds planted identifiers wherever they show, and says whether they may.

Where they may is what the contracts name: nowhere in a key or header, and of a value
only the fields below. What senders wrote themselves is theirs.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from qppflow.runtime.events import decode
from qppflow.runtime.records import Record

Path: TypeAlias = tuple[str, ...]

TIN: Final = "taxpayerIdentificationNumber"
NPI: Final = "nationalProviderIdentifier"
DEAD_LETTERS: Final = "qpp-dead-letters"
# A sender's own name and its id of a document come back to it as it wrote them.
SENDER: Final = (("submission", "source"), ("submission", "id"))
ENTITY: Final = (("entity", TIN), ("entity", NPI), ("entity", "entityId"))
# Paths of the fields of an event that carry identifiers; below each all may show.
FIELDS: Final[Mapping[str, tuple[Path, ...]]] = {
    "qpp-submission-results": SENDER,
    # ``content`` is what one entity lends another of its documents.
    "qpp-entity-facts": (*SENDER, *ENTITY, ("document",), ("content",)),
    "qpp-eligibility": ENTITY,
    "qpp-score-parts": (*ENTITY, ("roster",), ("members",)),
    "qpp-final-scores": ENTITY,
    "qpp-payment-inputs": (("clinician", TIN), ("clinician", NPI)),
    "qpp-payment-adjustments": ((TIN,), (NPI,)),
}
# What a sender counted is a figure, whatever it looks like: numbers of its document,
# and these, which are written as texts.
FIGURES: Final = frozenset({"population", "caseCount"})
_BETWEEN: Final = re.compile(rb"[\s.\-_\x00]")


class Planted:
    """Identifiers that were planted, in every way in which bytes could show them."""

    def __init__(self, *identifiers: str) -> None:
        texts = {
            form.encode() for one in identifiers for form in (one, one.lstrip("0"))
        }
        self._forms = {*texts, *(text.hex().encode() for text in texts)}
        for text in texts:
            self._forms |= set(_in_base64(text))
        # The same few texts come again in every record.
        self._known: dict[bytes, bool] = {}

    def shown_in(self, shown: bytes) -> bool:
        """Say whether any identifier shows, whatever stands between its digits."""
        if shown not in self._known:
            found = shown, _BETWEEN.sub(b"", shown)
            self._known[shown] = any(form in f for form in self._forms for f in found)
        return self._known[shown]

    def leaks(self, topic: str, record: Record) -> Iterator[str]:
        """Name the places of one of our records that show what they must not."""
        if self.shown_in(record.key or b""):
            yield "key"
        for number, (name, value) in enumerate(record.headers):
            if self.shown_in(name.encode()) or self.shown_in(value or b""):
                yield f"header {number}"
        # A dead letter's value is the sender's own bytes.
        if topic != DEAD_LETTERS and record.value:
            yield from self._inside(topic, decode(record.value))

    def _inside(self, topic: str, event: object) -> Iterator[str]:
        """Name the fields of an event that show an identifier and must not."""
        allowed = FIELDS.get(topic, ())
        for path, value in leaves(event):
            may = any(path[: len(field)] == field for field in allowed)
            if may or _counted(path, value):
                continue
            if self.shown_in(str(value).encode()):
                yield "/".join(path)


def _counted(path: Path, value: object) -> bool:
    """Say whether a value is a count out of a sender's document."""
    if path[0] == "assessed":
        return path[-1] in FIGURES
    return path[0] == "input" and isinstance(value, int | Decimal)


def _in_base64(text: bytes) -> Iterator[bytes]:
    """Give what base64 makes of a text at each of three places in a longer one."""
    for before in range(3):
        whole = b64encode(b"\0" * before + text).rstrip(b"=")
        # The first and last sign also hold bits of what stands around the text.
        yield whole[2 * before - before // 2 : -1]


def leaves(node: object, at: Path = ()) -> Iterator[tuple[Path, object]]:
    """Give each field name and each single value below *node* with its path."""
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield (*at, "a field's name"), name
            yield from leaves(inner, (*at, name))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from leaves(inner, (*at, str(number)))
    else:
        yield at, node
