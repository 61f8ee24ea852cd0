"""What the MIPS rule files of a performance year must say: one field a provision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from qpp.eligibility.rules import EligibilityRules
from qpp.mips.bonus_rules import MeasureBonusRules
from qpp.mips.entity_rules import EntityRules
from qpp.mips.final_rules import ExceptionalRules, FacilityRules
from qpp.mips.programs.rules import ProgramRules
from qpp.mips.reading_rules import ReadingRules
from qpp.mips.reweighting_rules import ReweightingRules
from qpp.mips.submission_rules import SubmissionRules
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.rulebook import Provision, RuleError, bind, digest, parse_files

Figure = Provision[Decimal]
Figures = Provision[Mapping[str, Decimal]]
Count = Provision[int]
Counts = Provision[Mapping[str, int]]
Word = Provision[str]
Words = Provision[tuple[str, ...]]
Names = Provision[frozenset[str]]
Flag = Provision[bool]
Day = Provision[date]


@dataclass(frozen=True, slots=True, eq=False)
class QualityRules(ReadingRules):
    """``quality.toml``: 42 CFR 414.1335, .1340 and .1380(b)(1)."""

    measures_required: Count
    measure_maximum: Figure
    measure_floor: Figure
    outcome_types: Names
    minimum_days_is_full_year: Flag
    data_that_qualifies: Provision[Literal["any_measurement", "numerator_denominator"]]
    # Rates, cases and completeness.
    data_completeness: Figure
    completeness_on: Provision[Literal["exact", "rounded"]]
    case_minimum: Count
    performance_rate_decimals: Count
    performance_rate_rounding: Provision[Literal["half_even", "half_up"]]
    case_count_less_exclusions: Names
    no_rate: Provision[Literal["as_case_minimum_missed", "rate_of_zero"]]
    zero_population: Provision[Mapping[str, Literal["excluded", "fails_completeness"]]]
    empty_stratum: Provision[Literal["skip", "rate_of_zero"]]
    multi_rate_reporting: Provision[Literal["pooled", "lowest_stratum"]]
    non_proportion_rate: Provision[Literal["numerator", "ratio"]]
    qcdr_rate: Provision[Literal["submitted", "computed"]]
    qcdr_rate_tolerance: Figure
    split_strata: Provision[Mapping[str, str]]
    # Points of a measure.
    points_below_completeness: Figure
    points_without_benchmark: Figure
    points_below_case_minimum: Figure
    non_proportion_points: Figure | None
    small_practice_points: Figure
    first_year_floor: Figure | None
    second_year_floor: Figure | None
    new_measure_floor_incomplete: Flag
    topped_out_cap: Figure | None
    inverse_p99_equals_p90: Figure
    suppressed_reasons: Names
    suppressed_by_guideline_change: Flag
    truncated_months: Count
    benchmark_rows: Provision[Literal["as_imported", "of_years_before"]]
    # Which measures count.
    outcome_required: Flag
    outcome_forced: Flag
    high_priority_alternative: Flag
    excluded_slot: Provision[Literal["only_if_empty", "always"]]
    excluded_outcome_counts: Flag
    same_measure_twice: Words
    ties: Provision[Literal["measure_id", "as_sent"]]
    # The category.
    measure_bonuses: MeasureBonusRules | None
    small_practice_bonus: Figure
    small_practice_bonus_on: Provision[
        Literal["any_accepted_measurement", "any_complete_measurement"]
    ]
    improvement_maximum: Figure
    improvement_prior_floor: Figure
    improvement_identifier_match: Names
    improvement_full_participation: Provision[
        Literal["all_required_and_complete", "any_measurement"]
    ]
    zero_denominator: Provision[Literal["reweighted", "scored_zero"]]
    # CMS's own measures.
    administrative_claims_case_minimum: Counts
    administrative_claims_large_groups_only: Names
    administrative_claims_entities: Names
    cahps_container: Word
    cahps_aggregation: Provision[
        Literal["mean_of_scored_summary_measures", "mean_of_all_summary_measures"]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class ActivityRules:
    """``improvement_activities.toml``: 42 CFR 414.1355 and .1380(b)(3)."""

    minimum_days: Count
    ia_short_period: Provision[Literal["not_counted", "counted"]]
    formula: Provision[Literal["by_weight", "by_count"]]
    full_credit: Figure
    special_statuses: Names
    weights: Figures
    special_status_factor: Figure
    activities_required: Count
    activities_required_special: Count
    medical_home_activities: Names
    not_outside_an_mvp: Names
    suspended_activities: Names | None
    suspended_from: Day | None
    several_sets: Provision[Literal["union", "first_sent"]]
    mvp_weights: Figures
    mvp_special_status_factor: Figure
    mvp_activities_required: Count
    apm_credit: Figure
    apm_credit_statuses: Names
    apm_credit_needs: Provision[
        Literal["activity_or_quality_or_interoperability", "nothing"]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class CostRules:
    """``cost.toml``: 42 CFR 414.1350 and .1380(b)(2)."""

    measure_maximum: Figure
    measure_floor: Figure
    case_minimum_by_type: Counts
    case_minimum_by_measure: Counts
    case_minimum_in_doubt: Counts
    types_by_measure: Provision[Mapping[str, str]]
    groups_only: Names
    improvement_maximum: Figure
    improvement_identifier_match: Names
    improvement_from_zero: Flag
    unpublished_benchmark: Provision[Literal["not_scored"]]
    suppressed: Names


@dataclass(frozen=True, slots=True, eq=False)
class FinalScoreRules(FacilityRules):
    """``final_score.toml``: 42 CFR 414.1380(c). Weights are percent."""

    weights: Figures
    redistribution: Provision[Mapping[str, Mapping[str, Decimal]]]
    redistribution_small_practice: Provision[Mapping[str, Mapping[str, Decimal]]]
    minimum_categories: Count
    fewer_categories_score: Provision[Literal["performance_threshold"]]
    final_score_maximum: Figure
    final_score_decimals: Count
    small_practice_final_bonus: Figure | None


@dataclass(frozen=True, slots=True, eq=False)
class PaymentRules(ExceptionalRules):
    """``payment.toml``: 42 CFR 414.1405. Adjustments are percent."""

    performance_threshold: Figure
    maximum_adjustment: Figure
    lowest_band_divisor: Figure
    scaling_factor_maximum: Figure
    adjustment_decimals: Count
    published_highest_adjustment: Figure | None


@dataclass(frozen=True, slots=True, eq=False)
class MipsRules:
    """The MIPS rule book of one performance year; ``id`` names its exact bytes."""

    id: str
    submission: SubmissionRules
    entities: EntityRules
    quality: QualityRules
    promoting_interoperability: InteroperabilityRules
    improvement_activities: ActivityRules
    cost: CostRules
    reweighting: ReweightingRules
    programs: ProgramRules
    final_score: FinalScoreRules
    payment: PaymentRules
    eligibility: EligibilityRules

    @property
    def year(self) -> int:
        """The performance year this book is the law of."""
        return self.submission.performance_year.value


PARTS = (
    "submission",
    "entities",
    "quality",
    "promoting_interoperability",
    "improvement_activities",
    "cost",
    "reweighting",
    "programs",
    "final_score",
    "payment",
    "eligibility",
)


def read_rules(name: str, files: Mapping[str, bytes]) -> MipsRules:
    """Read the rule files of one year, given as ``{"quality.toml": bytes, …}``.

    *name* is ``mips/py2026``; the book's id is that and the hash of its files.

    Raises:
        RuleError: a file or provision is missing, unknown or of the wrong shape.
    """
    tables = parse_files(files)
    if set(tables) != set(PARTS):
        message = f"{name}: needs exactly the files {', '.join(sorted(PARTS))}"
        raise RuleError(message)
    book = f"{name}@{digest(files)[: len('0123456789ab')]}"
    return MipsRules(
        id=book,
        submission=bind(SubmissionRules, tables["submission"], "submission"),
        entities=bind(EntityRules, tables["entities"], "entities"),
        quality=bind(QualityRules, tables["quality"], "quality"),
        promoting_interoperability=bind(
            InteroperabilityRules,
            tables["promoting_interoperability"],
            "promoting_interoperability",
        ),
        improvement_activities=bind(
            ActivityRules, tables["improvement_activities"], "improvement_activities"
        ),
        cost=bind(CostRules, tables["cost"], "cost"),
        reweighting=bind(ReweightingRules, tables["reweighting"], "reweighting"),
        programs=bind(ProgramRules, tables["programs"], "programs"),
        final_score=bind(FinalScoreRules, tables["final_score"], "final_score"),
        payment=bind(PaymentRules, tables["payment"], "payment"),
        eligibility=bind(EligibilityRules, tables["eligibility"], "eligibility"),
    )
