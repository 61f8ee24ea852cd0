"""The cases of CMS's feeds that are no row in the table of bad inputs."""

from typing import Final

from qpp.codes import Code
from tests.helpers.corpus_case import Case, fails, passes, warns
from tests.helpers.corpus_sheet import NPI, TIN, Sheet
from tests.helpers.corpus_sheet import YEARS as FACTS
from tests.helpers.corpus_values import Json

FIGURES: Final = {"score": "1500.00", "caseCount": 40}
YEARS: Final = {facts.year: facts for facts in FACTS}


def group(feed: str, name: str, *, year: int = 2025, **fields: object) -> Json:
    """Write a feed about a group; each example is about one of its own."""
    sheet = Sheet(YEARS[year], f"{feed} {name}")
    return {
        "feed": feed,
        "performanceYear": year,
        "entityType": "group",
        TIN: sheet.tin,
        **fields,
    }


def one(feed: str, name: str, **fields: object) -> Json:
    """Write a feed about an individual."""
    own = Sheet(YEARS[2025], f"{feed} {name}").npi
    return {**group(feed, name), "entityType": "individual", NPI: own, **fields}


def good(name: str, document: Json) -> Case:
    """Make an example without findings."""
    return passes(f"{document['feed']}.{name}", lambda _sheet: document)


def bad(name: str, document: Json, code: Code) -> Case:
    """Make an example with one mistake."""
    return fails(f"{document['feed']}.{name}", lambda _sheet: document, code)


def figures(measure_id: str, **changed: object) -> list[Json]:
    """Write one measure with its figures."""
    return [{"measureId": measure_id, **FIGURES, **changed}]


def decision(**changed: object) -> list[Json]:
    """Write one decision on reweighting."""
    return [{"category": "pi", "reason": "hardship", "approved": True, **changed}]


def members(name: str, count: int) -> list[Json]:
    """Write a roster."""
    sheets = [Sheet(YEARS[2025], f"{name} {number}") for number in range(count)]
    return [{NPI: sheet.npi} for sheet in sheets]


PROFILES: Final = (
    good(
        "small-practice-with-roster",
        group(
            "profile",
            "small",
            specialStatuses=["smallPractice", "rural"],
            roster=members("small", 3),
        ),
    ),
    good("individual-without-status", one("profile", "alone", specialStatuses=[])),
    bad(
        "status-of-another-year",
        group("profile", "other year", specialStatuses=["clinicalSocialWorker"]),
        Code.STATUS_UNKNOWN,
    ),
)
COSTS: Final = (
    good(
        "two-measures",
        group(
            "cost-attribution",
            "two",
            measures=[*figures("TPCC_1"), *figures("MSPB_1", score="21000.5")],
        ),
    ),
    good("no-measure-attributed", one("cost-attribution", "none", measures=[])),
)
CLAIMS: Final = (
    good(
        "rate-of-readmissions",
        group("administrative-claims", "rate", measures=figures("479", score="14.2")),
    ),
    good(
        "below-the-case-minimum",
        group(
            "administrative-claims",
            "few",
            measures=figures("484", caseCount=3),
            year=2026,
        ),
    ),
    bad(
        "measure-that-clinicians-report",
        group("administrative-claims", "reported", measures=figures("236")),
        Code.FEED_MEASURE_UNKNOWN,
    ),
    bad(
        "measure-twice",
        group(
            "administrative-claims",
            "twice",
            measures=[*figures("480"), *figures("480", caseCount=41)],
        ),
        Code.FEED_MEASURE_DUPLICATE,
    ),
    bad(
        "number-of-cases-missing",
        group(
            "administrative-claims",
            "no count",
            measures=[{"measureId": "479", "score": "14.2"}],
        ),
        Code.FIELD_MISSING,
    ),
)


def survey(**changed: object) -> list[Json]:
    """Write one summary measure of the survey."""
    return [{"measureId": "CAHPS_1", "score": "87.5", **changed}]


