"""What CMS knows of a practice, as the feeds it publishes."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from qpp import feeds as names
from qpp.inputs import APM_ENTITY
from qpp.library import catalogue, rules
from qpp.submission import ADMINISTRATIVE_CLAIMS, SURVEY
from qppflow.demo.chance import Draw, around, happens
from qppflow.demo.memberships import Known, rosters
from qppflow.demo.offer import cost_rows
from qppflow.demo.practices import SMALL_UP_TO, Practice
from qppflow.demo.profiles import about, identity, profile, profile_of_member
from qppflow.demo.quality_values import at

JsonObject: TypeAlias = dict[str, Any]

_USUAL_COST: Final = 0.62
# Whose last year's scores are: mostly the entity's own.
_MATCHES: Final = ("sameIdentifier", "highestIndividual", "averageOfMembers", "none")
# Made up, as everything here is: what the indicators are among all clinicians.
_POPULATION: Final = {
    "hccMean": "1.0800",
    "hccStandardDeviation": "0.3300",
    "hccMedian": "1.0100",
    "dualMean": "0.2400",
    "dualStandardDeviation": "0.1700",
    "dualMedian": "0.2000",
}


def feeds_of(practice: Practice, chance: Draw) -> Iterator[Known]:
    """Draw the feeds about one practice; hardly any has all of them."""
    by_feed = practice.is_group and (not practice.is_tin or happens(chance, 0.1))
    # A subgroup has its group's.
    if practice.group_tin is None and happens(chance, 0.94):
        named = practice.is_tin and not by_feed and happens(chance, 0.96)
        yield Known(profile(practice, chance, with_roster=named), 0.15)
    if by_feed:
        yield from rosters(practice, identity_of_year(practice), chance)
    yield from _chosen(practice, chance)
    for document in (*_measured(practice, chance), *_told(practice, chance)):
        yield Known(document, 0.25)


def identity_of_year(practice: Practice) -> JsonObject:
    """Write whom a feed is about, and when."""
    return {"performanceYear": practice.year, **identity(practice)}


def _chosen(practice: Practice, chance: Draw) -> Iterator[Known]:
    """Draw what an entity registered for and elected; some do it late, or never."""
    elected = practice.standing.election
    if elected is not None:
        on = f"{practice.year + 1}-0{chance.randint(1, 2)}-{chance.randint(10, 28)}"
        more = {"election": elected, "electedOn": on}
        yield Known(about(practice, names.ELECTION) | more, 0.06)
    if practice.program in catalogue(practice.year).mvps and happens(chance, 0.96):
        yield Known(_registration(practice, chance), 0.05)


def _registration(practice: Practice, chance: Draw) -> JsonObject:
    """Register for an MVP, with what may be chosen for it."""
    mvp = catalogue(practice.year).mvps[practice.program]
    entry: JsonObject = {
        "programName": practice.program,
        "registeredOn": f"{practice.year}-0{chance.randint(4, 9)}-15",
    }
    if mvp.population_health and happens(chance, 0.5):
        entry["populationHealthMeasure"] = chance.choice(sorted(mvp.population_health))
    if mvp.outcome_claims and happens(chance, 0.3):
        entry["outcomesMeasure"] = chance.choice(sorted(mvp.outcome_claims))
    return about(practice, names.REGISTRATION) | {"registrations": [entry]}


def _measured(practice: Practice, chance: Draw) -> Iterator[JsonObject]:
    """Draw what CMS measured itself, or has from a survey."""
    if happens(chance, 0.6 if _has_costs(practice.year) else 0.1):
        yield _measures(names.COSTS, practice, _costs(practice, chance))
    if practice.is_group and practice.clinicians > SMALL_UP_TO:
        if happens(chance, 0.6):
            claims = _claims_measures(practice, chance)
            yield _measures(names.MEASURES["administrativeClaims"], practice, claims)
        if happens(chance, 0.25):
            survey = _survey(practice, chance)
            yield _measures(names.MEASURES["cahps"], practice, survey)


def _told(practice: Practice, chance: Draw) -> Iterator[JsonObject]:
    """Draw what else CMS tells of an entity, and of some who work there."""
    if happens(chance, 0.2):
        yield _prior(practice, chance)
    # What an APM entity may ask for is asked for by its clinicians.
    if happens(chance, 0.02) and practice.entity_type != APM_ENTITY:
        yield _reweighting(practice, chance)
    if happens(chance, 0.25):
        yield about(practice, names.BONUS) | _complex_patients(chance)
    if "facilityBased" in practice.statuses and happens(chance, 0.7):
        yield _hospital(practice, chance)
    if practice.npi is not None and happens(chance, 0.1):
        amount = f"{chance.uniform(9_000, 400_000):.2f}"
        yield about(practice, names.PAID_AMOUNT) | {"allowedAmount": amount}
    # Those who report alone besides stand first in a practice.
    others = practice.members[len(practice.members) // 2 :]
    if others and happens(chance, 0.2):
        yield profile_of_member(practice, chance.choice(others), chance)


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
    written = about(practice, names.PRIOR) | {
        "qualityAchievementPercent": f"{quality:.2f}",
        "costPercent": f"{cost:.2f}",
    }
    match = chance.choices((*_MATCHES, ""), (70, 8, 8, 4, 10))[0]
    return {**written, "identifierMatch": match} if match else written


def _complex_patients(chance: Draw) -> JsonObject:
    """Draw the bonus, or the risk of patients that it is computed from."""
    if happens(chance, 0.5):
        points = min(10.0, chance.expovariate(0.35))
        return {"points": f"{points:.2f}"}
    hcc, dual = chance.lognormvariate(0, 0.3), chance.betavariate(1.5, 5)
    return {
        "indicators": {"hcc": f"{hcc:.4f}", "dualRatio": f"{dual:.4f}"},
        "population": dict(_POPULATION),
    }


def _hospital(practice: Practice, chance: Draw) -> JsonObject:
    """Draw how the practice's hospital did."""
    place = chance.uniform(5, 98)
    return about(practice, names.FACILITY) | {
        "hospitalPercentile": f"{place:.1f}",
        "qualityScoreAtPercentile": f"{40 + place / 2:.2f}",
        "costScoreAtPercentile": f"{35 + place / 2:.2f}",
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
