"""The manifest of a catalogue: its year, where it came from, and its hashes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from qpp.catalog_cells import CatalogueError

MANIFEST: Final = "manifest.toml"
SOURCE: Final = "CMSgov/qpp-measures-data"
HEADER: Final = """\
# Written by `qppflow catalog import`; change the data by importing, not by hand.
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the facts came from; ``version`` is empty where nobody knows it.

    ``mock_methods`` are the collection types whose benchmarks were declared
    stand-ins; ``inputs`` maps each file read to its SHA-256.
    """

    version: str = ""
    mock_methods: frozenset[str] = frozenset()
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.toml`` says; ``hashes`` maps each file to its SHA-256."""

    year: int
    origin: Origin
    hashes: Mapping[str, str]


def write_manifest(year: int, origin: Origin, files: Mapping[str, bytes]) -> bytes:
    """Write the manifest of *files*."""
    lines = [HEADER, f"year = {year}", f"source = {_quoted(SOURCE)}"]
    if origin.version:
        lines.append(f"source_version = {_quoted(origin.version)}")
    mock = ", ".join(map(_quoted, sorted(origin.mock_methods)))
    lines.append(f"mock_methods = [{mock}]")
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    for title, table in (("inputs", origin.inputs), ("files", hashes)):
        lines += ["", f"[{title}]"]
        lines += [f"{_quoted(name)} = {_quoted(table[name])}" for name in sorted(table)]
    return ("\n".join(lines) + "\n").encode()


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        CatalogueError: it is not TOML, or lacks something.
    """
    try:
        tables = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{MANIFEST}: not a TOML file: {error}"
        raise CatalogueError(message) from error
    return Manifest(
        year=_taken(tables, "year", int),
        origin=Origin(
            version=_taken({"source_version": "", **tables}, "source_version", str),
            mock_methods=frozenset(_taken(tables, "mock_methods", list)),
            inputs=_taken(tables, "inputs", dict),
        ),
        hashes=_taken(tables, "files", dict),
    )


def _taken(tables: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - of *kind*
    """Take one value of the manifest, of the kind it must be."""
    value = tables.get(name)
    if not isinstance(value, kind):
        message = f"{MANIFEST}: {name} is missing or no {kind.__name__}"
        raise CatalogueError(message)
    return value


def _quoted(text: str) -> str:
    """Write a TOML string; only names, hashes and a version note come here.

    Raises:
        CatalogueError: the text would need escapes.
    """
    if not text.isprintable() or '"' in text or "\\" in text:
        message = f"{MANIFEST}: {text!r} has quotes, backslashes or control characters"
        raise CatalogueError(message)
    return f'"{text}"'
