"""The two sides of ``qppflow catalog diff``: packaged years, or folders of imports."""

import re
from pathlib import Path
from typing import Final

from qpp import library
from qpp.catalog_format import read_catalogue
from qpp.catalog_manifest import MANIFEST, read_manifest
from qpp.catalogue import Catalogue
from qppflow.cli.catalog_import import FolderError

YEAR: Final = re.compile(r"[0-9]{4}")


class UsageError(Exception):
    """What was typed names no catalogue; says why."""


def sides(old: str, new: str | None) -> tuple[Catalogue, Catalogue]:
    """Read both catalogues; a folder alone is compared with the packaged one.

    Raises:
        UsageError: a year is not there, or one year alone is to be compared.
        FolderError: a folder cannot be read.
        CatalogueError: its files are no catalogue.
    """
    if new is not None:
        return side(old), side(new)
    if YEAR.fullmatch(old):
        message = f"compare {old} with what? Name another year or a folder"
        raise UsageError(message)
    found = side(old)
    return _packaged(found.year), found


def side(name: str) -> Catalogue:
    """Read a catalogue: four digits are a packaged year, all else is a folder."""
    return _packaged(int(name)) if YEAR.fullmatch(name) else _folder(Path(name))


def _packaged(year: int) -> Catalogue:
    """Read the catalogue that ships."""
    try:
        return library.catalogue(year)
    except library.YearUnknownError as error:
        raise UsageError(str(error)) from error


def _folder(folder: Path) -> Catalogue:
    """Read what an import wrote, whatever its folder is called."""
    try:
        files = {
            path.name: path.read_bytes()
            for path in (*folder.glob("*.csv"), folder / MANIFEST)
        }
    except OSError as error:
        message = f"{folder} holds no readable import: {error.strerror}"
        raise FolderError(message) from error
    year = read_manifest(files[MANIFEST]).year
    return read_catalogue(f"py{year}", files)
