"""An entity's eligibility for people."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from qppflow.cli.eligibility_entities import Entity
from qppflow.cli.eligibility_words import KINDS, MEANINGS, REASONS, would_change
from qppflow.cli.show_lines import show_indented
from qppflow.cli.show_reasons import show_reason
from qppflow.cli.show_score import show_assumptions


def show_entity(console: Console, entity: Entity) -> None:
    """Print outcome, reasons, statuses, what would change it, and assumptions."""
    found = entity.found
    for name in entity.documents:
        console.print(escape(name), soft_wrap=True)
    kind = KINDS.get(entity.kind, entity.kind)
    show_indented(
        console,
        f"[bold]{found.outcome}[/]: this {kind} of {entity.year}"
        f" {MEANINGS[found.outcome]} ({REASONS[found.reason]})",
        2,
    )
    for item in found.reasons:
        show_reason(console, item, indent=4)
    if entity.election_is_moot:
        show_indented(console, "The election changes nothing.", 2)
    show_indented(console, f"Special statuses: {_listed(entity.statuses.names)}", 2)
    shown = found.statuses - entity.given
    if shown:
        show_indented(console, f"of which the facts add: {_listed(shown)}", 4)
    show_indented(console, "What would change it:", 2)
    for sentence in would_change(found, entity.rules):
        show_indented(console, sentence, 4)
    if entity.assumptions:
        show_assumptions(console, entity.assumptions, entity.year)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
