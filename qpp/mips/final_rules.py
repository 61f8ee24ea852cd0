"""What the last steps of a year need of its rule files: bonus, facility, who is paid.

``qpp.mips.rules`` builds its books of ``final_score.toml`` and ``payment.toml`` on
these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True, eq=False)
class ComplexPatientRules:
    """The complex patient bonus, 42 CFR 414.1380(c)(3), in points."""

    complex_patient_bonus_minimum: Provision[Decimal]
    complex_patient_bonus_maximum: Provision[Decimal]
    complex_patient_bonus_needs_data: Provision[bool]
    complex_patient_bonus_facility_is_data: Provision[bool]
    complex_patient_component_base: Provision[Decimal]
    complex_patient_component_factor: Provision[Decimal]
    complex_patient_indicator: Provision[
        Literal["one_at_or_above_median", "both_at_or_above_median"]
    ]
    complex_patient_components: Provision[
        Literal["both_added", "at_or_above_median_only"]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class FacilityRules(ComplexPatientRules):
    """Facility-based measurement, 42 CFR 414.1380(e), and the bonus."""

    facility_status: Provision[str]
    facility_not_for: Provision[frozenset[str]]
    facility_needs_data: Provision[Mapping[str, frozenset[str]]]
    facility_hospital: Provision[Literal["most_patients_then_highest_percentile"]]
    facility_improvement: Provision[Literal["none"]]
    facility_tie: Provision[Literal["facility", "submitted"]]


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceRules:
    """Which final score pays a clinician, and who is not paid by any."""

    paid_first: Provision[str]
    paid_by: Provision[Literal["highest"]]
    paid_by_across_programs: Provision[Literal["highest"]]
    paid_by_ties: Provision[tuple[str, ...]]
    virtual_group_conflict: Provision[Literal["earlier", "later"]]
    eligibility_not_paid: Provision[frozenset[str]]
    targeted_review: Provision[Literal["replaces_final_score", "no_effect"]]


@dataclass(frozen=True, slots=True, eq=False)
class ExceptionalRules(ChoiceRules):
    """The additional adjustment for exceptional performance, in years that have one."""

    additional_threshold: Provision[Decimal] | None
    additional_minimum: Provision[Decimal] | None
    additional_maximum: Provision[Decimal] | None
    additional_pool: Provision[Decimal] | None
    additional_scaling_factor_maximum: Provision[Decimal] | None
