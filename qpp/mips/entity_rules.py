"""What the rule files say of rosters, registration and loans between entities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class EntityRules:
    """``entities.toml``: rosters, registration, and what one entity lends another."""

    membership: Provision[Mapping[str, Literal["any_day", "snapshot"]]]
    snapshot_days: Provision[tuple[str, ...]]
    registration_missing: Provision[Mapping[str, Literal["error", "warning"]]]
    election_missing: Provision[Literal["error", "warning"]]
    multispecialty_group_in_mvp: Provision[Literal["allowed", "refused"]]
    multispecialty_exempt: Provision[frozenset[str]]
    subgroup_borrows: Provision[frozenset[str]]
    entity_borrows: Provision[frozenset[str]]
