"""One file of the catalogue: a header, then one fact a line, sorted by its key."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from qpp.catalog_cells import CatalogueError

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """How rows of one kind stand in *file*.

    ``key`` names the first columns, which tell a row from all others; ``to_cells``
    and ``from_cells`` turn a fact into its cells and back.
    """

    file: str
    key: tuple[str, ...]
    facts: tuple[str, ...]
    to_cells: Callable[[Row], tuple[str, ...]]
    from_cells: Callable[[list[str]], Row]

    @property
    def columns(self) -> tuple[str, ...]:
        """The header line."""
        return self.key + self.facts

    def write(self, rows: Iterable[Row]) -> bytes:
        """Write the file; the order of *rows* is moot.

        Raises:
            CatalogueError: a text does not fit into a cell, or a key is used twice.
        """
        lines = []
        for row in rows:
            try:
                lines.append(self.to_cells(row))
            except CatalogueError as error:
                message = f"{self.file}: {error}"
                raise CatalogueError(message) from error
        lines.sort()
        keys = {line[: len(self.key)] for line in lines}
        if len(keys) != len(lines):
            message = f"{self.file}: a key stands on two lines"
            raise CatalogueError(message)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(lines)
        return out.getvalue().encode()

    def read(self, content: bytes) -> list[Row]:
        """Read the file.

        Raises:
            CatalogueError: it is not what ``write`` makes; names the line.
        """
        rows = []
        before: list[str] = []
        for line, cells in self.lines(content):
            key = cells[: len(self.key)]
            if key <= before:
                message = f"{self.file} line {line}: not sorted, or {key} again"
                raise CatalogueError(message)
            before = key
            try:
                rows.append(self.from_cells(cells))
            except CatalogueError as error:
                message = f"{self.file} line {line}: {error}"
                raise CatalogueError(message) from error
        return rows

    def lines(self, content: bytes) -> Iterator[tuple[int, list[str]]]:
        """Yield line number and cells of each row.

        Raises:
            CatalogueError: bad UTF-8 or CSV, another header, or cells too few.
        """
        try:
            reader = csv.reader(content.decode().splitlines(keepends=True), strict=True)
            if tuple(next(reader, ())) != self.columns:
                message = f"{self.file} line 1: needs {','.join(self.columns)}"
                raise CatalogueError(message)
            for cells in reader:
                if len(cells) != len(self.columns):
                    message = (
                        f"{self.file} line {reader.line_num}: "
                        f"{len(cells)} cells, not {len(self.columns)}"
                    )
                    raise CatalogueError(message)
                yield reader.line_num, cells
        except (UnicodeDecodeError, csv.Error) as error:
            message = f"{self.file}: not a CSV file in UTF-8: {error}"
            raise CatalogueError(message) from error
