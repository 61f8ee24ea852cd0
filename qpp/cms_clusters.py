"""CMS's clinical clusters and specialty sets as the catalogue's."""

from collections.abc import Mapping
from typing import Final

from qpp.catalog_groups import ClusterRow, clusters_by_measure
from qpp.catalogue import Cluster, Key
from qpp.cms_measures import Measures
from qpp.cms_record import Record, records

KINDS: Final = {"clinicalClusters": "clinicalTopic", "specialtySets": "specialtySet"}


def read_clusters(
    rows: object, measures: Measures, warnings: list[str]
) -> Mapping[Key, tuple[Cluster, ...]]:
    """Read which measures belong together, by measure and collection type.

    Members that nobody can send are left out and added to *warnings*. *rows* is None
    where CMS has no such file.

    Raises:
        CmsError: a record lacks its measure, method or names, or stands twice.
    """
    seen: set[Key] = set()
    found: list[ClusterRow] = []
    for record in records("clinical-clusters", [] if rows is None else rows):
        key = record.text("measureId"), record.text("submissionMethod")
        if key in seen:
            record.refuse("submissionMethod", "one row for each measure and method")
        seen.add(key)
        if measures.allows(*key):
            found += _clusters(record, key, measures, warnings)
        else:
            warnings.append(f"clusters of {' '.join(key)} left out: nobody can send it")
    return clusters_by_measure(found)


def _clusters(
    record: Record, key: Key, measures: Measures, warnings: list[str]
) -> list[ClusterRow]:
    """Read the clusters of one measure."""
    measure_id, method = key
    found = []
    for field, kind in KINDS.items():
        for group in record.records(field):
            name, listed = group.text("name"), group.names("measureIds")
            if measure_id not in listed:
                group.refuse("measureIds", f"{measure_id} among them")
            members = frozenset(
                item for item in listed if measures.allows(item, method)
            )
            if left := sorted(set(listed) - members):
                warnings.append(
                    f"{kind} {name} of {measure_id} {method}: left out, nobody can "
                    f"send them: {', '.join(left)}"
                )
            cluster = Cluster(name, kind, members)
            found.append(ClusterRow(method, cluster, frozenset({measure_id})))
    return found
