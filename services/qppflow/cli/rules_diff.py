"""What two rule books say differently, in plain words and for programs."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from rich.console import Console
from rich.text import Text

from qpp.mips.rules import MipsRules
from qpp.rule_compare import RuleChange
from qpp.rule_text import with_unit
from qpp.rulebook import Provision
from qppflow.cli.rules_show import provision_json


def diff_json(
    old: MipsRules, new: MipsRules, changes: Sequence[RuleChange]
) -> dict[str, Any]:
    """Give every change with the provision as it was and as it is, null for none."""
    return {
        "old": old.id,
        "new": new.id,
        "changes": [
            {
                "path": change.path,
                "words": list(change.words),
                "old": change.old and provision_json(change.old),
                "new": change.new and provision_json(change.new),
            }
            for change in changes
        ],
    }


def show_rule_diff(
    console: Console, old: MipsRules, new: MipsRules, changes: Sequence[RuleChange]
) -> None:
    """Print the changes, file by file; nothing of what stayed the same."""
    console.print(Text(f"From {old.id} to {new.id}"))
    if not changes:
        console.print("They say the same.")
    file = ""
    for change in changes:
        if (part := change.path.partition(".")[0]) != file:
            file = part
            console.print(Text(f"\n{file}.toml", style="bold"))
        first, *more = lines(change)
        _show(console, f"  {first}", "      ")
        for line in more:
            _show(console, f"      {line}", "        ")


def _show(console: Console, line: str, indent: str) -> None:
    """Print one line, broken where the terminal ends."""
    for part in wrap(line, console.width, subsequent_indent=indent):
        console.print(Text(part))


def lines(change: RuleChange) -> Iterator[str]:
    """Write one change: the first line names it, the others say more."""
    name = change.path.partition(".")[2]
    if change.old is None or change.new is None:
        rule = change.old or change.new
        assert rule is not None
        verb, was = ("removed", "was ") if change.new is None else ("added", "")
        yield f"{name} {verb}: {was}{with_unit(rule)}"
        yield f"{rule.citation}; {rule.status}"
        return
    one_line = len(change.words) == 1 and not change.words[0].startswith("row ")
    yield f"{name}: {change.words[0]}" if one_line else f"{name}:"
    if not one_line:
        yield from change.words
    yield from _provenance(change.old, change.new)


def _provenance(old: Provision[Any], new: Provision[Any]) -> Iterator[str]:
    """Say where the value stands, and what changed about that."""
    if old.unit != new.unit:
        yield f"counted in: {new.unit}, was {old.unit}"
    if old.citation != new.citation:
        yield f"citation: {new.citation}; was {old.citation}"
    else:
        yield new.citation
    if old.status != new.status:
        yield f"status: {new.status}, was {old.status}"
        if new.status == "unverified" and new.note:
            yield new.note
