"""Importing CMS's measures data: files in, files out, and what changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import qpp
from qpp import library
from qpp.catalog_diff import Change, changes
from qpp.catalog_format import write_catalogue
from qpp.catalog_manifest import MANIFEST, Origin, read_manifest
from qpp.catalogue import Catalogue
from qpp.cms_import import import_catalogue
from qpp.cms_record import parse_json

# CMS's files of one year; those of later years are not there in earlier ones.
NEEDED: Final = {
    "measures": "measures/{year}/measures-data.json",
    "benchmarks": "benchmarks/{year}.json",
    "program_names": "util/program-names/program-names.json",
}
OPTIONAL: Final = {
    "exclusion_reasons": "benchmarks/{year}/benchmark-exclusion-reasons.json",
    "mvps": "mvp/{year}/mvp.json",
    "clusters": "clinical-clusters/{year}/clinical-clusters.json",
}


class FolderError(Exception):
    """A file cannot be read or written; says which and why."""


class Choices(NamedTuple):
    """What the user asked for.

    ``mock_methods`` is None where the last import's own still hold; ``version`` is
    empty where the checkout's ``package.json`` says it.
    """

    year: int
    folder: Path
    mock_methods: frozenset[str] | None
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import made; ``changes`` are against what was in ``folder`` before."""

    catalogue: Catalogue
    folder: Path
    origin: Origin
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many facts of each kind there are now."""
        facts = self.catalogue
        return {
            "quality measures": len(facts.quality),
            "promoting interoperability measures": len(facts.interoperability),
            "improvement activities": len(facts.activities),
            "cost measures": len(facts.cost),
            "benchmarks": len(facts.benchmarks),
            "of these stand-ins": sum(row.is_mock for row in facts.benchmarks.values()),
            "exclusion reasons": len(facts.exclusion_reasons),
            "programs": len(facts.programs),
            "MVPs": len(facts.mvps),
            "measures in clusters": len(facts.clusters),
        }


def packaged_folder(year: int) -> Path | None:
    """Give the year's folder in a source checkout; an installed package has none."""
    package = Path(qpp.__file__).parent
    if not (package.parent / "pyproject.toml").is_file():
        return None
    return package / "catalog" / f"py{year}"


def import_year(checkout: Path, choices: Choices) -> Report:
    """Import one year from *checkout* and write it.

    Raises:
        FolderError: a file of CMS's is missing, or ours cannot be written.
        CmsError: CMS's data cannot be used; nothing is written.
        CatalogueError: a fact cannot be written; nothing is.
    """
    year = choices.year
    names = {
        kind: name.format(year=year)
        for kind, name in (NEEDED | OPTIONAL).items()
        if kind in NEEDED or (checkout / name.format(year=year)).is_file()
    }
    contents = {name: _read(checkout, name) for name in names.values()}
    parsed = {kind: parse_json(name, contents[name]) for kind, name in names.items()}
    inputs = {name: sha256(content).hexdigest() for name, content in contents.items()}
    old = _files(choices.folder)
    origin = _origin(checkout, choices, inputs, old)
    catalogue, warnings = import_catalogue(
        year,
        types_by_measure=_types_by_measure(year),
        mock_methods=origin.mock_methods,
        **(dict.fromkeys(OPTIONAL) | parsed),
    )
    absent = tuple(
        f"{name.format(year=year)} is not there: nothing of it is known"
        for kind, name in OPTIONAL.items()
        if kind not in names
    )
    new = write_catalogue(catalogue, origin)
    _write(choices.folder, new)
    return Report(
        catalogue, choices.folder, origin, changes(old, new), absent + warnings
    )


def _read(checkout: Path, name: str) -> bytes:
    """Read one of CMS's files."""
    try:
        return (checkout / name).read_bytes()
    except OSError as error:
        message = f"{checkout} has no readable {name}: {error.strerror}"
        raise FolderError(message) from error


def _files(folder: Path) -> dict[str, bytes]:
    """Read what an earlier import wrote; a folder that is not there has nothing."""
    return {
        path.name: path.read_bytes()
        for path in (*folder.glob("*.csv"), *folder.glob(MANIFEST))
    }


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, the manifest last: until then the hashes tell a half import."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.csv"):
            if stale.name not in files:
                stale.unlink()
        for name in sorted(files, key=lambda name: (name == MANIFEST, name)):
            (folder / name).write_bytes(files[name])
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}"
        raise FolderError(message) from error


def _origin(
    checkout: Path,
    choices: Choices,
    inputs: Mapping[str, str],
    old: Mapping[str, bytes],
) -> Origin:
    """Say where the facts come from; what the user leaves open stays as it was."""
    before = _origin_before(choices.year, old)
    known = before.version if before.inputs == inputs else _package_version(checkout)
    methods = choices.mock_methods
    return Origin(
        version=choices.version or known,
        mock_methods=before.mock_methods if methods is None else methods,
        inputs=inputs,
    )


def _origin_before(year: int, old: Mapping[str, bytes]) -> Origin:
    """Read the last import's origin: in the folder, or else in the packaged one."""
    packaged = packaged_folder(year)
    files = old if MANIFEST in old or packaged is None else _files(packaged)
    return read_manifest(files[MANIFEST]).origin if MANIFEST in files else Origin()


def _package_version(checkout: Path) -> str:
    """Read the version from CMS's ``package.json``; empty where there is none."""
    try:
        version = json.loads((checkout / "package.json").read_bytes()).get("version")
    except (OSError, ValueError, AttributeError):
        return ""
    return version if isinstance(version, str) else ""


def _types_by_measure(year: int) -> Mapping[str, str]:
    """Ask the year's rules for the cost types that CMS's text does not settle."""
    try:
        return library.rules(year).cost.types_by_measure.value
    except library.YearUnknownError:
        return {}
