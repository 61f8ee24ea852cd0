"""Another reading of a rule: which values it could have, and a book that has one."""

from dataclasses import replace
from types import NoneType, UnionType
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from qpp.rulebook import Provision

Book = TypeVar("Book")


def other_readings(book: object, provision: Provision[Any]) -> list[Any]:
    """Give the values that the law can compute in the place of a provision's own.

    The rule file's ``alternative`` where it names one; else the other words that the
    formulas know, or the other answer to yes or no. No number is ever invented.
    """
    if provision.alternative is not None:
        return [provision.alternative]
    if isinstance(provision.value, bool):
        return [not provision.value]
    kind = _kind(book, provision.path)
    words = get_args(kind) if get_origin(kind) is Literal else ()
    return [word for word in words if word != provision.value]


def with_value(book: Book, path: str, value: object) -> Book:
    """Give a copy of *book* in which the provision *path* has another value.

    The copy keeps its id, so its scores are for comparing and never to be published.
    """
    name, _, rest = path.partition(".")
    inner = getattr(book, name)
    changed = with_value(inner, rest, value) if rest else replace(inner, value=value)
    made: Book = replace(cast("Any", book), **{name: changed})
    return made


def _kind(book: object, path: str) -> object:
    """Find what kind of value the provision *path* holds."""
    *parents, name = path.split(".")
    for step in parents:
        book = getattr(book, step)
    hint = get_type_hints(type(book))[name]
    if get_origin(hint) in {Union, UnionType}:
        hint = next(arm for arm in get_args(hint) if arm is not NoneType)
    return get_args(hint)[0]
