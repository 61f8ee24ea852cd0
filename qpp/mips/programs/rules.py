"""What the rule file of MVPs, the APP and APP Plus must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class ProgramRules:
    """``programs.toml``: 42 CFR 414.1365 and 414.1367.

    ``app_slots`` maps a program to its required measures, and each of them to the
    measures that can stand for it; ``app_claims_measures`` to those CMS computes.
    """

    mvp_measures_required: Provision[int]
    mvp_contents: Provision[Literal["listed_only"]]
    mvp_population_health: Provision[Literal["selected", "best_available"]]
    mvp_population_health_unscored: Provision[Literal["excluded"]]
    mvp_admin_claims: Provision[Literal["takes_a_slot", "not_counted"]]
    mvp_admin_claims_unscored: Provision[Decimal]
    mvp_claims_short: Provision[Literal["those_it_has", "all_required"]]
    app_slots: Provision[Mapping[str, Mapping[str, tuple[str, ...]]]]
    app_same_slot: Provision[Literal["better_one", "first_sent"]]
    app_claims_measures: Provision[Mapping[str, tuple[str, ...]]]
    app_unscorable: Provision[Literal["excluded", "as_in_traditional_mips"]]
    app_cap: Provision[Literal["exempt", "applies"]]
    app_small_bonus: Provision[bool]
    app_missing_cahps: Provision[Literal["zero_points", "excluded"]]
    app_without_survey: Provision[frozenset[str]]
    app_ia: Provision[Decimal]
    app_cost: Provision[Literal["not_scored"]]
