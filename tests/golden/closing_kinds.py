"""Golden cases about who is paid by what, and about closing a year."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from qpp.mips.choice import Candidate, pays
from qpp.mips.closing import closed_adjustment, distribution, factor
from qpp.mips.rules import MipsRules
from qpp.mips.tally import Tally, TallyError
from qpp.numbers import fixed, plain
from qpp.rulebook import Provision
from qpp.trace import Trace
from tests.golden.given import Given, Made
from tests.helpers.law import amended, book

# A made-up year that rewards exceptional performance, with a small pool.
EXCEPTIONAL = {
    "additional_threshold": "85",
    "additional_minimum": "0.5",
    "additional_maximum": "10",
    "additional_pool": "100",
    "additional_scaling_factor_maximum": "1",
}


def exceptional_book(year: int = 2025) -> MipsRules:
    """Give a year's book with an additional threshold."""
    rules = book(year)
    added: dict[str, Any] = {
        name: Provision(
            Decimal(value),
            unit="by hand",
            citation="by hand",
            status="unverified",
            last_checked=date(year, 1, 1),
            path=f"payment.{name}",
        )
        for name, value in EXCEPTIONAL.items()
    }
    assert set(added) <= {field.name for field in fields(rules.payment)}
    return replace(rules, payment=replace(rules.payment, **added))


def closing(given: Given) -> Made:
    """Close a year of clinicians, each a final score and a paid amount."""
    year = given.get("year", 2025)
    rules = exceptional_book(year) if given.get("exceptional") else book(year)
    tally = Tally(rules)
    try:
        for clinician in given["clinicians"]:
            score, amount = clinician.split()
            tally.add(Decimal(score), Decimal(amount))
    except TallyError as error:
        return {"error": str(error)}
    trace = Trace()
    closed = factor(tally, rules, trace)
    median = tally.median()
    return {
        "factor": _figure(closed.factor),
        "additional_factor": _figure(closed.additional_factor),
        "reductions": plain(closed.reductions),
        "increases": plain(closed.increases_at_one),
        "clinicians": closed.clinicians,
        "paid": plain(closed.paid),
        "median": None if median is None else plain(median),
        "bands": {
            band.name: band.clinicians
            for band in distribution(tally, rules)
            if band.clinicians
        },
        "adjustments": {
            score: _figure(
                closed_adjustment(Decimal(score), closed, rules, trace).percent
            )
            for score in given.get("of", ())
        },
        "says": list(dict.fromkeys(step.rule.path for step in trace.steps)),
        "sentences": [step.text() for step in trace.steps],
    }


def _figure(value: Decimal | None) -> str | None:
    """Write a figure with four decimals, or nothing."""
    return None if value is None else fixed(value, 4)


def choice(given: Given) -> Made:
    """Choose who pays a clinician; a candidate is type, program, name, score, since."""
    candidates = []
    for line in given["candidates"]:
        kind, program, name, score, since = line.split()
        candidates.append(Candidate(kind, program, name, Decimal(score), int(since)))
    rules = amended(book(given.get("year", 2025)), **given.get("instead", {}))
    trace = Trace()
    found = pays(candidates, rules.payment, trace)
    return {
        "pays": None if found.winner is None else found.winner.subject,
        "why_not": {item.candidate.subject: item.reason for item in found.losers},
        "conflict": found.conflict,
        "assumes": sorted(trace.assumptions),
        "says": [step.rule.path for step in trace.steps],
    }
