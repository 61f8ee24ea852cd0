"""What the sources leave open: each question is a value of a rule file, with an effect.

A lawyer who reads one of them differently changes the file. Each is named here with
the provisions that hold it, and with what shows that another value has an effect: a
case of ``test_law_choices``, a golden case that no longer holds, or a check below.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pytest

from qpp import library
from qpp.catalogue import Activity
from qpp.checks import check_submission
from qpp.finding_rules import read_finding_rules
from qpp.findings import rejects
from qpp.mips.activity_points import by_weight
from qpp.mips.rules import MipsRules
from qpp.mips.scoring import PARTS, Law
from qpp.rule_choices import with_value
from qpp.rule_text import provisions
from qpp.submission import IA
from qpp.trace import Trace
from tests.golden import kinds
from tests.golden.test_golden import CASES, Case, differences
from tests.helpers import law as builders
from tests.helpers.law import entity, law
from tests.helpers.submissions import (
    RULES,
    Json,
    catalogue_of,
    changed,
    finding_rules,
    measurement_set,
    pi_set,
    rules_of,
    six_measures,
    submission,
    without,
)
from tests.unit.test_law_choices import CHOICES

QUALITY, PI = "/measurementSets/0", "/measurementSets/1"


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden case that fails where the provision *path* has another value.

    *other* makes that value of the one in the rule file; *year* is the case's.
    """

    path: str
    file: str
    name: str
    other: Callable[[Any], object]
    year: int | None = None

    def case(self) -> Case:
        """Find the case."""
        found = [
            case
            for file, case in CASES
            if (file, case["name"]) == (self.file, self.name)
            and self.year in {None, case["given"].get("year")}
        ]
        return found[0]


@dataclass(frozen=True, slots=True)
class Check:
    """A figure or finding that is another one where *path* has the value *other*."""

    path: str
    other: object
    figure: Callable[[MipsRules], object]
    year: int = 2025


@dataclass(frozen=True, slots=True)
class Word:
    """A word that ``test_law_choices`` changes."""

    path: str


def to(value: object) -> Callable[[Any], object]:
    """Put *value* in the place of whatever stands there."""
    return lambda _: value


def row(name: str, value: object) -> Callable[[Any], object]:
    """Put another value into one row of a table."""
    return lambda table: {**table, name: value}


def codes(document: Json) -> Callable[[MipsRules], object]:
    """List the codes and severities of a document's findings."""
    return lambda rules: [
        (item.code, item.severity)
        for item in check_submission(
            document, rules, catalogue_of(rules.year), finding_rules()
        )
    ]


def in_the_app(rules: MipsRules) -> object:
    """Give the percent of activities in the APP."""
    who = entity(programName="app1")
    return PARTS[IA](who, Law(rules, law(2025).catalogue)).percent


def in_an_mvp(rules: MipsRules) -> object:
    """Give the percent of a medium activity in an MVP, of a small practice."""
    one = Activity("A", "A", "", "medium", frozenset())
    book = rules.improvement_activities
    return by_weight([one], book, Trace(), special=True, mvp=True)[1]


ECQMS: Final = submission(
    measurement_set("quality", six_measures(), "electronicHealthRecord")
)
FROM_CLAIMS: Final = changed(submission(), f"{QUALITY}/submissionMethod", "claims")
SHORT_QUALITY: Final = changed(
    submission(), f"{QUALITY}/performanceStart", "2025-01-02"
)
VIRTUAL_PI: Final = submission(pi_set())

