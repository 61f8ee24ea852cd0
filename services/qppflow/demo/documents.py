"""How a practice's sets travel: in one document or several, by whom, in which form."""

from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from qppflow.demo.activities import activities_set
from qppflow.demo.chance import Draw, happens
from qppflow.demo.interoperability import cehrt_id, interoperability_set
from qppflow.demo.offer import APP, APP_PLUS, MIPS
from qppflow.demo.practices import Practice
from qppflow.demo.profiles import identity
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
    return {
        **identity(practice),
        "performanceYear": practice.year,
        "measurementSets": sets,
    }


def inside_out(document: JsonObject) -> JsonObject:
    """Turn a submission of one set into that set with the submission inside."""
    outer = {key: item for key, item in document.items() if key != "measurementSets"}
    only: JsonObject = document["measurementSets"][0]
    return {"submission": outer, **only}


def withdrawal(document: JsonObject, chance: Draw) -> JsonObject:
    """Take back a set of a submission, or all of them."""
    sets = document["measurementSets"]
    gone = sets if happens(chance, 0.5) else [chance.choice(sets)]
    kept = ("category", "submissionMethod", "programName")
    taken_back = [
        {name: item[name] for name in kept if name in item} | {"withdrawn": True}
        for item in gone
    ]
    return {**document, "measurementSets": taken_back}


def _sets(practice: Practice, chance: Draw) -> list[JsonObject]:
    """Draw the sets of a practice, for all the programs that it reports in."""
    cehrt = cehrt_id(chance)
    sets = _of_program(practice, cehrt, chance)
    if practice.also_traditional:
        sets += _of_program(replace(practice, program=MIPS), cehrt, chance)
    return sets


def _of_program(practice: Practice, cehrt: str, chance: Draw) -> list[JsonObject]:
    """Draw the sets of a program; one that must report everything mostly does."""
    sets: list[JsonObject] = []
    if happens(chance, 0.96):
        sets += quality_sets(practice, cehrt, chance)
    exempt = practice.needs_no_interoperability
    share = 0.22 if exempt else 0.96
    if practice.sends_no_interoperability:
        share = 0.05
    if happens(chance, share):
        sets.append(interoperability_set(practice, cehrt, chance))
    # In the APP the category is credited; few send activities all the same.
    share = 0.1 if practice.program in {APP, APP_PLUS} else 0.95
    if happens(chance, share) or not sets:
        sets.append(activities_set(practice, chance))
    return sets
