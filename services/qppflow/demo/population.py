"""The population as a stream: what its registries and CMS send, in sending order."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from json import dumps
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from qppflow.demo.alliances import practices
from qppflow.demo.chance import Draw, draw, happens
from qppflow.demo.corrections import corrected
from qppflow.demo.documents import Sending, inside_out, sendings, withdrawal
from qppflow.demo.feeds import feeds_of
from qppflow.demo.garbage import garbled
from qppflow.demo.memberships import Known
from qppflow.demo.messages import FEEDS, SUBMISSIONS, Message, headers
from qppflow.demo.mistakes import mistaken
from qppflow.demo.plain import is_plain_feed
from qppflow.demo.practices import Practice

JsonObject: TypeAlias = dict[str, Any]

CMS: Final = "https://cms-feeds.example"
SUBMISSION_TYPE: Final = "example.registry.submission.v1"
FEED_TYPE: Final = "example.cms.feed.v1"
# So many practices are drawn and put in order at a time; memory stays small.
_BLOCK: Final = 1000
_MISTAKEN: Final = 0.085
_RESENT: Final = 0.03
_CORRECTED: Final = 0.05
_WITHDRAWN: Final = 0.025
_TAKEN_BACK: Final = "withdrawal"
_GARBLED: Final = 0.012
_NAMELESS: Final = 0.01
# Most senders write close together, some indented, some with blanks.
_WRITERS: Final[tuple[Callable[[JsonObject], bytes], ...]] = (
    orjson.dumps,
    orjson.dumps,
    lambda document: orjson.dumps(document, option=orjson.OPT_INDENT_2),
    lambda document: dumps(document).encode(),
)


class _Timed(NamedTuple):
    """A message and when it is sent; a block of practices lasts from 0 to 1."""

    time: float
    message: Message


def population(
    size: int, seed: int, years: Sequence[int], *, plain: bool = False
) -> Iterator[Message]:
    """Give everything sent about *size* reporting entities, in sending order.

    Equal arguments give equal messages; the years must be scored by this version. Two
    runs of a *plain* one come to the same whatever overtakes what.
    """
    drawn = enumerate(practices(size, seed, years, plain=plain))
    while block := list(islice(drawn, _BLOCK)):
        timed = [
            item
            for number, practice in block
            for item in _all_of(practice, draw(seed, "practice", number), plain=plain)
        ]
        timed.sort(key=lambda item: item.time)
        yield from (item.message for item in timed)


def _all_of(practice: Practice, chance: Draw, *, plain: bool) -> Iterator[_Timed]:
    """Give everything sent about one practice."""
    first = chance.uniform(0.1, 0.7)
    for sending in sendings(practice, chance):
        for timed in _submitted(sending, first + chance.uniform(0, 0.1), chance):
            if not (plain and timed.message.kind == _TAKEN_BACK):
                yield timed
    for known in feeds_of(practice, chance):
        if plain and not is_plain_feed(known, practice):
            continue
        # CMS mostly knows a practice before its registry reports; not always.
        after = happens(chance, known.late)
        time = chance.uniform(0.0, first)
        if after:
            time = first + known.delay + chance.uniform(0, 0.2)
        yield _Timed(time, _feed(known, chance))


def _submitted(sending: Sending, time: float, chance: Draw) -> Iterator[_Timed]:
    """Give what is sent for one document: itself, mistakes, resends, corrections."""
    event = f"{chance.getrandbits(64):016x}"
    right = _message(sending, event, "submission", chance)
    if happens(chance, _GARBLED):
        name, spoilt = garbled(right.value or b"", chance)
        bad = right._replace(value=spoilt, kind=f"undecipherable: {name}")
        yield _Timed(time - 0.01, bad)
    if happens(chance, _MISTAKEN):
        name, wrong = mistaken(sending.document, chance)
        bad = _message(
            sending._replace(document=wrong), event, f"mistake: {name}", chance
        )
        yield _Timed(time, bad)
        if happens(chance, 0.25):
            return
        # Some registries number each attempt anew, some each document.
        time += chance.uniform(0.01, 0.1)
        if happens(chance, 0.5):
            event = f"{chance.getrandbits(64):016x}"
            right = _message(sending, event, "submission", chance)
        right = right._replace(kind="correction of a mistake")
    yield _Timed(time, right)
    if happens(chance, _RESENT):
        again = right._replace(kind="resend")
        yield _Timed(time + chance.uniform(0.001, 0.1), again)
    if happens(chance, _CORRECTED):
        late = sending._replace(document=corrected(sending.document, chance))
        if happens(chance, 0.5):
            event = f"{chance.getrandbits(64):016x}"
        message = _message(late, event, "late correction", chance)
        yield _Timed(time + chance.uniform(0.05, 0.2), message)
    if happens(chance, _WITHDRAWN):
        event = f"{chance.getrandbits(64):016x}"
        less = sending._replace(document=withdrawal(sending.document, chance))
        message = _message(less, event, _TAKEN_BACK, chance)
        yield _Timed(time + chance.uniform(0.21, 0.25), message)


def _message(sending: Sending, event: str, kind: str, chance: Draw) -> Message:
    """Write one document as its sender's software writes it."""
    document = sending.document
    if sending.nested and len(document["measurementSets"]) == 1:
        document = inside_out(document)
    source = None if happens(chance, _NAMELESS) else sending.sender
    return Message(
        topic=SUBMISSIONS,
        key=sending.sender.removeprefix("https://").encode(),
        value=_bytes(document, sending.sender),
        headers=headers(source, event, SUBMISSION_TYPE),
        kind=kind,
    )


def _bytes(document: JsonObject, sender: str) -> bytes:
    """Write JSON as the software of one sender always writes it."""
    return _WRITERS[sum(sender.encode()) % len(_WRITERS)](document)


def _feed(known: Known, chance: Draw) -> Message:
    """Write one feed of CMS."""
    return Message(
        topic=FEEDS,
        key=b"cms",
        value=orjson.dumps(known.document),
        headers=headers(CMS, f"{chance.getrandbits(64):016x}", FEED_TYPE),
        kind=known.kind or f"feed: {known.document['feed']}",
    )
