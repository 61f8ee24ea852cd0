"""Every score follows from its explanation alone, and what was lost adds up."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from qpp.inputs import ScoreInput, read_input
from qpp.mips.final_score import final_score
from qpp.mips.payment import payment
from qpp.mips.quality_points import score_measure
from qpp.mips.scoring import PARTS, Law, Scored, explanation_hash, score
from qpp.parts import explanation, points_text, reason
from qpp.results import CategoryScore, MeasureScore
from qpp.submission import CATEGORIES
from qppflow.cli.feeds import Feeds
from qppflow.cli.score import score_document
from qppflow.demo.population import population
from qppflow.runtime.events import decode
from qppflow.runtime.judging import ACCEPTED, judge_submission
from qppflow.runtime.law import law_of
from tests.golden import (
    category_kinds,
    final_kinds,
    measure_kinds,
    published_kinds,
    reweighting_kinds,
)
from tests.golden.kinds import KINDS
from tests.golden.test_golden import CASES, title
from tests.helpers import recompute
from tests.helpers.chain import Chain
from tests.helpers.law import a_set, benchmark, earning, entity, law, measure
from tests.helpers.recompute import UnequalError, of_score, told_by

pytestmark = pytest.mark.slow

Json: TypeAlias = dict[str, Any]
EXAMPLES = Path(__file__).parents[2] / "schemas" / "mips"
YEARS = (2024, 2025, 2026)
PRACTICES = 300
# Figures that no number of these scores rests on: they say why, or bound in vain.
# In so many places each figure is tried.
EACH = 12
FREE = {
    "aside": {"required"},
    "cases": {"cases", "needed"},
    "completeness": {"needed"},
    "complex_patients": {"high"},
    "empty": {"days", "missed", "needed", "required"},
    "empty_places": {"empty", "missed", "required"},
    "fixed": {"maximum", "usual"},
    "fixed_total": {"needed"},
    "full_reduction": {"threshold"},
    "improvement": {"prior"},
    "ladder": {"maximum", "year"},
    "ladder_best": {"begins", "decile", "rate", "year"},
    "ladder_beyond": {"ends", "maximum", "rate", "year"},
    "mean": {"maximum", "sent"},
    "moved": {"moved"},
    "share": {"least"},
    "submissions_count": {"facility"},
    "total": {"most"},
}


def _corpus() -> list[Path]:
    """List the documents of the corpus that are accepted."""
    files = sorted(EXAMPLES.glob("py*/examples/*.json"))
    return [
        file for file in files if judge_submission(file.read_bytes()).fate == ACCEPTED
    ]


def _scores() -> Iterator[Scored]:
    """Score 300 practices of the demonstration, each revision of them."""
    chain = Chain()
    for message in population(PRACTICES, 11, YEARS, plain=True):
        chain.send(message.topic, message.value, message.headers)
    for record in chain.log["qpp-score-inputs"]:
        event = decode(record.value)
        yield score(
            read_input(event["input"], "mips"), law_of(event["performanceYear"])
        )


@pytest.fixture(scope="module")
def scores() -> list[Scored]:
    """Score the demonstration's practices once."""
    return list(_scores())


def _same(scored: Scored) -> None:
    """Compare a score with what its explanation alone makes."""
    travelled = json.loads(json.dumps(scored.explanation))

    assert of_score(travelled) == told_by(scored.score, scored.payment)


@pytest.mark.parametrize("file", _corpus(), ids=lambda file: file.stem)
def test_a_score_of_the_corpus_follows_from_its_explanation(file: Path) -> None:
    """Points of each measure, percents, final score and payment, byte for byte."""
    for scored in score_document(
        judge_submission(file.read_bytes()), Feeds(), explain=True
    ):
        _same(scored)


def test_scores_of_three_hundred_practices_follow_too(scores: list[Scored]) -> None:
    """With feeds, corrections and every kind of entity."""
    for scored in scores:
        _same(scored)

    assert len(scores) > PRACTICES
    assert {item.score["performanceYear"] for item in scores} == set(YEARS)


