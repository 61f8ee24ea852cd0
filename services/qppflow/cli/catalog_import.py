"""Importing CMS's measures data: files in, files out, and what changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import qpp
from qpp import library
from qpp.catalog_diff import Change, changes
from qpp.catalog_format import write_catalogue
from qpp.catalog_manifest import MANIFEST, Origin, read_manifest
from qpp.catalog_cells import CatalogueError
from qpp.catalogue import Catalogue
from qpp.cms_import import import_catalogue
from qpp.cms_record import CmsError, Record, parse_json

PROGRAM_NAMES: Final = "util/program-names/program-names.json"
FEW: Final = 6


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
            "of these stand-ins": sum(
                row.is_mock for row in facts.benchmarks.values()
            ),
            "exclusion reasons": len(facts.exclusion_reasons),
            "programs": len(facts.programs),
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
        "measures": f"measures/{year}/measures-data.json",
        "benchmarks": f"benchmarks/{year}.json",
        "exclusion_reasons": f"benchmarks/{year}/benchmark-exclusion-reasons.json",
        "program_names": PROGRAM_NAMES,
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
        **parsed,
    )
    new = write_catalogue(catalogue, origin)
    _write(choices.folder, new)
    return Report(catalogue, choices.folder, origin, changes(old, new), warnings)
