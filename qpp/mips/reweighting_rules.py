"""What the rule file on reweighting must say: reasons, data, tables of weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from qpp.rulebook import Provision

Categories: TypeAlias = Provision[frozenset[str]]
Table: TypeAlias = Provision[Mapping[str, Mapping[str, Decimal]]]

# A feed's word for each reason, and the provision that says what it reweights.
REASONS: Final[Mapping[str, str]] = {
    "hardship": "hardship",
    "noInternet": "no_internet",
    "extremeAndUncontrollableCehrt": "extreme_and_uncontrollable_cehrt",
    "noControlOverCehrt": "no_control_over_cehrt",
    "decertifiedCehrt": "decertified_cehrt",
    "extremeAndUncontrollable": "extreme_and_uncontrollable",
    "automaticExtremeAndUncontrollable": "automatic_extreme_and_uncontrollable",
    "newlyFormedPractice": "newly_formed_practice",
    "compromisedData": "compromised_data",
    "thirdPartyIntermediary": "third_party_intermediary",
    "apmEntityExtremeAndUncontrollable": "apm_entity_extreme_and_uncontrollable",
    "apmEntityClinicians": "apm_entity_clinicians",
}


@dataclass(frozen=True, slots=True, eq=False)
class ReweightingRules:
    """``reweighting.toml``: 42 CFR 414.1380(c)(2), 414.1317(b) and 414.1367(d).

    Each reason names the categories whose weight it may take; one that names none is
    no reason in that year.
    """

    hardship: Categories
    no_internet: Categories
    extreme_and_uncontrollable_cehrt: Categories
    no_control_over_cehrt: Categories
    decertified_cehrt: Categories
    extreme_and_uncontrollable: Categories
    automatic_extreme_and_uncontrollable: Categories
    newly_formed_practice: Categories
    compromised_data: Categories
    third_party_intermediary: Categories
    apm_entity_extreme_and_uncontrollable: Categories
    apm_entity_clinicians: Categories
    # Whom a reason is for, and what it rests on.
    entity_types: Provision[Mapping[str, tuple[str, ...]]]
    cost_goes_along: Provision[frozenset[str]]
    no_control_minimum: Provision[Decimal]
    apm_clinicians_above: Provision[Decimal]
    decertified_years_maximum: Provision[int]
    newly_formed_from: Provision[date]
    # What data does to it.
    reweight_with_data: Provision[Mapping[str, Literal["cancelled_by_data", "stays"]]]
    entity_types_keep_theirs: Provision[frozenset[str]]
    reasons_stay_with_data: Provision[frozenset[str]]
    activities_data_is: Provision[Literal["one_activity_performed"]]
    # Weights of programs and entities that have tables of their own.
    table_of_program: Provision[Mapping[str, Literal["app", "apm_entity"]]]
    table_of_entity_type: Provision[Mapping[str, Literal["app", "apm_entity"]]]
    redistribution_app: Table
    redistribution_apm_entity: Table

    def reason(self, name: str) -> Categories | None:
        """Give the provision of a reason by a feed's word for it, if there is one."""
        field = REASONS.get(name)
        if field is None:
            return None
        found: Categories = getattr(self, field)
        return found
