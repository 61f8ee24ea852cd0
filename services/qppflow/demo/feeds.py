"""What CMS knows of a practice, as the feeds it publishes."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from qpp import feeds as names
from qpp.library import catalogue, rules
from qpp.submission import ADMINISTRATIVE_CLAIMS, SURVEY
from qppflow.demo.chance import Draw, around, happens
from qppflow.demo.offer import cost_rows
from qppflow.demo.practices import SMALL_UP_TO, Practice
from qppflow.demo.quality_values import at

JsonObject: TypeAlias = dict[str, Any]

_USUAL_COST: Final = 0.62


def feeds_of(practice: Practice, chance: Draw) -> Iterator[JsonObject]:
    """Draw the feeds about one practice; hardly any has all of them."""
    if happens(chance, 0.94):
        yield _profile(practice, chance)
    if happens(chance, 0.6 if _has_costs(practice.year) else 0.1):
        yield _measures(names.COSTS, practice, _costs(practice, chance))
    if practice.is_group and practice.clinicians > SMALL_UP_TO:
        if happens(chance, 0.6):
            claims = _claims_measures(practice, chance)
            yield _measures(names.MEASURES["administrativeClaims"], practice, claims)
        if happens(chance, 0.25):
            survey = _survey(practice, chance)
            yield _measures(names.MEASURES["cahps"], practice, survey)
    if happens(chance, 0.2):
        yield _prior(practice, chance)
    if happens(chance, 0.02):
        yield _reweighting(practice, chance)
    if happens(chance, 0.25):
        points = min(10.0, chance.expovariate(0.35))
        yield about(practice, names.BONUS) | {"points": f"{points:.2f}"}


def about(practice: Practice, feed: str) -> JsonObject:
    """Write which feed it is and whom it is about."""
    written: JsonObject = {
        "feed": feed,
        "performanceYear": practice.year,
        "entityType": practice.entity_type,
        "taxpayerIdentificationNumber": practice.tin,
    }
    if practice.npi is not None:
        written["nationalProviderIdentifier"] = practice.npi
    return written


def _profile(practice: Practice, chance: Draw) -> JsonObject:
    """Write special statuses and, for most groups, the roster."""
    written = about(practice, names.PROFILE)
    written["specialStatuses"] = list(practice.statuses)
    if practice.roster and happens(chance, 0.96):
        written["roster"] = [
            {"nationalProviderIdentifier": clinician} for clinician in practice.roster
        ]
    return written


def _measures(feed: str, practice: Practice, measures: list[JsonObject]) -> JsonObject:
    """Write a feed that is a list of measures."""
    return about(practice, feed) | {"measures": measures}


def _has_costs(year: int) -> bool:
    """Say whether CMS has published cost benchmarks of the year."""
    rows = catalogue(year).benchmarks.values()
    return any(
        row.submission_method == ADMINISTRATIVE_CLAIMS and not row.is_mock
        for row in rows
    )


def _costs(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw what the patients of the practice cost, in dollars a case."""
    people = practice.clinicians if practice.is_group else 1
    return [
        {
            "measureId": row.measure_id,
            "score": f"{at(row, around(chance, _USUAL_COST, 8)):.2f}",
            "caseCount": max(5, int(chance.gauss(40, 18) * people**0.7)),
        }
        for row in cost_rows(practice.year, practice.specialty)
        if happens(chance, 0.8)
    ]


def _claims_measures(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw the quality measures that CMS computes from its own claims."""
    minimum = rules(practice.year).quality.administrative_claims_case_minimum.value
    rows = catalogue(practice.year).benchmarks
    return [
        {
            "measureId": name,
            "score": f"{at(row, around(chance, practice.skill)):.4f}",
            "caseCount": int(least * chance.uniform(0.8, 4)),
        }
        for name, least in minimum.items()
        if (row := rows.get((name, ADMINISTRATIVE_CLAIMS))) is not None
    ]


def _survey(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw the summary measures of the CAHPS survey."""
    measures = []
    for (name, method), row in catalogue(practice.year).benchmarks.items():
        if method != SURVEY:
            continue
        score = at(row, around(chance, practice.skill))
        item: JsonObject = {"measureId": name, "score": f"{score:.2f}"}
        if happens(chance, 0.08):
            item["isBelowMinimum"] = True
        measures.append(item)
    return measures


def _prior(practice: Practice, chance: Draw) -> JsonObject:
    """Draw last year's scores, mostly a little below this year's."""
    quality = 100 * around(chance, practice.skill - 0.03, 30)
    cost = 100 * around(chance, _USUAL_COST, 20)
    return about(practice, names.PRIOR) | {
        "qualityAchievementPercent": f"{quality:.2f}",
        "costPercent": f"{cost:.2f}",
    }


def _reweighting(practice: Practice, chance: Draw) -> JsonObject:
    """Draw what CMS approved after a disaster or a hardship."""
    reason = chance.choice(("extremeAndUncontrollable", "hardship"))
    categories = ("pi",) if reason == "hardship" else ("quality", "cost", "ia", "pi")
    count = chance.randint(1, len(categories))
    return about(practice, names.REWEIGHTING) | {
        "decisions": [
            {"category": name, "reason": reason, "approved": True}
            for name in categories[-count:]
        ]
    }
