"""CMS's measures and benchmarks of one performance year, as typed facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Method = str
Key = tuple[str, Method]


@dataclass(frozen=True, slots=True)
class QualityMeasure:
    """A quality measure; methods are CMS's ``submissionMethods``.

    ``strata`` are the names to submit, empty for single rates; ``suppressed`` and
    ``truncated`` list the methods whose year does not count, or counts nine months;
    ``cap_removed`` those whose topped-out cap is lifted. ``vendors`` are the ids of
    the registries that may send a QCDR measure, empty where CMS names none.
    """

    measure_id: str
    title: str
    measure_type: str
    metric_type: str
    overall_algorithm: str
    is_high_priority: bool
    is_inverse: bool
    is_qcdr: bool
    first_performance_year: int
    submission_methods: frozenset[Method]
    allowed_programs: frozenset[str]
    strata: tuple[str, ...]
    suppressed: frozenset[Method]
    truncated: frozenset[Method]
    cap_removed: frozenset[Method]
    historic_benchmark_removed: frozenset[Method]
    vendors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InteroperabilityMeasure:
    """A Promoting Interoperability measure, attestation or exclusion.

    ``exclusions`` are the ids that replace it, ``substitutes`` those that may not be
    sent with it, ``engagement`` its two levels of active engagement. ``weight`` are
    the points that CMS's data named until 2019, ``measure_sets`` the sets the measure
    then belonged to (``transition``); in 2017 exclusions stood among ``substitutes``.
    """

    measure_id: str
    title: str
    metric_type: str
    objective: str
    reporting_category: str
    is_required: bool
    is_bonus: bool
    exclusions: tuple[str, ...]
    substitutes: tuple[str, ...]
    engagement: tuple[str, ...]
    allowed_programs: frozenset[str]
    weight: Decimal | None = None
    measure_sets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Activity:
    """An improvement activity; ``weight`` is ``high``, ``medium`` or empty.

    ``cehrt_eligible`` marks those that could earn the bonus for certified EHR in 2017.
    """

    measure_id: str
    title: str
    subcategory: str
    weight: str
    allowed_programs: frozenset[str]
    cehrt_eligible: bool = False


@dataclass(frozen=True, slots=True)
class CostMeasure:
    """A cost measure; ``cost_type`` is empty where CMS's text names none or two."""

    measure_id: str
    title: str
    cost_type: str
    first_performance_year: int
    allowed_programs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark row, its ladder written in one of two ways, the other one empty.

    ``percentiles``, from 2023 on: eleven cut points p1, p10, p20 … p90, p99, ascending
    also where less is better. ``deciles``, until 2022: the inclusive lower bounds of
    deciles 2 to 10 (nine), or 1 to 10 (ten), from worse to better: ascending where
    more is better, descending where less is.

    ``capped`` is CMS's ``isToppedOutByProgram``; ``is_mock`` marks rows that CMS
    published as stand-ins before the year's real ones exist.
    """

    measure_id: str
    submission_method: Method
    benchmark_year: int
    is_inverse: bool
    is_topped_out: bool
    capped: bool
    is_mock: bool
    average: Decimal | None
    percentiles: tuple[Decimal, ...]
    deciles: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Mvp:
    """A MIPS Value Pathway: what may be reported in it, and what CMS measures.

    ``population_health`` are CMS's foundation quality measures; ``outcome_claims`` the
    outcomes-based administrative-claims measures that take the place of a submitted
    one when they are selected at registration.
    """

    mvp_id: str
    title: str
    quality: frozenset[str]
    activities: frozenset[str]
    cost: frozenset[str]
    population_health: frozenset[str]
    outcome_claims: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Measures that belong together for one collection type.

    ``kind`` is ``clinicalTopic`` or ``specialtySet``. The same name may stand for
    other measures with another collection type, and in 2017 with another measure.
    """

    name: str
    kind: str
    measures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All facts of one performance year; ``id`` is ``py2026@`` and its hash.

    ``mvps`` are by id; ``clusters`` by measure and collection type, in order of kind,
    name and measures. A measure that belongs to none has no key there.
    """

    id: str
    year: int
    quality: Mapping[str, QualityMeasure]
    interoperability: Mapping[str, InteroperabilityMeasure]
    activities: Mapping[str, Activity]
    cost: Mapping[str, CostMeasure]
    benchmarks: Mapping[Key, Benchmark]
    exclusion_reasons: Mapping[Key, tuple[str, ...]]
    programs: frozenset[str]
    mvps: Mapping[str, Mvp] = field(default_factory=dict)
    clusters: Mapping[Key, tuple[Cluster, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash by its id, which names its exact content."""
        return hash(self.id)

    def category_of(self, measure_id: str) -> str | None:
        """Name the category *measure_id* belongs to, or None if it is unknown."""
        homes = (
            ("quality", self.quality),
            ("pi", self.interoperability),
            ("ia", self.activities),
            ("cost", self.cost),
        )
        return next((name for name, home in homes if measure_id in home), None)
