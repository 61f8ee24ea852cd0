"""Clinical topics and specialty sets: what ships, and what an import leaves out."""

from hashlib import sha256

import pytest

from qpp import library
from qpp.catalog_cells import CatalogueError
from qpp.catalog_format import read_catalogue, write_catalogue
from qpp.catalog_groups import ClusterRow, cluster_rows
from qpp.catalogue import Cluster
from qpp.cms_record import CmsError
from tests.helpers.cms_checkout import YEAR, Checkout, cluster

NAME = f"py{YEAR}"
TOPIC = "clinicalTopic"


@pytest.mark.parametrize(
    ("year", "topic", "whole_set"),
    [
        (2024, {"404", "424", "430", "463"}, {"404", "424", "430", "463", "477"}),
        (2025, {"404", "424", "430", "463"}, {"404", "424", "430", "463", "477"}),
        (2026, {"404", "430", "463"}, {"404", "430", "463", "477"}),
    ],
)
def test_anesthesiology_of_each_year(
    year: int, topic: set[str], whole_set: set[str]
) -> None:
    """Fewer than six measures: the denominator of who reports them all shrinks."""
    clusters = library.catalogue(year).clusters

    assert clusters["404", "registry"] == (
        Cluster("anesthesiologyCare", TOPIC, frozenset(topic)),
        Cluster("anesthesiology", "specialtySet", frozenset(whole_set)),
    )
    assert [item.name for item in clusters["477", "registry"]] == ["anesthesiology"]
    assert ("404", "claims") not in clusters


@pytest.mark.parametrize(
    ("year", "measures", "rows"),
    [(2017, 150, 76), (2024, 68, 58), (2025, 69, 68), (2026, 67, 68)],
)
def test_each_year_has_its_clusters(year: int, measures: int, rows: int) -> None:
    """Measures that belong to any, and how many clusters there are by method."""
    clusters = library.catalogue(year).clusters

    assert len(clusters) == measures
    assert len(cluster_rows(clusters)) == rows


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_clusters_of_later_years_count_for_all_their_measures(year: int) -> None:
    """Whoever is in a cluster has it."""
    rows = cluster_rows(library.catalogue(year).clusters)

    assert all(row.of == row.cluster.measures for row in rows)


def test_in_2017_one_name_stood_for_several_sets() -> None:
    """Preventive care of 112 is with 130 and 317, and so is that of 113."""
    clusters = library.catalogue(2017).clusters

    assert clusters["112", "claims"] == (
        Cluster("preventiveCare", TOPIC, frozenset({"112", "130", "317"})),
    )
    assert clusters["113", "claims"] == (
        Cluster("preventiveCare", TOPIC, frozenset({"113", "130", "317"})),
    )
    assert all(item.name != "preventiveCare" for item in clusters["317", "claims"])


def test_gynaecology_of_2017_is_without_measures_that_nobody_can_send() -> None:
    """CMS names 432, 433 and 434 for claims, which do not allow it."""
    clusters = library.catalogue(2017).clusters

    assert clusters["422", "claims"] == (
        Cluster("gynecologicalCare", TOPIC, frozenset({"422"})),
    )
    assert ("432", "claims") not in clusters
    assert ("432", "registry") in clusters


@pytest.mark.parametrize("year", [2017, 2024, 2025, 2026])
def test_members_can_be_sent_by_the_method_of_their_cluster(year: int) -> None:
    """A topic that nobody can complete would shrink no denominator."""
    found = library.catalogue(year)

    for row in cluster_rows(found.clusters):
        for name in row.cluster.measures:
            assert row.method in found.quality[name].submission_methods


