"""What one entity is scored on: its sets and what CMS knows of it, no identifiers."""

from decimal import Decimal
from typing import Final, NamedTuple

from qpp.feed_facts import (
    ClaimsResult,
    Decision,
    FacilityScore,
    Indicator,
    PriorScores,
    Registration,
    SurveyResult,
    read_claims,
    read_decisions,
    read_facility,
    read_prior,
    read_registration,
    read_risk,
    read_roll_up,
    read_survey,
)
from qpp.promoting_interoperability.roll_up import RollUp
from qpp.submission import Json, MeasurementSet, read_sets

__all__ = [
    "APM_ENTITY",
    "GROUP",
    "INDIVIDUAL",
    "SMALL_PRACTICE",
    "SUBGROUP",
    "VIRTUAL_GROUP",
    "ClaimsResult",
    "Decision",
    "FacilityScore",
    "Indicator",
    "PriorScores",
    "Registration",
    "ScoreInput",
    "SurveyResult",
    "read_input",
]

INDIVIDUAL: Final = "individual"
GROUP: Final = "group"
VIRTUAL_GROUP: Final = "virtualGroup"
SUBGROUP: Final = "subgroup"
APM_ENTITY: Final = "apm"
SMALL_PRACTICE: Final = "smallPractice"


class ScoreInput(NamedTuple):
    """Everything one score is made of.

    ``program_name`` is ``mips``, ``app1``, ``appPlus`` or the id of an MVP;
    ``special_statuses`` is None without a profile; ``costs`` is None where no cost
    data was given; ``reweighted`` holds what CMS approved, in the feed's order;
    ``pi_roll_up`` is what an APM entity's members have in that category.
    """

    performance_year: int
    entity_type: str
    program_name: str
    sets: tuple[MeasurementSet, ...]
    special_statuses: frozenset[str] | None = None
    costs: tuple[ClaimsResult, ...] | None = None
    administrative_claims: tuple[ClaimsResult, ...] = ()
    cahps: tuple[SurveyResult, ...] = ()
    reweighted: tuple[Decision, ...] = ()
    prior: PriorScores | None = None
    complex_patient_bonus: Decimal | None = None
    with_mock_benchmarks: bool = False
    registration: Registration | None = None
    pi_roll_up: RollUp | None = None
    patient_risk: tuple[Indicator, Indicator] | None = None
    eligibility: str | None = None
    facility: FacilityScore | None = None
    assumptions: frozenset[str] = frozenset()

    def has(self, status: str) -> bool:
        """Say whether the entity has a special status; without a profile, none."""
        return self.special_statuses is not None and status in self.special_statuses

    @property
    def small_practice(self) -> bool:
        """Whether the practice has 15 or fewer eligible clinicians."""
        return self.has(SMALL_PRACTICE)

    def of(self, category: str) -> tuple[MeasurementSet, ...]:
        """Give the sets of one category."""
        return tuple([item for item in self.sets if item.category == category])


def read_input(document: Json, default_program: str) -> ScoreInput:
    """Read a score input: sets in CMS's shape, feeds in the shape of their schemas.

    Fields: ``performanceYear``, ``entityType``, ``programName`` (absent, the default
    one), ``measurementSets``, and each of ``profile``, ``costs``,
    ``administrativeClaims``, ``cahps``, ``reweighting``, ``priorScores``,
    ``complexPatientBonus``, ``registration``, ``piRollUp``, ``withMockBenchmarks``,
    ``eligibility`` (a word), ``assumptions`` of that, ``facility`` or null.
    """
    profile = document.get("profile")
    costs = document.get("costs")
    bonus = document.get("complexPatientBonus") or {}
    points = bonus.get("points")
    return ScoreInput(
        performance_year=document["performanceYear"],
        entity_type=document["entityType"],
        program_name=document.get("programName") or default_program,
        sets=tuple(read_sets(document.get("measurementSets") or (), default_program)),
        special_statuses=(
            None if profile is None else frozenset(profile.get("specialStatuses") or ())
        ),
        costs=None if costs is None else read_claims(costs),
        administrative_claims=read_claims(document.get("administrativeClaims")),
        cahps=read_survey(document.get("cahps")),
        reweighted=read_decisions(document.get("reweighting")),
        prior=read_prior(document.get("priorScores")),
        complex_patient_bonus=None if points is None else Decimal(points),
        with_mock_benchmarks=bool(document.get("withMockBenchmarks")),
        registration=read_registration(document.get("registration")),
        pi_roll_up=read_roll_up(document.get("piRollUp")),
        patient_risk=read_risk(bonus),
        eligibility=document.get("eligibility"),
        facility=read_facility(document.get("facility")),
        assumptions=frozenset(document.get("assumptions") or ()),
    )
