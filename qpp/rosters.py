"""Rosters: who belongs to a group, subgroup, virtual group or APM entity, and when."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

from qpp.mips.entity_rules import EntityRules

Json: TypeAlias = Mapping[str, Any]

TIN = "taxpayerIdentificationNumber"
NPI = "nationalProviderIdentifier"


def members(
    listed: Iterable[Json], entity_type: str, year: int, rules: EntityRules
) -> list[dict[str, str]]:
    """Give the TIN and NPI of those who count as members in a performance year.

    *listed* has ``from`` and ``to`` (full dates, both inclusive, or absent for an open
    end). Each clinician stands once, in the order of her identifiers.
    """
    counted = {
        (item[TIN], item[NPI])
        for item in listed
        if _counts(item, entity_type, year, rules)
    }
    return [{TIN: tin, NPI: npi} for tin, npi in sorted(counted)]


def _counts(item: Json, entity_type: str, year: int, rules: EntityRules) -> bool:
    """Say whether a membership is one of the year, as the entity's kind has it."""
    first, last = date(year, 1, 1), date(year + 1, 1, 1) - timedelta(1)
    began = _day(item.get("from"), first)
    ended = _day(item.get("to"), last)
    if rules.membership.value[entity_type] == "any_day":
        return began <= last and ended >= first
    days = (date.fromisoformat(f"{year}-{day}") for day in rules.snapshot_days.value)
    return any(began <= day <= ended for day in days)


def _day(written: str | None, otherwise: date) -> date:
    """Read a day that may be left out."""
    return date.fromisoformat(written) if written else otherwise
