"""Values the law reads and writes: submissions, feeds, findings, traces, parts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from qpp.feeds import compose
from qpp.findings import Finding, Severity, rejects
from qpp.inputs import (
    ClaimsResult,
    Decision,
    FacilityScore,
    PriorScores,
    ScoreInput,
    SurveyResult,
    read_input,
)
from qpp.mips.adjustment import ScalingFactorError
from qpp.mips.quality_scale import Scale
from qpp.mips.rates import assess
from qpp.mips.rules import read_rules
from qpp.mips.scoring import score
from qpp.parts import explanation, part, points_text
from qpp.results import CategoryScore, MeasureScore
from qpp.rulebook import Provision, RuleError
from qpp.submission import (
    Counts,
    Measurement,
    MeasurementSet,
    NonProportion,
    Proportion,
    Strata,
    read_set,
    read_sets,
    read_value,
)
from qpp.trace import Trace
from tests.helpers.law import a_set, book, catalogue, entity, law, measure


def provision(status: str = "verified") -> Provision[int]:
    """Make one provision of a rule file."""
    return Provision(20, "case", "42 CFR 414.1380", status, date(2026, 1, 1), "q.cases")


def test_a_set_is_read_field_by_field() -> None:
    """Program and CEHRT id are optional; dates are dates; both ends count as days."""
    document = a_set("ia", {"IA_PCMH": True}, start="2025-07-05")
    found = read_set(document, "mips")

    assert found == MeasurementSet(
        "ia",
        "registry",
        "mips",
        date(2025, 7, 5),
        date(2025, 12, 31),
        (Measurement("IA_PCMH", value=True),),
    )
    assert found.days == 180


def test_a_set_keeps_its_own_program_and_cehrt_id() -> None:
    """What was sent goes before the default."""
    more = {"programName": "G0059", "cehrtId": "XX15CAAAAAAAAAA"}
    (found,) = read_sets([a_set("pi", {}) | more], "mips")

    assert (found.program_name, found.cehrt_id) == ("G0059", "XX15CAAAAAAAAAA")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (True, True),
        (False, False),
        ({"numerator": 3, "denominator": 4}, Proportion(3, 4)),
        (
            {"performanceMet": 1, "eligiblePopulation": 2, "performanceNotMet": None},
            Counts(1, 0, 0, 0, 2),
        ),
        (
            {
                "strata": [
                    {"performanceMet": 1, "eligiblePopulation": 2, "stratum": "a"}
                ]
            },
            Strata((Counts(1, 0, 0, 0, 2, "a"),)),
        ),
        (
            {"numerator": 1.1, "denominator": 2, "observationInstances": 3},
            NonProportion(Decimal("1.1"), Decimal(2), 3, Decimal(0), Decimal(0)),
        ),
        (
            {
                "numerator": Decimal("1.10"),
                "denominator": 2,
                "observationInstances": 3,
                "numeratorExclusion": None,
                "denominatorException": 4,
            },
            NonProportion(Decimal("1.10"), Decimal(2), 3, Decimal(0), Decimal(4)),
        ),
    ],
)
def test_a_value_is_read_by_its_shape(sent: object, read: object) -> None:
    """Absent and null counts are 0, and a number is taken as it was written."""
    assert read_value(sent) == read


def test_counts_add_up_what_is_reported_and_what_is_rated() -> None:
    """Exclusions and exceptions are reported; they are not in the rate."""
    counts = Counts(1, 2, 4, 8, 100)

    assert (counts.reported, counts.rated) == (15, 3)


def test_a_document_with_every_feed_is_read_whole() -> None:
    """Each feed lands in its field, figures exact."""
    claims = {"measures": [{"measureId": "480", "score": "0.0297", "caseCount": 25}]}
    found = read_input(
        {
            "performanceYear": 2025,
            "entityType": "group",
            "measurementSets": [a_set("ia", {"IA_PCMH": True})],
            "profile": {"specialStatuses": ["smallPractice"]},
            "costs": claims,
            "administrativeClaims": claims,
            "cahps": {
                "measures": [
                    {"measureId": "CAHPS_1", "score": "80.1"},
                    {"measureId": "CAHPS_2", "score": "80.1", "mask": True},
                    {"measureId": "CAHPS_3", "score": "80.1", "isBelowMinimum": True},
                ]
            },
            "reweighting": {"decisions": [{"category": "pi", "reason": "hardship"}]},
            "priorScores": {
                "qualityAchievementPercent": "62.24",
                "qualityFacilityBased": True,
                "costPercent": "40",
                "identifierMatch": "averageOfMembers",
            },
            "complexPatientBonus": {"points": "5.8"},
            "eligibility": "optedIn",
            "facility": {
                "hospitalPercentile": "80",
                "qualityScoreAtPercentile": "88.5",
                "costScoreAtPercentile": "71",
            },
            "withMockBenchmarks": True,
        },
        "mips",
    )

    assert found.small_practice
    assert found.costs == found.administrative_claims
    assert found.costs == (ClaimsResult("480", Decimal("0.0297"), 25),)
    assert [item.counts for item in found.cahps] == [True, False, False]
    assert found.cahps[0] == SurveyResult("CAHPS_1", Decimal("80.1"), counts=True)
    assert found.reweighted == (Decision("pi", "hardship"),)
    assert found.prior == PriorScores(
        Decimal("62.24"),
        quality_facility_based=True,
        cost=Decimal(40),
        identifier_match="averageOfMembers",
    )
    assert found.complex_patient_bonus == Decimal("5.8")
    assert found.patient_risk is None
    assert found.eligibility == "optedIn"
    assert found.facility == FacilityScore(Decimal("88.5"), Decimal(71))
    assert found.with_mock_benchmarks
    assert len(found.of("ia")) == 1
    assert found.of("pi") == ()


def test_a_document_without_feeds_knows_that_it_knows_nothing() -> None:
    """No profile is no status; costs not given differ from no costs."""
    found = read_input({"performanceYear": 2025, "entityType": "individual"}, "mips")

    assert found.special_statuses is None
    assert not found.has("smallPractice")
    assert found.costs is None
    assert (found.sets, found.cahps, found.prior) == ((), (), None)
    assert (found.complex_patient_bonus, found.patient_risk) == (None, None)
    assert (found.eligibility, found.facility) == (None, None)


def test_what_cms_says_of_a_hospital_reaches_the_law_without_its_name() -> None:
    """The law reads three figures; hospitals and envelope stay behind."""
    figures = {
        "hospitalPercentile": "80",
        "qualityScoreAtPercentile": "88.5",
        "costScoreAtPercentile": "71",
    }
    feed = {"feed": "facility-based", "entityType": "group", "hospitals": [], **figures}

    with_it = compose(2025, "group", [], {"facility-based": feed})

    assert with_it["facility"] == figures
    assert "facility" not in compose(2025, "group", [], {})


def test_an_empty_profile_has_no_status() -> None:
    """A profile was given, so nothing needs to be assumed about it."""
    found = read_input(
        {"performanceYear": 2025, "entityType": "group", "profile": {}}, "mips"
    )

    assert found.special_statuses == frozenset()


def test_a_rate_may_be_assessed_without_patients() -> None:
    """Nobody eligible has neither a reporting rate nor a performance rate."""
    rules, trace = book(2025).quality, Trace()
    found = assess(Counts(0, 0, 0, 0, 0), measure("M"), rules, "registry", trace)

    assert found.empty
    assert found.reporting_rate is None


@pytest.mark.parametrize(
    ("method", "reasons", "suppressed"),
    [
        ("registry", (), False),
        ("registry", ("BR-009",), False),
        ("registry", ("BR-022",), True),
        ("electronicHealthRecord", (), True),
    ],
)
def test_suppression_can_be_asked_for_before_scoring(
    method: str, reasons: tuple[str, ...], *, suppressed: bool
) -> None:
    """By reason, or because a guideline changed for the collection type."""
    item = measure("M", suppressed=["electronicHealthRecord"])
    facts = catalogue(2025, [item], reasons={("M", method): reasons})
    scale = Scale(book(2025).quality, facts, small_practice=False)

    assert scale.suppressed(item, method) is suppressed


def test_a_finding_is_written_in_contract_order() -> None:
    """Code and severity come first, the citation last."""
    finding = Finding("/a", "MIPS-DOC-001", Severity.ERROR, "x", "y", "z")

    assert list(finding.as_json().values()) == [
        "MIPS-DOC-001",
        "error",
        "/a",
        "x",
        "y",
        "z",
    ]


def test_only_an_error_rejects() -> None:
    """Warnings say what something costs; one error among them decides."""
    error = Finding("/a", "MIPS-DOC-001", Severity.ERROR, "x", "y", "z")
    warning = replace(error, severity=Severity.WARNING)

    assert not rejects([])
    assert not rejects([warning])
    assert rejects([warning, error])


def test_an_unverified_rule_leaves_its_assumption_behind() -> None:
    """A verified one does not; a reason keeps the rule and its words."""
    trace = Trace()
    verified, unverified = provision(), provision("unverified")
    trace.use(verified)
    before = set(trace.assumptions)
    value = trace.say(unverified, "{} cases of {}", 19, 20)
    trace.assume("no-profile")

    assert before == set()
    assert value == 20
    assert trace.assumptions == {"unverified:q.cases", "no-profile"}
    assert [(step.rule, step.text()) for step in trace.steps] == [
        (unverified, "19 cases of 20")
    ]


def test_a_part_is_written_with_and_without_reasons() -> None:
    """Measures' reasons come first, with their id; figures are text."""
    trace = Trace()
    trace.say(provision(), "because")
    steps = tuple(trace.steps)
    one = MeasureScore("A", "registry", Decimal(7), Decimal(10), "scored", steps=steps)
    found = CategoryScore("quality", Decimal(70), measures=(one,), steps=steps)

    assert "explanation" not in part(found, explain=False)
    assert part(found, explain=True)["explanation"] == explanation(found)
    assert [item.get("measureId") for item in explanation(found)] == ["A", None]
    assert part(found, explain=False)["measures"][0] == {
        "measureId": "A",
        "submissionMethod": "registry",
        "points": "7.0000",
        "possible": "10.0000",
        "outcome": "scored",
        "used": False,
        "decile": None,
        "performanceRate": None,
    }
    assert points_text(Decimal("7.12345")) == "7.1235"


