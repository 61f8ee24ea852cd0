"""What ``quality.toml`` says of fewer measures and of complex organizations."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision

Names = Provision[frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class RequirementRules:
    """Eligible measure applicability, § 414.1335, and § 414.1380(b)(1)(vii)(C)."""

    ema_programs: Names
    ema_methods: Names
    ema_cancelled_by_qcdr: Provision[bool]
    ema_specialty_set_below: Provision[int]
    ema_scope: Provision[Literal["every_measure_in_a_full_group", "any_full_group"]]
    ema_partial: Provision[Literal["full_denominator", "size_of_the_groups"]]
    ema_mixed: Provision[Literal["no_reduction", "each_method_alone"]]
    coa_points: Provision[Decimal]
    coa_entities: Names
    coa_methods: Names
    coa_maximum: Provision[Decimal]
    coa_scope: Provision[Literal["every_submitted", "used_only"]]
