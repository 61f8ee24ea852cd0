"""Which modules are mutated, and which tests are to notice."""

from typing import Final

MIPS: Final = (
    "activity_points adjustment applicability choice claims_measures closing "
    "completeness complex_organizations complex_patients cost exceptional facility "
    "final_score improvement_activities lower_bounds measure_bonus measured_values "
    "payment prior_scores quality quality_choice quality_points quality_scale rates "
    "review reweighting small_practice_bonus survey tally weights"
)
INTEROPERABILITY: Final = "answers period plan points roll_up score"
ADVANCED_APM: Final = "benefits comparing determining"
MODULES: Final = (
    *(f"qpp/mips/{name}.py" for name in MIPS.split()),
    *(f"qpp/promoting_interoperability/{name}.py" for name in INTEROPERABILITY.split()),
    *(f"qpp/advanced_apm/{name}.py" for name in ADVANCED_APM.split()),
    "qpp/mips/programs/*.py",
    "qpp/advancing_care/*.py",
    "qpp/eligibility/*.py",
    "qpp/deciles.py",
    "qpp/rosters.py",
)
UNIT: Final = (
    "advanced_apm app_categories eligibility ema_anesthesiology explanations law_2017 "
    "law_choices law_closing law_details law_details_more law_interoperability "
    "law_monotone law_properties law_review law_values mvp_anesthesia mvp_others "
    "quality_values reweighting roll_up rosters usual_rates weights"
)
TESTS: Final = (
    "tests/golden/test_golden.py",
    *(f"tests/unit/test_{name}.py" for name in UNIT.split()),
)