def test_a_percent_travels_unrounded_and_without_exponent() -> None:
    """What cannot be written shortly is written long; nothing is null but no score."""
    third = Decimal(100) / Decimal(3)

    assert part(CategoryScore("pi", third), explain=False)["percent"] == str(third)
    assert part(CategoryScore("pi", Decimal("1E+2")), explain=False)["percent"] == "100"
    assert part(CategoryScore("pi", None), explain=False)["percent"] is None


def test_a_score_names_what_made_it() -> None:
    """Rule book, catalogue and engine stand in every score, and who was assumed."""
    made = score(entity(statuses=None), law(2025)).score

    assert made["ruleBook"] == book(2025).id
    assert made["catalogue"] == "py2025@made-by-hand"
    assert made["engine"]
    assert {"no-profile", "no-costs-given"} <= set(made["assumptions"])


@pytest.mark.parametrize("eligibility", [None, "unknown"])
def test_a_score_whose_eligibility_nobody_knows_is_not_billable(
    eligibility: str | None,
) -> None:
    """With a profile alone it is open whether the entity is paid by a score."""
    found = score(entity(eligibility=eligibility), law(2025))

    assert "eligibility-not-declared" in found.score["assumptions"]
    assert "no-profile" not in found.score["assumptions"]
    assert found.payment["billable"] is False


