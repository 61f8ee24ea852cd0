"""Builders for tests of the law: real rule books, tiny hand-made catalogues.

Nothing here computes points: expectations stand in the tests, taken from the
regulation and from what CMS published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from qpp.catalogue import (
    Activity,
    Benchmark,
    Catalogue,
    CostMeasure,
    InteroperabilityMeasure,
    Key,
    QualityMeasure,
)
from qpp.inputs import ScoreInput, read_input
from qpp.mips.rules import MipsRules, read_rules
from qpp.mips.scoring import Law
from qpp.submission import REGISTRY

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared"
YEARS: Final = (2024, 2025, 2026)
MIPS: Final = frozenset({"mips"})
HUNDRED: Final = Decimal(100)

# p1, p10, p20 … p90, p99. Where a ladder names a measure, the cuts are CMS's: 404,
# 424 and TPCC_1 of 2024 as published, 110 from a sample of CMS's engine of 2019.
LADDERS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(text.split())
    for name, text in {
        "flat": "1 10 20 30 40 50 60 70 80 90 99",
        "defined": "84 86 88 90 92 94 96 98 99 100 100",
        "defined inverse": "0 0 1 2 4 6 8 10 12 14 16",
        "110 of 2019": "0 0 26.89 40.49 50 57.07 64.79 73.08 82.71 96.44 100",
        "404 of 2024": "7.7 41.38 59.25 66.67 73.175 77.27 80.16 85.48 91.27 96.45 100",
        "424 of 2024": "84.46 98.41 99.46 99.89 99.97 99.99 100 100 100 100 100",
        "always 100": "100 100 100 100 100 100 100 100 100 100 100",
        "always 0": "0 0 0 0 0 0 0 0 0 0 0",
        "inverse without a tail": "0 5 10 15 20 25 30 35 40 50 50",
        "TPCC_1 of 2024": "0 1046.81 1204.04 1361.27 1675.72 1832.95 1990.18 2147.41 "
        "2226.03 2304.64 2383.26",
    }.items()
}

ATTESTATIONS: Final = ("PI_PPHI_1", "PI_PPHI_2", "PI_INFBLO_1", "PI_ONCDIR_1")
EXCLUSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "PI_EP_1": ("PI_LVPP_1",),
    "PI_EP_2": ("PI_EP_2_EX_1", "PI_EP_2_EX_2"),
    "PI_HIE_1": ("PI_LVOTC_1",),
    "PI_HIE_4": ("PI_LVITC_2",),
    "PI_HIE_5": (),
    "PI_HIE_6": (),
    "PI_PEA_1": (),
    "PI_PHCDRR_1": tuple(f"PI_PHCDRR_1_EX_{n}" for n in (1, 2, 3)),
    "PI_PHCDRR_3": tuple(f"PI_PHCDRR_3_EX_{n}" for n in (1, 2, 3)),
}
COSTS: Final[Mapping[str, str]] = {
    "TPCC_1": "",
    "MSPB_1": "",
    "COST_CRR_1": "procedural",
    "COST_PRC_1": "",
    "COST_CCLI_1": "",
    "COST_EDV_1": "",
    "COST_LGH_1": "acuteInpatient",
    "COST_KA_1": "procedural",
    "COST_SPH_1": "acuteInpatient",
    "COST_DIA_1": "chronic",
}


def cuts(ladder: str | Iterable[object]) -> tuple[Decimal, ...]:
    """Give a ladder by its name, or read its eleven cut points."""
    given = LADDERS[ladder] if isinstance(ladder, str) else ladder
    return tuple(Decimal(str(item)) for item in given)


@cache
def book(year: int) -> MipsRules:
    """Read the real rule book of one year."""
    folder = ROOT / "qpp" / "rules" / "mips" / f"py{year}"
    files = {file.name: file.read_bytes() for file in folder.glob("*.toml")}
    return read_rules(f"mips/py{year}", files)


def amended(rules: MipsRules, **values: object) -> MipsRules:
    """Replace provisions: ``quality__completeness_on="rounded"``."""
    for path, value in values.items():
        part, name = path.split("__")
        old = getattr(rules, part)
        provision = replace(getattr(old, name), value=value)
        rules = replace(rules, **{part: replace(old, **{name: provision})})
    return rules


def measure(measure_id: str, **facts: object) -> QualityMeasure:
    """Make a quality measure: an old process CQM unless *facts* say otherwise."""
    plain: dict[str, Any] = {
        "title": f"Measure {measure_id}",
        "measure_type": "process",
        "metric_type": "singlePerformanceRate",
        "overall_algorithm": "",
        "is_high_priority": False,
        "is_inverse": False,
        "is_qcdr": False,
        "first_performance_year": 2017,
        "submission_methods": frozenset({REGISTRY}),
        "allowed_programs": MIPS,
        "strata": (),
        "suppressed": frozenset(),
        "truncated": frozenset(),
        "cap_removed": frozenset(),
        "historic_benchmark_removed": frozenset(),
    }
    for name, value in facts.items():
        if isinstance(plain[name], frozenset) and isinstance(value, Iterable):
            plain[name] = frozenset(value)
        else:
            plain[name] = value
    return QualityMeasure(measure_id=measure_id, **plain)


def benchmark(
    measure_id: str,
    ladder: str | Iterable[object] = "flat",
    method: str = REGISTRY,
    **facts: object,
) -> Benchmark:
    """Make a benchmark row: direct, not topped out, not capped."""
    plain: dict[str, Any] = {
        "benchmark_year": 2022,
        "is_inverse": False,
        "is_topped_out": False,
        "capped": False,
        "is_mock": False,
        "average": None,
    }
    plain.update(facts)
    return Benchmark(
        measure_id=measure_id,
        submission_method=method,
        percentiles=cuts(ladder),
        **plain,
    )


def _interoperability() -> dict[str, InteroperabilityMeasure]:
    """Make the measures, attestations and exclusions that scoring may meet."""
    bonus = [f"PI_PHCDRR_{n}" for n in (2, 4, 5, 6)]
    names = [*ATTESTATIONS, *EXCLUSIONS, *bonus]
    names += [other for others in EXCLUSIONS.values() for other in others]
    return {
        name: InteroperabilityMeasure(
            measure_id=name,
            title=name,
            metric_type="boolean",
            objective="",
            reporting_category="",
            is_required=name in EXCLUSIONS or name in ATTESTATIONS,
            is_bonus=name in bonus,
            exclusions=EXCLUSIONS.get(name, ()),
            substitutes=(),
            engagement=(),
            allowed_programs=MIPS,
        )
        for name in names
    }


def _activities(*, weighted: bool) -> dict[str, Activity]:
    """Make four high and four medium activities, the medical home, and IA_MVP."""
    weights = {f"IA_HIGH_{n}": "high" for n in range(1, 5)}
    weights |= {f"IA_MEDIUM_{n}": "medium" for n in range(1, 5)}
    names = [*weights, "IA_PCMH", "IA_MVP"]
    return {
        name: Activity(name, name, "", weights.get(name, "") if weighted else "", MIPS)
        for name in names
    }


def catalogue(
    year: int,
    quality: Iterable[QualityMeasure] = (),
    benchmarks: Iterable[Benchmark] = (),
    reasons: Mapping[Key, tuple[str, ...]] | None = None,
    *,
    mock_costs: bool = False,
) -> Catalogue:
    """Make a catalogue: PI, activities and cost always, quality as given."""
    rows = [
        benchmark(
            name,
            "TPCC_1 of 2024",
            "administrativeClaims",
            is_inverse=True,
            is_mock=mock_costs,
            benchmark_year=year,
        )
        for name in COSTS
    ]
    return Catalogue(
        id=f"py{year}@made-by-hand",
        year=year,
        quality={item.measure_id: item for item in quality},
        interoperability=_interoperability(),
        activities=_activities(weighted=year == YEARS[0]),
        cost={
            name: CostMeasure(name, name, kind, 2017, MIPS)
            for name, kind in COSTS.items()
        },
        benchmarks={
            (row.measure_id, row.submission_method): row for row in (*rows, *benchmarks)
        },
        exclusion_reasons=reasons or {},
        programs=MIPS,
    )


def law(
    year: int,
    quality: Iterable[QualityMeasure] = (),
    benchmarks: Iterable[Benchmark] = (),
    *,
    mock_costs: bool = False,
) -> Law:
    """Pair the real rule book of a year with a hand-made catalogue."""
    facts = catalogue(year, quality, benchmarks, mock_costs=mock_costs)
    return Law(book(year), facts)


def counts(rate: Decimal, population: int = 10_000) -> dict[str, object]:
    """Make counts of a complete measure with this performance rate in percent."""
    met = int(rate * population / HUNDRED)
    return {
        "isEndToEndReported": True,
        "performanceMet": met,
        "performanceNotMet": population - met,
        "eligiblePopulation": population,
    }


def earning(points: str) -> dict[str, object]:
    """Make counts that earn *points* (1, or 2 to 10) on the flat ladder."""
    wanted = Decimal(points)
    return counts(HUNDRED if wanted == 10 else (wanted - 1) * 10)


def a_set(
    category: str,
    measurements: Mapping[str, object],
    method: str = REGISTRY,
    start: str = "2025-01-01",
    end: str = "2025-12-31",
) -> dict[str, object]:
    """Make a measurement set in CMS's shape."""
    return {
        "category": category,
        "submissionMethod": method,
        "performanceStart": start,
        "performanceEnd": end,
        "measurements": [
            {"measureId": name, "value": value} for name, value in measurements.items()
        ],
    }


def interoperability(year: int = 2025) -> dict[str, object]:
    """Answer everything in full: 100 points without bonus, in any year."""
    full = {"numerator": 100, "denominator": 100}
    answers: dict[str, object] = dict.fromkeys(ATTESTATIONS, True)
    answers |= dict.fromkeys(("PI_EP_1", "PI_HIE_1", "PI_HIE_4", "PI_PEA_1"), full)
    answers |= dict.fromkeys(("PI_EP_2", "PI_PHCDRR_1", "PI_PHCDRR_3"), True)
    answers["PI_PHCDRR_1_PROD"] = True
    # The suppressed case reporting measure of 2025 needs no level of engagement.
    if year != YEARS[1]:
        answers["PI_PHCDRR_3_PROD"] = True
    return answers


def entity(
    year: int = 2025,
    sets: Sequence[Mapping[str, object]] = (),
    statuses: Iterable[str] | None = (),
    **feeds: object,
) -> ScoreInput:
    """Make a score input; *feeds* are named as in ``read_input``."""
    profile = None if statuses is None else {"specialStatuses": list(statuses)}
    document = {
        "performanceYear": year,
        "entityType": "individual",
        "measurementSets": list(sets),
        "profile": profile,
    }
    return read_input(document | feeds, "mips")