SURVEYS: Final = (
    good(
        "two-measures-one-masked",
        group(
            "cahps",
            "two",
            measures=[
                *survey(reliability="0.8"),
                *survey(measureId="CAHPS_2", mask=True),
            ],
        ),
    ),
    good(
        "too-few-answers",
        group("cahps", "few", measures=survey(isBelowMinimum=True), year=2024),
    ),
    bad(
        "measure-of-the-whole-survey",
        group("cahps", "whole", measures=survey(measureId="321")),
        Code.FEED_MEASURE_UNKNOWN,
    ),
    bad(
        "mask-as-text",
        group("cahps", "mask", measures=survey(mask="no")),
        Code.WRONG_TYPE,
    ),
)
REWEIGHTED: Final = (
    good("hardship", group("reweighting", "hardship", decisions=decision())),
    good(
        "two-categories",
        one(
            "reweighting",
            "storm",
            decisions=[
                *decision(category="quality", reason="extremeAndUncontrollable"),
                *decision(category="ia", reason="extremeAndUncontrollable"),
            ],
        ),
    ),
    good(
        "application-with-its-day",
        one(
            "reweighting",
            "application",
            decisions=decision(
                reason="noInternet", applicationId="A-17", approvedOn="2026-01-05"
            ),
        ),
    ),
    good(
        "half-of-the-encounters",
        group(
            "reweighting",
            "half",
            decisions=decision(reason="noControlOverCehrt", percent="50"),
        ),
    ),
    bad(
        "third-party-before-2025",
        group(
            "reweighting",
            "third party",
            year=2024,
            decisions=decision(reason="thirdPartyIntermediary"),
        ),
        Code.REASON_NOT_OF_YEAR,
    ),
    bad(
        "hardship-for-quality",
        group("reweighting", "quality", decisions=decision(category="quality")),
        Code.REASON_NOT_FOR_CATEGORY,
    ),
    bad(
        "automatic-policy-for-a-group",
        group(
            "reweighting",
            "area",
            decisions=decision(reason="automaticExtremeAndUncontrollable"),
        ),
        Code.REASON_NOT_FOR_ENTITY,
    ),
    bad(
        "fewer-than-half-of-the-encounters",
        group(
            "reweighting",
            "fewer",
            decisions=decision(reason="noControlOverCehrt", percent="49.9"),
        ),
        Code.REASON_WITHOUT_GROUND,
    ),
    bad(
        "more-than-100-percent",
        group("reweighting", "more", decisions=decision(percent="100.1")),
        Code.FEED_FIGURE_IMPOSSIBLE,
    ),
    bad(
        "decision-twice",
        group("reweighting", "twice", decisions=[*decision(), *decision()]),
        Code.DECISION_DUPLICATE,
    ),
    bad(
        "approved-on-a-day-in-words",
        group("reweighting", "day", decisions=decision(approvedOn="5 January 2026")),
        Code.WRONG_FORM,
    ),
    bad(
        "tax-number-as-application",
        group("reweighting", "number", decisions=decision(applicationId="000123456")),
        Code.WRONG_FORM,
    ),
    bad(
        "refused-application",
        group("reweighting", "refused", decisions=decision(approved=False)),
        Code.NOT_IN_LIST,
    ),
    bad(
        "category-in-words",
        group(
            "reweighting",
            "words",
            decisions=decision(category="promotingInteroperability"),
        ),
        Code.NOT_IN_LIST,
    ),
)
MATCHED: Final[Json] = {"identifierMatch": "sameIdentifier"}
PRIOR: Final = (
    good(
        "both-scores",
        group(
            "prior-scores",
            "both",
            qualityAchievementPercent="71.25",
            qualityFacilityBased=False,
            costPercent="100",
            identifierMatch="averageOfMembers",
        ),
    ),
    good(
        "cost-alone",
        one("prior-scores", "cost", costPercent="0", identifierMatch="sameIdentifier"),
    ),
    warns(
        "prior-scores.no-identifier-match",
        lambda _sheet: group(
            "prior-scores", "no match", costPercent="80", identifierMatch="none"
        ),
        Code.PRIOR_WITHOUT_MATCH,
    ),
    bad(
        "more-than-100-percent",
        group("prior-scores", "more", qualityAchievementPercent="100.01", **MATCHED),
        Code.WRONG_FORM,
    ),
    bad(
        "percent-as-a-number",
        group("prior-scores", "number", costPercent=55.5, **MATCHED),
        Code.WRONG_TYPE,
    ),
    bad(
        "final-score-instead",
        group("prior-scores", "final", finalScore="80.00"),
        Code.FIELD_UNKNOWN,
    ),
)
INDICATORS: Final = {"hcc": "1.4", "dualRatio": "0.34"}
POPULATION: Final = {
    "hccMean": "1.2",
    "hccStandardDeviation": "0.4",
    "hccMedian": "1.1",
    "dualMean": "0.3",
    "dualStandardDeviation": "0.2",
    "dualMedian": "0.25",
}
BONUS: Final = (
    good("of-a-group", group("complex-patient-bonus", "group", points="3.75")),
    good("of-the-most", one("complex-patient-bonus", "most", points="10")),
    good(
        "from-indicators",
        group(
            "complex-patient-bonus",
            "indicators",
            indicators=INDICATORS,
            population=POPULATION,
        ),
    ),
    bad(
        "points-missing", group("complex-patient-bonus", "nothing"), Code.BONUS_UNCLEAR
    ),
    bad(
        "no-spread",
        group(
            "complex-patient-bonus",
            "no spread",
            indicators=INDICATORS,
            population={**POPULATION, "dualStandardDeviation": "0.0"},
        ),
        Code.NO_SPREAD,
    ),
    bad(
        "points-as-a-number",
        group("complex-patient-bonus", "number", points=3.75),
        Code.WRONG_TYPE,
    ),
)


def hospital(**changed: object) -> Json:
    """Write one hospital of a facility-based entity."""
    return {
        "certificationNumber": "050A01",
        "medicarePatients": 40,
        "percentile": "80",
        **changed,
    }


SCORES: Final[Json] = {
    "hospitalPercentile": "80",
    "qualityScoreAtPercentile": "88.5",
    "costScoreAtPercentile": "71",
}
FACILITY: Final = (
    good("of-one-clinician", one("facility-based", "one", **SCORES)),
    good(
        "most-patients-count",
        group(
            "facility-based",
            "two",
            hospitals=[hospital(), hospital(medicarePatients=39, percentile="99")],
            **SCORES,
        ),
    ),
    bad(
        "percentile-of-the-smaller-hospital",
        group(
            "facility-based",
            "smaller",
            hospitals=[hospital(percentile="60"), hospital(medicarePatients=39)],
            **SCORES,
        ),
        Code.HOSPITAL_DIFFERS,
    ),
    bad(
        "percentile-above-100",
        group("facility-based", "above", **{**SCORES, "hospitalPercentile": "100.01"}),
        Code.WRONG_FORM,
    ),
    bad(
        "no-cost-score",
        one(
            "facility-based",
            "no cost",
            hospitalPercentile="80",
            qualityScoreAtPercentile="88.5",
        ),
        Code.FIELD_MISSING,
    ),
)

CASES: Final = (
    *PROFILES,
    *COSTS,
    *CLAIMS,
    *SURVEYS,
    *REWEIGHTED,
    *PRIOR,
    *BONUS,
    *FACILITY,
)
