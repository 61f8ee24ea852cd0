"""The catalogue's files of benchmarks, of their absence, and of programs."""

from itertools import pairwise
from typing import Final, TypeAlias

from qpp import catalog_cells as cell
from qpp.catalog_cells import CatalogueError
from qpp.catalog_table import Table
from qpp.catalogue import Benchmark, Key

PAIR: Final = ("measure_id", "submission_method")
# The percentiles that CMS publishes, in its own names: 1, 10, 20 … 90, 99.
PERCENTILES: Final = ("1", *(f"{tens}0" for tens in "123456789"), "99")
Exclusion: TypeAlias = tuple[Key, tuple[str, ...]]


def _benchmark_cells(row: Benchmark) -> tuple[str, ...]:
    """Write a benchmark as its line."""
    if len(row.percentiles) != len(PERCENTILES):
        message = f"{row.measure_id}: {len(row.percentiles)} percentiles"
        raise CatalogueError(message)
    return (
        cell.text(row.measure_id),
        cell.text(row.submission_method),
        str(row.benchmark_year),
        cell.flag(row.is_inverse),
        cell.flag(row.is_topped_out),
        cell.flag(row.capped),
        cell.flag(row.is_mock),
        cell.number(row.average),
        *(cell.number(value) for value in row.percentiles),
    )


def _benchmark(cells: list[str]) -> Benchmark:
    """Read a benchmark from its line."""
    measure_id, method, year, inverse, topped_out, capped, mock, mean, *ladder = cells
    percentiles = tuple(map(cell.read_number, ladder))
    if any(low > high for low, high in pairwise(percentiles)):
        message = "percentiles do not ascend"
        raise CatalogueError(message)
    return Benchmark(
        measure_id=measure_id,
        submission_method=method,
        benchmark_year=cell.read_year(year),
        is_inverse=cell.read_flag(inverse),
        is_topped_out=cell.read_flag(topped_out),
        capped=cell.read_flag(capped),
        is_mock=cell.read_flag(mock),
        average=cell.read_number(mean) if mean else None,
        percentiles=percentiles,
    )


BENCHMARKS: Final = Table(
    file="benchmarks.csv",
    key=PAIR,
    facts=(
        "benchmark_year",
        "inverse",
        "topped_out",
        "capped",
        "mock",
        "average",
        *(f"p{name}" for name in PERCENTILES),
    ),
    to_cells=_benchmark_cells,
    from_cells=_benchmark,
)


def _exclusion_cells(row: Exclusion) -> tuple[str, ...]:
    """Write an exclusion as its line."""
    (measure_id, method), codes = row
    return (cell.text(measure_id), cell.text(method), cell.names(codes))


def _exclusion(cells: list[str]) -> Exclusion:
    """Read an exclusion from its line."""
    measure_id, method, codes = cells
    return (measure_id, method), cell.read_names(codes)


EXCLUSIONS: Final = Table(
    file="exclusion_reasons.csv",
    key=PAIR,
    facts=("reason_codes",),
    to_cells=_exclusion_cells,
    from_cells=_exclusion,
)


def _program_cells(row: str) -> tuple[str, ...]:
    """Write a program as its line."""
    return (cell.text(row),)


def _program(cells: list[str]) -> str:
    """Read a program from its line."""
    (name,) = cells
    return name


PROGRAMS: Final = Table(
    file="programs.csv",
    key=("program",),
    facts=(),
    to_cells=_program_cells,
    from_cells=_program,
)
