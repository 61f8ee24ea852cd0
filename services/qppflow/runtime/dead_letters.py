"""A record that cannot be answered, kept as it came, with why and where from.

Headers here are read by everybody, so they are short and never carry a text from
outside; the original key and headers travel encrypted in one of them.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Final

import qpp
from qppflow.runtime import headers as cloud
from qppflow.runtime.faults import ParkError
from qppflow.runtime.ids import dead_letter_id
from qppflow.runtime.records import Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import is_token

if TYPE_CHECKING:
    from types import TracebackType

    from qppflow.runtime.records import Header

EVENT_TYPE: Final = "qppflow.dead-letter.v1"
EXCEPTION: Final = "exception"
OUTPUT_TOO_LARGE: Final = "output-too-large"

LARGEST_ENVELOPE: Final = 65_536

# The folders above our two packages; a frame below one of the packages is ours.
_ABOVE: Final = (Path(__file__).parents[2], Path(qpp.__file__).parents[1])
_OURS: Final = (str(_ABOVE[0] / "qppflow"), str(_ABOVE[1] / "qpp"))


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Makes the dead letters of one stage.

    ``trusts_keys`` is for stages whose input we wrote ourselves: their keys are
    tokens and may be shown. ``build`` names the version that failed.
    """

    stage: str
    topic: str
    sealer: Sealer
    build: str
    trusts_keys: bool

    def letter_id(self, record: Record) -> str:
        """Give the id of the dead letter that this stage makes of a record."""
        return dead_letter_id(self.stage, record)

    def park(
        self, record: Record, reason: str, error: BaseException | None = None
    ) -> Outgoing:
        """Park one record: original bytes as value, the rest in headers.

        The same record, reason and build give the same bytes. ``dlq-origin`` stays
        the first place through every replay; ``dlq-place`` is this record's own.
        """
        key = self._token(record)
        lineage = cloud.first(record.headers, "dlq-lineage")
        origin = self.sealer.open_origin(lineage) or record.origin
        site = call_site(error)
        kind = "" if error is None else type(error).__name__
        own: list[Header] = [
            ("dlq-stage", self.stage.encode()),
            ("dlq-reason", reason.encode()),
            ("dlq-origin", origin.encode()),
            ("dlq-place", record.origin.encode()),
            ("dlq-exception", kind.encode()),
            ("dlq-call-site", site.encode()),
            ("dlq-group", fingerprint(self.stage, reason, kind, site).encode()),
            ("dlq-sha256", sha256(record.value or b"").hexdigest().encode()),
            ("dlq-build", self.build.encode()),
            ("dlq-lineage", self.sealer.seal_origin(origin)),
            ("dlq-original", self.sealer.seal_envelope(record.key, record.headers)),
        ]
        if record.value is None:
            # A null value would be a tombstone, so it is written as no bytes.
            own.append(("dlq-null-value", b"1"))
        event = cloud.write(
            event_id=self.letter_id(record),
            source=f"urn:qppflow:{self.stage}",
            event_type=EVENT_TYPE,
            time_ms=record.timestamp,
            subject=None if key is None else key.decode(),
            content_type=cloud.BINARY,
        )
        return Outgoing(self.topic, key, record.value or b"", event + tuple(own))

    def _token(self, record: Record) -> bytes | None:
        if self.trusts_keys and record.key and is_token(cloud.text(record.key)):
            return record.key
        return None


def shortened(letter: Outgoing) -> Outgoing:
    """Leave out a dead letter's value, where even the dead letter is too large.

    ``dlq-place`` says where the bytes are, ``dlq-sha256`` proves that they are the
    right ones; a sealed envelope of an unusual size goes as well.
    """
    small = tuple(
        header
        for header in letter.headers
        if header[0] != "dlq-original" or len(header[1] or b"") <= LARGEST_ENVELOPE
    )
    return letter._replace(value=b"", headers=(*small, ("dlq-value-omitted", b"1")))


def reason_of(error: BaseException) -> str:
    """Give the reason code of a failed decision."""
    return error.reason if isinstance(error, ParkError) else EXCEPTION


def fingerprint(*parts: str) -> str:
    """Group dead letters with one cause; twelve letters, never a digit."""
    hashed = sha256("\n".join(parts).encode()).digest()[:12]
    return "".join(chr(ord("a") + byte % 26) for byte in hashed)


def call_site(error: BaseException | None) -> str:
    """Give the last file and line of our own code that an exception went through."""
    found = ""
    trace: TracebackType | None = None if error is None else error.__traceback__
    for frame, line in walk_tb(trace):
        file = frame.f_code.co_filename
        for above, ours in zip(_ABOVE, _OURS, strict=True):
            if file.startswith(ours + "/"):
                found = f"{Path(file).relative_to(above).as_posix()}:{line}"
    return found
