"""What one rule book says differently from another, provision by provision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qpp.mips.rules import PARTS, MipsRules
from qpp.rule_text import provisions, with_unit, written
from qpp.rulebook import Provision


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A provision that differs; ``old`` is None if it came, ``new`` if it went.

    ``words`` say what is different about the value, a sentence for each row or
    group of members; empty where only the citation, status or unit differs.
    """

    path: str
    old: Provision[Any] | None
    new: Provision[Any] | None
    words: tuple[str, ...] = ()


def compare_rules(old: MipsRules, new: MipsRules) -> list[RuleChange]:
    """List what differs in value, unit, citation or status, in reading order.

    Notes and days of checking are no law and are not compared.
    """
    before = {item.path: item for item in provisions(old)}
    after = {item.path: item for item in provisions(new)}
    # What went stands after what is left of its file.
    paths = sorted([*after, *(path for path in before if path not in after)], key=_file)
    pairs = ((path, before.get(path), after.get(path)) for path in paths)
    return [_change(*pair) for pair in pairs if _differ(*pair[1:])]


def _file(path: str) -> int:
    """Give the place of a provision's file among all."""
    return PARTS.index(path.partition(".")[0])


def _differ(old: Provision[Any] | None, new: Provision[Any] | None) -> bool:
    """Say whether two provisions of one name are not the same law."""
    return _law(old) != _law(new)


def _law(provision: Provision[Any] | None) -> object:
    """Give what is compared of a provision; the order of a list is part of it."""
    if provision is None:
        return None
    return provision.value, provision.unit, provision.citation, provision.status


def _change(
    path: str, old: Provision[Any] | None, new: Provision[Any] | None
) -> RuleChange:
    """Describe one change."""
    words: tuple[str, ...] = ()
    if old is not None and new is not None and old.value != new.value:
        words = tuple(_words(old, new))
    return RuleChange(path, old, new, words)


def _words(old: Provision[Any], new: Provision[Any]) -> Iterator[str]:
    """Say how a value changed; a number with its unit."""
    if isinstance(old.value, Mapping | frozenset | tuple):
        yield from value_words(old.value, new.value)
    else:
        yield f"{with_unit(new)}, was {with_unit(old)}"


def value_words(old: object, new: object) -> Iterator[str]:
    """Say how one value differs from another of its kind, row by row."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _rows(old, new)
    elif isinstance(old, frozenset) and isinstance(new, frozenset):
        yield from _members(tuple(sorted(old)), tuple(sorted(new)))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _members(old, new)
    else:
        yield f"{written(new)}, was {written(old)}"


def _rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say which rows of a table came, went or have another value."""
    for key, value in new.items():
        if key not in old:
            yield f"row {key} added: {written(value)}"
        elif old[key] != value:
            for words in value_words(old[key], value):
                yield f"row {key}: {words}"
    for key, value in old.items():
        if key not in new:
            yield f"row {key} removed, was {written(value)}"


def _members(old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
    """Say which members of a list came and went, or that only their order changed."""
    if gained := tuple(item for item in new if item not in old):
        yield f"gained {written(gained)}"
    if lost := tuple(item for item in old if item not in new):
        yield f"lost {written(lost)}"
    if not gained and not lost:
        yield f"the same members in another order: {written(new)}; was {written(old)}"
