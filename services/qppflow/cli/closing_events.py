"""What closing a year says: that it is closed, and to each clinician by what."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from qpp.mips.closing import Closing, distribution, factor
from qpp.mips.payment import PAYMENT
from qpp.mips.rules import MipsRules
from qpp.mips.tally import Tally
from qpp.numbers import plain
from qpp.parts import reason
from qpp.rosters import NPI, TIN
from qpp.trace import Trace
from qppflow.cli.closing_cut import Cut
from qppflow.cli.closing_paid import Who
from qppflow.runtime import headers, ids
from qppflow.runtime.events import PREFIX, encode
from qppflow.runtime.records import Headers, Outgoing

JsonObject: TypeAlias = dict[str, Any]

STAGE: Final = "close_year"
CLOSINGS: Final = "qpp-closings"
INPUTS: Final = "qpp-payment-inputs"
CLOSED: Final = "year-closed.v1"
APPLIED: Final = "closing-applied.v1"
# Nobody said what some clinicians were paid; they count as 0.
NO_AMOUNTS: Final = "paid-amounts-unknown"


class Basis(NamedTuple):
    """What a closing rests on; ``newest`` is in ms since 1970."""

    cut: Cut
    tally: Tally
    without_amount: int
    not_paid: int
    held: list[str]
    newest: int


def year_closed(
    basis: Basis, rules: MipsRules, before: Mapping[str, Any] | None
) -> JsonObject:
    """Write a closing; *before* is the one that it takes the place of, if any."""
    trace = Trace()
    found = factor(basis.tally, rules, trace)
    number = 1 if before is None else before["number"] + 1
    program = rules.submission.default_program.value
    assumed = set(trace.assumptions)
    if basis.without_amount:
        assumed.add(NO_AMOUNTS)
    return {
        "closingId": ids.event_id(STAGE, f"py{rules.year}", program, number, CLOSED),
        "supersedes": None if before is None else before["closingId"],
        "program": program,
        "performanceYear": rules.year,
        "paymentYear": rules.submission.payment_year.value,
        "number": number,
        "cut": basis.cut.as_json(),
        **_figures(found),
        "withoutAmount": basis.without_amount,
        "notPaid": basis.not_paid,
        "distribution": [
            {
                "band": one.name,
                "clinicians": one.clinicians,
                "amount": plain(one.amount),
            }
            for one in distribution(basis.tally, rules)
        ],
        "hash": found.digest,
        "accepted": {
            "held": basis.held,
            "inFlight": sum(basis.cut.in_flight.values()),
        },
        "ruleBook": rules.id,
        "explanation": [reason(step, PAYMENT) for step in trace.steps],
        "assumptions": sorted(assumed),
        "receivedAt": headers.timestamp(basis.newest),
    }


def _figures(found: Closing) -> JsonObject:
    """Write what a closing came to."""
    extra = found.additional_factor
    return {
        "factor": None if found.factor is None else plain(found.factor),
        "additionalFactor": None if extra is None else plain(extra),
        "clinicians": found.clinicians,
        "paid": plain(found.paid),
        "reductions": plain(found.reductions),
        "increasesAtOne": plain(found.increases_at_one),
        "additionalAtOne": plain(found.additional_at_one),
    }


def closed_record(closing: Mapping[str, Any], time_ms: int) -> Outgoing:
    """Make the record of a closing."""
    attributes = _attributes(CLOSED, closing["closingId"], None, time_ms)
    key = str(closing["performanceYear"]).encode()
    return Outgoing(CLOSINGS, key, encode(dict(closing)), attributes)


def applied_record(closing: Mapping[str, Any], who: Who, time_ms: int) -> Outgoing:
    """Make the record that tells a clinician's payment; always the same bytes."""
    payload = {
        "subject": who.subject,
        "program": closing["program"],
        "performanceYear": closing["performanceYear"],
        "paymentYear": closing["paymentYear"],
        "clinician": {TIN: who.tin, NPI: who.npi},
        "number": closing["number"],
        "closingId": closing["closingId"],
        "factor": closing["factor"],
        "additionalFactor": closing["additionalFactor"],
        "ruleBook": closing["ruleBook"],
        "assumptions": closing["assumptions"],
        "receivedAt": closing["receivedAt"],
    }
    event_id = ids.event_id(
        STAGE, who.subject, closing["program"], closing["number"], APPLIED
    )
    attributes = _attributes(APPLIED, event_id, who.subject, time_ms)
    return Outgoing(INPUTS, who.subject.encode(), encode(payload), attributes)


def _attributes(kind: str, event_id: str, subject: str | None, time: int) -> Headers:
    """Write the headers of an event of this command."""
    return headers.write(
        event_id=event_id,
        source=f"urn:qppflow:{STAGE}",
        event_type=PREFIX + kind,
        time_ms=time,
        subject=subject,
    )
