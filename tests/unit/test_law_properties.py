"""What holds for every score, whatever was sent: properties over made-up entities."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_UP, Context, Decimal, localcontext

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qpp.inputs import ScoreInput
from qpp.mips.completeness import read_assessed, write_assessed
from qpp.mips.final_score import final_score
from qpp.mips.scoring import (
    PARTS,
    Law,
    Scored,
    assess_part,
    assess_periods_part,
    explanation_hash,
    interoperability_part,
    quality_part,
    score,
)
from qpp.parts import part
from qpp.promoting_interoperability.period import read_period, write_period
from tests.helpers.law import (
    COSTS,
    YEARS,
    a_set,
    benchmark,
    book,
    catalogue,
    entity,
    interoperability,
    measure,
)

STATUSES = (
    "smallPractice",
    "hospitalBased",
    "ascBased",
    "nonPatientFacing",
    "rural",
    "hpsa",
    "facilityBased",
)
MATCHES = (None, "none", "sameIdentifier", "highestIndividual", "averageOfMembers")
ELIGIBILITY = (None, "unknown", "required", "optedIn", "voluntary", "excluded")
FACILITY = {"qualityScoreAtPercentile": "93.5", "costScoreAtPercentile": "61.25"}
RISK = {
    "indicators": {"hcc": "1.4", "dualRatio": "0.34"},
    "population": {
        "hccMean": "1.2",
        "hccStandardDeviation": "0.4",
        "hccMedian": "1.1",
        "dualMean": "0.3",
        "dualStandardDeviation": "0.2",
        "dualMedian": "0.25",
    },
}
TYPES = {"outcome": "O", "process": "P"}
# Twelve measures: half outcome measures, some inverse, capped, new, without benchmark.
MEASURES = [
    measure(
        f"{letter}{n}",
        measure_type=kind,
        is_high_priority=n == 1,
        is_inverse=n == 2,
        first_performance_year=2025 if n == 3 else 2017,
        suppressed=["registry"] if n == 4 else [],
    )
    for kind, letter in TYPES.items()
    for n in range(6)
]
ROWS = [
    benchmark(item.measure_id, is_inverse=item.is_inverse, capped=n % 3 == 0)
    for n, item in enumerate(MEASURES)
    if not item.measure_id.endswith("5")
]
LAWS = {year: Law(book(year), catalogue(year, MEASURES, ROWS)) for year in YEARS}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def counted(draw: st.DrawFn) -> dict[str, object]:
    """Draw counts of one rate that do not contradict each other."""
    met, unmet, exception, rest = (draw(st.integers(0, 60)) for _ in range(4))
    return {
        "performanceMet": met,
        "performanceNotMet": unmet,
        "eligiblePopulationException": exception,
        "eligiblePopulation": met + unmet + exception + rest // 4,
    }


@st.composite
def entities(draw: st.DrawFn) -> ScoreInput:
    """Draw an entity with anything a year may know of it."""
    year = draw(st.sampled_from(YEARS))
    period = {
        "start": f"{year}-{draw(st.sampled_from(['01', '07', '11']))}-01",
        "end": f"{year}-12-31",
    }
    names = draw(st.lists(st.sampled_from(MEASURES), max_size=9, unique=True))
    sets = [a_set("quality", {m.measure_id: draw(counted()) for m in names}, **period)]
    if draw(st.booleans()):
        answers = interoperability(year)
        for name in draw(st.lists(st.sampled_from(sorted(answers)), max_size=1)):
            del answers[name]
        answers["PI_PEA_1"] = {"numerator": draw(st.integers(0, 50)), "denominator": 50}
        sets.append(a_set("pi", answers, **period))
    if draw(st.booleans()):
        yes = st.sampled_from(["IA_HIGH_1", "IA_MEDIUM_1", "IA_MVP", "IA_PCMH"])
        done = draw(st.dictionaries(yes, st.booleans(), min_size=1))
        sets.append(a_set("ia", dict(done), **period))
    costs = draw(st.dictionaries(st.sampled_from(sorted(COSTS)), st.integers(1, 4000)))
    optional = st.none() | st.integers(0, 100).map(str)
    statuses = draw(st.none() | st.lists(st.sampled_from(STATUSES), unique=True))
    approved = draw(st.lists(st.sampled_from(["quality", "cost", "ia", "pi"])))
    bonus = draw(optional)
    return entity(
        year,
        sets if names else sets[1:],
        statuses,
        entityType=draw(st.sampled_from(["individual", "group"])),
        costs={
            "measures": [
                {"measureId": name, "score": str(dollars), "caseCount": dollars % 50}
                for name, dollars in costs.items()
            ]
        },
        priorScores={
            "qualityAchievementPercent": draw(optional),
            "costPercent": draw(optional),
            "identifierMatch": draw(st.sampled_from(MATCHES)),
        },
        facility=draw(st.none() | st.just(FACILITY)),
        eligibility=draw(st.sampled_from(ELIGIBILITY)),
        reweighting={
            "decisions": [
                {"category": name, "reason": "extremeAndUncontrollable"}
                for name in approved
            ]
        },
        complexPatientBonus=(
            draw(st.none() | st.just(RISK)) if bonus is None else {"points": bonus}
        ),
    )


def scored(who: ScoreInput, *, explain: bool = True) -> Scored:
    """Score an entity by the law of its year."""
    return score(who, LAWS[who.performance_year], explain=explain)


def texts(value: object) -> Iterator[tuple[str, object]]:
    """Yield every named value inside a JSON object."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name, item
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


