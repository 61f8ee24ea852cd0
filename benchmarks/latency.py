"""(d) From a submission received to its last payment event, beside the empty topology.

Both times are Kafka's record timestamps on one machine's clock: the append time that
the broker gives the submission, and the time at which the client packs the payment
event to send it. A submission that changes no payment is not counted.
"""

from collections.abc import Mapping
from typing import Final

from benchmarks.plan import id_of
from benchmarks.played import Played, Run
from benchmarks.ratio import Ratio, percentile, quotient
from qppflow.demo.messages import SUBMISSIONS

PAYMENTS: Final = "qpp-payment-adjustments"
PERCENTS: Final = (50, 99)


def latencies(ours: Run, empty: Run, roots: Mapping[str, str]) -> list[Ratio]:
    """Give a ratio for each paced phase; a share of 1 is as fast as doing nothing."""
    return [
        _compared(
            phase.rate,
            (ours.played[number], empty.played[number]),
            (
                waits(ours, ours.played[number], roots),
                waits(empty, empty.played[number], roots),
            ),
        )
        for number, phase in enumerate(ours.phases)
        if phase.rate
    ]


def waits(run: Run, played: Played, roots: Mapping[str, str]) -> list[float]:
    """Give the milliseconds of each submission of a phase that led to a payment."""
    received = {record.origin: record.timestamp for record in run.log[SUBMISSIONS]}
    paid: dict[str, int] = {}
    for record in run.log[PAYMENTS]:
        root = roots.get(id_of(record.headers), "")
        if root in received and played.holds(root):
            paid[root] = max(paid.get(root, 0), record.timestamp)
    return [float(time - received[root]) for root, time in paid.items()]


def _compared(
    rate: float, played: tuple[Played, Played], waited: tuple[list[float], list[float]]
) -> Ratio:
    """Put the percentiles of both beside each other."""
    shown = {
        f"{name}_p{percent}_ms": percentile(found, percent)
        for name, found in zip(("ours", "empty"), waited, strict=True)
        for percent in PERCENTS
    }
    return Ratio(
        part="d",
        title=f"p50 at {rate:.0f}/s, empty topology / all services",
        value=quotient(shown["empty_p50_ms"], shown["ours_p50_ms"]),
        figures={
            "submissions_per_s": round(rate, 1),
            "submissions": played[0].submissions,
            "paid": len(waited[0]),
            **shown,
            "sender_late_ms": round(1000 * max(one.late for one in played), 1),
        },
    )