class Watched:
    """What the law made while a golden case ran."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between the golden cases and the law."""
        self.seen = 0
        watch = monkeypatch.setattr
        parts = {name: self._of(scorer, _check_part) for name, scorer in PARTS.items()}
        for module in (category_kinds, published_kinds):
            watch(module, "PARTS", parts)
        for name in ("activities_part", "cost_part", "score_cost"):
            made = self._of(getattr(category_kinds, name), _check_part)
            watch(category_kinds, name, made)
        for kind in (published_kinds, reweighting_kinds):
            watch(kind, "score", self._of(score, _same))
        watch(measure_kinds, "score_measure", self._measure())
        watch(final_kinds, "final_score", self._final())
        watch(final_kinds, "payment", self._payment())

    def _of(
        self, made_by: Callable[..., Any], check: Callable[[Any], None]
    ) -> Callable[..., Any]:
        """Check what a function gives back."""

        def made(*given: object, **named: object) -> object:
            found = made_by(*given, **named)
            check(found)
            self.seen += 1
            return found

        return made

    def _measure(self) -> Callable[..., MeasureScore]:
        return self._of(score_measure, _check_measure)

    def _final(self) -> Callable[..., object]:
        of_law = final_score

        def made(parts: Mapping[str, Json], *given: Any) -> object:  # noqa: ANN401 - passed on as it came
            found, reasons = of_law(parts, *given)
            percents = {name: parts[name]["percent"] for name in CATEGORIES}
            again = recompute.recompute(reasons, percents)
            assert f"{again.final:f}" == found["finalScore"]
            self.seen += 1
            return found, reasons

        return made

    def _payment(self) -> Callable[..., object]:
        of_law = payment

        def made(*given: Any) -> object:  # noqa: ANN401 - passed on as it came
            paid, reasons = of_law(*given)
            percent, span = paid["adjustmentPercent"], paid["range"] or {}
            told = list(span.values()) if percent is None else [percent]
            again = recompute.recompute(reasons).payment
            assert [f"{item:f}" for item in again] == told
            self.seen += 1
            return paid, reasons

        return made


def _check_part(found: CategoryScore) -> None:
    """Compare a category with what its explanation alone makes."""
    made = recompute.recompute(explanation(found)).categories[found.category]
    points = {key[1:]: points_text(item.points) for key, item in made.measures.items()}

    assert made.percent == found.percent
    assert points == {
        (item.measure_id, item.submission_method): points_text(item.points)
        for item in found.measures
    }


def _check_measure(found: MeasureScore) -> None:
    """Compare a measure with what its reasons alone make."""
    told = [reason(step, "quality", found.measure_id) for step in found.steps]
    made = recompute.recompute(told).categories["quality"].measures

    assert [item.points for item in made.values()] == [found.points]


COST = {"measureId": "TPCC_1", "score": "95", "caseCount": 20}
MEMBERS = {"percent": "81.25", "counted": 4, "excepted": 1}
SPECIAL: dict[str, tuple[ScoreInput, str]] = {
    "an APM participant has half of the activities' points": (
        entity(2025, [a_set("quality", {"M": earning("5")})], ["apmParticipant"]),
        "credit",
    ),
    "an APM entity has the mean of its members": (
        entity(2025, entityType="apm", piRollUp=MEMBERS),
        "given",
    ),
    "the APP gives activities in full": (
        entity(2025, [a_set("ia", {"IA_HIGH_1": True})], programName="app1"),
        "given",
    ),
    "cost on lower bounds has a floor": (
        entity(2017, costs={"measures": [COST]}),
        "at_least",
    ),
}


def _law_of(year: int) -> Law:
    """Make a law of one measure, and cost on lower bounds where a year has those."""
    facts = law(year, [measure("M")], [benchmark("M")])
    bounds = tuple(map(Decimal, range(100, 10, -10)))
    rows = {
        key: replace(row, percentiles=(), deciles=bounds) if year == 2017 else row
        for key, row in facts.catalogue.benchmarks.items()
    }
    return Law(facts.rules, replace(facts.catalogue, benchmarks=rows))


@pytest.mark.parametrize("name", SPECIAL)
def test_a_special_case_follows_from_its_explanation(name: str) -> None:
    """What the demonstration and the golden cases seldom have."""
    who, formula = SPECIAL[name]

    made = score(who, _law_of(who.performance_year))

    _same(made)
    assert formula in {item.get("formula") for item in made.explanation}
    for category in CATEGORIES:
        percent = made.score["categories"][category]["percent"]
        assert percent is None or _lost(made, category) == 100 - Decimal(percent)


