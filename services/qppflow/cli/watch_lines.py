"""One event as one line of at most 80 columns, without TIN and NPI. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from qppflow.cli.dlq_letters import read_letter
from qppflow.cli.masking import cut, safe
from qppflow.runtime import events
from qppflow.runtime.faults import ParkError
from qppflow.runtime.headers import timestamp
from qppflow.runtime.records import Record

JsonObject: TypeAlias = dict[str, Any]

WIDTH: Final = 80
SHOWN_OF_TOKEN: Final = 11
SHOWN_OF_SENDER: Final = 38
MOST_CODES: Final = 2


def line_of(topic: str, record: Record) -> str:
    """Write an event of a topic, named as the contracts name it."""
    at = timestamp(record.timestamp)[11:19]
    if topic == "qpp-dead-letters":
        return cut(f"{at} {_letter(record)}", WIDTH)
    try:
        event = events.decode(record.value)
        words = WRITERS[topic](event, events.kind_of(record))
    except (ParkError, KeyError):
        words = f"not an event of ours, at {record.origin}"
    return cut(f"{at} {words}", WIDTH)


def sender_of(record: Record) -> str | None:
    """Give the sender that an answer names; None where there is none."""
    try:
        told = events.decode(record.value).get("submission")
    except ParkError:
        return None
    source = told.get("source") if isinstance(told, Mapping) else None
    return source if isinstance(source, str) else None


def _letter(record: Record) -> str:
    """Put the id last and whole: it is what `dlq show` takes."""
    letter = read_letter(record)
    stage, reason = cut(letter.stage, 15), cut(letter.reason, 18)
    return f"{stage:<15} {reason:<18} {letter.id}"


def _result(event: JsonObject, _: str) -> str:
    told = event["effect"] or event["reason"] or ""
    fate = f"{event['fate']:<8} {cut(told, 12):<12}"
    who = event["submission"]
    sender = cut(f"{safe(who['source'])} {safe(who['id'])}", SHOWN_OF_SENDER)
    codes = [item["code"] for item in event["findings"]]
    more = f" +{len(codes) - MOST_CODES}" if len(codes) > MOST_CODES else ""
    return f"{fate} {sender} {' '.join(codes[:MOST_CODES])}{more}".rstrip()


def _score(event: JsonObject, kind: str) -> str:
    head = f"{event['performanceYear']} {_token(event)} r{event['revision']}"
    if "score" not in event:
        return f"{head} {_word(kind)} {safe(event.get('reason'))}"
    held = "  held" if event.get("held") else ""
    who = event["entity"]["entityType"]
    return f"{head} {who:<10} score {event['score']['finalScore']:>6}{held}"


def _payment(event: JsonObject, kind: str) -> str:
    years = f"{event['performanceYear']}>{event['paymentYear']}"
    head = f"{years} {_token(event)} r{event['revision']}"
    if "score" not in event:
        return f"{head} {_word(kind)}: {safe(event['reason'])}"
    if event["status"] == "none":
        return f"{head} score {event['score']:>6} adjusts no payment"
    spread = event["range"] or {"low": "?", "high": "?"}
    percent = event["adjustmentPercent"] or f"{spread['low']}..{spread['high']}"
    # No estimate is billable; of what is final it must be said, and fit the line.
    final = event["status"] == "final"
    status = "not billable" if final and not event["billable"] else event["status"]
    return f"{head} score {event['score']:>6} pays {percent} % {status}"


def _token(event: JsonObject) -> str:
    """Name the entity by the start of its token, which says nothing about it."""
    return cut(safe(event["subject"]), SHOWN_OF_TOKEN)


def _word(kind: str) -> str:
    """Give what an event says without a score: ``held``, ``retracted``."""
    return kind.partition(".")[0].removeprefix("score-")


WRITERS: Final[Mapping[str, Callable[[JsonObject, str], str]]] = {
    "qpp-submission-results": _result,
    "qpp-final-scores": _score,
    "qpp-payment-adjustments": _payment,
}
