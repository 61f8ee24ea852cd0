"""A page for readers of each year's rule book: one table a rule file."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from qpp.mips.rules import PARTS, MipsRules
from qpp.rule_text import cells, provisions, written
from qpp.rulebook import STATUSES, Provision

# Signs that Markdown would take for its own.
SPECIAL: Final = re.compile(r"[\\|*\[\]<>`~$]")
COLUMNS: Final = (
    "provision",
    "value",
    "unit",
    "citation",
    "status",
    "last checked",
    "note",
)


def rule_page(book: MipsRules) -> bytes:
    """Write the page of one year; the same rule book gives the same bytes."""
    return ("\n".join(_page(book)) + "\n").encode()


def _page(book: MipsRules) -> Iterator[str]:
    """Yield the lines of a page."""
    year, folder = book.year, f"qpp/rules/mips/py{book.year}"
    counts = Counter(item.status for item in provisions(book))
    told = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    yield f"# The rules of performance year {year}"
    yield ""
    yield f"Written by `make generate` from [`{folder}`](../../{folder}): change those"
    yield f"files, not this page. Rule book `{book.id}`, for the payments of"
    yield f"{book.submission.payment_year.value}; {counts.total()} values: {told}."
    yield "[What the columns say](../rules.md#how-a-value-is-written)."
    for part in PARTS:
        yield ""
        yield f"## {part}.toml"
        yield ""
        yield _row(COLUMNS)
        yield _row("---" for _ in COLUMNS)
        for rule in provisions(getattr(book, part)):
            yield _row(_cells(rule))


def _cells(rule: Provision[Any]) -> Iterator[str]:
    """Yield what stands in a row about one provision."""
    yield f"`{rule.path.partition('.')[2]}`"
    yield _value(rule.value)
    yield _plain(rule.unit)
    yield _plain(rule.citation)
    yield rule.status
    yield rule.last_checked.isoformat()
    other = rule.alternative
    named = "" if other is None else f"Another reading: {_value(other)}"
    yield "<br>".join(filter(None, (_plain(rule.note), named)))


def _value(value: object) -> str:
    """Write a value; a table has a line for each row."""
    if not isinstance(value, Mapping):
        return _plain(written(value))
    return "<br>".join(f"{_plain(key)}: {_plain(text)}" for key, text in cells(value))


def _plain(text: str) -> str:
    """Write a text that Markdown shows as it is."""
    return SPECIAL.sub(r"\\\g<0>", text)


def _row(texts: Iterator[str] | tuple[str, ...]) -> str:
    """Write one row of a table."""
    return f"| {' | '.join(texts)} |"
