"""Each word of a rule file that has an alternative changes a score when it is changed.

A lawyer edits a rule file and no Python; a word without effect would deceive them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import pytest

from qpp.inputs import Indicator, ScoreInput
from qpp.mips.choice import Candidate, pays
from qpp.mips.complex_patients import complex_patient_bonus
from qpp.mips.final_score import final_score
from qpp.mips.programs.rules import ProgramRules
from qpp.mips.reweighting_rules import ReweightingRules
from qpp.mips.rules import (
    ActivityRules,
    CostRules,
    FinalScoreRules,
    PaymentRules,
    QualityRules,
)
from qpp.mips.scoring import PARTS, Law
from qpp.numbers import plain, rounded
from qpp.parts import part
from qpp.promoting_interoperability.rules import InteroperabilityRules
from qpp.results import CategoryScore
from qpp.submission import CATEGORIES
from qpp.trace import Trace
from tests.golden.quality_cases import quality_case
from tests.helpers.law import (
    a_set,
    amended,
    benchmark,
    counts,
    entity,
    interoperability,
    law,
    measure,
)

NINES = [{"id": name, "earns": "9"} for name in "BCDEFG"]


def percent(
    category: str, who: ScoreInput, rules: Law, changes: Mapping[str, object]
) -> str:
    """Score one category with changed rules."""
    changed = Law(amended(rules.rules, **changes), rules.catalogue)
    found = PARTS[category](who, changed).percent
    return "nothing" if found is None else plain(rounded(found, 4))


def quality(*lines: Mapping[str, object]) -> Callable[..., str]:
    """Score quality lines, as a golden case gives them."""
    return in_case(measures=lines)


def in_case(**given: object) -> Callable[..., str]:
    """Score quality as a golden case gives it: who, which program, which topics."""
    who, rules = quality_case(given)
    return lambda changes: percent("quality", who, rules, changes)


def one_measure(
    value: Mapping[str, object],
    **facts: object,
) -> Callable[..., str]:
    """Score one outcome measure on a flat ladder."""
    item = measure("M", measure_type="outcome", **facts)
    rules = law(2025, quality=[item], benchmarks=[benchmark("M")])
    who = entity(2025, [a_set("quality", {"M": value})])
    return lambda changes: percent("quality", who, rules, changes)


def on_row(
    value: Mapping[str, object],
    **row: Any,  # noqa: ANN401 - facts of a row differ in kind
) -> Callable[..., str]:
    """Score one outcome measure on a ladder with a row of its own."""
    inverse = bool(row.get("is_inverse", False))
    item = measure("M", measure_type="outcome", is_inverse=inverse)
    rules = law(2025, quality=[item], benchmarks=[benchmark("M", **row)])
    who = entity(2025, [a_set("quality", {"M": value})])
    return lambda changes: percent("quality", who, rules, changes)


def used(changes: Mapping[str, object]) -> str:
    """Name the measures that count of seven nines, sent from Z to A."""
    lines = [OUTCOME, *reversed(NINES)]
    who, rules = quality_case({"measures": lines})
    changed = Law(amended(rules.rules, **changes), rules.catalogue)
    found = PARTS["quality"](who, changed).measures
    return "".join(item.measure_id for item in found if item.used)


def two_activities(changes: Mapping[str, object]) -> str:
    """Score two sets of one activity each."""
    sets = [a_set("ia", {f"IA_HIGH_{number}": True}) for number in (1, 2)]
    return percent("ia", entity(sets=sets), law(2025), changes)


def two_pi_sets(changes: Mapping[str, object]) -> str:
    """Score an incomplete set and a whole one."""
    half = interoperability()
    del half["PI_EP_1"]
    who = entity(sets=[a_set("pi", half), a_set("pi", interoperability())])
    return percent("pi", who, law(2025), changes)


def in_strata(algorithm: str, *strata: tuple[int, int, int]) -> Callable[..., str]:
    """Score one measure by strata: met, not met, and eligible of each."""
    value = {
        "strata": [
            {
                "stratum": str(number),
                "performanceMet": met,
                "performanceNotMet": not_met,
                "eligiblePopulation": eligible,
            }
            for number, (met, not_met, eligible) in enumerate(strata)
        ]
    }
    return one_measure(
        value, metric_type="multiPerformanceRate", overall_algorithm=algorithm
    )


def pi(answers: Mapping[str, object]) -> Callable[..., str]:
    """Score Promoting Interoperability with some answers changed."""
    who = entity(2025, [a_set("pi", {**interoperability(2025), **answers})])
    return lambda changes: percent("pi", who, law(2025), changes)


def one_activity(changes: Mapping[str, object]) -> str:
    """Score one medium activity in 2024."""
    period = {"start": "2024-01-01", "end": "2024-12-31"}
    who = entity(2024, [a_set("ia", {"IA_MEDIUM_1": True}, **period)])
    return percent("ia", who, law(2024), changes)


def short_activity(changes: Mapping[str, object]) -> str:
    """Score an activity over 89 days."""
    who = entity(sets=[a_set("ia", {"IA_HIGH_1": True}, start="2025-10-04")])
    return percent("ia", who, law(2025), changes)


def from_july_5(changes: Mapping[str, object]) -> str:
    """Score Promoting Interoperability over the last 180 days of the year."""
    who = entity(sets=[a_set("pi", interoperability(2025), start="2025-07-05")])
    return percent("pi", who, law(2025), changes)


def apm_participant(changes: Mapping[str, object]) -> str:
    """Score the activities of an APM participant who sent nothing."""
    who = entity(statuses=["apmParticipant"])
    return percent("ia", who, law(2025), changes)


def cost_from_zero(changes: Mapping[str, object]) -> str:
    """Score cost in the year after a score of 0."""
    who = entity(
        costs={
            "measures": [{"measureId": "TPCC_1", "score": "1361.27", "caseCount": 20}]
        },
        priorScores={"costPercent": "0", "identifierMatch": "sameIdentifier"},
    )
    return percent("cost", who, law(2025), changes)


def final(
    *, has_data: bool, kind: str = "individual", reason: str = "newlyFormedPractice"
) -> Callable[..., str]:
    """Make a final score of 50 percent in each category, cost 100 but approved away."""

    def score(changes: Mapping[str, object]) -> str:
        who = entity(
            complexPatientBonus={"points": "5"},
            entityType=kind,
            reweighting={"decisions": [{"category": "cost", "reason": reason}]},
        )
        parts = {
            name: part(
                CategoryScore(
                    name,
                    Decimal(100 if name == "cost" else 50),
                    cancels_reweighting=name == "cost",
                    has_data=has_data,
                ),
                explain=False,
            )
            for name in CATEGORIES
        }
        rules = amended(law(2025).rules, **changes)
        made: str = final_score(parts, who, rules, "by hand")[0]["finalScore"]
        return made

    return score


def bonus(hcc: str, dual: str) -> Callable[..., str]:
    """Make a bonus of two indicators, each value, mean, deviation and median of all."""

    def score(changes: Mapping[str, object]) -> str:
        """Give the bonus alone."""
        risk = [Indicator(*map(Decimal, text.split())) for text in (hcc, dual)]
        who = entity()._replace(patient_risk=(risk[0], risk[1]))
        rules = amended(law(2025).rules, **changes).final_score
        return plain(complex_patient_bonus(who, rules, Trace(), has_data=True))

    return score


def facility(data: str) -> Callable[..., str]:
    """Score a facility's 60 and 50 percent beside an entity's own 50 and 60."""

    def score(changes: Mapping[str, object]) -> str:
        """Give the final score and the quality that counts."""
        who = entity(
            statuses=["facilityBased"],
            complexPatientBonus={"points": "5"},
            facility={
                "qualityScoreAtPercentile": "60",
                "costScoreAtPercentile": "50",
            },
        )
        own = {"quality": 50, "cost": 60, "ia": 50, "pi": 50}
        parts = {
            name: part(
                CategoryScore(name, Decimal(value), has_data=name == data),
                explain=False,
            )
            for name, value in own.items()
        }
        rules = amended(law(2025).rules, **changes)
        made = final_score(parts, who, rules, "by hand")[0]
        quality_percent = Decimal(made["categories"]["quality"]["percent"])
        return f"{made['finalScore']} with {plain(quality_percent)}"

    return score


def two_virtual_groups(changes: Mapping[str, object]) -> str:
    """Let two virtual groups name a clinician."""
    groups = [
        Candidate("virtualGroup", "mips", name, Decimal(50), since)
        for since, name in enumerate(("first", "second"))
    ]
    rules = amended(law(2025).rules, **changes).payment
    winner = pays(groups, rules, Trace()).winner
    return "nobody" if winner is None else winner.subject


def cancelling(changes: Mapping[str, object]) -> str:
    """Say whether a PI set without e-Prescribing brings a weight back."""
    answers = interoperability()
    del answers["PI_EP_1"]
    rules = amended(law(2025).rules, **changes)
    found = PARTS["pi"](
        entity(sets=[a_set("pi", answers)]), Law(rules, law(2025).catalogue)
    )
    return str(found.cancels_reweighting)


def in_a_program(changes: Mapping[str, object]) -> str:
    """Make a final score in the APP: quality 100 percent, the others 0."""
    parts = {
        name: part(
            CategoryScore(name, Decimal(100 if name == "quality" else 0)), explain=False
        )
        for name in CATEGORIES
    }
    rules = amended(law(2025).rules, **changes)
    who = entity(programName="app1")
    made: str = final_score(parts, who, rules, "by hand")[0]["finalScore"]
    return made


def of_an_entity(changes: Mapping[str, object]) -> str:
    """Make a final score of an APM entity: activities 100 percent, the others 0."""
    parts = {
        name: part(
            CategoryScore(name, Decimal(100 if name == "ia" else 0)), explain=False
        )
        for name in CATEGORIES
    }
    rules = amended(law(2025).rules, **changes)
    who = entity(entityType="apm")
    made: str = final_score(parts, who, rules, "by hand")[0]["finalScore"]
    return made


def qualifying(changes: Mapping[str, object]) -> str:
    """Say whether a quality measure without patients brings a weight back."""
    nobody = {"performanceMet": 0, "performanceNotMet": 0, "eligiblePopulation": 0}
    rules = law(2025, quality=[measure("M")], benchmarks=[benchmark("M")])
    changed = Law(amended(rules.rules, **changes), rules.catalogue)
    who = entity(2025, [a_set("quality", {"M": nobody})])
    return str(PARTS["quality"](who, changed).cancels_reweighting)


COUNTS = {"performanceMet": 18749, "eligiblePopulation": 25000}
QCDR = {"is_qcdr": True, "metric_type": "registrySinglePerformanceRate"}
SENT = {
    "performanceMet": 50,
    "performanceNotMet": 50,
    "eligiblePopulation": 100,
    "performanceRate": 60,
}
MINUTES = {
    "numerator": 80,
    "denominator": 40,
    "observationInstances": 40,
    "isEndToEndReported": False,
}
TIE = {"performanceMet": 13, "performanceNotMet": 19, "eligiblePopulation": 32}
THIRD = {"performanceMet": 10, "performanceNotMet": 20, "eligiblePopulation": 30}
INCOMPLETE = {"performanceMet": 1, "eligiblePopulation": 100}
SUPPRESSED = {"id": "A", "type": "outcome", "suppressed": ["registry"], "earns": "10"}
TOPIC = {"name": "care", "kind": "clinicalTopic"}
OUTCOME = {"id": "A", "type": "outcome", "earns": "9"}
OF_THE_APP = [{"id": name, "earns": "9"} for name in ("001", "134", "236")]
POPULATION_HEALTH = {
    "479": {"score": "25", "caseCount": 200},
    "484": {"score": "5", "caseCount": 18},
}
OF_AN_MVP = {"program": "G0059", "entity": "group", "measures": [OUTCOME, *NINES[:3]]}

# Path of the word, the case, what the rule file gives, the other word, what that gives.
CHOICES: Final[list[tuple[str, Callable[..., str], str, object, str]]] = [
    # 74.996 percent: 0 of 60, or rounded to 75 and so 10 of 60.
    ("quality__completeness_on", one_measure(COUNTS), "0", "rounded", "16.6667"),
    # 40.625 is 40.62, which is 5.062 of 60; half up it is 40.63.
    (
        "quality__performance_rate_rounding",
        one_measure(TIE),
        "8.4367",
        "half_up",
        "8.4383",
    ),
    # 20 eligible, one of them excluded: 20 cases, or 19 and so no points.
    (
        "quality__ecqm_case_count",
        one_measure(
            {
                "performanceMet": 19,
                "eligiblePopulationExclusion": 1,
                "eligiblePopulation": 20,
            }
        ),
        "16.6667",
        "less_exclusions",
        "0",
    ),
    # A QCDR measure in its first year: 7 of 60, or 0 with too few cases.
    (
        "quality__first_year_of",
        one_measure(
            {"performanceMet": 19, "eligiblePopulation": 19},
            is_qcdr=True,
            first_performance_year=2025,
        ),
        "11.6667",
        "ids_of_no_qcdr",
        "0",
    ),
    # 33.33 percent is 4.333 of 60, or 4.33.
    (
        "quality__points_decimals",
        one_measure(THIRD),
        "7.2217",
        "2",
        "7.2167",
    ),
    # 60 percent as sent is 7 of 60; 50 percent of the counts is 6 of 60.
    ("quality__qcdr_rate", one_measure(SENT, **QCDR), "11.6667", "computed", "10"),
    # 80 minutes is 9 of 60; 80/40 = 2 is 1 + 1/9.
    (
        "quality__non_proportion_rate",
        one_measure(MINUTES, is_qcdr=True, metric_type="nonProportion"),
        "15",
        "ratio",
        "1.8519",
    ),
    # 0 of 0 leaves five nines of 50; below completeness they are of 60.
    (
        "quality__zero_population",
        quality({"id": "A", "type": "outcome", "state": "empty"}, *NINES[:5]),
        "90",
        {"registry": "fails_completeness", "other": "excluded"},
        "75",
    ),
    (
        "quality__new_measure_floor_incomplete",
        one_measure(INCOMPLETE, first_performance_year=2025),
        "0",
        True,
        "11.6667",
    ),
    # Suppressed: five nines of 50; otherwise 10 + 45 of 60.
    (
        "quality__suppressed_by_guideline_change",
        quality(SUPPRESSED, *NINES[:5]),
        "90",
        False,
        "91.6667",
    ),
    # Five nines and a slot of 0, or six nines.
    ("quality__outcome_required", quality(*NINES), "75", False, "90"),
    # The outcome measure's 0 and five nines, or the high-priority nine in its place.
    (
        "quality__outcome_forced",
        quality(
            {"id": "A", "type": "outcome", "state": "incomplete"},
            {"id": "H", "high_priority": True, "earns": "9"},
            *NINES[:5],
        ),
        "75",
        False,
        "90",
    ),
    # A high-priority measure in the slot, or five nines and a slot of 0.
    (
        "quality__high_priority_alternative",
        quality({"id": "H", "high_priority": True, "earns": "9"}, *NINES[:5]),
        "90",
        False,
        "75",
    ),
    # The suppressed outcome measure meets the rule: 45 of 50; or it does not: its slot
    # stays at 0, and the fifth nine fills the last: 45 of 60.
    (
        "quality__excluded_outcome_counts",
        quality(SUPPRESSED, *NINES[:5]),
        "90",
        False,
        "75",
    ),
    # Nobody in the denominator: too few cases, or a rate of 0 that is the best one.
    (
        "quality__no_rate",
        on_row(
            {
                "performanceMet": 0,
                "eligiblePopulationException": 100,
                "eligiblePopulation": 100,
            },
            is_inverse=True,
        ),
        "0",
        "rate_of_zero",
        "16.6667",
    ),
    # 50 percent and nobody: 50 is 6 of 60, 25 is 3.5.
    (
        "quality__empty_stratum",
        in_strata("simpleAverage", (50, 50, 100), (0, 0, 0)),
        "10",
        "rate_of_zero",
        "5.8333",
    ),
    # 110 of 140 reported is 78.6 percent; 10 of 40 alone is not enough.
    (
        "quality__multi_rate_reporting",
        in_strata("weightedAverage", (50, 50, 100), (5, 5, 40)),
        "10",
        "lowest_stratum",
        "0",
    ),
    # 50 percent on a row of the year itself: 6 of 60, or no benchmark.
    (
        "quality__benchmark_rows",
        on_row(counts(Decimal(50)), benchmark_year=2025),
        "10",
        "of_years_before",
        "0",
    ),
    # 4 + (29.53 - 29.525) / 10.475 of 60, or with 29.53 as bound 4.
    (
        "quality__benchmark_bounds",
        on_row(
            counts(Decimal("29.53")),
            ladder=[1, 10, 20, "29.525", *range(40, 91, 10), 99],
        ),
        "6.6675",
        "two_decimals",
        "6.6667",
    ),
    # 10 of 60, or the cap of 7.
    (
        "quality__performance_year_rows",
        on_row(counts(Decimal(90)), benchmark_year=2025, capped=True),
        "16.6667",
        "capped_as_flagged",
        "11.6667",
    ),
    # Five nines and a three of 60, or five nines of 50.
    (
        "quality__excluded_slot",
        quality(SUPPRESSED, *NINES[:5], {"id": "G", "earns": "3"}),
        "80",
        "always",
        "90",
    ),
    ("quality__ties", used, "ABCDEF", "as_sent", "AGFEDC"),
    # Three points for an incomplete measure; with the six of a small practice, or not.
    (
        "quality__small_practice_bonus_on",
        in_case(
            statuses=["smallPractice"],
            measures=[{"id": "A", "type": "outcome", "state": "incomplete"}],
        ),
        "15",
        "any_complete_measurement",
        "5",
    ),
    # Five nines of 60; 10 x (75 - 50) / 50 more where five are enough.
    (
        "quality__improvement_full_participation",
        in_case(
            measures=[OUTCOME, *NINES[:4]], prior={"qualityAchievementPercent": "50"}
        ),
        "75",
        "any_measurement",
        "80",
    ),
    (
        "quality__zero_denominator",
        quality(
            *(
                SUPPRESSED
                | {"id": name, "type": "outcome" if name == "A" else "process"}
                for name in "ABCDEF"
            )
        ),
        "nothing",
        "scored_zero",
        "0",
    ),
    # 9 of 60, or halved by a summary measure without benchmark.
    (
        "quality__cahps_aggregation",
        in_case(cahps={"CAHPS_1": {"score": "80"}, "CAHPS_7": {"score": "80"}}),
        "15",
        "mean_of_all_summary_measures",
        "7.5",
    ),
    # Of 3 and 9 points in one place: three nines of 30, or a three and two nines.
    (
        "programs__app_same_slot",
        in_case(
            year=2024,
            program="app1",
            measures=[
                {"id": "001", "earns": "3"},
                {"id": "001SSP", "earns": "9"},
                *OF_THE_APP[1:],
            ],
        ),
        "90",
        "first_sent",
        "70",
    ),
    ("promoting_interoperability__several_sets", two_pi_sets, "100", "first_sent", "0"),
    (
        "improvement_activities__several_sets",
        two_activities,
        "100",
        "first_sent",
        "50",
    ),
    # A topic of two in full and one more: 27 of 60, or of the three sent.
    (
        "quality__ema_scope",
        in_case(
            groups=[TOPIC | {"measures": ["A", "B"]}], measures=[OUTCOME, *NINES[:2]]
        ),
        "45",
        "any_full_group",
        "90",
    ),
    # Three of a topic of four: 27 of 60, or of the four that the topic has.
    (
        "quality__ema_partial",
        in_case(
            groups=[TOPIC | {"measures": ["A", "B", "C", "D"]}],
            measures=[OUTCOME, *NINES[:2]],
        ),
        "45",
        "size_of_the_groups",
        "67.5",
    ),
    # A topic by registry and one by claims: 18 of 60, or of the two sent.
    (
        "quality__ema_mixed",
        in_case(
            groups=[
                TOPIC | {"measures": ["A"]},
                {"name": "claims", "kind": "clinicalTopic", "method": "claims"}
                | {"measures": ["B"]},
            ],
            measures=[OUTCOME, {"id": "B", "method": "claims", "earns": "9"}],
        ),
        "30",
        "each_method_alone",
        "90",
    ),
    # A QCDR measure in a topic sent in full: 18 of 60, or of the two sent.
    (
        "quality__ema_cancelled_by_qcdr",
        in_case(
            groups=[TOPIC | {"measures": ["A", "Q"]}],
            measures=[OUTCOME, {"id": "Q", "qcdr": True, "earns": "9"}],
        ),
        "30",
        False,
        "90",
    ),
    # Six nines of CQMs; the seventh measure, an eCQM, gives its point, or none.
    (
        "quality__coa_scope",
        in_case(
            entity="apm",
            measures=[
                OUTCOME,
                *NINES[:5],
                {"id": "Z", "method": "electronicHealthRecord", "earns": "5"},
            ],
        ),
        "91.6667",
        "used_only",
        "90",
    ),
    # 484 earns 10 and 479, which was selected, 8.5: 46 or 44.5 of 50.
    (
        "programs__mvp_population_health",
        in_case(
            **OF_AN_MVP,
            registration={"populationHealthMeasure": "479"},
            administrative_claims=POPULATION_HEALTH,
        ),
        "92",
        "selected",
        "89",
    ),
    # 480 earns 8.5 in a place of its own, or a fourth nine has it.
    (
        "programs__mvp_admin_claims",
        in_case(
            **OF_AN_MVP,
            registration={"outcomesMeasure": "480"},
            administrative_claims={"480": {"score": "25", "caseCount": 25}},
        ),
        "88.75",
        "not_counted",
        "90",
    ),
    # Two sixes and the six points of a small practice: of 20, or of 40.
    (
        "programs__mvp_claims_short",
        in_case(
            program="G0059",
            statuses=["smallPractice"],
            by_claims=["A", "B"],
            measures=[
                {"id": "A", "type": "outcome", "method": "claims", "earns": "6"},
                {"id": "B", "method": "claims", "earns": "6"},
            ],
        ),
        "90",
        "all_required",
        "45",
    ),
    # Nine, nine and seven of 30 where a topped-out measure is capped.
    (
        "programs__app_cap",
        in_case(
            program="app1",
            measures=[OF_THE_APP[0] | {"capped": True}, *OF_THE_APP[1:]],
        ),
        "90",
        "applies",
        "83.3333",
    ),
    # Two nines and six points of 30.
    (
        "programs__app_small_bonus",
        in_case(
            program="app1", statuses=["smallPractice"], measures=list(OF_THE_APP[:2])
        ),
        "80",
        False,
        "60",
    ),
    # Three nines of 40, or without the survey of 30.
    (
        "programs__app_missing_cahps",
        in_case(program="app1", entity="apm", measures=OF_THE_APP),
        "67.5",
        "excluded",
        "90",
    ),
    # A measure without benchmark: two nines of 20, or with its 0 of 30.
    (
        "programs__app_unscorable",
        in_case(
            program="app1",
            measures=[*OF_THE_APP[:2], OF_THE_APP[2] | {"benchmark": False}],
        ),
        "90",
        "as_in_traditional_mips",
        "60",
    ),
    # 89 days: nothing of 40, or one of two.
    (
        "improvement_activities__ia_short_period",
        short_activity,
        "0",
        "counted",
        "50",
    ),
    # 180 days with both ends, from July 5: 100, or a day too few.
    (
        "promoting_interoperability__pi_days",
        from_july_5,
        "100",
        "end_minus_start",
        "0",
    ),
    # Nothing was sent: no credit, or half of the points all the same.
    (
        "improvement_activities__apm_credit_needs",
        apm_participant,
        "0",
        "nothing",
        "50",
    ),
    # One medium activity: 10 of 40, or one of two.
    ("improvement_activities__formula", one_activity, "25", "by_count", "50"),
    ("cost__improvement_from_zero", cost_from_zero, "80", True, "81"),
    # 4.5 points of 10 are 5 or 4.
    (
        "promoting_interoperability__measure_rounding",
        pi({"PI_EP_1": {"numerator": 45, "denominator": 100}}),
        "95",
        "half_even",
        "94",
    ),
    # A no to the PDMP query: the category is 0, or the measure is.
    (
        "promoting_interoperability__false_is_missing",
        pi({"PI_EP_2": False}),
        "0",
        False,
        "90",
    ),
    (
        "promoting_interoperability__short_or_incomplete_cancels_reweighting",
        cancelling,
        "False",
        True,
        "True",
    ),
    # Cost approved away: (50 x 55 + 50 x 15 + 50 x 30) + 5; or back with its 100.
    (
        "reweighting__reweight_with_data",
        final(has_data=True),
        "55.00",
        dict.fromkeys(CATEGORIES, "cancelled_by_data"),
        "70.00",
    ),
    ("quality__data_that_qualifies", qualifying, "False", "any_measurement", "True"),
    # 50 of the APP's weights; 55 where it has those of an APM entity.
    (
        "reweighting__table_of_program",
        in_a_program,
        "50.00",
        {"app1": "apm_entity"},
        "55.00",
    ),
    # 15 of an APM entity's weights; 20 where it has those of the APP.
    (
        "reweighting__table_of_entity_type",
        of_an_entity,
        "15.00",
        {"apm": "app"},
        "20.00",
    ),
    (
        "final_score__complex_patient_bonus_needs_data",
        final(has_data=False),
        "50.00",
        False,
        "55.00",
    ),
    # A facility's score is data; without, the bonus of 5 is lost.
    (
        "final_score__complex_patient_bonus_facility_is_data",
        facility(data=""),
        "58.00 with 60",
        False,
        "53.00 with 60",
    ),
    # Both are 53 + 5.
    (
        "final_score__facility_tie",
        facility(data="ia"),
        "58.00 with 60",
        "submitted",
        "58.00 with 50",
    ),
    # One at its median, the other below: both components of 1.5, or none.
    (
        "final_score__complex_patient_indicator",
        bonus("1 1 1 1", "1 1 1 2"),
        "3",
        "both_at_or_above_median",
        "0",
    ),
    # 1.5 + (1.5 - 2), or 1.5 alone.
    (
        "final_score__complex_patient_components",
        bonus("1 1 1 1", "1 2 2 2"),
        "1",
        "at_or_above_median_only",
        "1.5",
    ),
    (
        "payment__virtual_group_conflict",
        two_virtual_groups,
        "first",
        "later",
        "second",
    ),
]

BOOKS: Final = {
    "quality": QualityRules,
    "promoting_interoperability": InteroperabilityRules,
    "improvement_activities": ActivityRules,
    "cost": CostRules,
    "reweighting": ReweightingRules,
    "programs": ProgramRules,
    "final_score": FinalScoreRules,
    "payment": PaymentRules,
}
# Not a question of points: validation warns of a shorter period.
NOT_SCORED: Final = {
    "quality__minimum_days_is_full_year",
    "quality__quality_period_short",
}


def words(kind: object) -> Iterator[object]:
    """Yield the values a provision may have, where it has a choice of words."""
    if kind is bool:
        yield from (True, False)
    elif get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for arm in get_args(kind):
            yield from words(arm)


def open_words(books: Mapping[str, type]) -> set[str]:
    """Name the provisions that offer more than one word."""
    return {
        f"{book}__{field.name}"
        for book, rules in books.items()
        for field in fields(rules)
        if len(list(words(get_type_hints(rules)[field.name]))) > 1
    }


@pytest.mark.parametrize(
    ("path", "case", "here", "other", "there"), CHOICES, ids=[row[0] for row in CHOICES]
)
def test_another_word_gives_another_score(
    path: str, case: Callable[..., str], here: str, other: object, there: str
) -> None:
    """The word of the rule file and its alternative each do what they say."""
    assert (case({}), case({path: other})) == (here, there)
    assert here != there


def test_every_word_with_an_alternative_is_tested() -> None:
    """A new flag or word needs a case here, or a reason why it scores nothing."""
    assert open_words(BOOKS) - NOT_SCORED == {row[0] for row in CHOICES}


def test_a_floor_for_incomplete_measures_is_for_new_ones_only() -> None:
    """With the other reading, an old measure below completeness still earns nothing."""
    case = one_measure(INCOMPLETE, first_performance_year=2017)

    assert case({"quality__new_measure_floor_incomplete": True}) == "0"


def test_a_weak_outcome_measure_stays_where_nothing_better_may_take_its_slot() -> None:
    """With the other reading, an outcome measure without points is still enough."""
    case = quality({"id": "A", "type": "outcome", "state": "incomplete"}, *NINES[:6])

    assert case({"quality__outcome_forced": False}) == "75"


def test_a_word_with_alternatives_is_found() -> None:
    """The search sees flags, words, and words inside mappings; nothing else."""
    assert open_words({"quality": QualityRules}) >= {
        "quality__outcome_required",
        "quality__qcdr_rate",
        "quality__zero_population",
    }
    assert "quality__case_minimum" not in open_words({"quality": QualityRules})
    assert "cost__unpublished_benchmark" not in open_words({"cost": CostRules})
