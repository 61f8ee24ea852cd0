"""What the quality rule file of a year says of bonuses for single measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class MeasureBonusRules:
    """``quality.measure_bonuses``: 42 CFR 414.1380(b)(1)(v) until 2021.

    Points by measure type, and caps in percent of what can be earned at all.
    ``end_to_end_benchmark`` is the collection type whose benchmark a registry's
    measure has when it was reported end to end.
    """

    high_priority_points: Provision[Mapping[str, Decimal]]
    other_high_priority_points: Provision[Decimal]
    high_priority_cap: Provision[Decimal]
    required_high_priority: Provision[Literal["best_outcome_first", "best"]]
    inverse_rate: Provision[Literal["below_100", "above_0"]]
    end_to_end_points: Provision[Decimal]
    end_to_end_cap: Provision[Decimal]
    end_to_end_needs: Provision[Literal["completeness", "nothing"]]
    bonus_scope: Provision[Literal["used_measures", "all_measures"]]
    end_to_end_benchmark: Provision[str] | None
