"""Findings for people: where, what was found, what is needed, and the paragraph."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qpp.findings import Finding, Severity

STYLES: Final = {
    "accepted": "green",
    "rejected": "red",
    "parked": "magenta",
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
}


def show_fate(
    console: Console, name: str, fate: str, findings: Sequence[Finding]
) -> None:
    """Print a document's fate and all its findings."""
    errors = sum(item.severity is Severity.ERROR for item in findings)
    warnings = len(findings) - errors
    counts = [
        _counted(number, noun)
        for number, noun in ((errors, "error"), (warnings, "warning"))
        if number
    ]
    told = f": {', '.join(counts)}" if counts else ""
    # Unwrapped: a name that is broken over lines cannot be copied or searched for.
    head = f"[bold {STYLES[fate]}]{fate}[/]{told}  {escape(name)}"
    console.print(head, soft_wrap=True)
    for item in findings:
        _show(console, item)


def _counted(number: int, noun: str) -> str:
    """Say how many: ``1 error``, ``2 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _show(console: Console, finding: Finding) -> None:
    """Print one finding."""
    style = STYLES[finding.severity]
    console.print(
        f"  [{style}]{finding.severity}[/] {finding.code}"
        f"  {escape(finding.pointer or 'the whole document')}",
        soft_wrap=True,
    )
    lines = Table.grid(padding=0)
    lines.add_column(width=4)
    lines.add_column(width=8)
    lines.add_column(overflow="fold")
    lines.add_row("", "found", escape(finding.found))
    lines.add_row("", "needed", escape(finding.needed))
    lines.add_row("", "", f"[dim]{escape(finding.citation)}[/]")
    console.print(lines)
