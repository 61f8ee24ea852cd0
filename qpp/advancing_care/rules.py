"""What the rule file of a year with advancing care information must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class AdvancingCareRules:
    """``promoting_interoperability.advancing_care``: 42 CFR 414.1380(b)(4).

    ``base_sets`` are the ways to report the base, one of them whole; ``exclusions``
    what stands for a base measure; ``performance_points`` the maximum of each.
    Ids that begin with ``transition_prefix`` belong to the transition set.
    """

    base_sets: Provision[Mapping[str, tuple[str, ...]]]
    exclusions: Provision[Mapping[str, tuple[str, ...]]]
    base_points: Provision[Decimal]
    performance_points: Provision[Mapping[str, Decimal]]
    performance_formula: Provision[Literal["ceiling_tenths", "share"]]
    tenths: Provision[int]
    mixed_sets: Provision[Literal["one_set", "both_sets"]]
    transition_prefix: Provision[str]
    activity_bonus_measure: Provision[str]
    activity_bonus_points: Provision[Decimal]
