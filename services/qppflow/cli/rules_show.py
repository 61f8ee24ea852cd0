"""A provision for people and for programs, its years side by side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qpp.rule_text import as_data, cells, written
from qpp.rulebook import Provision

Rule: TypeAlias = Provision[Any]
Years: TypeAlias = Mapping[int, Rule | None]
# A label, and what it says of each year.
Row: TypeAlias = tuple[str, list[str]]

ABSENT: Final = "(none)"
FIELDS: Final[Mapping[str, Callable[[Rule], str]]] = {
    "unit": lambda rule: rule.unit,
    "citation": lambda rule: rule.citation,
    "status": lambda rule: rule.status,
    "last checked": lambda rule: rule.last_checked.isoformat(),
    "note": lambda rule: rule.note,
    "alternative": lambda rule: (
        "" if rule.alternative is None else written(rule.alternative)
    ),
}


def provision_json(rule: Rule) -> dict[str, Any]:
    """Give one provision; numbers are text, as in the rule file."""
    other = rule.alternative
    return {
        "value": as_data(rule.value),
        "unit": rule.unit,
        "citation": rule.citation,
        "status": rule.status,
        "lastChecked": rule.last_checked.isoformat(),
        "note": rule.note or None,
        "alternative": None if other is None else as_data(other),
    }


def years_json(years: Years) -> dict[str, Any]:
    """Give a provision in each of its years; null where a year has none."""
    told = {year: rule and provision_json(rule) for year, rule in years.items()}
    return {"path": path_of(years), "years": {str(year): told[year] for year in told}}


def path_of(years: Years) -> str:
    """Give the path of a provision that at least one year has."""
    return next(rule.path for rule in years.values() if rule is not None)


def show_provision(console: Console, years: Years) -> None:
    """Print a provision: what its years share once, the rest a column for each."""
    console.print(Text.assemble((path_of(years), "bold"), f"  {_and(years)}"))
    rules = list(years.values())
    value = _value_rows(rules)
    fields = [
        (name, [_told(tell, rule) for rule in rules]) for name, tell in FIELDS.items()
    ]
    fields = [row for row in fields if not {*row[1]} <= {"", ABSENT}]
    if nested := _nested(rules):
        _show(console, nested[0], nested[1:])
        value = []
    apart = [row for row in (*value, *fields) if not _same(row[1])]
    _show_shared(console, [row for row in value if _same(row[1])])
    if apart:
        _show(
            console, ["", *map(str, years)], [[name, *texts] for name, texts in apart]
        )
    _show_shared(console, [row for row in fields if _same(row[1])])
    console.print()


def _and(years: Years) -> str:
    """Name the years."""
    return ", ".join(map(str, years))


def _told(tell: Callable[[Rule], str], rule: Rule | None) -> str:
    """Write something of a provision that a year may lack."""
    return ABSENT if rule is None else tell(rule)


def _same(texts: Sequence[object]) -> bool:
    """Say whether all years say the same."""
    return all(text == texts[0] for text in texts)


def _value_rows(rules: Sequence[Rule | None]) -> list[Row]:
    """Give the value as rows: one, or one for each row of a table."""
    tables = [dict(_rows_of(rule)) for rule in rules]
    names = dict.fromkeys(name for table in tables for name in table)
    return [(name, [table.get(name, ABSENT) for table in tables]) for name in names]


def _rows_of(rule: Rule | None) -> list[tuple[str, str]]:
    """Give the rows of one year's value."""
    if rule is None:
        return []
    if isinstance(rule.value, Mapping):
        return cells(rule.value) or [("value", written(rule.value))]
    return [("value", written(rule.value))]


def _nested(rules: Sequence[Rule | None]) -> list[list[str]]:
    """Give a table of tables as rows under a head; nothing for other values.

    Years that differ cannot stand side by side so; they are written row by row.
    """
    first = next(rule for rule in rules if rule is not None).value
    if not _same([rule and rule.value for rule in rules]) or not isinstance(
        first, Mapping
    ):
        return []
    if not first or not all(isinstance(row, Mapping) for row in first.values()):
        return []
    columns = [*dict.fromkeys(name for row in first.values() for name in row)]
    rows = [
        [key, *(written(row[name]) if name in row else ABSENT for name in columns)]
        for key, row in first.items()
    ]
    return [["", *columns], *rows]


def _show_shared(console: Console, rows: Sequence[Row]) -> None:
    """Print what is the same in all years."""
    if rows:
        _show(console, None, [[name, texts[0]] for name, texts in rows])


def _show(
    console: Console, head: Sequence[str] | None, rows: Sequence[Sequence[str]]
) -> None:
    """Print rows in columns, without lines; no text is taken for markup."""
    table = Table(box=None, show_header=head is not None, padding=(0, 2, 0, 0))
    for name in head or rows[0]:
        table.add_column(Text(name), overflow="fold")
    for column in table.columns[:1]:
        column.style, column.min_width = "cyan", len("last checked") + 2
    for name, *texts in rows:
        table.add_row(Text(f"  {name}"), *map(Text, texts))
    console.print(table)
