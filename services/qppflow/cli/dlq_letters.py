"""Dead letters as their open headers tell of them, and grouped by cause. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from qppflow.cli.masking import printable
from qppflow.runtime import headers
from qppflow.runtime.headers import timestamp
from qppflow.runtime.records import Record


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter without its bytes; ``at`` is when it was parked, in ms.

    ``place`` is where the parked record lies, ``origin`` where it first failed.
    """

    id: str
    stage: str
    reason: str
    exception: str
    call_site: str
    group: str
    origin: str
    place: str
    sha256: str
    build: str
    at: int
    size: int
    null_value: bool
    value_omitted: bool

    def as_json(self) -> dict[str, Any]:
        """Give it for programs, with the header names in JSON's spelling."""
        return {
            "id": self.id,
            "stage": self.stage,
            "reason": self.reason,
            "exception": self.exception,
            "callSite": self.call_site,
            "group": self.group,
            "origin": self.origin,
            "place": self.place,
            "sha256": self.sha256,
            "build": self.build,
            "at": timestamp(self.at),
            "size": self.size,
            "nullValue": self.null_value,
            "valueOmitted": self.value_omitted,
        }


class Wanted(NamedTuple):
    """Which letters are asked for; None stands for any."""

    reason: str | None = None
    stage: str | None = None
    group: str | None = None

    def has(self, letter: Letter) -> bool:
        """Say whether a letter is one of them."""
        pairs = (
            (self.reason, letter.reason),
            (self.stage, letter.stage),
            (self.group, letter.group),
        )
        return all(asked in {None, found} for asked, found in pairs)


class Group(NamedTuple):
    """Letters with one cause: how many, and the newest of them."""

    letters: int
    newest: Letter

    def as_json(self) -> dict[str, Any]:
        """Give it for programs."""
        newest = self.newest
        return {
            "group": newest.group,
            "count": self.letters,
            "stage": newest.stage,
            "reason": newest.reason,
            "exception": newest.exception,
            "callSite": newest.call_site,
            "newest": timestamp(newest.at),
        }


def read_letter(record: Record) -> Letter:
    """Read the open headers, which our own services wrote; what is missing is empty."""

    def told(name: str) -> str:
        return printable(headers.text(headers.first(record.headers, name)) or "")

    return Letter(
        id=told("ce_id"),
        stage=told("dlq-stage"),
        reason=told("dlq-reason"),
        exception=told("dlq-exception"),
        call_site=told("dlq-call-site"),
        group=told("dlq-group"),
        origin=told("dlq-origin"),
        place=told("dlq-place"),
        sha256=told("dlq-sha256"),
        build=told("dlq-build"),
        at=record.timestamp,
        size=len(record.value or b""),
        null_value=headers.first(record.headers, "dlq-null-value") is not None,
        value_omitted=headers.first(record.headers, "dlq-value-omitted") is not None,
    )


def grouped(letters: Iterable[Letter]) -> list[Group]:
    """Group letters by cause, the group with the newest letter first."""
    found: dict[str, list[Letter]] = {}
    for letter in letters:
        found.setdefault(letter.group, []).append(letter)
    groups = [Group(len(all_), newest_first(all_)[0]) for all_ in found.values()]
    return sorted(groups, key=lambda group: (-group.newest.at, group.newest.group))


def newest_first(letters: Iterable[Letter]) -> list[Letter]:
    """Sort letters, the newest first."""
    return sorted(letters, key=lambda letter: (-letter.at, letter.id))
