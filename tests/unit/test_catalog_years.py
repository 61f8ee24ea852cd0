"""The catalogues that ship: 2017 and 2024 to 2026, as CMS published them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qpp import library
from qpp.catalog_format import read_catalogue, write_catalogue
from qpp.catalog_manifest import Origin, read_manifest
from qpp.catalogue import Catalogue
from qpp.cms_import import Imported, import_catalogue
from qpp.cms_record import parse_json

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "qpp" / "catalog"
CMS = ROOT.parent / "shared" / "cms-data"
YEARS = (2024, 2025, 2026)
ALL = (2017, *YEARS)
# Until the rules of 2017 name them themselves, as those of every other year do.
TYPES_OF_2017 = {"MSPB_1": "population", "TPCC_1": "population"}
OPTIONAL = {
    "exclusion_reasons": "benchmarks/{year}/benchmark-exclusion-reasons.json",
    "mvps": "mvp/{year}/mvp.json",
    "clusters": "clinical-clusters/{year}/clinical-clusters.json",
}

shared = pytest.mark.shared
needs_cms = pytest.mark.skipif(not CMS.is_dir(), reason="CMS's files are not here")


def files_of(year: int) -> dict[str, bytes]:
    """Read the committed files of a year."""
    folder = CATALOGUES / f"py{year}"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def origin_of(year: int) -> Origin:
    """Read where the committed files of a year came from."""
    return read_manifest(files_of(year)["manifest.toml"]).origin


def cms(name: str) -> Any:  # noqa: ANN401 - one of CMS's files
    """Parse one of CMS's files."""
    return parse_json(name, (CMS / name).read_bytes())


def imported(year: int) -> Imported:
    """Import a year from CMS's files as the committed one was."""
    return import_catalogue(
        year,
        measures=cms(f"measures/{year}/measures-data.json"),
        benchmarks=cms(f"benchmarks/{year}.json"),
        program_names=cms("util/program-names/program-names.json"),
        types_by_measure=types_by_measure(year),
        mock_methods=origin_of(year).mock_methods,
        **{
            kind: cms(name.format(year=year))
            if (CMS / name.format(year=year)).is_file()
            else None
            for kind, name in OPTIONAL.items()
        },
    )


def types_by_measure(year: int) -> Mapping[str, str]:
    """Give the cost types that the rules settle."""
    if year not in library.years():
        return TYPES_OF_2017
    return library.rules(year).cost.types_by_measure.value


def by_method(catalogue: Catalogue) -> dict[str, int]:
    """Count the benchmarks of each collection type."""
    methods = [row.submission_method for row in catalogue.benchmarks.values()]
    return {method: methods.count(method) for method in sorted(set(methods))}


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2024, (413, 38, 106, 29, 358, 139)),
        (2025, (435, 38, 104, 35, 380, 137)),
        (2026, (405, 39, 95, 35, 293, 196)),
    ],
)
def test_a_year_holds_what_cms_published(year: int, counts: tuple[int, ...]) -> None:
    """Quality, PI, IA and cost measures, benchmarks and exclusion reasons."""
    found = library.catalogue(year)

    assert counts == (
        len(found.quality),
        len(found.interoperability),
        len(found.activities),
        len(found.cost),
        len(found.benchmarks),
        len(found.exclusion_reasons),
    )


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2024, {"a": 32, "survey": 9, "claims": 22, "web": 8, "ehr": 38, "reg": 249}),
        (2025, {"a": 37, "survey": 9, "claims": 21, "ehr": 40, "reg": 273}),
        (2026, {"a": 39, "survey": 9, "claims": 18, "ehr": 36, "reg": 191}),
    ],
)
def test_benchmarks_by_collection_type(year: int, counts: dict[str, int]) -> None:
    """In alphabetical order of CMS's names, as the published tables count them."""
    assert list(by_method(library.catalogue(year)).values()) == list(counts.values())


@pytest.mark.parametrize(
    ("year", "topped_out", "capped", "inverse", "of_the_year", "uncapped"),
    [
        (2024, 98, 73, 75, 113, 0),
        (2025, 106, 64, 80, 123, 20),
        (2026, 104, 58, 66, 39, 24),
    ],
)
def test_flags_of_benchmarks(  # noqa: PLR0913, PLR0917 - one number a column
    year: int,
    topped_out: int,
    capped: int,
    inverse: int,
    of_the_year: int,
    uncapped: int,
) -> None:
    """Topped out, capped, inverse and performance-year rows; pairs without cap."""
    found = library.catalogue(year)
    rows = found.benchmarks.values()

    assert sum(row.is_topped_out for row in rows) == topped_out
    assert sum(row.capped for row in rows) == capped
    assert sum(row.is_inverse for row in rows) == inverse
    assert sum(row.benchmark_year == year for row in rows) == of_the_year
    assert sum(len(item.cap_removed) for item in found.quality.values()) == uncapped


