"""One measure of the catalogue, for people."""

from dataclasses import fields
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp import library
from qpp.catalogue import Catalogue, CostMeasure
from qppflow.cli.catalog_facts import (
    Measure,
    clusters_of,
    measure_of,
    reasons_of,
    rows_of,
)
from qppflow.cli.catalog_ladder import ladders

CATEGORIES: Final = {
    "quality": "Quality",
    "pi": "Promoting Interoperability",
    "ia": "Improvement Activities",
    "cost": "Cost",
}
CLUSTER_KINDS: Final = {
    "clinicalTopic": "Clinical topic",
    "specialtySet": "Specialty set",
}
# CMS's codes for a missing benchmark, in our words.
REASONS: Final = {
    "BR-009": "too few submitters",
    "BR-015": "historical benchmark removed",
    "BR-016": "clinical guideline changed",
    "BR-018": "removed in an earlier year",
    "BR-019": "not comparable with earlier years",
    "BR-022": "suppressed this year",
}


def show_measure(console: Console, measure_id: str, catalogue: Catalogue) -> None:
    """Print all facts, the strata to send, and a ladder for each collection type."""
    measure = measure_of(measure_id, catalogue)
    category = CATEGORIES[catalogue.category_of(measure_id) or ""]
    console.print(f"[bold]{escape(measure_id)}[/]  {escape(measure.title)}")
    console.print(f"{category}, performance year {catalogue.year}, {catalogue.id}\n")
    console.print(_facts(measure, catalogue))
    for method, cluster in clusters_of(measure_id, catalogue):
        kind, members = CLUSTER_KINDS[cluster.kind], ", ".join(sorted(cluster.measures))
        console.print(f"{kind} {escape(cluster.name)} ({method}): {members}")
    rows = rows_of(measure_id, catalogue)
    if rows:
        console.print()
        console.print(ladders(rows))
    for method, codes in reasons_of(measure_id, catalogue).items():
        why = ", ".join(f"{code} ({REASONS.get(code, 'see CMS')})" for code in codes)
        console.print(f"\nNo benchmark for {method}: {why}.")
    if any(row.is_mock for row in rows):
        console.print(
            "\nThe benchmark is a stand-in: CMS has not published this year's yet, so "
            "it scores nothing."
        )


def _facts(measure: Measure, catalogue: Catalogue) -> Table:
    """Lay out the facts that are there; what is empty or false is left out."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for field in fields(measure):
        value = getattr(measure, field.name)
        if field.name in {"measure_id", "title"} or not value:
            continue
        name = field.name.removeprefix("is_").replace("_", " ")
        table.add_row(name, escape(_words(value)))
    if isinstance(measure, CostMeasure) and not measure.cost_type:
        table.add_row("cost type", _ruled_type(measure, catalogue.year))
    return table


def _words(value: object) -> str:
    """Write a fact in words."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _ruled_type(measure: CostMeasure, year: int) -> str:
    """Say which type the rules give a cost measure that CMS's text leaves open."""
    if year not in library.years():
        return "open: no rule book of this year"
    named = library.rules(year).cost.types_by_measure.value
    return f"{named.get(measure.measure_id, 'open')} (by the rules, not CMS's text)"
