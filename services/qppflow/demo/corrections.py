"""Late corrections: what a registry sends again after it found patients or errors."""

from copy import deepcopy
from typing import Any, TypeAlias

from qppflow.demo.chance import Draw, happens
from qppflow.demo.offer import activities

JsonObject: TypeAlias = dict[str, Any]


def corrected(document: JsonObject, chance: Draw) -> JsonObject:
    """Give a copy of a submission whose figures differ, as right as the first."""
    changed = deepcopy(document)
    for found in changed["measurementSets"]:
        for item in found["measurements"]:
            if happens(chance, 0.5):
                _correct(item["value"], chance)
        if found["category"] == "ia":
            _another_activity(found, changed["performanceYear"], chance)
    return changed


def _correct(value: object, chance: Draw) -> None:
    """Move some patients of a value from not met to met."""
    if not isinstance(value, dict):
        return
    if "numerator" in value and "observationInstances" not in value:
        value["numerator"] = min(value["denominator"], value["numerator"] + 5)
        return
    for counts in value.get("strata", [value]):
        moved = int(counts.get("performanceNotMet", 0) * chance.uniform(0, 0.5))
        if moved:
            counts["performanceMet"] += moved
            counts["performanceNotMet"] -= moved
    if "performanceRate" in value and "strata" not in value:
        rated = value["performanceMet"] + value["performanceNotMet"]
        share = value["performanceMet"] / rated if rated else 0
        value["performanceRate"] = round(100 * share, 2)


def _another_activity(found: JsonObject, year: int, chance: Draw) -> None:
    """Add an activity that was forgotten."""
    sent = {item["measureId"] for item in found["measurements"]}
    more = chance.choice(activities(year, found["programName"]))
    if more not in sent:
        found["measurements"].append({"measureId": more, "value": True})
