"""Builders for tests of Advanced APMs: shares in percent, and changed rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from qpp.advanced_apm import AdvancedApmRules, Facts, Share, Snapshot
from qpp.library import advanced_apm_rules

HUNDRED = Decimal(100)
YEAR = 2024


def share(payments: object = 0, patients: object = 0) -> Share:
    """Make a share of 100 dollars and 100 patients."""
    return Share(Decimal(str(payments)), HUNDRED, Decimal(str(patients)), HUNDRED)


def facts(
    *medicare: Share,
    all_payer: Share | None = None,
    entity_type: str = "apm",
    year: int = YEAR,
) -> Facts:
    """Make facts of the first snapshots of a year, all payers' with each."""
    days = advanced_apm_rules(year).qualifying.snapshots.value
    snapshots = [
        Snapshot(day, one, all_payer) for day, one in zip(days, medicare, strict=False)
    ]
    return Facts(year, entity_type, tuple(snapshots))


def on(day: date, medicare: Share) -> Facts:
    """Make facts of one day."""
    return Facts(YEAR, "apm", (Snapshot(day, medicare),))


def amended(**values: object) -> AdvancedApmRules:
    """Give the rules of 2024 with other values of some provisions."""
    book = advanced_apm_rules(YEAR)
    changed: dict[str, Any] = {
        name: replace(getattr(book.qualifying, name), value=value)
        for name, value in values.items()
    }
    return replace(book, qualifying=replace(book.qualifying, **changed))
