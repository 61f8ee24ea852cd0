"""What the rule files say of submissions: who, for what, by which way, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qpp.rulebook import Provision

Count = Provision[int]
Counts = Provision[Mapping[str, int]]
Word = Provision[str]
Words = Provision[tuple[str, ...]]
Names = Provision[frozenset[str]]
Day = Provision[date]


@dataclass(frozen=True, slots=True, eq=False)
class SubmissionRules:
    """``submission.toml``: who may send what, and the shape of its identifiers."""

    performance_year: Count
    payment_year: Count
    entity_types: Words
    programs: Words
    programs_without_mvp: Words
    programs_not_scored: Words
    programs_refused: Provision[Mapping[str, tuple[str, ...]]]
    pi_entity_types: Words
    pi_entity_types_in_doubt: Words
    default_program: Word
    categories: Words
    submission_methods: Provision[Mapping[str, tuple[str, ...]]]
    methods_ended: Counts
    special_statuses: Names
    window_opens: Day
    window_closes: Day
    registration_opens: Day
    registration_closes: Day
    measures_expected_in_an_mvp: Count
    population_health_measures: Words
    tin_digits: Count
    npi_digits: Count
    npi_check_prefix: Word
    entity_id_pattern: Word
    cehrt_id_pattern: Word
    cehrt_id_required_for: Words
    populations_must_add_up_for: Words
    exclusion_must_be_zero_for: Words
    strata_may_be_left_out_for: Words
