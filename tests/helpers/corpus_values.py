"""Corpus: measurements and their values."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

REGISTRY: Final = "registry"
EHR: Final = "electronicHealthRecord"


def yes(name: str, *, answer: bool = True) -> Json:
    """Answer a measure or an activity."""
    return {"measureId": name, "value": answer}


def share(name: str, numerator: int, denominator: int) -> Json:
    """Report a numerator and a denominator."""
    return {
        "measureId": name,
        "value": {"numerator": numerator, "denominator": denominator},
    }


def counts(met: int, not_met: int, of: int | None = None, **changed: object) -> Json:
    """Write patient counts; *of* is the eligible population, unless all are told."""
    return {
        "performanceMet": met,
        "performanceNotMet": not_met,
        "eligiblePopulation": met + not_met if of is None else of,
        **changed,
    }


def rate(name: str, met: int, not_met: int, of: int | None = None, **more: Any) -> Json:  # noqa: ANN401 - further fields of the value
    """Report a single rate."""
    value = {"isEndToEndReported": False, **counts(met, not_met, of), **more}
    return {"measureId": name, "value": value}


def rates(name: str, strata: dict[str, tuple[int, int]], **more: Any) -> Json:  # noqa: ANN401 - further fields of the value
    """Report several rates: met and not met by stratum."""
    listed = [{**counts(*pair), "stratum": key} for key, pair in strata.items()]
    value = {"isEndToEndReported": False, "strata": listed, **more}
    return {"measureId": name, "value": value}


def minutes(name: str, value: float, of: int, **more: Any) -> Json:  # noqa: ANN401 - further fields of the value
    """Report a measured value, observed *of* times."""
    return {
        "measureId": name,
        "value": {
            "isEndToEndReported": False,
            "numerator": value,
            "denominator": of,
            "observationInstances": of,
            **more,
        },
    }


def six(**replaced: Json) -> list[Json]:
    """Give six registry measures with a benchmark, two of them outcomes.

    Keywords such as ``m236`` put another measurement in the place of one.
    """
    usual = {
        "m236": rate("236", 85, 15),
        "m001": rate("001", 15, 85),
        "m039": rate("039", 90, 10),
        "m418": rate("418", 40, 60),
        "m438": rate("438", 88, 12),
        "m441": rate("441", 60, 40),
    }
    return list((usual | replaced).values())


def six_ecqms(**replaced: Json) -> list[Json]:
    """Give six eCQMs with a benchmark; populations add up."""
    usual = {
        "m236": rate("236", 80, 20),
        "m001": rate("001", 20, 80),
        "m134": rate("134", 60, 40),
        "m309": rate("309", 62, 38),
        "m117": rate("117", 90, 10),
        "m318": rate("318", 91, 9),
    }
    return list((usual | replaced).values())
