"""Kinds of values that look alike, whatever their measures; told by their fields."""

from collections.abc import Mapping
from typing import Final

FAMILIES: Final[Mapping[str, str]] = {
    "boolean": "boolean",
    "proportion": "proportion",
    "singlePerformanceRate": "counts",
    "registrySinglePerformanceRate": "counts",
    "multiPerformanceRate": "strata",
    "registryMultiPerformanceRate": "strata",
    "nonProportion": "nonProportion",
}
FAMILY_NAMES: Final[Mapping[str, str]] = {
    "boolean": "true or false",
    "proportion": "a numerator and a denominator",
    "counts": "the counts of a single rate",
    "strata": "a list of strata",
    "nonProportion": "a measured value with observationInstances",
    "score": "a score as CMS computes it",
}
# The first of these fields that a value has tells its kind.
_MARKS: Final = (
    ("strata", "strata"),
    ("observationInstances", "nonProportion"),
    ("eligiblePopulation", "counts"),
    ("performanceMet", "counts"),
    ("performanceNotMet", "counts"),
    ("numeratorExclusion", "nonProportion"),
    ("denominatorException", "nonProportion"),
    ("numerator", "proportion"),
    ("denominator", "proportion"),
    ("score", "score"),
)


def family_of(value: object) -> str | None:
    """Say which kind of measure takes a value that looks like this one."""
    if isinstance(value, bool):
        return "boolean"
    if not isinstance(value, dict):
        return None
    return next((family for mark, family in _MARKS if mark in value), None)