Proof = Golden | Check | Word
ADVANCING: Final = "promoting_interoperability.advancing_care."
BONUSES: Final = "quality.measure_bonuses."
DECISIONS: Final[Mapping[str, tuple[Proof, ...]]] = {
    # Rates, cases, completeness.
    "performance_rate_decimals": (
        Golden(
            "quality.performance_rate_decimals",
            "rates",
            "A rate that ends in 5 after an even digit is rounded down",
            to(1),
        ),
        Word("quality.performance_rate_rounding"),
    ),
    "completeness_on": (Word("quality.completeness_on"),),
    "ecqm_case_count": (Word("quality.ecqm_case_count"),),
    "no_rate": (Word("quality.no_rate"),),
    "zero_population": (Word("quality.zero_population"),),
    "empty_stratum": (Word("quality.empty_stratum"),),
    "multi_rate_reporting": (Word("quality.multi_rate_reporting"),),
    "non_proportion_rate": (Word("quality.non_proportion_rate"),),
    "qcdr_rate": (Word("quality.qcdr_rate"),),
    "split_strata": (
        Golden(
            "quality.split_strata",
            "rates",
            "Split takes completeness and cases from reporting, the rate from "
            "performance",
            to({"completeness": "performance", "rate": "reporting"}),
        ),
    ),
    "quality_period_short": (
        Check("quality.quality_period_short", "error", codes(SHORT_QUALITY)),
    ),
    # Points of a measure.
    "points_decimals": (Word("quality.points_decimals"),),
    "benchmark_rows": (Word("quality.benchmark_rows"),),
    "benchmark_bounds": (Word("quality.benchmark_bounds"),),
    "new_measure_floor_incomplete": (Word("quality.new_measure_floor_incomplete"),),
    "first_year_of": (Word("quality.first_year_of"),),
    "performance_year_rows": (Word("quality.performance_year_rows"),),
    "inverse_p99_equals_p90": (
        Golden(
            "quality.inverse_p99_equals_p90",
            "points",
            "An inverse measure beyond a ladder without a tail earns 1 point",
            to(Decimal(3)),
        ),
    ),
    "suppressed": (
        Word("quality.suppressed_by_guideline_change"),
        Golden(
            "quality.suppressed_reasons",
            "points",
            "BR-016 only says that there is no benchmark",
            to(frozenset({"BR-016"})),
        ),
    ),
    # Which measures count.
    "excluded_slot": (Word("quality.excluded_slot"),),
    "excluded_outcome_counts": (Word("quality.excluded_outcome_counts"),),
    "outcome_forced": (Word("quality.outcome_forced"),),
    "same_measure_twice": (
        Golden(
            "quality.same_measure_twice",
            "quality",
            "On equal points the registry goes before the EHR",
            lambda order: order[::-1],
        ),
    ),
    "ties": (Word("quality.ties"),),
    "small_bonus_on": (Word("quality.small_practice_bonus_on"),),
    "ema_scope": (Word("quality.ema_scope"),),
    "ema_partial": (Word("quality.ema_partial"),),
    "ema_mixed": (
        Word("quality.ema_mixed"),
        Golden(
            "quality.ema_programs",
            "ema",
            "An MVP has no reduction",
            to(frozenset({"mips", "mvp"})),
        ),
    ),
    "improvement_full_participation": (Word("quality.improvement_full_participation"),),
    "zero_denominator": (Word("quality.zero_denominator"),),
    "coa_scope": (Word("quality.coa_scope"),),
    "cahps": (Word("quality.cahps_aggregation"),),
    "admin_claims_minimum": (
        Golden(
            "quality.administrative_claims_case_minimum",
            "quality",
            "479 needs 200 cases and has 199",
            row("479", 199),
        ),
        Golden(
            "quality.administrative_claims_large_groups_only",
            "quality",
            "479 and 484 are not for individuals",
            to(frozenset()),
        ),
    ),
    # Claims, subgroups, APP, MVP.
    "claims_sets": (
        Check(
            "submission.submission_methods",
            {"quality": ("registry", "claims"), "pi": ("registry",)},
            codes(FROM_CLAIMS),
        ),
    ),
    "pi_entity_types": (
        Check("submission.pi_entity_types", ("group",), codes(VIRTUAL_PI)),
    ),
    "app_cap": (Word("programs.app_cap"),),
    "app_small_bonus": (Word("programs.app_small_bonus"),),
    "app_slots": (
        Word("programs.app_same_slot"),
        Golden(
            "programs.app_slots",
            "app",
            "Of 001 and 001SSP the better one counts",
            row("app1", {name: (name,) for name in ("001", "001SSP", "134", "236")}),
        ),
    ),
    "app_missing_cahps": (
        Word("programs.app_missing_cahps"),
        Golden(
            "programs.app_without_survey",
            "app",
            "Three measures of an individual fill thirty points",
            to(frozenset()),
        ),
    ),
    "app_ia": (Check("programs.app_ia", Decimal(50), in_the_app),),
    "mvp_ia_2024": (
        Check(
            "improvement_activities.mvp_weights",
            {"medium": Decimal(10)},
            in_an_mvp,
            2024,
        ),
        Check(
            "improvement_activities.mvp_special_status_factor",
            Decimal(2),
            in_an_mvp,
            2024,
        ),
    ),
    "mvp_admin_claims": (
        Word("programs.mvp_admin_claims"),
        Golden(
            "programs.mvp_admin_claims_unscored",
            "mvp",
            "480 with 24 cases is 0 of 10",
            to(Decimal(5)),
        ),
    ),
    "mvp_population_health": (Word("programs.mvp_population_health"),),
    "mvp_claims_short": (Word("programs.mvp_claims_short"),),
    # Promoting Interoperability.
    "pi_engagement_level": (
        Golden(
            "promoting_interoperability.engagement_measures",
            "interoperability",
            "A public-health report without its level earns nothing",
            to(()),
        ),
    ),
    "pi_erx_split": (
        Golden(
            "promoting_interoperability.redistribution",
            "interoperability",
            "An excluded e-Prescribing is split over the referral loop",
            row("PI_EP_1", ("PI_PEA_1",)),
        ),
    ),
    "pi_both_hie_excluded": (
        Golden(
            "promoting_interoperability.redistribution",
            "interoperability",
            "Both referral measures excluded move to Electronic Access",
            lambda table: {**table, "PI_HIE_1": ("PI_EP_1", "PI_PEA_1")},
        ),
    ),
    "pi_rounding": (Word("promoting_interoperability.measure_rounding"),),
    "pi_false": (Word("promoting_interoperability.false_is_missing"),),
    "pi_ecr_2025": (
        Golden(
            "promoting_interoperability.any_answer_earns_full",
            "interoperability",
            "Case reporting answered no earns full credit in 2025",
            to(()),
        ),
    ),
    "pi_days": (Word("promoting_interoperability.pi_days"),),
    "pi_several": (Word("promoting_interoperability.several_sets"),),
    "pi_qualifying_2025": (
        Word("promoting_interoperability.short_or_incomplete_cancels_reweighting"),
    ),
    "pi_group_asc": (
        Golden(
            "promoting_interoperability.reweighted_group_statuses",
            "interoperability",
            "The flag of an ambulatory surgical center does not move a group's weight",
            lambda statuses: statuses | {"ascBased"},
        ),
    ),
    "pi_cehrt": (Check("submission.cehrt_id_required_for", (), codes(ECQMS)),),
    "pi_risk_2026": (
        Golden(
            "promoting_interoperability.attestations",
            "interoperability",
            "Without the security risk analysis there are no points",
            lambda names: tuple(name for name in names if name != "PI_PPHI_1"),
        ),
    ),
    # Improvement activities, cost, final score.
    "ia_short_period": (Word("improvement_activities.ia_short_period"),),
    "ia_union": (
        Word("improvement_activities.several_sets"),
        Golden(
            "improvement_activities.not_outside_an_mvp",
            "activities",
            "IA_MVP does not count outside an MVP",
            to(frozenset()),
            2025,
        ),
    ),
    "apm_ia_credit": (Word("improvement_activities.apm_credit_needs"),),
    "cost_types": (
        Golden(
            "cost.types_by_measure",
            "cost",
            "Every measure at its minimum is scored",
            row("COST_CCLI_1", "chronic"),
        ),
        Golden(
            "cost.case_minimum_in_doubt",
            "cost",
            "Every measure at its minimum is scored",
            row("COST_PRC_1", 21),
        ),
    ),
    "cost_improvement_from_zero": (Word("cost.improvement_from_zero"),),
    "cpb_indicator": (
        Word("final_score.complex_patient_indicator"),
        Word("final_score.complex_patient_components"),
    ),
    "final_decimals": (
        Golden(
            "final_score.final_score_decimals",
            "final",
            "A third decimal of 5 is rounded up",
            to(1),
        ),
    ),
    "reweight_with_data": (Word("reweighting.reweight_with_data"),),
    "three_missing": (
        Golden(
            "final_score.minimum_categories",
            "final",
            "Two categories with weight are scored, with the bonus",
            to(3),
        ),
    ),
    "facility_tie": (Word("final_score.facility_tie"),),
    "apm_traditional": (Word("reweighting.table_of_entity_type"),),
    # 2017.
    "aci_performance": (
        Golden(
            f"{ADVANCING}performance_formula",
            "advancing_care",
            "One percent is a tenth",
            to("share"),
        ),
    ),
    "end_to_end_benchmark": (
        Golden(
            f"{BONUSES}end_to_end_benchmark",
            "early_quality",
            "A measure of 2017 by registry, end to end, with a benchmark of the EHR",
            to("registry"),
        ),
    ),
    "bonus_scope": (
        Golden(
            f"{BONUSES}bonus_scope",
            "early_quality",
            "A measure that does not count earns no bonus",
            to("all_measures"),
        ),
        Golden(
            f"{BONUSES}end_to_end_needs",
            "early_quality",
            "Incomplete data reported end to end earn none",
            to("nothing"),
        ),
    ),
    "required_high_priority": (
        Golden(
            f"{BONUSES}required_high_priority",
            "early_quality",
            "An outcome is required before a better measure of another kind",
            to("best"),
        ),
    ),
}
PROOFS: Final = [
    (name, proof) for name, proofs in DECISIONS.items() for proof in proofs
]


