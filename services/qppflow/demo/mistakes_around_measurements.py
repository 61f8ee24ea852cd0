"""Mistakes around the measurements: who, when, by which method, for which program."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from qpp.submission import PI, QUALITY
from qppflow.demo.chance import Draw
from qppflow.demo.mistake import JsonObject, Mistake, sets_of

_TIN: Final = "taxpayerIdentificationNumber"
_NPI: Final = "nationalProviderIdentifier"


def _impossible_day(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    found["performanceEnd"] = f"{document['performanceYear']}-02-30"
    return True


def _last_year(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    found["performanceStart"] = f"{document['performanceYear'] - 1}-12-31"
    return True


def _american_day(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    found["performanceStart"] = f"01/01/{document['performanceYear']}"
    return True


def _reversed_period(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    ends = found["performanceStart"], found["performanceEnd"]
    found["performanceEnd"], found["performanceStart"] = ends
    return bool(ends[0] != ends[1])


def _no_cehrt(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, PI)
    for found in sets:
        del found["cehrtId"]
    return bool(sets)


def _old_cehrt(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, PI)
    for found in sets:
        found["cehrtId"] = f"0015E{found['cehrtId'][5:]}"
    return bool(sets)


def _set_twice(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    document["measurementSets"].append(deepcopy(found))
    return True


def _ended_program(document: JsonObject, _chance: Draw) -> bool:
    for found in document["measurementSets"]:
        found["programName"] = "cpcPlus"
    return True


def _no_mvp(document: JsonObject, _chance: Draw) -> bool:
    for found in document["measurementSets"]:
        found["programName"] = "G0056"
    return True


def _virtual_group(document: JsonObject, _chance: Draw) -> bool:
    document["entityType"] = "virtualGroup"
    document["entityId"] = "x12345"
    for name in (_TIN, _NPI):
        document.pop(name, None)
    for found in document["measurementSets"]:
        found["programName"] = "app1"
    return True


def _tin_as_number(document: JsonObject, _chance: Draw) -> bool:
    if _TIN not in document:
        return False
    document[_TIN] = int(document[_TIN])
    return True


def _no_npi(document: JsonObject, _chance: Draw) -> bool:
    return document.pop(_NPI, None) is not None


def _claims(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, QUALITY)
    for found in sets:
        found["submissionMethod"] = "claims"
    return bool(sets)


def _cost_set(document: JsonObject, chance: Draw) -> bool:
    chance.choice(document["measurementSets"])["category"] = "cost"
    return True


def _year_not_scored(document: JsonObject, _chance: Draw) -> bool:
    document["performanceYear"] = 2023
    return True


def _nothing_measured(document: JsonObject, chance: Draw) -> bool:
    chance.choice(document["measurementSets"])["measurements"] = []
    return True


AROUND_MEASUREMENTS: Final[Mapping[str, Mistake]] = {
    "a day that does not exist": _impossible_day,
    "a period that starts last year": _last_year,
    "a day written the American way": _american_day,
    "a period that ends before it starts": _reversed_period,
    "no CEHRT id": _no_cehrt,
    "a CEHRT id of an old form": _old_cehrt,
    "a set twice": _set_twice,
    "a program that has ended": _ended_program,
    "an MVP that does not exist": _no_mvp,
    "a virtual group in the APP": _virtual_group,
    "a TIN as a number": _tin_as_number,
    "an individual without NPI": _no_npi,
    "claims from a registry": _claims,
    "a cost set": _cost_set,
    "a year that is not scored": _year_not_scored,
    "a set without measurements": _nothing_measured,
}
