"""What feeds say of an entity, read from their shape on the wire."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from qpp.promoting_interoperability.roll_up import RollUp
from qpp.submission import Json


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


def read_risk(feed: Json) -> tuple[Indicator, Indicator] | None:
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


def read_facility(feed: Any) -> FacilityScore | None:  # noqa: ANN401 - a feed document or None
    """Read the scores at a hospital's percentile."""
    if not feed:
        return None
    return FacilityScore(
        Decimal(feed["qualityScoreAtPercentile"]),
        Decimal(feed["costScoreAtPercentile"]),
    )


def read_roll_up(written: Any) -> RollUp | None:  # noqa: ANN401 - an object or None
    """Read what an APM entity's members have in Promoting Interoperability."""
    if not written:
        return None
    return RollUp(Decimal(written["percent"]), written["counted"], written["excepted"])


def read_registration(chosen: Any) -> Registration | None:  # noqa: ANN401 - part of a feed or None
    """Read what was chosen for an MVP."""
    if not chosen:
        return None
    return Registration(
        chosen.get("populationHealthMeasure"), chosen.get("outcomesMeasure")
    )


def read_decisions(feed: Any) -> tuple[Decision, ...]:  # noqa: ANN401 - a feed document or None
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


def read_claims(feed: Any) -> tuple[ClaimsResult, ...]:  # noqa: ANN401 - a feed document or None
    """Read the measures of a cost or administrative-claims feed."""
    if not feed:
        return ()
    return tuple(
        ClaimsResult(item["measureId"], Decimal(item["score"]), item["caseCount"])
        for item in feed["measures"]
    )


def read_survey(feed: Any) -> tuple[SurveyResult, ...]:  # noqa: ANN401 - a feed document or None
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


def read_prior(feed: Any) -> PriorScores | None:  # noqa: ANN401 - a feed document or None
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
