"""What two catalogues say differently, fact by fact, for people who review them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, TypeAlias

from qpp.catalog_cells import SEPARATOR
from qpp.catalog_groups import cluster_rows
from qpp.catalogue import (
    Activity,
    Benchmark,
    Catalogue,
    CostMeasure,
    InteroperabilityMeasure,
    Mvp,
    QualityMeasure,
)

RowKey: TypeAlias = tuple[str, ...]
Value: TypeAlias = (
    str | int | Decimal | frozenset[str] | tuple[str, ...] | tuple[Decimal, ...] | None
)
Facts: TypeAlias = Mapping[str, Value]
Rows: TypeAlias = Mapping[RowKey, Facts]
Record: TypeAlias = (
    QualityMeasure | InteroperabilityMeasure | Activity | CostMeasure | Benchmark | Mvp
)

# Fields that are the key of their row.
KEY_FIELDS: Final = frozenset({"measure_id", "submission_method", "mvp_id"})
PROGRAMS: Final = "allowed_programs"
TITLE: Final = "title"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of a row, as it was and as it is."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that both catalogues have, and what is different in it."""

    key: RowKey
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class KindChange:
    """All differences of one kind of fact; rows by key, in order.

    ``renumbered`` are pairs of old and new id under the same title; they are neither
    among ``added`` nor ``removed``, and what else is different stands in ``changed``.
    """

    kind: str
    added: tuple[RowKey, ...]
    removed: tuple[RowKey, ...]
    renumbered: tuple[tuple[RowKey, RowKey], ...]
    changed: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        """Say whether anything is different."""
        return bool(self.added or self.removed or self.renumbered or self.changed)


def compare(old: Catalogue, new: Catalogue) -> tuple[KindChange, ...]:
    """Compare two catalogues, one change for each kind of fact.

    MVPs are compared as such, so the programs of a measure leave them out.
    """
    pathways = frozenset(old.mvps) | frozenset(new.mvps)
    before, after = rows_by_kind(old, pathways), rows_by_kind(new, pathways)
    return tuple(_compare(kind, before[kind], after[kind]) for kind in before)


def rows_by_kind(
    catalogue: Catalogue, pathways: frozenset[str] = frozenset()
) -> dict[str, Rows]:
    """Lay out a catalogue as facts by kind and key, without the programs *pathways*."""
    return {
        "quality": _by_id(catalogue.quality, pathways),
        "interoperability": _by_id(catalogue.interoperability, pathways),
        "activities": _by_id(catalogue.activities, pathways),
        "cost": _by_id(catalogue.cost, pathways),
        "mvps": _by_id(catalogue.mvps, pathways),
        "clusters": _clusters(catalogue),
        "benchmarks": {
            key: _facts(row, pathways) for key, row in catalogue.benchmarks.items()
        },
        "exclusion_reasons": {
            key: {"reason_codes": frozenset(codes)}
            for key, codes in catalogue.exclusion_reasons.items()
        },
        "programs": {(name,): {} for name in catalogue.programs},
    }


def _by_id(records: Mapping[str, Record], pathways: frozenset[str]) -> Rows:
    """Lay out records that have an id of their own."""
    return {(name,): _facts(record, pathways) for name, record in records.items()}


def _facts(record: Record, pathways: frozenset[str]) -> Facts:
    """Lay out a record; what is its key is left out."""
    facts: dict[str, Value] = {
        field.name: getattr(record, field.name)
        for field in fields(record)
        if field.name not in KEY_FIELDS
    }
    if isinstance(programs := facts.get(PROGRAMS), frozenset):
        facts[PROGRAMS] = programs - pathways
    return facts


def _clusters(catalogue: Catalogue) -> Rows:
    """Lay out clusters by method, kind and name.

    ``counted_for`` says more where one name stands for several sets of measures, or a
    set is not that of all its measures.
    """
    members = defaultdict[RowKey, set[str]](set)
    variants = defaultdict[RowKey, set[str]](set)
    for method, cluster, of in cluster_rows(catalogue.clusters):
        key = method, cluster.kind, cluster.name
        members[key] |= cluster.measures
        variants[key].add(f"{_joined(cluster.measures)} of {_joined(of)}")
    return {
        key: {
            "measures": frozenset(names),
            "counted_for": frozenset(variants[key])
            - {f"{_joined(names)} of {_joined(names)}"},
        }
        for key, names in members.items()
    }


def _joined(names: Iterable[str]) -> str:
    """Write names in order."""
    return SEPARATOR.join(sorted(names))


def _compare(kind: str, old: Rows, new: Rows) -> KindChange:
    """Compare the rows of one kind."""
    came, went = new.keys() - old.keys(), old.keys() - new.keys()
    moved = tuple(_renumbered(old, new, came, went))
    pairs = [*((key, key) for key in old.keys() & new.keys()), *moved]
    changed = (
        RowChange(after, tuple(_differences(old[before], new[after])))
        for before, after in sorted(pairs, key=lambda pair: pair[1])
    )
    return KindChange(
        kind=kind,
        added=tuple(sorted(came - {after for _, after in moved})),
        removed=tuple(sorted(went - {before for before, _ in moved})),
        renumbered=moved,
        changed=tuple(row for row in changed if row.differences),
    )


def _renumbered(
    old: Rows, new: Rows, came: Iterable[RowKey], went: Iterable[RowKey]
) -> Iterator[tuple[RowKey, RowKey]]:
    """Pair rows that went with rows that came under the same title, if it is unique."""
    before, after = _by_title(old, went), _by_title(new, came)
    yield from sorted((before[title], after[title]) for title in before.keys() & after)


def _by_title(rows: Rows, keys: Iterable[RowKey]) -> dict[Value, RowKey]:
    """Find rows by title; a title of several rows tells none of them."""
    titled = {key: rows[key][TITLE] for key in keys if TITLE in rows[key]}
    count = Counter(titled.values())
    return {title: key for key, title in titled.items() if count[title] == 1}


def _differences(old: Facts, new: Facts) -> Iterator[Difference]:
    """Compare two rows of one kind, in the order of their facts."""
    for name, before in old.items():
        if before != new[name]:
            yield Difference(name, before, new[name])