def test_only_the_claims_rows_of_2026_are_stand_ins() -> None:
    """All 39 of them, and the manifest says which method was declared."""
    mock = {
        year: [
            row for row in library.catalogue(year).benchmarks.values() if row.is_mock
        ]
        for year in YEARS
    }

    assert {year: len(rows) for year, rows in mock.items()} == {
        2024: 0,
        2025: 0,
        2026: 39,
    }
    assert {row.submission_method for row in mock[2026]} == {"administrativeClaims"}
    assert origin_of(2026).mock_methods == {"administrativeClaims"}
    assert origin_of(2025).mock_methods == frozenset()


@pytest.mark.parametrize(
    ("year", "ladder", "capped"),
    [
        (2024, "84.46 98.41 99.46 99.89 99.97 99.99 100 100 100 100 100", True),
        (2025, "84 86 88 90 92 94 96 98 99 100 100", False),
    ],
)
def test_424_shows_why_the_year_matters(year: int, ladder: str, capped: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """One measure, two years, two ladders; in 2026 it is gone."""
    row = library.catalogue(year).benchmarks["424", "registry"]

    assert row.percentiles == tuple(map(Decimal, ladder.split()))
    assert row.capped is capped
    assert "424" not in library.catalogue(2026).quality


def test_suppressed_and_truncated_measures_of_2024() -> None:
    """Two changed guidelines, one year cut short, and what CMS removed."""
    quality = library.catalogue(2024).quality

    assert {name: set(m.suppressed) for name, m in quality.items() if m.suppressed} == {
        "389": {"registry"},
        "488": {"electronicHealthRecord"},
    }
    assert [name for name, m in quality.items() if m.truncated] == ["185"]
    assert [name for name, m in quality.items() if m.historic_benchmark_removed] == [
        "052",
        "400",
        "438",
    ]


@pytest.mark.parametrize("year", YEARS)
def test_every_cost_measure_has_a_case_minimum(year: int) -> None:
    """By its own name, by its type, or by the type that a rule gives it."""
    rules = library.rules(year).cost
    named = rules.types_by_measure.value

    for measure in library.catalogue(year).cost.values():
        kind = measure.cost_type or named[measure.measure_id]
        assert (
            measure.measure_id in rules.case_minimum_by_measure.value
            or kind in rules.case_minimum_by_type.value
        ), measure.measure_id


@pytest.mark.parametrize("year", YEARS)
def test_every_pair_has_a_benchmark_or_a_reason(year: int) -> None:
    """Except the survey's container, one survey measure, and two of 2024."""
    found = library.catalogue(year)
    pairs = {
        (name, method)
        for name, measure in found.quality.items()
        for method in measure.submission_methods
    }

    bare = pairs - set(found.benchmarks) - set(found.exclusion_reasons)

    assert {name for name, _ in bare} <= {"321", "CAHPS_7", "370", "438"}


@pytest.mark.parametrize("year", ALL)
def test_references_between_measures_are_known(year: int) -> None:
    """Exclusions, substitutes and engagement levels are measures of the year."""
    measures = library.catalogue(year).interoperability

    named = {
        name
        for measure in measures.values()
        for name in (*measure.exclusions, *measure.substitutes, *measure.engagement)
    }

    assert named <= set(measures)


@pytest.mark.parametrize("year", ALL)
def test_committed_files_are_what_the_writer_writes(year: int) -> None:
    """Reading and writing again changes no byte."""
    files = files_of(year)

    again = write_catalogue(read_catalogue(f"py{year}", files), origin_of(year))

    assert again == files


@shared
@needs_cms
@pytest.mark.parametrize(("year", "left_out"), [(2017, 28), *((y, 0) for y in YEARS)])
def test_importing_again_gives_the_same_bytes(year: int, left_out: int) -> None:
    """The committed files are CMS's data; only 2017 has some that nobody can use."""
    catalogue, warnings = imported(year)

    assert len(warnings) == left_out
    assert write_catalogue(catalogue, origin_of(year)) == files_of(year)


@shared
@needs_cms
@pytest.mark.parametrize("year", YEARS)
def test_every_percentile_is_the_one_in_cms_text(year: int) -> None:
    """Compared with the digits in the file, read by another parser setting."""
    text = (CMS / f"benchmarks/{year}.json").read_text()
    rows = json.loads(text, parse_float=str, parse_int=str)
    found = library.catalogue(year).benchmarks

    for row in rows:
        ladder = found[row["measureId"], row["submissionMethod"]].percentiles
        assert ladder == tuple(map(Decimal, row["percentiles"].values()))
    assert len(rows) == len(found)
