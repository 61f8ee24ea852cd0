"""Lines for people, folded within their column where a terminal ends."""

from rich.console import Console
from rich.table import Table


def show_indented(console: Console, text: str, indent: int) -> None:
    """Print a text, all its lines *indent* columns from the left; none if empty."""
    if not text:
        return
    table = Table.grid(padding=0)
    table.add_column(width=indent)
    table.add_column(overflow="fold")
    table.add_row("", text)
    console.print(table)
