"""What an import made and changed, for people and for programs."""

from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qppflow.cli.catalog_import import Report

# How many changed rows are named; the diff of the files shows them all.
FEW: Final = 6


def report_json(report: Report) -> dict[str, Any]:
    """Give the report for programs; rows are lists of the columns of their key."""
    return {
        "catalogue": report.catalogue.id,
        "folder": str(report.folder),
        "sourceVersion": report.origin.version or None,
        "mockMethods": sorted(report.origin.mock_methods),
        "counts": report.counts,
        "changes": {
            change.file: {
                "added": change.added,
                "removed": change.removed,
                "changed": change.changed,
            }
            for change in report.changes
        },
        "warnings": report.warnings,
    }


def show_report(console: Console, report: Report) -> None:
    """Print the report for people."""
    console.print(f"[bold]{report.catalogue.id}[/] in {escape(str(report.folder))}")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for kind, count in report.counts.items():
        table.add_row(kind, str(count))
    console.print(table)
    if methods := ", ".join(sorted(report.origin.mock_methods)):
        console.print(f"  Stand-ins that score nothing: {escape(methods)}")
    if not any(report.changes):
        console.print("Nothing changed against the files that were there.")
    for change in filter(None, report.changes):
        console.print(f"{change.file}:")
        for verb in ("added", "removed", "changed"):
            _show_rows(console, verb, getattr(change, verb))
    for warning in report.warnings:
        console.print(f"Warning: {escape(warning)}", style="yellow")


def _show_rows(console: Console, verb: str, rows: tuple[tuple[str, ...], ...]) -> None:
    """Print how many rows changed in one way, and the first of them."""
    if rows:
        named = ", ".join(" ".join(row) for row in rows[:FEW])
        more = ", …" if len(rows) > FEW else ""
        console.print(f"  {len(rows)} {verb}: {escape(named)}{more}")
