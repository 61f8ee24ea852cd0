"""The sample billing ledger stays right, whatever is repeated and in which order."""

import json
import sqlite3
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.billing_consumer import Entry, applied, keep
from qppflow.runtime.contracts import event_schema

Event: TypeAlias = tuple[bytes, dict[str, Any]]

ROOT = Path(__file__).parents[2]
ADJUSTED = b"qppflow.payment-adjusted.v1"
HELD = b"qppflow.score-held.v1"
RELEASED = b"qppflow.score-released.v1"
RETRACTED = b"qppflow.score-retracted.v1"
KINDS = (ADJUSTED, HELD, RELEASED, RETRACTED)
EXAMPLES = ROOT / "contracts" / "events" / "payment-adjusted" / "examples"
# What the newest version says of a payment's reason.
REASONS = event_schema("payment-adjusted", "1.1.0")["properties"]["reason"]["enum"]


def adjusted(revision: int, percent: str, subject: str = "a") -> Event:
    """Give a billable adjustment."""
    return ADJUSTED, {
        "subject": subject,
        "revision": revision,
        "score": "50.00",
        "adjustmentPercent": percent,
        "billable": True,
    }


def other(kind: bytes, revision: int, subject: str = "a") -> Event:
    """Give a hold, a release or a retraction."""
    return kind, {"subject": subject, "revision": revision}


def ledger_of(events: list[Event]) -> list[tuple[Any, ...]]:
    """Run events through the real ledger; gives its rows by subject."""
    ledger = sqlite3.connect(":memory:")
    columns = ", ".join(Entry._fields)
    ledger.execute(f"CREATE TABLE ledger (subject PRIMARY KEY, {columns})")
    for kind, event in events:
        keep(ledger, kind, event)
    rows = ledger.execute("SELECT * FROM ledger ORDER BY subject").fetchall()
    ledger.close()
    return rows


def entry_of(events: list[Event]) -> Entry:
    """Run the events of one subject through the decision alone."""
    entry = Entry()
    for kind, event in events:
        entry = applied(entry, kind, event)
    return entry


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    """Draw what happened to some clinicians, and one way it may be delivered.

    A key keeps its order, keys interleave, and anything delivered may come again.
    """
    subjects = draw(st.lists(st.sampled_from("abc"), unique=True, min_size=1))
    lines: list[list[Event]] = []
    for subject in subjects:
        kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
        lines.append(
            [
                adjusted(number, f"{number}.0000", subject)
                if kind == ADJUSTED
                else other(kind, number, subject)
                for number, kind in enumerate(kinds, 1)
            ]
        )
    happened = [event for line in lines for event in line]
    delivered: list[Event] = []
    while any(lines):
        if draw(st.booleans()) and delivered:
            delivered.append(draw(st.sampled_from(delivered)))
        else:
            line = draw(st.sampled_from([line for line in lines if line]))
            delivered.append(line.pop(0))
    return happened, delivered


@given(histories())
def test_any_delivery_gives_the_same_ledger(
    history: tuple[list[Event], list[Event]],
) -> None:
    """Duplicates and stale repeats of any event, keys interleaved in any way."""
    happened, delivered = history

    assert ledger_of(delivered) == ledger_of(happened)


def test_a_ledger_without_revisions_would_not_stay_right() -> None:
    """The property above is seen to fail for a ledger that takes what comes last."""
    first, second = adjusted(1, "-9.0000"), adjusted(2, "0.0000")

    last_wins = entry_of([(k, e | {"revision": n}) for n, (k, e) in
                          enumerate([first, second, first], 1)])  # fmt: skip

    assert last_wins.adjustment == "-9.0000"
    assert entry_of([first, second, first]).adjustment == "0.0000"


def test_a_correction_replaces_the_figures() -> None:
    """The higher revision counts."""
    entry = entry_of([adjusted(1, "-9.0000"), adjusted(2, "0.7600")])

    assert entry == Entry(2, "50.00", "0.7600", billable=True)


def test_a_hold_keeps_the_figures_and_stops_paying_by_them() -> None:
    """The figures stay for the release, and are marked until then."""
    entry = entry_of([adjusted(1, "0.7600"), other(HELD, 2)])

    assert entry == Entry(2, "50.00", "0.7600", billable=True, held=True)


