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
# Until 2022 CMS published lower bounds: of deciles 2 to 10, or of 1 to 10.
LOWER_BOUNDS: Final = (len(PERCENTILES[1:-1]), len(PERCENTILES[1:]))
Exclusion: TypeAlias = tuple[Key, tuple[str, ...]]


def _benchmark_cells(row: Benchmark) -> tuple[str, ...]:
    """Write a benchmark as its line; what is not there of its ladder stays empty."""
    _check_ladder(row)
    return (
        cell.text(row.measure_id),
        cell.text(row.submission_method),
        str(row.benchmark_year),
        cell.flag(row.is_inverse),
        cell.flag(row.is_topped_out),
        cell.flag(row.capped),
        cell.flag(row.is_mock),
        cell.number(row.average),
        *(map(cell.number, row.percentiles or (None,) * len(PERCENTILES))),
        cell.names(map(cell.number, row.deciles)),
    )


def _benchmark(cells: list[str]) -> Benchmark:
    """Read a benchmark from its line."""
    measure_id, method, year, inverse, topped_out, capped, mock, mean, *ladder = cells
    *percentiles, deciles = ladder
    row = Benchmark(
        measure_id=measure_id,
        submission_method=method,
        benchmark_year=cell.read_year(year),
        is_inverse=cell.read_flag(inverse),
        is_topped_out=cell.read_flag(topped_out),
        capped=cell.read_flag(capped),
        is_mock=cell.read_flag(mock),
        average=cell.read_number(mean) if mean else None,
        percentiles=tuple(
            map(cell.read_number, percentiles if any(percentiles) else ())
        ),
        deciles=tuple(map(cell.read_number, cell.read_names(deciles))),
    )
    _check_ladder(row)
    if reason := disorder(row):
        raise CatalogueError(reason)
    return row


def _check_ladder(row: Benchmark) -> None:
    """Refuse a row that has half a ladder, two, or none."""
    found = len(row.percentiles), len(row.deciles)
    whole = {(len(PERCENTILES), 0), *((0, count) for count in LOWER_BOUNDS)}
    if found not in whole:
        message = f"{row.measure_id}: {found[0]} percentiles and {found[1]} deciles"
        raise CatalogueError(message)


def disorder(row: Benchmark) -> str:
    """Say why the numbers of a row are no ladder; empty when they are one."""
    if any(low > high for low, high in pairwise(row.percentiles)):
        return "percentiles do not ascend"
    steps = pairwise(reversed(row.deciles) if row.is_inverse else row.deciles)
    if any(low > high for low, high in steps):
        return f"deciles do not {'descend' if row.is_inverse else 'ascend'}"
    return ""


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
        "deciles",
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
