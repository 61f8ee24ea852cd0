"""What one entity is scored on: its sets and what CMS knows of it, no identifiers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from qpp.promoting_interoperability.roll_up import RollUp
from qpp.submission import Json, MeasurementSet, read_sets

INDIVIDUAL: Final = "individual"
GROUP: Final = "group"
VIRTUAL_GROUP: Final = "virtualGroup"
SUBGROUP: Final = "subgroup"
APM_ENTITY: Final = "apm"
SMALL_PRACTICE: Final = "smallPractice"


@dataclass(frozen=True, slots=True)
class ClaimsResult:
    """One cost or administrative-claims measure as CMS computed it, in raw units."""

    measure_id: str
    score: Decimal
    case_count: int


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """One CAHPS summary measure; masked or below the minimum, it does not count."""

    measure_id: str
    score: Decimal
    counts: bool


@dataclass(frozen=True, slots=True)
class PriorScores:
    """Last year's scores in percent, where CMS gave them.

    ``identifier_match`` says whose they are; None where CMS does not say.
    """

    quality_achievement: Decimal | None
    quality_facility_based: bool
    cost: Decimal | None
    identifier_match: str | None = None


class Indicator(NamedTuple):
    """One risk indicator of an entity, and what it is among all of the period."""

    value: Decimal
    mean: Decimal
    deviation: Decimal
    median: Decimal


class FacilityScore(NamedTuple):
    """Quality and cost in percent at the percentile of a clinician's hospital."""

    quality: Decimal
    cost: Decimal


class Decision(NamedTuple):
    """One category that CMS reweighted, and why.

    ``application`` and ``approved_on`` name the approval, where CMS sent them.
    """

    category: str
    reason: str
    application: str | None = None
    approved_on: str | None = None


class Registration(NamedTuple):
    """What an entity chose when it registered for an MVP; None where nothing."""

    population_health: str | None = None
    outcome_claims: str | None = None


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
        costs=None if costs is None else _claims(costs),
        administrative_claims=_claims(document.get("administrativeClaims")),
        cahps=_survey(document.get("cahps")),
        reweighted=_decisions(document.get("reweighting")),
        prior=_prior(document.get("priorScores")),
        complex_patient_bonus=None if points is None else Decimal(points),
        with_mock_benchmarks=bool(document.get("withMockBenchmarks")),
        registration=_registration(document.get("registration")),
        pi_roll_up=_roll_up(document.get("piRollUp")),
        patient_risk=_risk(bonus),
        eligibility=document.get("eligibility"),
        facility=_facility(document.get("facility")),
        assumptions=frozenset(document.get("assumptions") or ()),
    )


def _risk(feed: Json) -> tuple[Indicator, Indicator] | None:
    """Read the risk indicators and their statistics, where the feed has them."""
    if "indicators" not in feed:
        return None
    own, all_of_them = feed["indicators"], feed["population"]

    def indicator(name: str, short: str) -> Indicator:
        """Read one of them."""
        return Indicator(
            Decimal(own[name]),
            Decimal(all_of_them[f"{short}Mean"]),
            Decimal(all_of_them[f"{short}StandardDeviation"]),
            Decimal(all_of_them[f"{short}Median"]),
        )

    return indicator("hcc", "hcc"), indicator("dualRatio", "dual")


def _facility(feed: Any) -> FacilityScore | None:  # noqa: ANN401 - a feed document or None
    """Read the scores at a hospital's percentile."""
    if not feed:
        return None
    return FacilityScore(
        Decimal(feed["qualityScoreAtPercentile"]),
        Decimal(feed["costScoreAtPercentile"]),
    )


def _roll_up(written: Any) -> RollUp | None:  # noqa: ANN401 - an object or None
    """Read what an APM entity's members have in Promoting Interoperability."""
    if not written:
        return None
    return RollUp(Decimal(written["percent"]), written["counted"], written["excepted"])


def _registration(chosen: Any) -> Registration | None:  # noqa: ANN401 - part of a feed or None
    """Read what was chosen for an MVP."""
    if not chosen:
        return None
    return Registration(
        chosen.get("populationHealthMeasure"), chosen.get("outcomesMeasure")
    )


def _decisions(feed: Any) -> tuple[Decision, ...]:  # noqa: ANN401 - a feed document or None
    """Read which categories CMS reweighted, and why."""
    if not feed:
        return ()
    return tuple(
        Decision(
            item["category"],
            item["reason"],
            item.get("applicationId"),
            item.get("approvedOn"),
        )
        for item in feed.get("decisions", ())
    )


def _claims(feed: Any) -> tuple[ClaimsResult, ...]:  # noqa: ANN401 - a feed document or None
    """Read the measures of a cost or administrative-claims feed."""
    if not feed:
        return ()
    return tuple(
        ClaimsResult(item["measureId"], Decimal(item["score"]), item["caseCount"])
        for item in feed["measures"]
    )


def _survey(feed: Any) -> tuple[SurveyResult, ...]:  # noqa: ANN401 - a feed document or None
    """Read the summary measures of a CAHPS feed."""
    if not feed:
        return ()
    return tuple(
        SurveyResult(
            item["measureId"],
            Decimal(item["score"]),
            counts=not (item.get("mask") or item.get("isBelowMinimum")),
        )
        for item in feed["measures"]
    )


def _prior(feed: Any) -> PriorScores | None:  # noqa: ANN401 - a feed document or None
    """Read last year's scores."""
    if not feed:
        return None
    achievement, cost = feed.get("qualityAchievementPercent"), feed.get("costPercent")
    return PriorScores(
        quality_achievement=None if achievement is None else Decimal(achievement),
        quality_facility_based=bool(feed.get("qualityFacilityBased")),
        cost=None if cost is None else Decimal(cost),
        identifier_match=feed.get("identifierMatch"),
    )
