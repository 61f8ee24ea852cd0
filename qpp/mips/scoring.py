"""Score one entity: the four categories, the final score, the payment adjustment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from json import dumps

from qpp.catalogue import Catalogue
from qpp.inputs import ScoreInput
from qpp.mips.completeness import AssessedMeasure, assess_quality
from qpp.mips.cost import score_cost
from qpp.mips.final_score import final_score
from qpp.mips.improvement_activities import score_activities
from qpp.mips.payment import payment
from qpp.mips.quality import score_quality
from qpp.mips.quality_scale import Scale
from qpp.mips.rules import MipsRules
from qpp.numbers import exactly
from qpp.parts import JsonObject, part
from qpp.promoting_interoperability.period import AssessedPeriod, assess_periods
from qpp.promoting_interoperability.score import score_interoperability
from qpp.results import CategoryScore
from qpp.submission import COST, IA, PI, QUALITY


@dataclass(frozen=True, slots=True)
class Law:
    """The rule book and catalogue of one performance year."""

    rules: MipsRules
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, its payment adjustment and the reasons of both."""

    score: JsonObject
    payment: JsonObject
    explanation: list[JsonObject]


@exactly
def quality_part(
    assessed: Sequence[AssessedMeasure], entity: ScoreInput, law: Law
) -> CategoryScore:
    """Score quality from its assessed measures."""
    scale = Scale(
        law.rules.quality,
        law.catalogue,
        entity.small_practice,
        entity.with_mock_benchmarks,
    )
    return score_quality(assessed, entity, scale)


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
    return score_activities(entity, law.catalogue, law.rules.improvement_activities)


@exactly
def cost_part(entity: ScoreInput, law: Law) -> CategoryScore:
    """Score cost."""
    return score_cost(entity, law.catalogue, law.rules.cost)


@exactly
def assess_part(entity: ScoreInput, law: Law) -> tuple[AssessedMeasure, ...]:
    """Assess completeness, cases and rates of all quality measurements."""
    return assess_quality(entity.sets, law.catalogue, law.rules.quality)


PARTS: Mapping[str, Callable[[ScoreInput, Law], CategoryScore]] = {
    QUALITY: lambda entity, law: quality_part(assess_part(entity, law), entity, law),
    COST: cost_part,
    IA: activities_part,
    PI: lambda entity, law: interoperability_part(
        assess_periods_part(entity, law), entity, law
    ),
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
    parts = {
        name: part(scorer(entity, law), explain=explain)
        for name, scorer in PARTS.items()
    }
    made, last = final_score(parts, entity, law.rules, law.catalogue.id)
    paid, money = payment(made, law.rules, scaling_factor)
    reasons: list[JsonObject] = []
    if explain:
        for item in parts.values():
            reasons += item["explanation"]
        reasons += last + money
    return Scored(made, paid, reasons)


def explanation_hash(explanation: list[JsonObject]) -> str:
    """Hash an explanation: SHA-256 of its canonical JSON."""
    return sha256(
        dumps(explanation, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
