"""Realistic mistakes: what registries get wrong, one in a document."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

from qpp.library import catalogue
from qpp.submission import ELECTRONIC, IA, PI, QUALITY, REGISTRY
from qppflow.demo.chance import Draw

JsonObject: TypeAlias = dict[str, Any]
# Makes its mistake in a submission, or says that this one has no place for it.
Mistake: TypeAlias = Callable[[JsonObject, Draw], bool]

_TIN: Final = "taxpayerIdentificationNumber"
_NPI: Final = "nationalProviderIdentifier"


def mistaken(document: JsonObject, chance: Draw) -> tuple[str, JsonObject]:
    """Give a copy of a submission with one mistake, and the mistake's name."""
    changed = deepcopy(document)
    names = list(MISTAKES)
    for name in chance.sample(names, len(names)):
        if MISTAKES[name](changed, chance):
            return name, changed
    message = "some mistake fits every submission"
    raise AssertionError(message)


def _sets(document: JsonObject, category: str) -> list[JsonObject]:
    """List the sets of a category."""
    return [s for s in document["measurementSets"] if s["category"] == category]


def _values(document: JsonObject, field: str, method: str = "") -> list[JsonObject]:
    """List the values of quality measurements that have some field."""
    return [
        item["value"]
        for found in _sets(document, QUALITY)
        for item in found["measurements"]
        if field in item["value"] and method in ("", found["submissionMethod"])
    ]


def _wrong_stratum(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "strata")
    for value in values[:1]:
        value["strata"][0]["stratum"] = "total"
    return bool(values)


def _missing_stratum(document: JsonObject, _chance: Draw) -> bool:
    values = [v for v in _values(document, "strata") if len(v["strata"]) > 1]
    for value in values[:1]:
        value["strata"].pop()
    return bool(values)


def _measure_of_another_year(document: JsonObject, chance: Draw) -> bool:
    sets = _sets(document, QUALITY)
    known = catalogue(document["performanceYear"])
    gone = [name for name in ("112", "128", "111", "110") if name not in known.quality]
    for found in sets[:1]:
        chance.choice(found["measurements"])["measureId"] = (gone or ["900"])[0]
    return bool(sets)


def _more_met_than_eligible(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "eligiblePopulation")
    for value in values[:1]:
        value["performanceMet"] = value["eligiblePopulation"] + 3
    return bool(values)


def _populations_do_not_add_up(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "eligiblePopulation", ELECTRONIC)
    for value in values[:1]:
        value["performanceNotMet"] += 7
    return bool(values)


def _populations_above_total(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "eligiblePopulation", REGISTRY)
    for value in values[:1]:
        value["performanceNotMet"] = value["eligiblePopulation"] + 1
    return bool(values)


def _negative_count(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "performanceNotMet")
    for value in values[:1]:
        value["performanceNotMet"] = -12
    return bool(values)


def _numbers_as_text(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "performanceMet")
    for value in values:
        for name in ("performanceMet", "performanceNotMet", "eligiblePopulation"):
            value[name] = str(value[name])
    return bool(values)


def _misspelt_field(document: JsonObject, _chance: Draw) -> bool:
    values = _values(document, "performanceNotMet")
    for value in values[:1]:
        value["performanceNotMett"] = value.pop("performanceNotMet")
    return bool(values)


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
    return ends[0] != ends[1]


def _no_cehrt(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, PI)
    for found in sets:
        del found["cehrtId"]
    return bool(sets)


def _old_cehrt(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, PI)
    for found in sets:
        found["cehrtId"] = f"0015E{found['cehrtId'][5:]}"
    return bool(sets)


def _measure_twice(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    found["measurements"].append(deepcopy(found["measurements"][0]))
    return True


def _set_twice(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    document["measurementSets"].append(deepcopy(found))
    return True


def _app(document: JsonObject, _chance: Draw) -> bool:
    for found in document["measurementSets"]:
        found["programName"] = "app1"
    return True


def _mvp(document: JsonObject, _chance: Draw) -> bool:
    for found in document["measurementSets"]:
        found["programName"] = "G0057"
    return True


def _virtual_group(document: JsonObject, _chance: Draw) -> bool:
    document["entityType"] = "virtualGroup"
    document["entityId"] = "x12345"
    for name in (_TIN, _NPI):
        document.pop(name, None)
    return True


def _tin_as_number(document: JsonObject, _chance: Draw) -> bool:
    document[_TIN] = int(document[_TIN])
    return True


def _no_npi(document: JsonObject, _chance: Draw) -> bool:
    return document.pop(_NPI, None) is not None


def _measure_and_exclusion(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, PI)
    for found in sets:
        ids = {item["measureId"] for item in found["measurements"]}
        for name, exclusion in (("PI_EP_1", "PI_LVPP_1"), ("PI_LVPP_1", "PI_EP_1")):
            if name in ids and exclusion not in ids:
                one: JsonObject = {"numerator": 1, "denominator": 9}
                value = one if exclusion == "PI_EP_1" else True
                found["measurements"].append({"measureId": exclusion, "value": value})
    return any(
        {"PI_EP_1", "PI_LVPP_1"}
        <= {item["measureId"] for item in found["measurements"]}
        for found in sets
    )


def _two_ways_to_exchange(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, PI)
    for found in sets:
        ids = {item["measureId"] for item in found["measurements"]}
        added = "PI_HIE_6" if "PI_HIE_5" in ids else "PI_HIE_5"
        if added not in ids:
            found["measurements"].append({"measureId": added, "value": True})
    return bool(sets)


def _activity_among_measures(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, QUALITY)
    for found in sets[:1]:
        found["measurements"].append({"measureId": "IA_BE_4", "value": True})
    return bool(sets)


def _answer_as_word(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, IA)
    for found in sets:
        found["measurements"][0]["value"] = "Y"
    return bool(sets)


def _claims(document: JsonObject, _chance: Draw) -> bool:
    sets = _sets(document, QUALITY)
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


MISTAKES: Final[Mapping[str, Mistake]] = {
    "a stratum that is not the measure's": _wrong_stratum,
    "a stratum left out": _missing_stratum,
    "a measure of another year": _measure_of_another_year,
    "more met than eligible": _more_met_than_eligible,
    "populations that do not add up": _populations_do_not_add_up,
    "populations above the eligible one": _populations_above_total,
    "a negative count": _negative_count,
    "numbers as text": _numbers_as_text,
    "a misspelt field": _misspelt_field,
    "a day that does not exist": _impossible_day,
    "a period that starts last year": _last_year,
    "a day written the American way": _american_day,
    "a period that ends before it starts": _reversed_period,
    "no CEHRT id": _no_cehrt,
    "a CEHRT id of an old form": _old_cehrt,
    "a measure twice": _measure_twice,
    "a set twice": _set_twice,
    "the APP": _app,
    "an MVP": _mvp,
    "a virtual group": _virtual_group,
    "a TIN as a number": _tin_as_number,
    "an individual without NPI": _no_npi,
    "a measure beside its exclusion": _measure_and_exclusion,
    "two ways to exchange information": _two_ways_to_exchange,
    "an activity among quality measures": _activity_among_measures,
    "an answer as a word": _answer_as_word,
    "claims from a registry": _claims,
    "a cost set": _cost_set,
    "a year that is not scored": _year_not_scored,
    "a set without measurements": _nothing_measured,
}
