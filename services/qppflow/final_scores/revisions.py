"""Revisions on their way to a final score: what has arrived, and what still misses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeAlias

from qpp.submission import CATEGORIES

JsonObject: TypeAlias = dict[str, Any]

EXPECTED: Final = "expected"
PARKED: Final = "parked"
ENDED: Final = "ended"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is remembered of one entity in one program.

    ``complete`` is the highest revision published, 0 before the first;
    ``pending`` maps a revision to its parts by category, ``expected`` and
    ``parked`` among them; ``told`` maps each clinician last told of a score or a
    hold to the ids that name her; ``held`` is the revision that waits, and why;
    ``scored`` says that the last complete revision had a score; ``last`` is what the
    last score was, and by which law; ``said`` sums up what clinicians were told.
    """

    complete: int = 0
    pending: Mapping[str, JsonObject] = field(default_factory=dict)
    told: Mapping[str, JsonObject] = field(default_factory=dict)
    held: JsonObject | None = None
    scored: bool = False
    last: JsonObject | None = None
    said: str | None = None


def arrived(subject: Subject, revision: int, name: str, content: JsonObject) -> Subject:
    """Add one part of a revision."""
    key = str(revision)
    parts = {**subject.pending.get(key, {}), name: content}
    return replace(subject, pending={**subject.pending, key: parts})


def parts_of(subject: Subject, revision: int) -> JsonObject:
    """Give what has arrived of a revision."""
    found: JsonObject = subject.pending.get(str(revision), {})
    return found


def is_complete(parts: JsonObject) -> bool:
    """Say whether a revision has all that its score is made of."""
    return EXPECTED in parts and all(name in parts for name in CATEGORIES)


def published(subject: Subject, revision: int) -> Subject:
    """Note a published revision and drop everything up to it."""
    left = {key: parts for key, parts in subject.pending.items() if int(key) > revision}
    held = subject.held
    if held is not None and held["revision"] <= revision:
        held = None
    return replace(subject, complete=revision, pending=left, held=held)


def written(subject: Subject) -> JsonObject:
    """Give what is remembered as an object; nothing in it is copied."""
    return {item.name: getattr(subject, item.name) for item in fields(subject)}
