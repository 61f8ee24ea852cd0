"""How a practice's sets travel: in one document or several, by whom, in which form."""

from typing import Any, Final, NamedTuple, TypeAlias

from qppflow.demo.activities import activities_set
from qppflow.demo.chance import Draw, happens
from qppflow.demo.interoperability import cehrt_id, interoperability_set
from qppflow.demo.practices import Practice
from qppflow.demo.quality import quality_sets

JsonObject: TypeAlias = dict[str, Any]

_REGISTRIES: Final = 24
_VENDORS: Final = 12


class Sending(NamedTuple):
    """A whole submission and the URI of its sender; *nested* turns it inside out.

    A nested one goes out as a measurement set with the submission inside it.
    """

    sender: str
    document: JsonObject
    nested: bool = False


def sendings(practice: Practice, chance: Draw) -> list[Sending]:
    """Draw the documents of one practice, in the order they are first sent."""
    registry = f"https://registry-{chance.randint(1, _REGISTRIES):02d}.example"
    vendor = f"https://ehr-{chance.randint(1, _VENDORS):02d}.example"
    sets = _sets(practice, chance)
    if happens(chance, 0.14):
        return [
            Sending(registry, submission(practice, [item]), nested=True)
            for item in sets
        ]
    if happens(chance, 0.2):
        quality = [item for item in sets if item["category"] == "quality"]
        rest = [item for item in sets if item["category"] != "quality"]
        both = ((registry, quality), (vendor, rest))
        return [
            Sending(sender, submission(practice, part)) for sender, part in both if part
        ]
    return [Sending(registry, submission(practice, sets))]


def submission(practice: Practice, sets: list[JsonObject]) -> JsonObject:
    """Write a whole submission of some sets."""
    written: JsonObject = {
        "entityType": practice.entity_type,
        "taxpayerIdentificationNumber": practice.tin,
    }
    if practice.npi is not None:
        written["nationalProviderIdentifier"] = practice.npi
    written["performanceYear"] = practice.year
    written["measurementSets"] = sets
    return written


def inside_out(document: JsonObject) -> JsonObject:
    """Turn a submission of one set into that set with the submission inside."""
    outer = {key: item for key, item in document.items() if key != "measurementSets"}
    only: JsonObject = document["measurementSets"][0]
    return {"submission": outer, **only}


def _sets(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw the sets of a practice; one that must report everything mostly does."""
    cehrt = cehrt_id(chance)
    sets: list[JsonObject] = []
    if happens(chance, 0.96):
        sets += quality_sets(practice, cehrt, chance)
    exempt = practice.needs_no_interoperability
    if happens(chance, 0.22 if exempt else 0.96):
        sets.append(interoperability_set(practice, cehrt, chance))
    if happens(chance, 0.95) or not sets:
        sets.append(activities_set(practice, chance))
    return sets
