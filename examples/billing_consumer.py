"""A billing ledger that stays right: ``billing_consumer.py SERVERS LEDGER_FILE``."""  # noqa: INP001 - a script, not a package

import asyncio
import json
import sqlite3
import sys
from itertools import chain
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer


class Entry(NamedTuple):
    """One clinician and year: pay by the adjustment if it is billable and not held."""

    revision: int = 0
    score: str | None = None
    adjustment: str | None = None
    billable: bool | None = None
    held: bool = False


def applied(old: Entry, kind: bytes, event: dict[str, Any]) -> Entry:
    """Give the entry after one event; what is not newer changes nothing."""
    if (revision := event["revision"]) <= old.revision:
        return old
    figures = event.get("score"), event.get("adjustmentPercent"), event.get("billable")
    return {  # an unknown kind stops us: better late than wrong
        b"qppflow.payment-adjusted.v1": Entry(revision, *figures),
        b"qppflow.score-held.v1": old._replace(revision=revision, held=True),
        b"qppflow.score-released.v1": old._replace(revision=revision, held=False),
        b"qppflow.score-retracted.v1": Entry(revision),
    }[kind]


def keep(ledger: sqlite3.Connection, kind: bytes, event: dict[str, Any]) -> None:
    """Apply one event to the ledger, inside the caller's transaction."""
    found = ledger.execute("SELECT * FROM ledger WHERE subject = ?", [event["subject"]])
    entry = applied(Entry(*(found.fetchone() or [None])[1:]), kind, event)
    row = event["subject"], *entry
    ledger.execute("REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?)", row)


async def main(servers: str, file: str, topic: str = "qpp-payment-adjustments") -> None:
    """Read for ever; Kafka hears of a batch only when the ledger holds it."""
    ledger, names = sqlite3.connect(file), ", ".join(Entry._fields)
    ledger.execute(f"CREATE TABLE IF NOT EXISTS ledger (subject PRIMARY KEY, {names})")
    group = {"group_id": "billing", "bootstrap_servers": servers}
    safe = {"auto_offset_reset": "earliest", "enable_auto_commit": False}
    async with AIOKafkaConsumer(topic, **group, **safe) as consumer:
        while (polled := await consumer.getmany(timeout_ms=1000)) is not None:
            for record in chain.from_iterable(polled.values()):
                keep(ledger, dict(record.headers)["ce_type"], json.loads(record.value))
            ledger.commit()
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
