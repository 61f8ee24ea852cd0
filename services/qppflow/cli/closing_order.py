"""What an operator orders of a year, and why it may be refused."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from qpp.mips.rules import MipsRules
from qppflow.cli.closing_paid import Held

FIRST_SHOWN: Final = 10


class Mode(StrEnum):
    """What the operator wants of a year."""

    FIRST = "first"
    AGAIN = "again"
    RESUME = "resume"
    LATE = "late"


class Order(NamedTuple):
    """One run: the year, what is accepted all the same, and whether to look only."""

    rules: MipsRules
    mode: Mode
    accept_held: frozenset[str] = frozenset()
    accept_in_flight: bool = False
    dry_run: bool = False


class Why(StrEnum):
    """Why a year is not closed, for programs."""

    IN_FLIGHT = "in-flight"
    HELD = "held"
    NOT_HELD = "not-held"
    NOT_A_TALLY = "not-a-tally"
    EMPTY = "empty"
    NEVER_CLOSED = "never-closed"
    CLOSED_ALREADY = "closed-already"
    CLOSED_MEANWHILE = "closed-meanwhile"
    OTHER_CUT = "other-cut"


class RefusedError(Exception):
    """The year is not closed; ``word`` says why to programs, the text to people."""

    def __init__(self, word: Why, message: str, **details: object) -> None:
        super().__init__(message)
        self.word = word
        self.details = details


def refuse_mode(order: Order, closing: Mapping[str, Any] | None) -> None:
    """Refuse to close twice by mistake, or to go on with what never was.

    Raises:
        RefusedError: it is so.
    """
    year = order.rules.year
    if closing is None and order.mode is not Mode.FIRST:
        message = f"{year} was never closed: there is nothing to {order.mode.value}"
        raise RefusedError(Why.NEVER_CLOSED, message)
    if closing is not None and order.mode is Mode.FIRST:
        number = closing["number"]
        message = (
            f"{year} is closed: closing {number} stands, at a factor of"
            f" {closing['factor']}. --again closes it anew, --resume completes a"
            " closing that was cut short, --late tells clinicians who came later"
        )
        raise RefusedError(Why.CLOSED_ALREADY, message, number=number)


def refuse_in_flight(order: Order, in_flight: Mapping[str, int]) -> None:
    """Refuse while records are on their way, unless that is accepted.

    Raises:
        RefusedError: it is so.
    """
    if not in_flight or order.accept_in_flight:
        return
    told = ", ".join(f"{count} for {name}" for name, count in in_flight.items())
    message = f"records are on their way ({told}): wait, or --accept-in-flight"
    raise RefusedError(Why.IN_FLIGHT, message, inFlight=dict(in_flight))


def refuse_held(order: Order, held: Sequence[Held]) -> None:
    """Refuse while scores wait that nobody accepted by name, or that do not wait.

    Raises:
        RefusedError: it is so.
    """
    left = [one for one in held if one.subject not in order.accept_held]
    if left:
        first = left[:FIRST_SHOWN]
        named = ", ".join(f"{one.subject} (dead letter {one.letter})" for one in first)
        message = f"{len(left)} clinicians are held, first {named}: see qppflow dlq"
        shown = [one._asdict() for one in first]
        raise RefusedError(Why.HELD, message, held=len(left), first=shown)
    if unknown := sorted(order.accept_held - {one.subject for one in held}):
        message = f"--accept-held names who is not held: {', '.join(unknown)}"
        raise RefusedError(Why.NOT_HELD, message, notHeld=unknown)
