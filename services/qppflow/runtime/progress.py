"""How far a service is, in a small file that ``status`` reads.

Only one process writes a file and it is replaced whole, so that a reader never
sees half of it.
"""

import os
from pathlib import Path
from typing import TypedDict

import orjson

from qppflow.runtime.clock import Clock
from qppflow.runtime.records import Place


class PlaceProgress(TypedDict):
    """One partition: ``state`` is ``running`` or ``paused``; times in s since 1970."""

    position: int
    at: float
    state: str
    reason: str


class ServiceProgress(TypedDict):
    """One process of a service; ``alive_at`` is written every second."""

    service: str
    instance: str
    build: str
    started_at: float
    alive_at: float
    handled: int
    parked: int
    partitions: dict[str, PlaceProgress]


class Progress:
    """Collects and writes the progress of one process."""

    def __init__(
        self, folder: Path, service: str, instance: str, build: str, clock: Clock
    ) -> None:
        self._file = folder / "progress" / f"{service}-{instance}.json"
        self._clock = clock
        now = clock.now()
        self.seen: ServiceProgress = {
            "service": service,
            "instance": instance,
            "build": build,
            "started_at": now,
            "alive_at": now,
            "handled": 0,
            "parked": 0,
            "partitions": {},
        }

    def advanced(self, place: Place, position: int, handled: int, parked: int) -> None:
        """Note that all records before *position* are done."""
        self.seen["handled"] += handled
        self.seen["parked"] += parked
        self._note(place, position, "running", "")

    def paused(self, place: Place, position: int, reason: str) -> None:
        """Note that the partition waits at *position*, and why."""
        self._note(place, position, "paused", reason)

    def lost(self, place: Place) -> None:
        """Note that the partition belongs to another process now."""
        self.seen["partitions"].pop(_name(place), None)

    def write(self) -> None:
        """Replace the file."""
        self.seen["alive_at"] = self._clock.now()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(f".{os.getpid()}.new")
        fresh.write_bytes(orjson.dumps(self.seen))
        fresh.replace(self._file)

    def remove(self) -> None:
        """Take the file away at an orderly end."""
        self._file.unlink(missing_ok=True)

    def _note(self, place: Place, position: int, state: str, reason: str) -> None:
        self.seen["partitions"][_name(place)] = {
            "position": position,
            "at": self._clock.now(),
            "state": state,
            "reason": reason,
        }


def _name(place: Place) -> str:
    return f"{place.topic}/{place.partition}"


def read_all(folder: Path) -> list[ServiceProgress]:
    """Read what every process of this machine wrote last; broken files are left out."""
    found: list[ServiceProgress] = []
    for file in sorted((folder / "progress").glob("*.json")):
        try:
            found.append(orjson.loads(file.read_bytes()))
        except (OSError, orjson.JSONDecodeError):
            continue
    return found
