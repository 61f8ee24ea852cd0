"""What the Promoting Interoperability rule file must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.advancing_care.rules import AdvancingCareRules
from qpp.rulebook import Provision

Figure = Provision[Decimal]
Count = Provision[int]
Flag = Provision[bool]
Words = Provision[tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class InteroperabilityRules:
    """One year of ``promoting_interoperability.toml``.

    ``objectives`` names the measures of each objective; ``alternatives`` lists the
    ways to report health information exchange, each a set of measures;
    ``redistribution`` says, for each excluded measure, who takes its points (the
    first still standing; ``objective:`` splits evenly over what is left of one).
    Where ``advancing_care`` is there, it scores instead of objectives.
    """

    minimum_days: Count
    pi_days: Provision[Literal["both_ends", "end_minus_start"]]
    category_maximum: Figure
    measure_points: Provision[Mapping[str, Decimal]]
    objectives: Provision[Mapping[str, tuple[str, ...]]]
    shared_points: Provision[Mapping[str, Decimal]]
    alternatives: Provision[tuple[tuple[str, ...], ...]]
    not_together: Provision[Mapping[str, tuple[str, ...]]]
    attestations: Words
    redistribution: Provision[Mapping[str, tuple[str, ...]]]
    minimum_measure_points: Figure
    measure_decimals: Count
    measure_rounding: Provision[Literal["half_even", "half_up"]]
    bonus_measures: Words
    bonus_points: Figure
    engagement_measures: Words
    engagement_suffixes: Words
    false_is_missing: Flag
    any_answer_earns_full: Words
    several_sets: Provision[Literal["best", "first_sent"]]
    roll_up: Provision[Literal["mean_of_highest"]]
    reweighted_statuses: Provision[frozenset[str]]
    reweighted_group_statuses: Provision[frozenset[str]]
    short_or_incomplete_cancels_reweighting: Flag
    advancing_care: AdvancingCareRules | None
