"""Our own format of a year's catalogue: sorted one-line facts and a manifest.

A person can review an import as a diff, and the reader refuses any byte that the
manifest does not vouch for.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, TypeVar

from qpp.catalog_benchmarks import BENCHMARKS, EXCLUSIONS, PROGRAMS
from qpp.catalog_cells import CatalogueError
from qpp.catalog_groups import CLUSTERS, MVPS, cluster_rows, clusters_by_measure
from qpp.catalog_manifest import MANIFEST, Origin, read_manifest, write_manifest
from qpp.catalog_measures import ACTIVITIES, COST, INTEROPERABILITY, QUALITY
from qpp.catalog_table import Table
from qpp.catalogue import (
    Activity,
    Catalogue,
    CostMeasure,
    InteroperabilityMeasure,
    QualityMeasure,
)
from qpp.rulebook import digest

__all__ = ["CatalogueError", "identified", "read_catalogue", "write_catalogue"]

Measure = TypeVar(
    "Measure", QualityMeasure, InteroperabilityMeasure, Activity, CostMeasure
)

TABLES: Final[tuple[Table[Any], ...]] = (
    QUALITY,
    INTEROPERABILITY,
    ACTIVITIES,
    COST,
    BENCHMARKS,
    EXCLUSIONS,
    PROGRAMS,
    MVPS,
    CLUSTERS,
)


def write_catalogue(
    catalogue: Catalogue, origin: Origin | None = None
) -> dict[str, bytes]:
    """Write a catalogue as files: name to content, the manifest among them.

    The same facts and origin give the same bytes, in whatever order they came.

    Raises:
        CatalogueError: a fact cannot be written, such as a title of two lines.
    """
    files = _facts(catalogue)
    manifest = write_manifest(catalogue.year, origin or Origin(), files)
    return {**files, MANIFEST: manifest}


def identified(catalogue: Catalogue) -> Catalogue:
    """Give the catalogue the id that its own facts have.

    Raises:
        CatalogueError: a fact cannot be written.
    """
    return replace(catalogue, id=_id(f"py{catalogue.year}", _facts(catalogue)))


def read_catalogue(name: str, files: Mapping[str, bytes]) -> Catalogue:
    """Read the files of one year; *name* is ``py2026``.

    Raises:
        CatalogueError: a file is missing, unknown, changed or not well formed.
    """
    expected = {table.file for table in TABLES}
    if different := sorted((expected | {MANIFEST}) ^ set(files)):
        message = f"{name}: missing or unknown: {', '.join(different)}"
        raise CatalogueError(message)
    manifest = read_manifest(files[MANIFEST])
    if name != f"py{manifest.year}":
        message = f"{name}/{MANIFEST}: speaks of {manifest.year}"
        raise CatalogueError(message)
    facts = {key: files[key] for key in expected}
    for key, content in facts.items():
        if sha256(content).hexdigest() != manifest.hashes.get(key):
            message = f"{name}/{key}: not the bytes of the manifest; import again"
            raise CatalogueError(message)
    return Catalogue(
        id=_id(name, facts),
        year=manifest.year,
        quality=_by_id(QUALITY, facts),
        interoperability=_by_id(INTEROPERABILITY, facts),
        activities=_by_id(ACTIVITIES, facts),
        cost=_by_id(COST, facts),
        benchmarks=MappingProxyType(
            {
                (row.measure_id, row.submission_method): row
                for row in BENCHMARKS.read(facts[BENCHMARKS.file])
            }
        ),
        exclusion_reasons=MappingProxyType(
            dict(EXCLUSIONS.read(facts[EXCLUSIONS.file]))
        ),
        programs=frozenset(PROGRAMS.read(facts[PROGRAMS.file])),
        mvps=MappingProxyType({row.mvp_id: row for row in MVPS.read(facts[MVPS.file])}),
        clusters=clusters_by_measure(CLUSTERS.read(facts[CLUSTERS.file])),
    )


def _by_id(table: Table[Measure], files: Mapping[str, bytes]) -> Mapping[str, Measure]:
    """Read one kind of measure, by measure id."""
    rows = table.read(files[table.file])
    return MappingProxyType({row.measure_id: row for row in rows})


def _facts(catalogue: Catalogue) -> dict[str, bytes]:
    """Write every file but the manifest."""
    return {
        QUALITY.file: QUALITY.write(catalogue.quality.values()),
        INTEROPERABILITY.file: INTEROPERABILITY.write(
            catalogue.interoperability.values()
        ),
        ACTIVITIES.file: ACTIVITIES.write(catalogue.activities.values()),
        COST.file: COST.write(catalogue.cost.values()),
        BENCHMARKS.file: BENCHMARKS.write(catalogue.benchmarks.values()),
        EXCLUSIONS.file: EXCLUSIONS.write(catalogue.exclusion_reasons.items()),
        PROGRAMS.file: PROGRAMS.write(catalogue.programs),
        MVPS.file: MVPS.write(catalogue.mvps.values()),
        CLUSTERS.file: CLUSTERS.write(cluster_rows(catalogue.clusters)),
    }


def _id(name: str, facts: Mapping[str, bytes]) -> str:
    """Name the exact facts: ``py2026@`` and the start of their hash."""
    return f"{name}@{digest(facts)[: len('0123456789ab')]}"
