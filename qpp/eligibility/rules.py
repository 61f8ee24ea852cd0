"""What the eligibility rule file must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from qpp.rulebook import Provision

Figure = Provision[Decimal]
Figures = Provision[Mapping[str, Decimal]]
Count = Provision[int]
Names = Provision[frozenset[str]]
Flag = Provision[bool]
Day = Provision[date]


@dataclass(frozen=True, slots=True, eq=False)
class EligibilityRules:
    """One year of ``eligibility.toml``: 42 CFR 414.1305 and .1310. Shares are percent.

    ``determination_segments`` gives ``start`` and ``end`` of each segment by its
    number; ``group_share_exceeded`` names the statuses whose share of a group's
    members must be exceeded, where the others' is only reached.
    """

    # Who is excluded whatever the volume.
    clinician_types: Names
    newly_enrolled_excluded: Flag
    qp_statuses_excluded: Names
    partial_qp_participates_by: Names
    # The low-volume threshold.
    low_volume_thresholds: Figures
    low_volume_exceeded: Provision[Literal["all", "any"]]
    determination_segments: Provision[Mapping[str, Mapping[str, date]]]
    below_in_segment_1: Provision[Literal["sticks", "reviewed"]]
    below_in_segment_2: Provision[Literal["counts", "ignored"]]
    # Elections.
    opt_in_exceeded: Count | None
    virtual_group_election: Provision[Literal["opts_in", "changes_nothing"]]
    irrevocable_elections: Names
    election_from: Day
    election_until: Day
    # Special statuses.
    small_practice_clinicians: Count
    non_patient_facing_encounters: Count
    hospital_based_places: Names
    hospital_based_share: Figure
    asc_based_places: Names
    asc_based_share: Figure
    facility_based_places: Names
    facility_based_share: Figure
    facility_based_needs_one_of: Names
    facility_based_hospital: Provision[Literal["assumed", "never_derived"]]
    location_statuses: Names
    group_shares: Figures
    location_group_shares: Figures
    asc_based_group_share: Figure
    group_share_exceeded: Names
    statuses_of_types: Provision[Mapping[str, str]]
    status_in_segment_1: Provision[Literal["sticks", "reviewed"]]
    status_in_segment_2: Provision[Literal["counts", "ignored"]]
    given_statuses: Provision[Literal["united", "given_alone", "derived_alone"]]
    # Whom a score pays.
    paid_outcomes: Names
    unpaid_reasons: Names
    group_brings_in_low_volume: Flag
    apm_low_volume: Provision[Literal["individual_or_group", "not_judged"]]