def test_clusters_arrive_and_are_read_again() -> None:
    """In order of kind, name and measures, whatever the order of the file."""
    both = cluster("901", "902", "901", name="z") | {
        "specialtySets": [{"name": "a", "measureIds": ["901"]}]
    }
    checkout = Checkout(clusters=[both, cluster("902", "901", "902", name="z")])

    catalogue, warnings = checkout.imported()

    topic = Cluster("z", TOPIC, frozenset({"901", "902"}))
    assert catalogue.clusters == {
        ("901", "registry"): (topic, Cluster("a", "specialtySet", frozenset({"901"}))),
        ("902", "registry"): (topic,),
    }
    assert warnings == ()
    assert read_catalogue(NAME, write_catalogue(catalogue)) == catalogue


def test_a_set_is_written_once_and_says_whom_it_counts_for() -> None:
    """Two measures, one line; the last column is empty if it is all of them."""
    checkout = Checkout(
        clusters=[
            cluster("901", "901", "902", name="shared"),
            cluster("902", "901", "902", name="shared"),
        ]
    )
    checkout.clusters[0]["clinicalClusters"] += cluster("901", "901", "902")[
        "clinicalClusters"
    ]

    lines = write_catalogue(checkout.imported().catalogue)["clusters.csv"].decode()

    assert lines.splitlines()[1:] == [
        "registry,clinicalTopic,aTopic,901|902,901",
        "registry,clinicalTopic,shared,901|902,",
    ]


def test_rows_and_mapping_say_the_same() -> None:
    """Gathering the clusters of measures and giving them back loses nothing."""
    topic = Cluster("z", TOPIC, frozenset({"901", "902"}))

    rows = cluster_rows({("901", "registry"): (topic,), ("902", "claims"): (topic,)})

    assert rows == [
        ClusterRow("registry", topic, frozenset({"901"})),
        ClusterRow("claims", topic, frozenset({"902"})),
    ]


def test_what_nobody_can_send_is_left_out_and_reported() -> None:
    """A measure of another year, and one by a method that it does not allow."""
    checkout = Checkout(
        clusters=[
            cluster("901", "901", "999"),
            cluster("999", "999"),
            cluster("902", "902") | {"submissionMethod": "claims"},
        ]
    )

    catalogue, warnings = checkout.imported()

    assert catalogue.clusters == {
        ("901", "registry"): (Cluster("aTopic", TOPIC, frozenset({"901"})),)
    }
    assert warnings == (
        "clinicalTopic aTopic of 901 registry: left out, nobody can send them: 999",
        "clusters of 999 registry left out: nobody can send it",
        "clusters of 902 claims left out: nobody can send it",
    )


def test_a_year_without_the_file_has_no_clusters() -> None:
    """The denominator of such a year shrinks for nobody."""
    assert Checkout().imported(clusters=None).catalogue.clusters == {}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "clinical-clusters: needs a list of records"),
        ([cluster("901", "901")] * 2, "needs one row for each measure and method"),
        (
            [cluster("901", "901") | {"submissionMethod": 7}],
            "submissionMethod: needs a",
        ),
        ([cluster("901", "902")], "measureIds: needs 901 among them"),
        ([cluster("901", "901", name="")], "clinicalClusters record 1: name: needs a"),
        ([{**cluster("901"), "clinicalClusters": [7]}], "record 1: needs an object"),
    ],
)
def test_a_broken_cluster_stops_the_import(rows: object, message: str) -> None:
    """The message names record and field."""
    with pytest.raises(CmsError, match=message):
        Checkout().imported(clusters=rows)


def test_a_cluster_of_a_measure_that_it_does_not_hold_is_refused() -> None:
    """Even where somebody corrected the hash, the reader says file and line."""
    files = write_catalogue(Checkout(clusters=[cluster("901", "901")]).imported()[0])
    before = files["clusters.csv"]
    after = before.replace(b"901,\n", b"901,902\n")
    manifest = files["manifest.toml"].decode()
    old, new = (sha256(content).hexdigest() for content in (before, after))
    files |= {
        "clusters.csv": after,
        "manifest.toml": manifest.replace(old, new).encode(),
    }

    with pytest.raises(CatalogueError, match=r"clusters\.csv line 2: aTopic is of"):
        read_catalogue(NAME, files)
