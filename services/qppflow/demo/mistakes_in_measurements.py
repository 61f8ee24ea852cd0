"""Mistakes in measurements: counts, strata, measures that do not go together."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from qpp.library import catalogue
from qpp.mips.rates import OVERALL
from qpp.submission import ELECTRONIC, IA, PI, QUALITY, REGISTRY
from qppflow.demo.chance import Draw
from qppflow.demo.mistake import JsonObject, Mistake, sets_of


def _values(document: JsonObject, field: str, method: str = "") -> list[JsonObject]:
    """List the values of quality measurements that have some field."""
    return [
        item["value"]
        for found in sets_of(document, QUALITY)
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
        # By registry measure 238 may lack any stratum but this one.
        value["strata"].sort(key=lambda stratum: stratum["stratum"] == OVERALL)
        value["strata"].pop()
    return bool(values)


def _measure_of_another_year(document: JsonObject, chance: Draw) -> bool:
    sets = sets_of(document, QUALITY)
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


def _measure_twice(document: JsonObject, chance: Draw) -> bool:
    found = chance.choice(document["measurementSets"])
    found["measurements"].append(deepcopy(found["measurements"][0]))
    return True


def _measure_and_exclusion(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, PI)
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
    sets = sets_of(document, PI)
    for found in sets:
        ids = {item["measureId"] for item in found["measurements"]}
        added = "PI_HIE_6" if "PI_HIE_5" in ids else "PI_HIE_5"
        if added not in ids:
            found["measurements"].append({"measureId": added, "value": True})
    return bool(sets)


def _activity_among_measures(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, QUALITY)
    for found in sets[:1]:
        found["measurements"].append({"measureId": "IA_BE_4", "value": True})
    return bool(sets)


def _answer_as_word(document: JsonObject, _chance: Draw) -> bool:
    sets = sets_of(document, IA)
    for found in sets:
        found["measurements"][0]["value"] = "Y"
    return bool(sets)


IN_MEASUREMENTS: Final[Mapping[str, Mistake]] = {
    "a stratum that is not the measure's": _wrong_stratum,
    "a stratum left out": _missing_stratum,
    "a measure of another year": _measure_of_another_year,
    "more met than eligible": _more_met_than_eligible,
    "populations that do not add up": _populations_do_not_add_up,
    "populations above the eligible one": _populations_above_total,
    "a negative count": _negative_count,
    "numbers as text": _numbers_as_text,
    "a misspelt field": _misspelt_field,
    "a measure twice": _measure_twice,
    "a measure beside its exclusion": _measure_and_exclusion,
    "two ways to exchange information": _two_ways_to_exchange,
    "an activity among quality measures": _activity_among_measures,
    "an answer as a word": _answer_as_word,
}