def of(kind: type[Proof]) -> pytest.MarkDecorator:
    """Give the proofs of one kind to a test."""
    found = [
        pytest.param(proof, id=f"{name}-{proof.path}")
        for name, proof in PROOFS
        if isinstance(proof, kind)
    ]
    return pytest.mark.parametrize("proof", found)


def modules() -> Iterator[Any]:
    """Yield the modules that golden cases are made by and that read a rule book."""
    yield builders
    for function in set(kinds.KINDS.values()):
        yield __import__(function.__module__, fromlist=["book"])


@of(Golden)
def test_another_value_breaks_the_golden_case(
    proof: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case holds as the rules stand, and no longer where they say otherwise."""
    case, real = proof.case(), builders.book

    def other(year: int) -> MipsRules:
        """Read the rule book of a year with the other value."""
        rules = real(year)
        (old,) = (item for item in provisions(rules) if item.path == proof.path)
        return with_value(rules, proof.path, proof.other(old.value))

    before = differences(case)
    for module in modules():
        if hasattr(module, "book"):
            monkeypatch.setattr(module, "book", other)

    assert before == {}
    assert differences(case) != {}


@of(Check)
def test_another_value_gives_another_figure_or_finding(proof: Check) -> None:
    """The same document or entity, judged by both."""
    rules = rules_of(proof.year)

    here = proof.figure(rules)
    there = proof.figure(with_value(rules, proof.path, proof.other))

    assert here != there


@of(Word)
def test_a_word_is_changed_by_a_case_of_its_own(proof: Word) -> None:
    """``test_law_choices`` scores by either word."""
    assert proof.path.replace(".", "__") in {row[0] for row in CHOICES}


@pytest.mark.parametrize("year", library.years())
def test_every_decision_is_a_value_of_the_year(year: int) -> None:
    """Those on bonuses and advancing care are values of the first year alone."""
    paths = {item.path for item in provisions(library.rules(year))}
    asked = {proof.path for _, proof in PROOFS}
    of_early_years = {path for path in asked if path.startswith((ADVANCING, BONUSES))}

    assert asked - of_early_years <= paths
    assert (of_early_years <= paths) is (year == library.years()[0])


def test_a_program_that_does_not_allow_a_measure_refuses_the_document() -> None:
    """How severe that is stands in the files on findings."""
    folder = RULES / "findings"
    files = {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    softer = {
        name: content.replace(b'severity = "error"', b'severity = "warning"')
        for name, content in files.items()
    }
    document = without(submission(), f"{PI}/cehrtId")
    judged = [
        rejects(
            check_submission(
                document, rules_of(), catalogue_of(), read_finding_rules(described)
            )
        )
        for described in (files, softer)
    ]

    assert judged == [True, False]
