"""CMS's benchmark files as the catalogue's benchmarks, with what they lack.

Rows that no submission can ever use, or that cannot be read as a ladder, are left
out and reported: no benchmark is better than a wrong one.
"""

from collections.abc import Collection
from decimal import Decimal

from qpp.catalog_benchmarks import LOWER_BOUNDS, PERCENTILES, disorder
from qpp.catalogue import Benchmark, Key
from qpp.cms_measures import Measures
from qpp.cms_record import Record, records


def read_benchmarks(
    rows: object,
    year: int,
    measures: Measures,
    mock_methods: Collection[str],
    warnings: list[str],
) -> dict[Key, Benchmark]:
    """Read the benchmarks of *year*; what is left out is added to *warnings*.

    Raises:
        CmsError: a row lacks what the law needs, is of another year, or stands twice.
    """
    found: dict[Key, Benchmark] = {}
    for record in records("benchmarks", rows):
        key = _key(record, year, found)
        row = _benchmark(record, key, measures, mock_methods)
        reason = _unknown(key, measures) or _unreadable(row, measures)
        if reason:
            warnings.append(f"benchmark {' '.join(key)} left out: {reason}")
        else:
            found[key] = row
    marked = {row.submission_method for row in found.values() if row.is_mock}
    warnings += [
        f"no benchmark of method {method} is there to be marked as a stand-in"
        for method in sorted(set(mock_methods) - marked)
    ]
    return found


def read_exclusions(
    rows: object, year: int, measures: Measures, warnings: list[str]
) -> dict[Key, tuple[str, ...]]:
    """Read why measures have no benchmark: reason codes by measure and method.

    *rows* is None where CMS has no such file, before 2023.

    Raises:
        CmsError: a row has no code, is of another year, or stands twice.
    """
    found: dict[Key, tuple[str, ...]] = {}
    for record in records("benchmark-exclusion-reasons", [] if rows is None else rows):
        key = _key(record, year, found)
        codes = record.names("reasonCodes")
        if not codes:
            record.refuse("reasonCodes", "at least one code")
        if reason := _unknown(key, measures):
            warnings.append(f"exclusion reason {' '.join(key)} left out: {reason}")
        else:
            found[key] = codes
    return found


def _key(record: Record, year: int, known: Collection[Key]) -> Key:
    """Read which measure and method a row is about."""
    key = record.text("measureId"), record.text("submissionMethod")
    if record.whole("performanceYear") != year:
        record.refuse("performanceYear", str(year))
    if key in known:
        record.refuse("submissionMethod", "one row for each measure and method")
    return key


def _benchmark(
    record: Record, key: Key, measures: Measures, mock_methods: Collection[str]
) -> Benchmark:
    """Read one row; until 2022 only the measure itself says its direction."""
    measure_id, method = key
    deciles = _deciles(record)
    of_measure = measures.inverse.get(measure_id, False)
    return Benchmark(
        measure_id=measure_id,
        submission_method=method,
        benchmark_year=record.whole("benchmarkYear"),
        is_inverse=of_measure if deciles else record.flag("isInverse"),
        is_topped_out=record.flag("isToppedOut"),
        capped=record.flag("isToppedOutByProgram"),
        is_mock=method in mock_methods,
        average=record.number("averagePerformanceRate"),
        percentiles=() if deciles else _percentiles(record),
        deciles=deciles,
    )


def _deciles(record: Record) -> tuple[Decimal, ...]:
    """Read the lower bounds that CMS published until 2022; later rows have none."""
    bounds = record.numbers("deciles")
    if bounds and ("percentiles" in record.fields or len(bounds) not in LOWER_BOUNDS):
        needed = " or ".join(map(str, LOWER_BOUNDS))
        record.refuse("deciles", f"{needed} numbers, and no percentiles beside them")
    return bounds


def _percentiles(record: Record) -> tuple[Decimal, ...]:
    """Read the eleven cut points that CMS publishes since 2023."""
    ladder = record.table("percentiles")
    if set(ladder) != set(PERCENTILES):
        record.refuse("percentiles", f"exactly {', '.join(PERCENTILES)}")
    return tuple(record.exact("percentiles", ladder[name]) for name in PERCENTILES)


def _unknown(key: Key, measures: Measures) -> str:
    """Say why nobody can send what a row is about; empty when somebody can."""
    measure_id, method = key
    if measure_id not in measures.methods:
        return "measures-data has no such measure"
    if method not in measures.methods[measure_id]:
        return "the measure does not allow this method"
    return ""


def _unreadable(row: Benchmark, measures: Measures) -> str:
    """Say why a row is no ladder; empty when it is one."""
    if row.is_inverse != measures.inverse[row.measure_id]:
        return "its direction contradicts the measure's"
    reason = disorder(row)
    return f"its {reason}" if reason else ""
