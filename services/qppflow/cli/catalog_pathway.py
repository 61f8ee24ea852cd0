"""One MVP of the catalogue, for people."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp.catalogue import Catalogue, Mvp, QualityMeasure
from qppflow.cli.catalog_facts import measure_of

# How the measure type of an outcome is told in one word or two.
TYPES: Final = {
    "outcome": "outcome",
    "intermediateOutcome": "intermediate outcome",
    "patientReportedOutcome": "patient-reported outcome",
}


def show_mvp(console: Console, mvp: Mvp, catalogue: Catalogue) -> None:
    """Print what may be reported in an MVP, and what CMS measures itself."""
    console.print(f"[bold]{escape(mvp.mvp_id)}[/]  {escape(mvp.title)}")
    console.print(f"MVP, performance year {catalogue.year}, {catalogue.id}")
    parts = {
        "Quality measures": mvp.quality,
        "Improvement activities": mvp.activities,
        "Cost measures": mvp.cost,
        "Population health measures": mvp.population_health,
        "Outcomes-based claims measures": mvp.outcome_claims,
    }
    for name, members in parts.items():
        if members:
            console.print(f"\n{name} ({len(members)})")
            console.print(_members(members, catalogue))


def _members(members: Iterable[str], catalogue: Catalogue) -> Table:
    """Lay out measures by id and title."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for name in sorted(members):
        table.add_row(escape(name), escape(_words(name, catalogue)))
    return table


def _words(name: str, catalogue: Catalogue) -> str:
    """Give the title, and what of a quality measure decides whether it is needed."""
    measure = measure_of(name, catalogue)
    marks = []
    if isinstance(measure, QualityMeasure):
        marks = [TYPES.get(measure.measure_type, "")]
        marks.append("high priority" if measure.is_high_priority else "")
    said = ", ".join(filter(None, marks))
    return f"{measure.title} ({said})" if said else measure.title
