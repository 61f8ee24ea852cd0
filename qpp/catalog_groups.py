"""The catalogue's files of what belongs together: MVPs, clinical topics, sets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from qpp import catalog_cells as cell
from qpp.catalog_cells import CatalogueError
from qpp.catalog_table import Table
from qpp.catalogue import Cluster, Key, Method, Mvp


def _mvp_cells(row: Mvp) -> tuple[str, ...]:
    """Write an MVP as its line."""
    return (
        cell.text(row.mvp_id),
        cell.name_set(row.quality),
        cell.name_set(row.activities),
        cell.name_set(row.cost),
        cell.name_set(row.population_health),
        cell.name_set(row.outcome_claims),
        cell.text(row.title),
    )


def _mvp(cells: list[str]) -> Mvp:
    """Read an MVP from its line."""
    mvp_id, quality, activities, cost, population, claims, title = cells
    return Mvp(
        mvp_id=mvp_id,
        title=title,
        quality=cell.read_name_set(quality),
        activities=cell.read_name_set(activities),
        cost=cell.read_name_set(cost),
        population_health=cell.read_name_set(population),
        outcome_claims=cell.read_name_set(claims),
    )


MVPS: Final = Table(
    file="mvps.csv",
    key=("mvp_id",),
    facts=(
        "quality",
        "activities",
        "cost",
        "population_health",
        "outcome_claims",
        "title",
    ),
    to_cells=_mvp_cells,
    from_cells=_mvp,
)


class ClusterRow(NamedTuple):
    """A cluster, written once, and the measures CMS counts into it.

    Nearly always these are all its measures; in 2017 some stood in the clusters of
    others without having it themselves.
    """

    method: Method
    cluster: Cluster
    of: frozenset[str]


def cluster_rows(clusters: Mapping[Key, Iterable[Cluster]]) -> list[ClusterRow]:
    """Gather the clusters of all measures, each cluster once a collection type."""
    of = defaultdict[tuple[Method, Cluster], set[str]](set)
    for (measure_id, method), found in clusters.items():
        for cluster in found:
            of[method, cluster].add(measure_id)
    return [ClusterRow(*pair, frozenset(measures)) for pair, measures in of.items()]


def clusters_by_measure(
    rows: Iterable[ClusterRow],
) -> Mapping[Key, tuple[Cluster, ...]]:
    """Give each measure its clusters, in order of kind, name and measures."""
    found = defaultdict[Key, list[Cluster]](list)
    for method, cluster, of in rows:
        for measure_id in of:
            found[measure_id, method].append(cluster)
    return MappingProxyType(
        {key: tuple(sorted(found[key], key=_order)) for key in sorted(found)}
    )


def _order(cluster: Cluster) -> tuple[str, str, list[str]]:
    """Say where a cluster stands among those of a measure."""
    return cluster.kind, cluster.name, sorted(cluster.measures)


def _cluster_cells(row: ClusterRow) -> tuple[str, ...]:
    """Write a cluster as its line."""
    measures = row.cluster.measures
    return (
        cell.text(row.method),
        cell.text(row.cluster.kind),
        cell.text(row.cluster.name),
        cell.name_set(measures),
        "" if row.of == measures else cell.name_set(row.of),
    )


def _cluster(cells: list[str]) -> ClusterRow:
    """Read a cluster from its line."""
    method, kind, name, members, of = cells
    measures = cell.read_name_set(members)
    holders = cell.read_name_set(of) or measures
    if not holders <= measures:
        message = f"{name} is of measures that it does not hold"
        raise CatalogueError(message)
    return ClusterRow(method, Cluster(name, kind, measures), holders)


CLUSTERS: Final = Table(
    file="clusters.csv",
    key=("submission_method", "kind", "name", "measures"),
    facts=("of",),
    to_cells=_cluster_cells,
    from_cells=_cluster,
)