def test_a_release_puts_the_figures_back_in_force() -> None:
    """Nothing else than the hold changed."""
    entry = entry_of([adjusted(1, "0.7600"), other(HELD, 2), other(RELEASED, 3)])

    assert entry == Entry(3, "50.00", "0.7600", billable=True)


def test_a_correction_ends_a_hold_too() -> None:
    """New figures are no longer held."""
    entry = entry_of([adjusted(1, "0.7600"), other(HELD, 2), adjusted(3, "-1.0000")])

    assert entry == Entry(3, "50.00", "-1.0000", billable=True)


def test_a_retraction_leaves_nothing_to_pay_by() -> None:
    """A late repeat of the adjustment does not bring it back."""
    first = adjusted(1, "0.7600")

    entry = entry_of([first, other(RETRACTED, 2), first])

    assert entry == Entry(2)


def test_who_was_paid_and_may_not_be_any_more_is_paid_no_longer() -> None:
    """A voluntary reporter, say: reason and other scores decide nothing."""
    gone = (
        RETRACTED,
        {
            **other(RETRACTED, 2)[1],
            "reason": "voluntaryReporter",
            "others": [{"entityType": "group", "reason": "voluntaryReporter"}],
        },
    )

    entry = entry_of([adjusted(1, "-9.0000"), gone])

    assert entry == Entry(2)
    assert not entry.billable


def test_a_retraction_may_come_first_and_a_score_after_it() -> None:
    """Who never was paid by a score is told of that, and may be paid later."""
    first = other(RETRACTED, 1)

    assert entry_of([first]) == Entry(1)
    assert entry_of([first, adjusted(2, "0.7600")]).adjustment == "0.7600"


def test_a_hold_that_ends_in_a_retraction_pays_nothing() -> None:
    """Neither the hold nor the figures from before it stay."""
    entry = entry_of([adjusted(1, "0.7600"), other(HELD, 2), other(RETRACTED, 3)])

    assert entry == Entry(3)


@pytest.mark.parametrize(
    "reason", [*REASONS, "a-word-that-comes-with-the-next-version"]
)
def test_every_reason_is_applied_alike(reason: str) -> None:
    """An estimate made final by a closing, a review, a new rule, a word to come."""
    kind, event = adjusted(2, "1.4200")
    before = adjusted(1, "-9.0000")
    more = {"reason": reason, "closing": 1, "previous": {"score": "50.00"}}

    entry = entry_of([before, (kind, event | more)])

    assert entry == Entry(2, "50.00", "1.4200", billable=True)


def test_an_estimate_becomes_payable_when_its_year_is_closed() -> None:
    """The published example, after the estimate that it supersedes."""
    file = EXAMPLES / "1.1.0.an-estimate-that-a-closing-made-final.pass.json"
    final = json.loads(file.read_text("utf-8"))
    estimate = final | {
        "revision": final["revision"] - 1,
        "adjustmentPercent": None,
        "billable": False,
    }

    before = entry_of([(ADJUSTED, estimate)])
    after = entry_of([(ADJUSTED, estimate), (ADJUSTED, final), (ADJUSTED, estimate)])

    assert (before.adjustment, before.billable) == (None, False)
    assert (after.adjustment, after.billable) == (final["adjustmentPercent"], True)


@pytest.mark.parametrize("kind", [b"qppflow.payment-adjusted.v2", b"nonsense"])
def test_a_kind_that_the_ledger_does_not_know_stops_it(kind: bytes) -> None:
    """A ledger that skipped it could pay wrongly for years."""
    with pytest.raises(KeyError):
        applied(Entry(), kind, {"subject": "a", "revision": 1})


def test_the_ledger_reads_every_published_example() -> None:
    """Field names are those of the contract."""
    events = ROOT / "contracts" / "events"
    names = {kind: kind.decode()[len("qppflow.") : -len(".v1")] for kind in KINDS}
    found = [
        (kind, json.loads(file.read_text("utf-8")))
        for kind, name in names.items()
        for file in sorted((events / name / "examples").glob("*.pass.json"))
    ]
    found.sort(key=lambda item: item[1]["revision"])

    ((_, revision, *figures),) = ledger_of(found)

    assert revision == 5
    assert figures == [None, None, None, 0]


def test_the_sample_is_short_enough_to_read() -> None:
    """Under sixty lines, Kafka included."""
    text = (ROOT / "examples" / "billing_consumer.py").read_text("utf-8")

    assert len(text.splitlines()) < 60
