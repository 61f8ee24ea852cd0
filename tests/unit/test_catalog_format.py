"""The catalogue's own files: same facts, same bytes; other bytes, no catalogue."""

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest

from qpp.catalog_cells import CatalogueError, read_year
from qpp.catalog_diff import changes
from qpp.catalog_format import read_catalogue, write_catalogue
from qpp.catalog_manifest import Origin, read_manifest
from qpp.catalogue import Catalogue
from tests.helpers.cms_checkout import YEAR, Checkout, several_rates

NAME = f"py{YEAR}"
ORIGIN = Origin("v1", frozenset({"administrativeClaims"}), {"a.json": "00ff"})


def a_catalogue() -> Catalogue:
    """Give a small catalogue."""
    return Checkout().imported("administrativeClaims").catalogue


def files_with(name: str, old: str, new: str) -> dict[str, bytes]:
    """Edit one file by hand, and the manifest's hash as well."""
    files = write_catalogue(a_catalogue())
    text = files[name].decode()
    assert old in text
    content = text.replace(old, new, 1).encode()
    before, after = (sha256(item).hexdigest() for item in (files[name], content))
    manifest = files["manifest.toml"].decode().replace(before, after)
    return {**files, name: content, "manifest.toml": manifest.encode()}


def test_what_is_written_is_read_again() -> None:
    """Every fact survives, the id included."""
    catalogue = a_catalogue()

    again = read_catalogue(NAME, write_catalogue(catalogue))

    assert again == catalogue
    assert again.benchmarks["901", "registry"].percentiles[6] == Decimal("60.125")
    assert again.category_of("IA_X_1") == "ia"
    assert again.category_of("IA_X_9") is None


def test_the_order_of_cms_files_is_moot() -> None:
    """CMS reorders its files now and then; ours stay the same."""
    turned = Checkout()
    for rows in (turned.measures, turned.benchmarks):
        rows.reverse()

    assert write_catalogue(turned.imported().catalogue) == write_catalogue(
        Checkout().imported().catalogue
    )


def test_the_order_of_strata_is_kept() -> None:
    """They are sent and shown in CMS's order."""
    checkout = Checkout()
    checkout.measures = [several_rates(strata=[{"name": "b"}, {"name": "a"}])]
    checkout.benchmarks, checkout.exclusions = [], []

    again = read_catalogue(NAME, write_catalogue(checkout.imported().catalogue))

    assert again.quality["902"].strata == ("b", "a")


def test_each_file_has_a_header_and_sorted_lines() -> None:
    """A reviewer sees one changed line for one changed fact."""
    files = write_catalogue(a_catalogue())

    lines = files["cost.csv"].decode().splitlines()

    assert lines == [
        "measure_id,cost_type,first_performance_year,programs,title",
        f"COST_X_1,procedural,{YEAR - 3},mips,Something dear",
        f"MSPB_9,,{YEAR - 3},mips,Something dear",
    ]


def test_the_manifest_says_where_the_facts_come_from() -> None:
    """Version, stand-ins and the hashes of CMS's files are on record."""
    files = write_catalogue(a_catalogue(), ORIGIN)

    manifest = read_manifest(files["manifest.toml"])

    assert manifest.origin == ORIGIN
    assert manifest.year == YEAR
    assert set(manifest.hashes) == set(files) - {"manifest.toml"}


def test_the_id_is_of_the_facts_and_not_of_their_origin() -> None:
    """The same facts from another version score the same."""
    here = read_catalogue(NAME, write_catalogue(a_catalogue(), ORIGIN))
    there = read_catalogue(NAME, write_catalogue(a_catalogue()))

    assert here.id == there.id


def test_another_fact_makes_another_id() -> None:
    """A score can be traced to the facts it was made with."""
    real = Checkout().imported().catalogue

    assert real.id != a_catalogue().id


def test_a_changed_byte_is_refused() -> None:
    """Facts are changed by importing, not by hand."""
    files = write_catalogue(a_catalogue())
    files["benchmarks.csv"] += b" "

    with pytest.raises(CatalogueError, match=f"{NAME}/benchmarks.csv: not the bytes"):
        read_catalogue(NAME, files)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("cost.csv", "cost_type", "type", "line 1: needs measure_id,cost_type,"),
        ("cost.csv", "MSPB_9,", "MSPB_9,,", "line 3: 6 cells, not 5"),
        ("cost.csv", "MSPB_9", "COST_X_1", "line 3: not sorted, or .'COST_X_1'. again"),
        ("cost.csv", "MSPB_9", "AAA", "line 3: not sorted"),
        ("cost.csv", f"{YEAR - 3}", "31", "line 2: '31' is not a year"),
        ("cost.csv", "Something", '"Something', "not a CSV file in UTF-8"),
        ("quality.csv", "Rate,,,", "Rate,,no,", "line 2: 'no' is neither 'yes' nor"),
        ("benchmarks.csv", "55.5", "1e3", "line 2: '1e3' is not a plain number"),
        ("benchmarks.csv", "60.125", "2", "line 2: percentiles do not ascend"),
        ("benchmarks.csv", "100,\n", "100,1|2\n", "11 percentiles and 2 deciles"),
        ("benchmarks.csv", "100,\n", ",\n", "'' is not a plain number"),
    ],
)
def test_a_malformed_line_is_named(name: str, old: str, new: str, message: str) -> None:
    """Even where somebody corrected the hash, the reader says file and line."""
    with pytest.raises(CatalogueError, match=f"^{name}.*{message}"):
        read_catalogue(NAME, files_with(name, old, new))


