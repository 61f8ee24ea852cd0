"""Score one entity: the four categories, the final score, the payment adjustment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import NamedTuple, Protocol

from qpp.catalogue import Catalogue
from qpp.inputs import ScoreInput
from qpp.mips.completeness import AssessedMeasure, assess_quality
from qpp.mips.cost import score_cost
from qpp.mips.final_score import FINAL, sum_up
from qpp.mips.improvement_activities import score_activities
from qpp.mips.payment import PAYMENT, pay
from qpp.mips.programs.plan import TRADITIONAL, Plan, plan_of
from qpp.mips.quality import score_quality
from qpp.mips.quality_scale import Scale, scale_of
from qpp.mips.rules import MipsRules
from qpp.numbers import exactly
from qpp.parts import JsonObject, explanation, reason, summary_of
from qpp.promoting_interoperability.period import AssessedPeriod, assess_periods
from qpp.promoting_interoperability.score import score_interoperability
from qpp.results import CategoryScore
from qpp.submission import COST, IA, PI, QUALITY
from qpp.trace import tracing


@dataclass(frozen=True, slots=True)
class Law:
    """The rule book and catalogue of one performance year."""

    rules: MipsRules
    catalogue: Catalogue


class Scored(NamedTuple):
    """A score, its payment adjustment and the reasons of both."""

    score: JsonObject
    payment: JsonObject
    explanation: list[JsonObject]


class Scorer(Protocol):
    """Scores one category of an entity."""

    def __call__(
        self, entity: ScoreInput, law: Law, *, explain: bool = True
    ) -> CategoryScore:
        """Score it; without *explain* its reasons need not be kept."""


@exactly
def quality_part(
    assessed: Sequence[AssessedMeasure], entity: ScoreInput, law: Law
) -> CategoryScore:
    """Score quality from its assessed measures."""
    return score_quality(assessed, entity, _scale(entity, law))


def assess_periods_part(entity: ScoreInput, law: Law) -> tuple[AssessedPeriod, ...]:
    """Assess the periods of all Promoting Interoperability sets."""
    return assess_periods(entity.sets, law.rules.promoting_interoperability)


@exactly
def interoperability_part(
    periods: Sequence[AssessedPeriod], entity: ScoreInput, law: Law
) -> CategoryScore:
    """Score Promoting Interoperability from its assessed periods."""
    return score_interoperability(
        entity, periods, law.catalogue, law.rules.promoting_interoperability
    )


@exactly
def activities_part(entity: ScoreInput, law: Law) -> CategoryScore:
    """Score improvement activities."""
    return _activities(entity, law)


@exactly
def cost_part(entity: ScoreInput, law: Law) -> CategoryScore:
    """Score cost."""
    return _cost(entity, law)


@exactly
def assess_part(entity: ScoreInput, law: Law) -> tuple[AssessedMeasure, ...]:
    """Assess completeness, cases and rates of all quality measurements."""
    return assess_quality(entity.sets, law.catalogue, law.rules.quality)


def _scale(entity: ScoreInput, law: Law) -> Scale:
    """Give what the quality measures of an entity are scored by."""
    return scale_of(
        law.rules.quality,
        law.catalogue,
        _plan(entity, law),
        small_practice=entity.small_practice,
        mock=entity.with_mock_benchmarks,
    )


def _plan(entity: ScoreInput, law: Law) -> Plan:
    """Give the plan of the program an entity is scored in."""
    program = entity.program_name
    if program == law.rules.submission.default_program.value:
        return TRADITIONAL
    return plan_of(law.rules, law.catalogue, program)


def _quality(entity: ScoreInput, law: Law, *, explain: bool = True) -> CategoryScore:
    """Assess and score quality."""
    assessed = assess_quality(entity.sets, law.catalogue, law.rules.quality)
    return score_quality(assessed, entity, _scale(entity, law), explain=explain)


def _cost(entity: ScoreInput, law: Law, *, explain: bool = True) -> CategoryScore:
    """Score cost."""
    plan = _plan(entity, law)
    return score_cost(entity, law.catalogue, law.rules.cost, plan, explain=explain)


def _activities(entity: ScoreInput, law: Law, *, explain: bool = True) -> CategoryScore:
    """Score improvement activities."""
    rules = law.rules.improvement_activities
    plan = _plan(entity, law)
    return score_activities(entity, law.catalogue, rules, plan, explain=explain)


def _interoperability(
    entity: ScoreInput, law: Law, *, explain: bool = True
) -> CategoryScore:
    """Assess and score Promoting Interoperability."""
    rules = law.rules.promoting_interoperability
    periods = assess_periods(entity.sets, rules)
    return score_interoperability(
        entity, periods, law.catalogue, rules, explain=explain
    )


_SCORERS: Mapping[str, Scorer] = {
    QUALITY: _quality,
    COST: _cost,
    IA: _activities,
    PI: _interoperability,
}
PARTS: Mapping[str, Scorer] = {
    name: exactly(scorer) for name, scorer in _SCORERS.items()
}


@exactly
def score(
    entity: ScoreInput,
    law: Law,
    *,
    explain: bool = True,
    scaling_factor: Decimal | None = None,
) -> Scored:
    """Score one entity; without *explain* the reasons are left out."""
    rules = law.rules
    found = {
        name: scorer(entity, law, explain=explain) for name, scorer in _SCORERS.items()
    }
    parts = {name: summary_of(item) for name, item in found.items()}
    last, money = tracing(explain=explain), tracing(explain=explain)
    made = sum_up(parts, entity, rules, law.catalogue.id, last)
    paid = pay(made, rules, scaling_factor, money)
    reasons: list[JsonObject] = []
    if explain:
        for item in found.values():
            reasons += explanation(item)
        reasons += [reason(step, FINAL) for step in last.steps]
        reasons += [reason(step, PAYMENT) for step in money.steps]
    return Scored(made, paid, reasons)


def explanation_hash(explanation: list[JsonObject]) -> str:
    """Hash an explanation: SHA-256 of its canonical JSON."""
    return sha256(
        dumps(explanation, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
