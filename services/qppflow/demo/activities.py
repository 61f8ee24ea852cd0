"""Improvement activities: enough of them for most, too few for some."""

from datetime import date, timedelta
from typing import Any, TypeAlias

from qpp.library import catalogue, rules
from qpp.submission import IA, REGISTRY
from qppflow.demo.chance import Draw, happens, some
from qppflow.demo.offer import MIPS, activities
from qppflow.demo.practices import Practice

JsonObject: TypeAlias = dict[str, Any]


def activities_set(practice: Practice, chance: Draw) -> JsonObject:
    """Draw one set of activities with its period."""
    book = rules(practice.year).improvement_activities
    chosen = _chosen(practice, chance)
    first, last = date(practice.year, 1, 1), date(practice.year, 12, 31)
    if happens(chance, 0.4):
        days = book.minimum_days.value + chance.randint(-1, 60)
        first = last - timedelta(max(days, book.minimum_days.value) - 1)
    if happens(chance, 0.01):
        first = last - timedelta(book.minimum_days.value - chance.randint(2, 40))
    return {
        "category": IA,
        "submissionMethod": REGISTRY,
        "programName": practice.program,
        "performanceStart": first.isoformat(),
        "performanceEnd": last.isoformat(),
        "measurements": [
            {"measureId": name, "value": not happens(chance, 0.01)} for name in chosen
        ],
    }


def _chosen(practice: Practice, chance: Draw) -> list[str]:
    """Choose activities until the practice has what it needs for full credit."""
    book = rules(practice.year).improvement_activities
    offered = activities(practice.year, practice.program)
    if happens(chance, 0.04):
        return list(book.medical_home_activities.value)[:1]
    if practice.program != MIPS:
        # An MVP asks for less than traditional MIPS does.
        return some(chance, offered, chance.choice((1, 2, 2)))
    special = not set(practice.statuses).isdisjoint(book.special_statuses.value)
    enough = book.activities_required_special if special else book.activities_required
    if happens(chance, 0.08):
        return some(chance, offered, max(1, enough.value - 1))
    if book.formula.value == "by_count":
        return some(chance, offered, enough.value + chance.randint(0, 1))
    factor = book.special_status_factor.value if special else 1
    left = book.full_credit.value
    chosen = []
    for name in chance.sample(offered, len(offered)):
        if left <= 0:
            break
        chosen.append(name)
        weight = catalogue(practice.year).activities[name].weight
        left -= book.weights.value[weight] * factor
    return chosen
