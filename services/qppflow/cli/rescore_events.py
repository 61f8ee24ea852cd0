"""What a re-scoring says to each entity: score it again by this law."""

from typing import Any, Final, NamedTuple, TypeAlias

from qpp.mips.scoring import Law
from qppflow.runtime import headers, ids
from qppflow.runtime.events import PREFIX, encode
from qppflow.runtime.records import Outgoing

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "rescore"
FACTS: Final = "qpp-entity-facts"
ORDERED: Final = "rescoring-ordered.v1"
WHOLE_YEAR: Final = "year"
SOME: Final = "entities"


class Order(NamedTuple):
    """One order: its id, the law that it expects, and whom it is for.

    ``newest`` is the time of the newest fact before it, in ms since 1970; ``scope`` is
    ``year`` or ``entities``.
    """

    id: str
    year: int
    program: str
    book: str
    catalogue: str
    scope: str
    newest: int


def new_order(law: Law, scope: str, place: str, newest: int) -> Order:
    """Make an order; *place* names where the log ended, so that each is another."""
    book, catalogue = law.rules.id, law.catalogue.id
    made = ids.answer_id(STAGE, f"{book}|{catalogue}|{scope}|{place}")
    program = law.rules.submission.default_program.value
    return Order(made, law.rules.year, program, book, catalogue, scope, newest)


def read_order(event: JsonObject, time_ms: int) -> Order:
    """Read the order that a fact belongs to."""
    return Order(
        event["order"],
        event["performanceYear"],
        event["program"],
        event["ruleBook"],
        event["catalogue"],
        event["scope"],
        time_ms,
    )


def ordered_record(order: Order, subject: str) -> Outgoing:
    """Make the fact that orders one entity's re-scoring; always the same bytes."""
    event_id = ids.answer_id(STAGE, f"{order.id}|{subject}")
    payload = {
        "eventId": event_id,
        "subject": subject,
        "program": order.program,
        "performanceYear": order.year,
        "order": order.id,
        "scope": order.scope,
        "ruleBook": order.book,
        "catalogue": order.catalogue,
        "receivedAt": headers.timestamp(order.newest),
    }
    attributes = headers.write(
        event_id=event_id,
        source=f"urn:qppflow:{STAGE}",
        event_type=PREFIX + ORDERED,
        time_ms=order.newest,
        subject=subject,
    )
    return Outgoing(FACTS, subject.encode(), encode(payload), attributes)