def test_bytes_that_are_no_text_are_refused() -> None:
    """The encoding is UTF-8 and nothing else."""
    files = write_catalogue(a_catalogue())
    content = b"\xff" + files["programs.csv"]
    before, after = (
        sha256(item).hexdigest() for item in (files["programs.csv"], content)
    )
    manifest = files["manifest.toml"].decode().replace(before, after).encode()
    files |= {"programs.csv": content, "manifest.toml": manifest}

    with pytest.raises(CatalogueError, match=r"programs\.csv: not a CSV file"):
        read_catalogue(NAME, files)


@pytest.mark.parametrize("name", ["cost.csv", "manifest.toml"])
def test_a_missing_file_is_named(name: str) -> None:
    """Half a catalogue would score half the measures."""
    files = write_catalogue(a_catalogue())
    del files[name]

    with pytest.raises(CatalogueError, match=f"missing or unknown: {name}"):
        read_catalogue(NAME, files)


def test_a_stray_file_is_named() -> None:
    """A file that nobody reads is a mistake."""
    files = write_catalogue(a_catalogue()) | {"costs.csv": b""}

    with pytest.raises(CatalogueError, match=r"missing or unknown: costs\.csv"):
        read_catalogue(NAME, files)


def test_a_catalogue_in_another_years_folder_is_refused() -> None:
    """A copied folder would score a year by another's benchmarks."""
    with pytest.raises(CatalogueError, match=f"py2030/manifest.toml: speaks of {YEAR}"):
        read_catalogue("py2030", write_catalogue(a_catalogue()))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"year =", "not a TOML file"),
        (b"\xff", "not a TOML file"),
        (b"", "year is missing or no int"),
        (b"year = 2031", "mock_methods is missing or no list"),
        (b"year = 2031\nmock_methods = []", "inputs is missing or no dict"),
        (b"year = 2031\nmock_methods = []\n[inputs]", "files is missing or no dict"),
    ],
)
def test_a_broken_manifest_is_refused(content: bytes, message: str) -> None:
    """What it lacks is named."""
    with pytest.raises(CatalogueError, match=rf"^manifest\.toml: {message}"):
        read_manifest(content)


@pytest.mark.parametrize("version", ['v"1', "v\\1", "v1\nfiles = {}"])
def test_a_version_that_would_break_the_manifest_is_refused(version: str) -> None:
    """The note stands in a file that is read again."""
    with pytest.raises(CatalogueError, match="quotes, backslashes or control"):
        write_catalogue(a_catalogue(), Origin(version))


def test_a_title_of_two_lines_is_refused() -> None:
    """One fact is one line."""
    catalogue = a_catalogue()
    measure = replace(catalogue.quality["901"], title="two\nlines")

    with pytest.raises(CatalogueError, match=r"quality\.csv: .* not fit on one line"):
        write_catalogue(replace(catalogue, quality={"901": measure}))


@pytest.mark.parametrize(
    ("percentiles", "deciles"), [(10, 0), (0, 0), (11, 9), (0, 8), (0, 11)]
)
def test_half_a_ladder_is_refused(percentiles: int, deciles: int) -> None:
    """A row has all eleven cut points, or nine or ten lower bounds, not both."""
    catalogue = a_catalogue()
    row = catalogue.benchmarks["901", "registry"]
    short = replace(
        row,
        percentiles=row.percentiles[:percentiles],
        deciles=row.percentiles[:deciles],
    )

    with pytest.raises(
        CatalogueError,
        match=rf"benchmarks\.csv: 901: {percentiles} percentiles and {deciles} deciles",
    ):
        write_catalogue(replace(catalogue, benchmarks={("901", "registry"): short}))


def test_one_key_for_two_facts_is_refused() -> None:
    """A mapping whose keys do not match its values cannot be written."""
    catalogue = a_catalogue()
    twice = {"901": catalogue.quality["901"], "x": catalogue.quality["901"]}

    with pytest.raises(CatalogueError, match=r"quality\.csv: a key stands on two"):
        write_catalogue(replace(catalogue, quality=twice))


@pytest.mark.parametrize("cell", ["", "31", "20311", "٢٠٣١"])
def test_a_year_has_four_ordinary_digits(cell: str) -> None:
    """Other alphabets have digits too."""
    with pytest.raises(CatalogueError, match="is not a year"):
        read_year(cell)


def test_a_diff_names_what_came_went_and_changed() -> None:
    """An import is reviewed by these names."""
    old = Checkout().imported().catalogue
    cost = {"COST_X_1": replace(old.cost["COST_X_1"], cost_type="chronic")}
    new = replace(old, cost=cost, programs=old.programs | {"G0100"})

    found = changes(write_catalogue(old), write_catalogue(new))

    by_file = {change.file: change for change in found if change}
    assert set(by_file) == {"cost.csv", "programs.csv"}
    assert by_file["cost.csv"].changed == (("COST_X_1",),)
    assert by_file["cost.csv"].removed == (("MSPB_9",),)
    assert by_file["programs.csv"].added == (("G0100",),)


def test_against_an_empty_folder_everything_is_new() -> None:
    """The first import of a year adds each row."""
    found = changes({}, write_catalogue(a_catalogue()))

    assert {change.file: len(change.added) for change in found}["benchmarks.csv"] == 2
    assert not any(change.removed or change.changed for change in found)


def test_a_new_column_is_no_changed_row() -> None:
    """What an older format did not write, it did not say."""
    new = write_catalogue(a_catalogue())
    lines = new["cost.csv"].decode().splitlines()
    without = [",".join(line.split(",")[:-1]) for line in lines]
    old = {**new, "cost.csv": "\n".join(without).encode()}
    named = {**new, "cost.csv": new["cost.csv"].replace(b"Something dear", b"")}

    assert {change.file for change in changes(old, new) if change} == {"cost.csv"}
    assert not any(changes(old, named))
