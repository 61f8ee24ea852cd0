"""What one import changes against another, row by row."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from qpp.catalog_format import TABLES
from qpp.catalog_table import Table

RowKey: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Keys of the rows of *file* that came, went, or say something else."""

    file: str
    added: tuple[RowKey, ...]
    removed: tuple[RowKey, ...]
    changed: tuple[RowKey, ...]

    def __bool__(self) -> bool:
        """Say whether anything is different."""
        return bool(self.added or self.removed or self.changed)


def changes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Compare two sets of files, one change for each file of the format.

    A file that is missing has no rows. Damaged files are compared as far as they can
    be read, since this only informs.
    """
    return tuple(_change(table, old, new) for table in TABLES)


def _change(
    table: Table[Any], old: Mapping[str, bytes], new: Mapping[str, bytes]
) -> Change:
    """Compare one file."""
    before = _rows(table, old.get(table.file, b""))
    after = _rows(table, new.get(table.file, b""))
    return Change(
        file=table.file,
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(
            sorted(
                key for key in before.keys() & after.keys() if before[key] != after[key]
            )
        ),
    )


def _rows(table: Table[Any], content: bytes) -> dict[RowKey, dict[str, str]]:
    """Read rows by key, without judging them; a column that came is no other fact."""
    lines = csv.reader(content.decode(errors="replace").splitlines(keepends=True))
    header = next(lines, [])
    return {
        tuple(cells[: len(table.key)]): {
            name: cell for name, cell in zip(header, cells, strict=False) if cell
        }
        for cells in lines
    }
