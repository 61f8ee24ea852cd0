"""What two catalogues say differently, for programs and for people."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from qpp.catalog_compare import (
    Difference,
    KindChange,
    RowChange,
    RowKey,
    Value,
    rows_by_kind,
)
from qpp.catalogue import Catalogue
from qpp.numbers import plain

KINDS: Final = {
    "quality": "Quality measures",
    "interoperability": "Promoting Interoperability measures",
    "activities": "Improvement activities",
    "cost": "Cost measures",
    "mvps": "MVPs",
    "clusters": "Clinical topics and specialty sets",
    "benchmarks": "Benchmarks",
    "exclusion_reasons": "Reasons for no benchmark",
    "programs": "Programs",
}
NOTHING: Final = "nothing"


def diff_json(
    old: Catalogue, new: Catalogue, changes: Iterable[KindChange]
) -> dict[str, Any]:
    """Give all differences; sets as what was lost and gained, numbers as strings."""
    return {
        "old": old.id,
        "new": new.id,
        "kinds": {
            change.kind: {
                "added": change.added,
                "removed": change.removed,
                "renumbered": change.renumbered,
                "changed": [_row_json(row) for row in change.changed],
            }
            for change in changes
        },
    }


def _row_json(row: RowChange) -> dict[str, Any]:
    """Give what is different in one row."""
    fields = {item.field: _difference_json(item) for item in row.differences}
    return {"key": row.key, "fields": fields}


def _difference_json(item: Difference) -> dict[str, Any]:
    """Give one fact before and after."""
    if isinstance(item.old, frozenset) and isinstance(item.new, frozenset):
        lost, gained = item.old - item.new, item.new - item.old
        return {"lost": sorted(lost), "gained": sorted(gained)}
    return {"old": _plain(item.old), "new": _plain(item.new)}


def _plain(value: Value) -> object:
    """Write numbers as strings."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return plain(value) if isinstance(value, Decimal) else value


def show_diff(
    console: Console, old: Catalogue, new: Catalogue, changes: Iterable[KindChange]
) -> None:
    """Print all differences, a paragraph for each kind of fact."""
    console.print(Text(f"From {old.id} to {new.id}", style="bold"))
    titles = {**_titles(old), **_titles(new)}
    found = [change for change in changes if change]
    if not found:
        console.print("They say the same.")
    for change in found:
        console.print()
        console.print(Text(f"{KINDS[change.kind]}: {_counts(change)}", style="bold"))
        for line in _lines(change, titles):
            for part in wrap(line, console.width - 2, subsequent_indent="    "):
                console.print(Text(f"  {part}"))


def _titles(catalogue: Catalogue) -> dict[tuple[str, RowKey], str]:
    """Find the titles of all that have one."""
    return {
        (kind, key): str(facts["title"])
        for kind, rows in rows_by_kind(catalogue).items()
        for key, facts in rows.items()
        if "title" in facts
    }


def _counts(change: KindChange) -> str:
    """Say how many rows changed, and how."""
    verbs = ("added", "removed", "renumbered", "changed")
    counts = ((len(getattr(change, verb)), verb) for verb in verbs)
    return ", ".join(f"{count} {verb}" for count, verb in counts if count)


def _lines(change: KindChange, titles: dict[tuple[str, RowKey], str]) -> Iterator[str]:
    """Write each changed row."""

    def named(key: RowKey) -> str:
        title = titles.get((change.kind, key), "")
        return f"{' '.join(key)}  {title}" if title else " ".join(key)

    for key in change.added:
        yield f"+ {named(key)}"
    for key in change.removed:
        yield f"- {named(key)}"
    for before, after in change.renumbered:
        yield f"{' '.join(before)} is now {named(after)}"
    for row in change.changed:
        facts = "; ".join(_words(item) for item in row.differences)
        yield f"{' '.join(row.key)}: {facts}"


def _words(item: Difference) -> str:
    """Say in words what is different."""
    name = item.field.removeprefix("is_").replace("_", " ")
    if isinstance(item.old, frozenset) and isinstance(item.new, frozenset):
        parts = (("lost", item.old - item.new), ("gained", item.new - item.old))
        said = (f"{verb} {_and(names)}" for verb, names in parts if names)
        return f"{name} {', '.join(said)}"
    return f"{name} was {_shown(item.old)}, is {_shown(item.new)}"


def _and(names: Iterable[str]) -> str:
    """Write names in order, with an "and" before the last."""
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last


def _shown(value: Value) -> str:
    """Write a value; a ladder as its numbers in a row."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(_shown(item) for item in value) or NOTHING
    if isinstance(value, Decimal):
        return plain(value)
    return NOTHING if value is None or value == "" else str(value)