SCORED = [
    (file, case)
    for file, case in CASES
    if KINDS[case["kind"]].__module__
    in {
        item.__name__
        for item in (category_kinds, final_kinds, published_kinds, reweighting_kinds)
    }
    or case["kind"] in {"points", "early_quality", "advancing_care"}
]


@pytest.mark.parametrize(("_file", "case"), SCORED, ids=title)
def test_a_golden_case_follows_from_its_explanation(
    _file: str, case: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a case makes of the law can be computed again without it."""
    watched = Watched(monkeypatch)

    made = KINDS[case["kind"]](case["given"])

    assert watched.seen or "error" in made


def _formulas(scores: list[Scored]) -> dict[str, list[tuple[Scored, int]]]:
    """Find some explanations, and the place in each, that use each formula."""
    found: dict[str, list[tuple[Scored, int]]] = {}
    for scored in scores:
        for place, item in enumerate(scored.explanation):
            if "formula" in item and item["figures"]:
                places = found.setdefault(item["formula"], [])
                if len(places) < EACH:
                    places.append((scored, place))
    return found


def _is_caught(scored: Scored, place: int, name: str) -> bool:
    """Say whether another figure at one place makes a difference."""
    told = json.loads(json.dumps(scored.explanation))
    figures = told[place]["figures"]
    figures[name] = str(Decimal(figures[name]) + 1)
    try:
        return of_score(told) != told_by(scored.score, scored.payment)
    except (UnequalError, ArithmeticError):
        return True


def test_a_figure_that_was_tampered_with_is_caught(scores: list[Scored]) -> None:
    """The twin: any figure that a number rests on, of every formula there is."""
    found = _formulas(scores)
    missed = {
        formula: {
            name
            for name in {
                name
                for scored, place in places
                for name in scored.explanation[place]["figures"]
            }
            if not any(
                _is_caught(scored, place, name)
                for scored, place in places
                if name in scored.explanation[place]["figures"]
            )
        }
        for formula, places in found.items()
    }

    assert {formula: names for formula, names in missed.items() if names} == FREE
    assert len(found) > len(FREE) + 10


def test_a_reason_left_out_is_caught(scores: list[Scored]) -> None:
    """The points of a measure that nobody explains are missed."""
    told = scores[0].explanation
    place = next(
        n
        for n, item in enumerate(told)
        if item.get("formula") == "ladder" and "lost" in item
    )

    with pytest.raises(UnequalError):
        of_score(told[:place] + told[place + 1 :])


def _lost(scored: Scored, category: str) -> Decimal:
    """Add up what was lost in a category."""
    return sum(
        [
            Decimal(item["lost"])
            for item in scored.explanation
            if item["category"] == category and "lost" in item
        ],
        Decimal(0),
    )


def test_what_was_lost_adds_up_to_what_is_missing(scores: list[Scored]) -> None:
    """To the last of four decimals, in each category of each score."""
    sums = Counter[str]()
    for scored in scores:
        for name in CATEGORIES:
            percent = scored.score["categories"][name]["percent"]
            # A facility's score takes the place of what was earned.
            facility = any(
                item.get("formula") == "facility_counts" for item in scored.explanation
            )
            if percent is not None and not facility:
                assert _lost(scored, name) == 100 - Decimal(percent)
                sums[name] += 1

    assert set(sums) == set(CATEGORIES)


def test_every_loss_has_its_own_rule(scores: list[Scored]) -> None:
    """The sum of a category answers for no loss but that of points above 100."""
    rest = [
        item
        for scored in scores
        for item in scored.explanation
        if item.get("formula") == "percent" and Decimal(item.get("lost", 0)) > 0
    ]

    assert all(item["says"].endswith("so 100.0000 percent") for item in rest)
    assert rest


def test_the_hash_of_an_explanation_stays_canonical(scores: list[Scored]) -> None:
    """It does not hang on the order of members, and it does on each figure."""
    told = scores[0].explanation
    turned = [dict(reversed(item.items())) for item in told]
    place = next(n for n, item in enumerate(told) if "figures" in item)
    other = json.loads(json.dumps(told))
    other[place]["figures"]["another"] = "1"

    assert explanation_hash(turned) == explanation_hash(told)
    assert explanation_hash(other) != explanation_hash(told)
    assert explanation_hash(json.loads(json.dumps(told))) == explanation_hash(told)
