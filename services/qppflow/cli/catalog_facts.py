"""One measure of the catalogue as data, and the ids near a mistyped one."""

from dataclasses import fields
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from qpp.catalog_benchmarks import PERCENTILES
from qpp.catalogue import (
    Activity,
    Benchmark,
    Catalogue,
    Cluster,
    CostMeasure,
    InteroperabilityMeasure,
    Mvp,
    QualityMeasure,
)
from qpp.numbers import plain

Measure: TypeAlias = QualityMeasure | InteroperabilityMeasure | Activity | CostMeasure

# Measures of the first years have three digits; spreadsheets drop leading zeros.
SHORT_ID: Final = 3


def measure_of(measure_id: str, catalogue: Catalogue) -> Measure:
    """Find a measure of any category.

    Raises:
        KeyError: the year has no such measure.
    """
    homes = (catalogue.quality, catalogue.interoperability, catalogue.activities)
    for home in homes:
        if measure_id in home:
            return home[measure_id]
    return catalogue.cost[measure_id]


def near(measure_id: str, catalogue: Catalogue) -> list[str]:
    """Suggest ids like a mistyped one: other case, lost zeros, a wrong letter."""
    known = [
        *catalogue.quality,
        *catalogue.interoperability,
        *catalogue.activities,
        *catalogue.cost,
        *catalogue.mvps,
    ]
    wanted = measure_id.strip().upper()
    padded = wanted.zfill(SHORT_ID)
    exact = [name for name in known if name.upper() in {wanted, padded}]
    by_upper = {name.upper(): name for name in known}
    alike = [by_upper[name] for name in get_close_matches(padded, by_upper)]
    return list(dict.fromkeys(exact + alike))


def facts_json(measure_id: str, catalogue: Catalogue) -> dict[str, Any]:
    """Give all facts; numbers as strings, sets as sorted lists."""
    return {
        "catalogue": catalogue.id,
        "performanceYear": catalogue.year,
        "category": catalogue.category_of(measure_id),
        "measure": _json(measure_of(measure_id, catalogue)),
        "benchmarks": [_benchmark_json(row) for row in rows_of(measure_id, catalogue)],
        "noBenchmark": {
            method: list(codes)
            for method, codes in reasons_of(measure_id, catalogue).items()
        },
        "clusters": [
            {"submissionMethod": method, **_json(cluster)}
            for method, cluster in clusters_of(measure_id, catalogue)
        ],
    }


def mvp_json(mvp: Mvp, catalogue: Catalogue) -> dict[str, Any]:
    """Give all facts of an MVP; sets as sorted lists."""
    return {
        "catalogue": catalogue.id,
        "performanceYear": catalogue.year,
        "mvp": _json(mvp),
    }


def _benchmark_json(row: Benchmark) -> dict[str, Any]:
    """Give a benchmark; percentiles by CMS's names."""
    # Rows until 2022 have no percentiles, those from 2023 on no deciles.
    values = (plain(value) for value in row.percentiles)
    return {
        **_json(row),
        "percentiles": dict(zip(PERCENTILES, values, strict=False)),
        "deciles": [plain(value) for value in row.deciles],
    }


def _json(facts: Measure | Benchmark | Mvp | Cluster) -> dict[str, Any]:
    """Turn a record into JSON in camel case."""
    return {
        _camel(field.name): _plain_value(getattr(facts, field.name))
        for field in fields(facts)
    }


def _camel(name: str) -> str:
    """Turn ``is_high_priority`` into ``isHighPriority``."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _plain_value(value: object) -> object:
    """Turn sets into sorted lists and numbers into strings."""
    if isinstance(value, frozenset):
        return sorted(value)
    return plain(value) if isinstance(value, Decimal) else value


def rows_of(measure_id: str, catalogue: Catalogue) -> list[Benchmark]:
    """Find the benchmarks of a measure, by method."""
    keys = sorted(key for key in catalogue.benchmarks if key[0] == measure_id)
    return [catalogue.benchmarks[key] for key in keys]


def reasons_of(measure_id: str, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Find why a measure has no benchmark, by method."""
    return {
        method: codes
        for (name, method), codes in sorted(catalogue.exclusion_reasons.items())
        if name == measure_id
    }


def clusters_of(measure_id: str, catalogue: Catalogue) -> list[tuple[str, Cluster]]:
    """Find what a measure belongs to, with the method, in order."""
    return [
        (method, cluster)
        for (name, method), found in sorted(catalogue.clusters.items())
        if name == measure_id
        for cluster in found
    ]
