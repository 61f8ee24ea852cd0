"""The front door as a fuzzer meets it: one input, and what must hold of its fate.

An input is one byte that chooses the topic, then the value of the record. Headers and
key are chosen by the value, so that the same bytes always meet the same door.
"""

import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qppflow.intake.handlers import FACTS, FEEDS, RESULTS, STAGE, SUBMISSIONS, Intake
from qppflow.runtime import headers
from qppflow.runtime.codec import decode
from qppflow.runtime.contracts import Validator
from qppflow.runtime.dead_letters import DeadLetters
from qppflow.runtime.faults import ParkError
from qppflow.runtime.guard import Decided, Guard
from qppflow.runtime.records import Headers, Outgoing, Record
from qppflow.runtime.sealing import Sealer
from qppflow.runtime.tokens import Tokens

LETTERS: Final = "qpp-dead-letters"
START: Final = 1_767_225_600_000
# Judging an ordinary document takes less than a thousandth of this.
SLOW_SECONDS: Final = 5.0
# What is costly to ask is asked of every so many inputs, chosen by their bytes.
ASKED_OF_EVERY: Final = 32
_DIGITS: Final = re.compile(r"[0-9]{9}")
_SENDER: Final[Headers] = (("ce_source", b"urn:registry:one"), ("ce_id", b"a-1"))
SENDERS: Final[tuple[tuple[Headers, bytes | None], ...]] = (
    (_SENDER, b"registry"),
    (_SENDER, None),
    ((), None),
    ((("ce_source", None), ("ce_id", None)), b""),
    ((("ce_source", b"\xff\xfe\x00"), ("ce_id", b"\x80")), b"\x00\xff"),
    ((*_SENDER, *_SENDER), b"twice"),
    ((("ce_source", b"s" * 2000), ("ce_id", b"i" * 2000)), b"k" * 5000),
    (
        (("ce_source", b"urn:000456789"), ("ce_id", b"1234567893"), ("x", None)),
        b"000456789",
    ),
)


@dataclass(frozen=True, slots=True)
class Passed:
    """The fate of an input, and what was new about it, for a fuzzer's guidance."""

    fate: str
    features: frozenset[str]


class What(StrEnum):
    """What must never happen, whatever comes in."""

    EXCEPTION = "exception"
    FATE = "not one fate"
    LEAK = "digits of an identifier's length in a finding"
    CONTRACT = "an output that its schema refuses"
    UNSTEADY = "the same input, other bytes"
    SLOW = "slow"


class BrokenError(Exception):
    """Something that must hold of every input did not."""

    def __init__(self, what: What, detail: str) -> None:
        super().__init__(f"{what}: {detail}")
        self.what = what


class Door:
    """Intake behind its guard, as the service has it, with fixed keys."""

    def __init__(self, intake: Intake | None = None) -> None:
        tokens = Tokens(bytes(range(32)))
        self._intake = intake or Intake(tokens, FEEDS)
        sealer = Sealer(bytes(range(64)))
        letters = DeadLetters(STAGE, LETTERS, sealer, "fuzz", trusts_keys=False)
        self._guard = Guard(letters, lambda _made: None, self._intake.on_parked)
        self._schemas = Validator()

    def put(self, data: bytes) -> Passed:
        """Let one input in.

        Raises:
            BrokenError: intake did something that it must never do.
        """
        record = record_of(data)
        began = time.process_time()
        one = self._decided(record)
        if time.process_time() - began > SLOW_SECONDS:
            found = f"{len(data)} bytes took more than {SLOW_SECONDS} s"
            raise BrokenError(What.SLOW, found)
        fate = _fate(one)
        features = {fate}
        for output in one.outputs:
            features |= set(_shown(output))
        if zlib.crc32(data) // len(SENDERS) % ASKED_OF_EVERY == 0:
            self._asked_closely(record, one)
        return Passed(fate, frozenset(features))

    def _decided(self, record: Record) -> Decided:
        raised: list[Exception] = []

        def decide() -> list[Outgoing]:
            try:
                return list(self._intake.decide(record))
            except ParkError:
                raise
            except Exception as error:
                raised.append(error)
                raise

        one = self._guard.decide(record, decide)
        if raised:
            reason = headers.first(one.outputs[0].headers, "dlq-call-site") or b""
            found = f"{type(raised[0]).__name__} in {reason.decode()}"
            raise BrokenError(What.EXCEPTION, found) from raised[0]
        return one

    def _asked_closely(self, record: Record, one: Decided) -> None:
        """Ask for the same bytes again, and whether contracts are kept."""
        if self._decided(record).outputs != one.outputs:
            raise BrokenError(What.UNSTEADY, record.topic)
        for output in one.outputs:
            if output.topic == LETTERS:
                continue
            kind = headers.read(output.headers).type
            problems = self._schemas.problems(str(kind), decode(output.value or b""))
            if problems:
                where = f"{kind}: {problems[0].pointer}"
                raise BrokenError(What.CONTRACT, where)


def record_of(data: bytes) -> Record:
    """Make the record that an input stands for; no bytes at all is a null value."""
    topic = FEEDS if data[:1] >= b"\x80" else SUBMISSIONS
    value = data[1:] or None
    sender, key = SENDERS[zlib.crc32(data) % len(SENDERS)]
    return Record(topic, 1, 7, START, key, value, sender)


def input_of(topic: str, value: bytes) -> bytes:
    """Give the input that stands for a value on a topic."""
    return (b"\xff" if topic == FEEDS else b"\x00") + value


def _fate(one: Decided) -> str:
    """Say which of the three fates it was; each record has exactly one."""
    sent = [output.topic for output in one.outputs]
    kinds = {
        (FACTS,): "recorded",
        (RESULTS,): "rejected",
        (LETTERS,): "parked",
        (LETTERS, RESULTS): "parked",
    }
    fate = kinds.get(tuple(sent))
    if fate is None or one.parked != (fate == "parked"):
        raise BrokenError(What.FATE, " and ".join(sent) or "nothing")
    return fate


def _shown(output: Outgoing) -> Iterator[str]:
    """Give what an output says, as features; digits where none may be are a leak."""
    if output.topic == LETTERS:
        for name in ("dlq-reason", "dlq-call-site"):
            yield f"{name} {(headers.first(output.headers, name) or b'').decode()}"
        return
    event = decode(output.value or b"")
    assert isinstance(event, dict)
    for finding in event.get("findings", ()):
        for part in ("found", "pointer"):
            if _DIGITS.search(finding[part]):
                raise BrokenError(What.LEAK, f"{finding['code']} in {part}")
        shape = re.sub(r"[0-9]+", "0", finding["pointer"])
        yield f"{finding['code']} {shape[:80]}"