@pytest.mark.parametrize("eligibility", ["required", "optedIn"])
def test_a_score_whose_eligibility_is_declared_is_billable(eligibility: str) -> None:
    """It assumes nothing of who is scored, and says what was declared."""
    found = score(entity(eligibility=eligibility), law(2025))

    assert "eligibility-not-declared" not in found.score["assumptions"]
    assert found.score["eligibility"] == eligibility
    assert found.payment["billable"] is True


@pytest.mark.parametrize(
    "eligibility", ["voluntary", "voluntaryReporter", "excluded", "optInEligible"]
)
def test_who_is_not_paid_by_a_score_has_one_and_no_adjustment(eligibility: str) -> None:
    """The reason is given with its paragraph, § 414.1310."""
    found = score(entity(eligibility=eligibility), law(2025))

    assert found.score["finalScore"] == "0.00"
    assert found.payment["adjustmentPercent"] is None
    assert found.payment["status"] == "none"
    assert (found.payment["billable"], found.payment["range"]) == (False, None)
    assert [
        (item["rule"], item["says"], item["citation"])
        for item in found.explanation
        if item["category"] == "payment"
    ] == [
        (
            "payment.eligibility_not_paid",
            f"{eligibility}: no payment adjustment",
            "42 CFR 414.1310",
        )
    ]


def test_a_score_on_stand_in_rows_says_so() -> None:
    """It is never billable, whatever it is worth."""
    found = score(entity(2026, withMockBenchmarks=True), law(2026, mock_costs=True))

    assert "mock-benchmarks" in found.score["assumptions"]
    assert found.payment["billable"] is False


def test_a_scaling_factor_is_checked_only_where_it_scales() -> None:
    """A reduction needs none, so a factor out of range goes unnoticed there."""
    low = score(entity(), law(2025), scaling_factor=Decimal(99))

    assert low.payment["adjustmentPercent"] == "-9.0000"
    with pytest.raises(ScalingFactorError):
        score(full_marks(), law(2025), scaling_factor=Decimal(99))


def full_marks() -> ScoreInput:
    """Make an entity at 100: only activities and cost carry weight."""
    return entity(
        sets=[a_set("ia", {"IA_PCMH": True})],
        statuses=["hospitalBased"],
        reweighting={
            "decisions": [{"category": "quality", "reason": "newlyFormedPractice"}]
        },
        costs={
            "measures": [{"measureId": "TPCC_1", "score": "1", "caseCount": 20}],
        },
    )


def test_a_rule_book_needs_exactly_its_files() -> None:
    """A file too few or too many is an error that lists what is needed."""
    with pytest.raises(
        RuleError, match=r"mips/py2025: needs exactly the files .*quality"
    ):
        read_rules("mips/py2025", {"quality.toml": b""})
