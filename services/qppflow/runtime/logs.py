"""JSON lines with fields from a list; a nine-digit number never comes through.

Logs are read by more people than payloads are. A field that is not on the list is
dropped and counted, and a run of nine digits (a TIN, an NPI) is masked wherever a
caller put it, in the event's name too.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Final, TextIO
from uuid import UUID

import orjson
import structlog

from qppflow.runtime.clock import Clock, SystemClock
from qppflow.runtime.dead_letters import call_site

TEXTS: Final = frozenset({
    "event", "service", "topic", "code", "reason", "exception", "call_site", "level",
    "rule_book", "state", "remedy", "library", "build", "instance", "text",
})  # fmt: skip
NUMBERS: Final = frozenset({
    "partition", "offset", "position", "epoch", "count", "parked", "duration_ms",
    "seconds", "attempt", "found", "limit", "suppressed", "exit_code", "lag",
})  # fmt: skip
IDS: Final = frozenset({"event_id", "dead_letter_id"})
DIGESTS: Final = frozenset({"submission_id", "subject"})

_RUN: Final = re.compile(r"\d(?:[\s.\-]?\d){8,}")
_DIGEST: Final = re.compile(r"(?:k1\.)?[A-Za-z0-9_-]{43}")
MASK: Final = "*********"
LONGEST: Final = 200


class Filter:
    """A structlog processor: the list of fields, the mask, and what was dropped."""

    def __init__(self) -> None:
        self.dropped = 0

    def __call__(
        self, _logger: object, method: str, fields: MutableMapping[str, object]
    ) -> Mapping[str, object]:
        """Give only what may be written."""
        kept: dict[str, object] = {}
        for name, value in {"level": method, **fields}.items():
            allowed = clean(name, value)
            if allowed is None:
                self.dropped += 1
            else:
                kept[name] = allowed
        if self.dropped:
            kept["dropped"] = self.dropped
        return kept


def clean(name: str, value: object) -> object:
    """Give a field's value as it may be written, or None for a field unknown here."""
    if name in NUMBERS:
        return _number(value)
    if name in IDS:
        return _id(value)
    if name in DIGESTS:
        text = str(value)
        ours = _DIGEST.fullmatch(text) and not _RUN.search(text)
        return text if ours else MASK
    if name in TEXTS:
        return mask(str(value))[:LONGEST]
    return None


def mask(text: str) -> str:
    """Replace each run of nine or more digits, also with dashes in it."""
    return _RUN.sub(MASK, text)


def _number(value: object) -> object:
    if isinstance(value, float):
        value = round(value, 3)
    if not isinstance(value, int | float):
        return MASK
    # A large offset is legitimate and looks like a TIN: both are shown in millions.
    millions = 1_000_000
    return value if abs(value) < 100 * millions else f"{value // millions}M"


def _id(value: object) -> str:
    try:
        return str(UUID(str(value))) if "-" in str(value) else MASK
    except ValueError:
        return MASK


class Stamp:
    """A structlog processor that adds the time, from a clock that tests can set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(
        self, _logger: object, _method: str, fields: MutableMapping[str, object]
    ) -> MutableMapping[str, object]:
        """Add ``time``, RFC 3339 in UTC."""
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        return {"time": now.isoformat(timespec="milliseconds"), **fields}


def _line(_logger: object, _method: str, fields: MutableMapping[str, object]) -> str:
    return orjson.dumps(fields).decode()


def configure(
    service: str, stream: TextIO | None = None, clock: Clock | None = None
) -> Filter:
    """Send every log of this process, libraries too, to *stream* as JSON lines."""
    chosen = Filter()
    where = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            chosen,
            Stamp(clock or SystemClock()),
            _line,
        ],
        logger_factory=structlog.PrintLoggerFactory(where),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(service=service)
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler(clock or SystemClock())]
    root.setLevel(logging.WARNING)
    return chosen


class LibraryHandler(logging.Handler):
    """Takes what libraries log: the unformatted message, and not thirty a second.

    The arguments of a message are left out: they may hold a key or a payload.
    """

    every = 10.0

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._last: dict[tuple[str, int], float] = {}
        self._held: dict[tuple[str, int], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line for each place in a library, at most every ten seconds."""
        place = (record.name, record.lineno)
        now = self._clock.monotonic()
        if now - self._last.get(place, -self.every) < self.every:
            self._held[place] = self._held.get(place, 0) + 1
            return
        self._last[place] = now
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().warning(
            "library",
            library=f"{record.name}:{record.lineno}",
            text=str(record.msg),
            exception=type(error).__name__ if error else "",
            call_site=call_site(error),
            suppressed=self._held.pop(place, 0),
        )
