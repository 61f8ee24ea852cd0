"""Profiles: special statuses, given or shown by facts, and who must report."""

from typing import Any, Final, TypeAlias

from qpp.feeds import PROFILE
from qpp.inputs import INDIVIDUAL
from qppflow.demo import standings
from qppflow.demo.chance import Draw, happens
from qppflow.demo.practices import Member, Practice

JsonObject: TypeAlias = dict[str, Any]

# Places of service that show a status: off-campus, inpatient, surgical center.
_PLACES: Final = {"facilityBased": "21", "hospitalBased": "19", "ascBased": "24"}
# Shares of profiles whose facts show statuses, and who must report.
_SHOWN: Final = 0.8
_FACTS: Final = 0.92
_ELSEWHERE: Final = "other"
_MEMBERS: Final = {
    "hospitalBased": "hospitalBasedMembers",
    "nonPatientFacing": "nonPatientFacingMembers",
    "ascBased": "ascBasedMembers",
    "facilityBased": "facilityBasedMembers",
}
_NPI: Final = "nationalProviderIdentifier"


def about(practice: Practice, feed: str) -> JsonObject:
    """Write which feed it is and whom it is about."""
    return {"feed": feed, "performanceYear": practice.year, **identity(practice)}


def identity(practice: Practice) -> JsonObject:
    """Write what an entity is known by."""
    names = {
        "entityType": practice.entity_type,
        "entityId": practice.entity_id,
        "taxpayerIdentificationNumber": practice.tin,
        _NPI: practice.npi,
    }
    return {name: text for name, text in names.items() if text is not None}


def profile(practice: Practice, chance: Draw, *, with_roster: bool) -> JsonObject:
    """Write what CMS knows of an entity: mostly facts, now and then statuses alone."""
    written = about(practice, PROFILE)
    given, facts = practice.statuses, None
    lot = chance.random()
    usual = practice.standing.is_usual
    # Without facts nobody knows whether a score pays; where they matter, they are.
    if lot < _FACTS or not usual:
        segments = _segments(practice, chance, shown=lot < _SHOWN)
        if lot < _SHOWN:
            given = tuple(name for name in given if name == "facilityBased")
        facts = standings.facts(practice.standing, practice.year, segments, chance)
    written["specialStatuses"] = list(given)
    if facts is not None:
        written["eligibility"] = facts
    if with_roster:
        written["roster"] = [{_NPI: member.npi} for member in practice.members]
    return written


def profile_of_member(practice: Practice, member: Member, chance: Draw) -> JsonObject:
    """Write what CMS knows of one clinician whose practice reports."""
    standing = standings.of_member(practice.specialty.name, chance)
    return {
        "feed": PROFILE,
        "performanceYear": practice.year,
        "entityType": INDIVIDUAL,
        "taxpayerIdentificationNumber": member.tin,
        _NPI: member.npi,
        "specialStatuses": [],
        "eligibility": standings.facts(
            standing, practice.year, [{"segment": 1}, {"segment": 2}], chance
        ),
    }


def _segments(practice: Practice, chance: Draw, *, shown: bool) -> list[JsonObject]:
    """Write the segments without their volume; a new practice is in the second alone.

    Unless statuses are *shown* by facts, they are given.
    """
    numbers = (2,) if happens(chance, 0.04) else (1, 2)
    if not shown:
        return [{"segment": number} for number in numbers]
    write = _of_group if practice.is_group else _of_individual
    found = write(practice, chance)
    return [{"segment": number, **found} for number in numbers]


def _of_individual(practice: Practice, chance: Draw) -> JsonObject:
    """Write the facts that show the statuses of a clinician."""
    has = practice.statuses
    place = next((_PLACES[name] for name in _PLACES if name in has), _ELSEWHERE)
    few = "nonPatientFacing" in has
    return {
        "clinicians": practice.clinicians,
        "patientFacingEncounters": chance.randint(*((0, 100) if few else (140, 3000))),
        "servicesByPlace": {place: 0},
        "inRuralArea": "rural" in has,
        "inHpsa": "hpsa" in has,
    }


def _of_group(practice: Practice, chance: Draw) -> JsonObject:
    """Write the facts that show the statuses of those who report together."""
    people = practice.clinicians
    few = int(people * chance.uniform(0, 0.5))
    return {
        "clinicians": people,
        "members": people,
        **{
            field: people if name in practice.statuses else few
            for name, field in _MEMBERS.items()
        },
        "inRuralArea": "rural" in practice.statuses,
        "inHpsa": "hpsa" in practice.statuses,
    }
