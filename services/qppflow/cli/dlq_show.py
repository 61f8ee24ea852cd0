"""Dead letters for people, in 80 columns."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qppflow.cli.dlq_letters import Group, Letter
from qppflow.cli.dlq_look import Look, Original
from qppflow.cli.masking import cut
from qppflow.runtime.headers import timestamp

MOST_LINES = 200


def show_list(
    console: Console, groups: Sequence[Group], letters: Sequence[Letter], total: int
) -> None:
    """Print the groups, then as many single letters as were asked for."""
    if not total:
        console.print("No dead letters.")
        return
    for count, newest in groups:
        console.print(f"{count:>5} x", _title(newest), markup=False)
        _lines(
            console, group=newest.group, newest=timestamp(newest.at), **_where(newest)
        )
    if not letters:
        return
    console.print(f"\n{len(letters)} of {total}, the newest first:")
    for letter in letters:
        console.print(letter.id, _title(letter), markup=False)
        _lines(console, at=timestamp(letter.at), origin=letter.origin, **_where(letter))


def show_letter(
    console: Console,
    look: Look,
    original: Original | None,
    why_not: str,
    *,
    values: bool,
) -> None:
    """Print one letter; *values* shows the original headers' values too."""
    letter = look.letter
    same = {True: "", False: "  (other bytes are here)", None: "  (not here)"}
    console.print(letter.id, _title(letter), markup=False)
    place = "" if letter.place == letter.origin else letter.place
    _lines(
        console,
        at=timestamp(letter.at),
        group=letter.group,
        origin=letter.origin,
        place=place,
        build=letter.build,
        **_where(letter),
        size="null, no bytes" if letter.null_value else f"{letter.size} bytes",
        sha256=letter.sha256 + same[look.same_bytes],
        bytes=look.looks_like,
        headers=why_not or _headers(original, values=values),
    )
    if look.body is not None:
        _body(console, look.body)


def _title(letter: Letter) -> str:
    return f"{cut(letter.stage, 26)}  {cut(letter.reason, 30)}"


def _where(letter: Letter) -> dict[str, str]:
    """Give exception and call site where there was one."""
    return {"exception": letter.exception, "in": letter.call_site}


def _headers(original: Original | None, *, values: bool) -> str:
    if original is None:
        return ""
    if not values:
        return ", ".join(name for name, _ in original.headers) or "none"
    pairs = (("key", original.key), *original.headers)
    told = (f"{name} = {'null' if v is None else v}" for name, v in pairs)
    return "\n".join(told)


def _lines(console: Console, **told: str) -> None:
    """Print names and texts below a title; what is empty is left out."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=9, justify="right", style="dim")
    table.add_column(overflow="fold")
    for name, text in told.items():
        if text:
            table.add_row(name, Text(text))
    console.print(table)


def _body(console: Console, body: object) -> None:
    """Print the masked content; a very long one is cut, which is said."""
    lines = json.dumps(body, indent=2, ensure_ascii=False).splitlines()
    for line in lines[:MOST_LINES]:
        console.print(line, markup=False, overflow="fold", soft_wrap=False)
    if len(lines) > MOST_LINES:
        console.print(f"… {len(lines) - MOST_LINES} more lines: --json has all")
