"""The register of assumptions, for people and for programs."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from textwrap import wrap
from typing import Any, NamedTuple

from rich.console import Console
from rich.text import Text

from qpp.numbers import plain
from qpp.rule_text import as_data, written
from qppflow.cli.rules_register import Assumed, Effect
from qppflow.cli.rules_show import provision_json


class Measured(NamedTuple):
    """On what the register was measured; ``scores`` counts them by year."""

    examples: int
    practices: int
    seed: int
    scores: dict[int, int]


def register_json(measured: Measured, found: Iterable[Assumed]) -> dict[str, Any]:
    """Give the register; changes of points are text with four decimals."""
    return {
        "measuredOn": {
            "examples": measured.examples,
            "practices": measured.practices,
            "seed": measured.seed,
            "scores": {str(year): count for year, count in measured.scores.items()},
        },
        "provisions": [
            {
                "path": item.rule.path,
                "performanceYear": item.year,
                **provision_json(item.rule),
                "scores": item.scores,
                "otherReadings": [_effect_json(effect) for effect in item.effects],
            }
            for item in found
        ],
    }


def _effect_json(effect: Effect) -> dict[str, Any]:
    """Give what one other reading does; null figures where it cannot be computed."""
    known = effect.computable
    return {
        "value": as_data(effect.reading),
        "changed": effect.changed if known else None,
        "largestChange": _points(effect.largest) if known else None,
        "meanChange": _points(effect.mean) if known else None,
    }


def show_register(
    console: Console, measured: Measured, found: Sequence[Assumed]
) -> None:
    """Print the register, what most points hang on first."""
    _show(console, _measured_on(measured))
    by_path = sorted(found, key=lambda item: item.rule.path)
    groups = [list(items) for _, items in groupby(by_path, lambda item: item.rule.path)]
    for group in sorted(groups, key=_weight, reverse=True):
        console.print()
        _show_group(console, group)
    console.print()
    _show(console, _summary(groups))


def _weight(group: Sequence[Assumed]) -> tuple[Decimal, Decimal, int]:
    """Sort by the year in which most hangs on it."""
    return max(item.weight for item in group)


def _measured_on(measured: Measured) -> str:
    """Say what was scored."""
    counts = ", ".join(f"{count} of {year}" for year, count in measured.scores.items())
    examples = f"{measured.examples} of our examples and " if measured.examples else ""
    return (
        f"Measured on {counts}: the scores of {examples}the demonstration's"
        f" population ({measured.practices} practices, seed {measured.seed}). They are"
        " made up, so the shares are not those of real practices. A change is that of"
        " the final score, in points, up or down."
    )


def _show_group(console: Console, group: Sequence[Assumed]) -> None:
    """Print one provision: why it is assumed, then a line for each year."""
    last = group[-1].rule
    console.print(Text(last.path, style="bold"))
    for note in dict.fromkeys(item.rule.note for item in group):
        _show(console, note, "  ")
    for citation in dict.fromkeys(item.rule.citation for item in group):
        _show(console, f"Source: {citation}", "  ")
    for item in group:
        _show(console, f"{item.year}: {written(item.rule.value)}", "  ", "    ")
        _show(console, _counted(item), "    ")
        for effect in item.effects if item.scores else ():
            _show(console, _effect(effect, item), "    ")


def _counted(item: Assumed) -> str:
    """Say how many scores carry an assumption, and if nothing can be compared."""
    if not item.scores:
        return "No score carries it: it decides what is accepted, or nobody met it."
    told = (
        f"{_many(item.scores, 'score')} carry it"
        if item.scores > 1
        else ("1 score carries it")
    )
    return f"{told}." if item.effects else f"{told}; no other reading is computed."


def _effect(effect: Effect, item: Assumed) -> str:
    """Say what one other reading does."""
    reading = _short(effect.reading, item.rule.value)
    if not effect.computable:
        return f"With {reading}: cannot be computed with the data of {item.year}."
    if not effect.changed:
        return f"With {reading}: no score changes."
    return (
        f"With {reading}: {effect.changed:,} of {item.scores:,} change, by"
        f" at most {plain(effect.largest)} points, {_points(effect.mean)} on average."
    )


def _short(reading: object, value: object) -> str:
    """Write another reading; of a table only the rows that differ."""
    if not isinstance(reading, Mapping) or not isinstance(value, Mapping):
        return written(reading)
    rows = reading.items()
    return written({key: item for key, item in rows if value.get(key) != item})


def _points(points: Decimal) -> str:
    """Write a change of points with four decimals."""
    return f"{points:.4f}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _summary(groups: Sequence[Sequence[Assumed]]) -> str:
    """Say how much of the register could be measured."""
    every = [item for group in groups for item in group]
    moving = sum(any(effect.changed for effect in item.effects) for item in every)
    used = sum(bool(item.scores) for item in every)
    return (
        f"{_many(len(groups), 'provision')} not verified, {len(every)} counted by year:"
        f" {used} touch a score here, and of {moving} another reading changes one."
    )


def _show(console: Console, text: str, indent: str = "", more: str = "") -> None:
    """Print a text, broken where the terminal ends."""
    for line in wrap(
        text, console.width, initial_indent=indent, subsequent_indent=more or indent
    ):
        console.print(Text(line))
