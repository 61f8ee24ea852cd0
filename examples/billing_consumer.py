"""A billing ledger that stays right: ``billing_consumer.py SERVERS LEDGER_FILE``."""  # noqa: INP001 - a script, not a package

import asyncio
import json
import sqlite3
import sys
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer

TABLE = """CREATE TABLE IF NOT EXISTS ledger
    (subject PRIMARY KEY, revision, state, score, adjustment, billable)"""


class Entry(NamedTuple):
    """One clinician and year; use the adjustment if it stands and is billable."""

    revision: int = 0
    state: str = "none"
    score: str | None = None
    adjustment: str | None = None
    billable: bool | None = None


def applied(old: Entry, kind: str, event: dict[str, Any]) -> Entry:
    """Give the entry after one event; what is not newer changes nothing."""
    if (revision := event["revision"]) <= old.revision:
        return old
    figures = event.get("score"), event.get("adjustmentPercent"), event.get("billable")
    state = "none" if old.score is None else "stands"
    return {  # an unknown kind stops us: better late than wrong
        "payment-adjusted.v1": Entry(revision, "stands", *figures),
        "score-held.v1": old._replace(revision=revision, state="held"),
        "score-released.v1": old._replace(revision=revision, state=state),
        "score-retracted.v1": Entry(revision),
    }[kind]


def keep(ledger: sqlite3.Connection, kind: str, event: dict[str, Any]) -> None:
    """Apply one event to the ledger, inside the caller's transaction."""
    query = "SELECT * FROM ledger WHERE subject = ?"
    found = ledger.execute(query, [event["subject"]]).fetchone() or [None]
    row = (event["subject"], *applied(Entry(*found[1:]), kind, event))
    ledger.execute("REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", row)


async def main(servers: str, file: str, topic: str = "qpp-payment-adjustments") -> None:
    """Read for ever; Kafka hears of a batch only when the ledger holds it."""
    options = {"auto_offset_reset": "earliest", "enable_auto_commit": False}
    ledger = sqlite3.connect(file)
    ledger.execute(TABLE)
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=servers, group_id="billing", **options
    ) as consumer:
        while True:
            for batch in (await consumer.getmany(timeout_ms=1000)).values():
                with ledger:
                    for record in batch:
                        kind = dict(record.headers)["ce_type"].decode()[
                            len("qppflow.") :
                        ]
                        keep(ledger, kind, json.loads(record.value))
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