@quick
@given(entities())
def test_a_final_score_lies_between_0_and_100(who: ScoreInput) -> None:
    """No combination leaves the scale, and every figure is a plain decimal number."""
    found = scored(who)

    assert 0 <= Decimal(found.score["finalScore"]) <= 100
    for category in found.score["categories"].values():
        assert category["percent"] is None or 0 <= Decimal(category["percent"]) <= 100
        assert Decimal(category["points"]) <= Decimal(category["possible"])
    figures = {"finalScore", "points", "possible", "weighted", "weight", "bonus"}
    assert all(
        NUMBER.fullmatch(str(value))
        for name, value in texts(found.score)
        if name in figures
    )


@quick
@given(entities())
def test_weights_of_the_categories_add_up(who: ScoreInput) -> None:
    """Weights are 100 percent in all, or 0 where fewer than two categories count."""
    categories = scored(who).score["categories"].values()

    assert sum(Decimal(item["weight"]) for item in categories) in (0, 100)


@quick
@given(entities())
def test_the_same_input_gives_the_same_bytes(who: ScoreInput) -> None:
    """Scores and explanations do not depend on order, memory or chance."""
    first, second = scored(who), scored(who)

    assert json.dumps(first.score) == json.dumps(second.score)
    assert json.dumps(first.payment) == json.dumps(second.payment)
    assert explanation_hash(first.explanation) == explanation_hash(second.explanation)


@quick
@given(entities())
def test_a_score_is_the_same_without_its_explanation(who: ScoreInput) -> None:
    """Leaving the reasons out is faster and changes no figure and no assumption."""
    told, silent = scored(who), scored(who, explain=False)

    assert told.score == silent.score
    assert told.payment == silent.payment
    assert told.explanation
    assert silent.explanation == []


@quick
@given(entities())
def test_parts_that_travelled_as_text_give_the_same_score(who: ScoreInput) -> None:
    """A final score made from events equals one made in memory, to the last digit."""
    law = LAWS[who.performance_year]
    parts = {
        name: json.loads(json.dumps(part(PARTS[name](who, law), explain=True)))
        for name in PARTS
    }
    made, _ = final_score(parts, who, law.rules, law.catalogue.id)

    assert json.dumps(made) == json.dumps(scored(who).score)
    assert all(
        item["percent"] is None or NUMBER.fullmatch(item["percent"])
        for item in parts.values()
    )


@quick
@given(entities())
def test_assessments_that_travelled_as_text_give_the_same_parts(
    who: ScoreInput,
) -> None:
    """Completeness and periods may be judged elsewhere, and read back from text."""
    law = LAWS[who.performance_year]
    assessed = json.loads(json.dumps(list(map(write_assessed, assess_part(who, law)))))
    periods = json.loads(
        json.dumps(list(map(write_period, assess_periods_part(who, law))))
    )

    assert quality_part(list(map(read_assessed, assessed)), who, law) == PARTS[
        "quality"
    ](who, law)
    assert interoperability_part(list(map(read_period, periods)), who, law) == PARTS[
        "pi"
    ](who, law)


@quick
@given(entities())
def test_every_point_given_has_a_reason_with_its_paragraph(who: ScoreInput) -> None:
    """Each measure that counts, and each bonus, stands in the explanation."""
    found = scored(who)
    reasons = found.explanation
    said = {(item["category"], item.get("measureId")) for item in reasons}

    for name, category in found.score["categories"].items():
        for item in category["measures"]:
            assert (name, item["measureId"]) in said
        if Decimal(category["bonus"]) or Decimal(category["improvement"]):
            assert (name, None) in said
        if category["withoutWeight"]:
            assert ("final", None) in said
    assert ("payment", None) in said
    assert all(item["citation"] and item["says"] and item["rule"] for item in reasons)


@quick
@given(entities())
def test_an_unverified_reason_is_an_assumption_of_the_score(who: ScoreInput) -> None:
    """What rests on our own reading says so in the score or the payment."""
    found = scored(who)
    assumed = set(found.score["assumptions"]) | set(found.payment["assumptions"])

    assert {
        f"unverified:{item['rule']}"
        for item in found.explanation
        if item["status"] == "unverified"
    } <= assumed


@contextmanager
def strange_decimals() -> Iterator[None]:
    """Compute with three digits, rounded up, as no caller should."""
    with localcontext(Context(prec=3, rounding=ROUND_UP)):
        yield


@quick
@given(entities())
def test_a_caller_s_decimal_context_changes_nothing(who: ScoreInput) -> None:
    """The law computes in its own context, explanations included."""
    usual = scored(who)
    with strange_decimals():
        strange = scored(who)

    assert strange == usual


def test_the_strange_context_is_strange() -> None:
    """Outside the law the context of the test above does lose digits."""
    with strange_decimals():
        assert Decimal(2) / Decimal(3) == Decimal("0.667")
        assert Decimal(10) / Decimal(9) == Decimal("1.12")
